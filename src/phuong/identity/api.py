"""The door of identity."""

from phuong.identity.access import at_the_door, open_session
from phuong.identity.actions.accounts import open_account, set_email
from phuong.identity.actions.bulk import ACCOUNT_KINDS, AccountKind, follow_facts, open_missing, people_of
from phuong.identity.actions.sessions import check_tries, forget_tries, note_failed_try, set_first_password
from phuong.identity.errors import TooManyTries
from phuong.identity.models import Account, RoleAssignment
from phuong.identity.queries import lacks_second_factor
from phuong.identity.roles import FAMILY, ROLES

__all__ = [
    "ACCOUNT_KINDS",
    "FAMILY",
    "ROLES",
    "Account",
    "AccountKind",
    "RoleAssignment",
    "TooManyTries",
    "at_the_door",
    "check_tries",
    "follow_facts",
    "forget_tries",
    "lacks_second_factor",
    "note_failed_try",
    "open_account",
    "open_missing",
    "open_session",
    "people_of",
    "set_email",
    "set_first_password",
]
