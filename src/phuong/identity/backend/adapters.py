"""How django-allauth asks this house: who may sign up, what happens at sign-in and sign-out, how secrets are kept."""

from dataclasses import replace
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from phuong.identity.actions.sessions import close_session
from phuong.identity.models import Account
from phuong.kernel.audit import record
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.vault import seal, unseal


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in and sign-out."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: accounts come from the registry."""
        del request
        return False

    def login(self, request: Any, user: Account) -> None:
        """Open the session and keep it in the journal."""
        super().login(request, user)
        with acting(replace(SYSTEM, account_id=user.pk, name=user.display_name, role="")):
            record("identity.signed_in", on_kind="account", on_id=user.pk, path=user.path)

    def logout(self, request: Any) -> None:
        """Close the session, here and at the sites it was used to sign in to."""
        key = request.session.session_key
        super().logout(request)
        if key:
            close_session(key)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: our pages say what was done."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing by mail: notices do."""


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: secrets are sealed at rest."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return seal(text).hex()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret."""
        return unseal(bytes.fromhex(encrypted_text))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing by mail: notices do."""

    def _get_user_identifier(self, user: Account) -> str:
        return str(user.username)

    def _get_site_name(self) -> str:
        return "Phượng"

    def get_public_key_credential_user_entity(self, user: Account) -> dict[str, Any]:
        """Say whose passkey it is."""
        return {"id": str(user.pk).encode(), "display_name": user.display_name, "name": user.username}
