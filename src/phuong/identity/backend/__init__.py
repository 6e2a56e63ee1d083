"""What Django and django-allauth ask of this house: finding accounts, opening and closing sessions."""

from phuong.identity.backend.adapters import AccountAdapter, MfaAdapter
from phuong.identity.backend.password import PasswordSignIn
from phuong.identity.backend.upstream import UpstreamAdapter

__all__ = ["AccountAdapter", "MfaAdapter", "PasswordSignIn", "UpstreamAdapter"]
