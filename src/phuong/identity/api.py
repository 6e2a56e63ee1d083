"""The door of identity."""

from phuong.identity.actions import open_account, set_email
from phuong.identity.models import Account, RoleAssignment
from phuong.identity.roles import FAMILY, ROLES

__all__ = ["open_account", "set_email", "FAMILY", "ROLES", "Account", "RoleAssignment"]
