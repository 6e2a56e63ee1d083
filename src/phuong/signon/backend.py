"""How django-allauth's OpenID provider asks this house: subjects, claims, keys, how tokens are made."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

from allauth.core import context
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.internal.oauthlib.request_validator import OAuthLibRequestValidator
from allauth.idp.oidc.internal.oauthlib.server import generate_access_token, generate_refresh_token
from allauth.idp.oidc.internal.oauthlib.utils import get_validator_context
from allauth.idp.oidc.models import Client, PrivateKey
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oauthlib.openid import Server

from phuong.identity.api import Account
from phuong.signon.actions.signing import open_site_session
from phuong.signon.actions.subjects import account_by_subject, subject_for
from phuong.signon.queries import HeldRole, agreed_scopes, party_of, published_keys, roles_today
from phuong.signon.rules import hash_of
from phuong.signon.tokens import SIGN_IN, SignIn, sign


def _sign_in() -> SignIn | None:
    """Give the sign-in whose code or refresh token is being exchanged now."""
    found: SignIn | None = getattr(context.request, SIGN_IN, None)
    return found


def _roles(account: Account) -> Sequence[HeldRole]:
    signed_in = _sign_in()
    return signed_in.roles if signed_in else roles_today(account)


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
            claims["roles"] = [asdict(held) for held in _roles(user)]
        return claims

    def list_private_keys(self, *, did_activate: Any = None, is_active: Any = None) -> list[PrivateKey]:
        """Give the published keys, newest first (read by the checks of ``id_token_hint``)."""
        del did_activate, is_active
        return [PrivateKey(pem=key.pem, issued_at=key.signs_from) for key in published_keys()]

    def populate_id_token(self, id_token: dict[str, Any], client: Client, scopes: Iterable[str], **kwargs: Any) -> None:
        """Add the session of the sign-in, by which the site is told when it is over."""
        del client, scopes, kwargs
        if signed_in := _sign_in():
            id_token["sid"] = str(signed_in.session.pk)


class Validator(OAuthLibRequestValidator):  # type: ignore[misc]
    """The checks of django-allauth, with PKCE for every client and codes that are kept with their sign-in.

    A key is not parsed anew for each token, nor a client read anew for each step.
    """

    def _lookup_client(self, request: Any, client_id: Any) -> Client | None:
        del request
        party = party_of(client_id) if isinstance(client_id, str) else None
        return party.client if party else None

    def save_authorization_code(
        self, client_id: str, code: dict[str, Any], request: Any, *args: Any, **kwargs: Any
    ) -> None:
        """Open the sign-in that the code stands for."""
        del args, kwargs
        open_site_session(
            account=request.user,
            client_id=client_id,
            code=code["code"],
            browser=context.request.session.session_key or "",
            issuer=ProviderAdapter().get_issuer(),
            asked={
                "redirect_uri": request.redirect_uri,
                "scopes": list(request.scopes),
                "challenge": request.code_challenge,
                "nonce": getattr(request, "nonce", None),
                "resources": get_validator_context().requested_resources,
            },
        )

    def _lookup_authorization_code(self, request: Any, client_id: str, code: str) -> dict[str, Any] | None:
        """Give what a code was asked for, if it is the one being exchanged, given to this site a minute ago at most."""
        del request
        signed_in = _sign_in()
        if signed_in is None:
            return None
        session = signed_in.session
        until = session.started_at + dt.timedelta(seconds=settings.IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN)
        if session.client_id != client_id or session.code_hash != hash_of(code) or until < timezone.now():
            return None
        asked = session.asked
        return {
            "code": {"nonce": asked["nonce"]},
            "redirect_uri": asked["redirect_uri"],
            "scopes": asked["scopes"],
            "pkce": {"code_challenge": asked["challenge"], "code_challenge_method": "S256"},
            "resources": asked["resources"],
        }

    def validate_code(self, client_id: str, code: str, client: Client, request: Any, *args: Any, **kwargs: Any) -> bool:
        """Say whether a code may be exchanged, and for whom."""
        del client, args, kwargs
        found, signed_in = self._lookup_authorization_code(request, client_id, code), _sign_in()
        if found is None or signed_in is None:
            return False
        get_validator_context().granted_resources = found["resources"]
        request.scopes, request.user = found["scopes"], signed_in.session.account
        return True

    def invalidate_authorization_code(self, client_id: str, code: str, request: Any, *args: Any, **kwargs: Any) -> None:
        """Do nothing: the exchange marks the sign-in itself."""

    def validate_silent_authorization(self, request: Any) -> bool:
        """Say whether a site that may ask nothing is answered: what it asks for was agreed before, with this site."""
        return request.client.skip_consent or set(request.scopes) <= agreed_scopes(request.user, request.client_id)

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


@cache
def server() -> Server:
    """Give the endpoint that hands out codes and exchanges them; it keeps nothing of a request."""
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
