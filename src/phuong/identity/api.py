"""The door of identity."""

from phuong.identity.models import Account, RoleAssignment
from phuong.identity.roles import FAMILY, ROLES

__all__ = ["FAMILY", "ROLES", "Account", "RoleAssignment"]
