"""How django-allauth's OpenID provider asks this house: subjects, claims, keys, how tokens are made."""

import uuid
from collections.abc import Iterable
from typing import Any

from allauth.core import context
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.internal.oauthlib.request_validator import OAuthLibRequestValidator
from allauth.idp.oidc.internal.oauthlib.server import generate_access_token, generate_refresh_token
from allauth.idp.oidc.models import Client, PrivateKey
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils.translation import gettext_lazy as _
from oauthlib.openid import Server

from phuong.identity.api import Account
from phuong.signon.actions.subjects import account_by_subject, subject_for
from phuong.signon.queries import published_keys, roles_today
from phuong.signon.tokens import SID, sign


class ProviderAdapter(DefaultOIDCAdapter):  # type: ignore[misc]
    """Subjects and claims."""

    scope_display = {
        "openid": _("Mã riêng của anh/chị tại trang này"),
        "profile": _("Họ tên, tên đăng nhập"),
        "roles": _("Đơn vị và vai trò"),
    }

    def get_user_sub(self, client: Client, user: Account) -> str:
        """Name a person to a site."""
        return subject_for(user, client.pk)

    def get_user_by_sub(self, client: Client, sub: str) -> Account | None:
        """Find the person a site knows by ``sub``."""
        return account_by_subject(sub, client.pk)

    def get_claims(
        self, purpose: Any, user: Account, client: Client, scopes: Iterable[str], email: Any = None, **kwargs: Any
    ) -> dict[str, Any]:
        """Give what a site is told: always the subject; names and roles as agreed."""
        del purpose, email, kwargs
        claims: dict[str, Any] = {"sub": self.get_user_sub(client, user)}
        wanted = set(scopes)
        if "profile" in wanted:
            claims |= {"name": user.display_name, "preferred_username": user.username}
        if "roles" in wanted:
            claims["roles"] = [
                {
                    "role": held.role,
                    "organisation": held.organisation.code,
                    "organisation_name": held.organisation.name,
                }
                for held in roles_today(user)
            ]
        return claims

    def list_private_keys(self, *, did_activate: Any = None, is_active: Any = None) -> list[PrivateKey]:
        """Give the published keys, newest first (read by the checks of ``id_token_hint``)."""
        del did_activate, is_active
        return [PrivateKey(pem=key.pem, issued_at=key.signs_from) for key in published_keys()]

    def populate_id_token(self, id_token: dict[str, Any], client: Client, scopes: Iterable[str], **kwargs: Any) -> None:
        """Add the session of the sign-in, by which the site is told when it is over."""
        del client, scopes, kwargs
        if sid := getattr(context.request, SID, ""):
            id_token["sid"] = sid


class Validator(OAuthLibRequestValidator):  # type: ignore[misc]
    """The checks of django-allauth, with PKCE for every client and a key that is not parsed anew for each token."""

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        """Ask every client for PKCE."""
        del client_id, request
        return True

    def finalize_id_token(self, id_token: dict[str, Any], token: Any, token_handler: Any, request: Any) -> str:
        """Fill in and sign an ID token (OpenID Connect Core 1.0, 2)."""
        del token, token_handler
        adapter = ProviderAdapter()
        id_token |= {
            "iss": adapter.get_issuer(),
            "exp": id_token["iat"] + settings.IDP_OIDC_ID_TOKEN_EXPIRES_IN,
            "jti": uuid.uuid4().hex,
            **adapter.get_claims("id_token", request.user, request.client, request.scopes),
        }
        adapter.populate_id_token(id_token, request.client, request.scopes)
        return sign(id_token)


def token_server() -> Server:
    """Give the endpoint that exchanges codes and refresh tokens."""
    return Server(
        Validator(),
        token_generator=generate_access_token,
        refresh_token_generator=generate_refresh_token,
        token_expires_in=settings.IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN,
    )


class RandomSecretHasher(PBKDF2PasswordHasher):
    """Hashes secrets of sites: 256 random bits cannot be guessed, so one round is enough and sign-on stays quick."""

    algorithm = "random_secret"
    iterations = 1
