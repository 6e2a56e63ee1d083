"""The door of identity."""

from phuong.identity.access import at_the_door
from phuong.identity.actions.accounts import open_account, set_email
from phuong.identity.actions.roles import Grant, check_grant, end_role, end_roles, give_role, lend_role, may_end
from phuong.identity.errors import CannotGive, NeedsAnother
from phuong.identity.models import Account, Kind, RoleAssignment
from phuong.identity.queries import account_named, giver_of, lacks_second_factor, roles_by_code, seat_of
from phuong.identity.roles import AT_SCHOOL, FAMILY, ROLES, SUPPORT
from phuong.identity.rules import may_approve, scope_of

__all__ = [
    "AT_SCHOOL",
    "Account",
    "CannotGive",
    "FAMILY",
    "Grant",
    "Kind",
    "NeedsAnother",
    "ROLES",
    "RoleAssignment",
    "SUPPORT",
    "account_named",
    "at_the_door",
    "check_grant",
    "end_role",
    "end_roles",
    "give_role",
    "giver_of",
    "lacks_second_factor",
    "lend_role",
    "may_approve",
    "may_end",
    "open_account",
    "roles_by_code",
    "scope_of",
    "seat_of",
    "set_email",
]
