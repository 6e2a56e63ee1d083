"""The door of identity."""

from phuong.identity.access import at_the_door, leave_session, open_session
from phuong.identity.actions.accounts import (
    change_account,
    end_given_roles,
    enlist_account,
    forget_credentials,
    give_roles,
    open_account,
    set_email,
    set_work_addresses,
    switch_account,
)
from phuong.identity.actions.bulk import ACCOUNT_KINDS, AccountKind, follow_facts, open_missing, people_of
from phuong.identity.actions.roles import Grant, check_grant, end_role, end_roles, give_role, lend_role, may_end
from phuong.identity.actions.sessions import (
    check_tries,
    forget_tries,
    note_failed_try,
    renew_password,
    set_first_password,
)
from phuong.identity.errors import CannotGive, NeedsAnother, TooManyTries
from phuong.identity.models import Account, Kind, RoleAssignment
from phuong.identity.queries import (
    account_named,
    accounts_beyond,
    giver_of,
    lacks_second_factor,
    roles_by_code,
    seat_of,
)
from phuong.identity.roles import AT_SCHOOL, FAMILY, ROLES, SUPPORT
from phuong.identity.rules import Giver, may_approve, scope_of

__all__ = [
    "ACCOUNT_KINDS",
    "AT_SCHOOL",
    "Account",
    "AccountKind",
    "CannotGive",
    "FAMILY",
    "Giver",
    "Grant",
    "Kind",
    "NeedsAnother",
    "ROLES",
    "RoleAssignment",
    "SUPPORT",
    "TooManyTries",
    "account_named",
    "accounts_beyond",
    "at_the_door",
    "change_account",
    "check_grant",
    "check_tries",
    "end_given_roles",
    "end_role",
    "end_roles",
    "enlist_account",
    "follow_facts",
    "forget_credentials",
    "forget_tries",
    "give_role",
    "give_roles",
    "giver_of",
    "lacks_second_factor",
    "leave_session",
    "lend_role",
    "may_approve",
    "may_end",
    "note_failed_try",
    "open_account",
    "open_missing",
    "open_session",
    "people_of",
    "renew_password",
    "roles_by_code",
    "scope_of",
    "seat_of",
    "set_email",
    "set_first_password",
    "set_work_addresses",
    "switch_account",
]
