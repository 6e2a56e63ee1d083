"""Signing in with a password."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from phuong.identity.models import Account
from phuong.kernel.scope import SYSTEM, acting


class PasswordSignIn(AuthenticationBackend):  # type: ignore[misc]
    """Checks name and password; takes as long for a name that does not exist.

    django-allauth signs people in through the backend of its own class, by password, passkey or VNeID alike.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_others: Any
    ) -> Account | None:
        """Give the account, or ``None`` when name and password do not go together."""
        del request
        if not username or not password:
            return None
        with acting(SYSTEM):
            account = Account.objects.filter(username=username.strip().lower(), is_active=True).first()
            if account is None:
                make_password(password)
                return None
            return account if account.check_password(password) else None  # may write a stronger hash

    def get_user(self, user_id: Any) -> Account | None:
        """Find an account by its key."""
        with acting(SYSTEM):
            return Account.objects.filter(pk=user_id, is_active=True).first()
