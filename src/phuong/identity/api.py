"""The door of identity."""

from phuong.identity.access import at_the_door
from phuong.identity.actions.accounts import (
    change_account,
    end_roles,
    enlist_account,
    forget_credentials,
    give_roles,
    open_account,
    set_email,
    set_work_addresses,
    switch_account,
)
from phuong.identity.models import Account, RoleAssignment
from phuong.identity.queries import lacks_second_factor
from phuong.identity.roles import FAMILY, ROLES

__all__ = [
    "FAMILY",
    "ROLES",
    "Account",
    "RoleAssignment",
    "at_the_door",
    "change_account",
    "end_roles",
    "enlist_account",
    "forget_credentials",
    "give_roles",
    "lacks_second_factor",
    "open_account",
    "set_email",
    "set_work_addresses",
    "switch_account",
]
