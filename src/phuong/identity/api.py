"""The door of identity."""

from phuong.identity.access import at_the_door
from phuong.identity.actions.accounts import open_account, set_email
from phuong.identity.models import Account, RoleAssignment
from phuong.identity.queries import lacks_second_factor
from phuong.identity.roles import FAMILY, ROLES

__all__ = [
    "FAMILY",
    "ROLES",
    "Account",
    "RoleAssignment",
    "at_the_door",
    "lacks_second_factor",
    "open_account",
    "set_email",
]
