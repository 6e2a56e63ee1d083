"""The door of identity."""

from phuong.identity.actions.accounts import open_account
from phuong.identity.models import Account, RoleAssignment
from phuong.identity.roles import FAMILY, ROLES

__all__ = ["open_account", "FAMILY", "ROLES", "Account", "RoleAssignment"]
