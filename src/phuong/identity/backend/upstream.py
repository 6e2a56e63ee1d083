"""VNeID as an OpenID provider above this house: django-allauth asks it, this module believes only what it can check.

Beyond django-allauth 65: a nonce, the signature of the ID token although it came over TLS, one subject and number in ID
token and userinfo, one allowance of time for all questions together, and nothing taken from the query of a visitor.
"""

import re
import secrets
import time
from typing import Any

import jwt
import requests
from allauth.core import context
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from phuong.identity.declarations import is_offered, profile
from phuong.identity.errors import SaysNo
from phuong.identity.rules import Told
from phuong.kernel.text import search_key

PROVIDER_ID = "vneid"
ALLOWED_SECONDS = 5.0  # for all questions of one page together
REMEMBERED_SECONDS = 600.0
ANEW_SECONDS = 30.0  # a key nobody knows is looked for at most so often
LEEWAY_SECONDS = 30
_UNTIL = "_phuong_upstream_until"
_REQUIRED = ["exp", "iat", "sub", "aud", "iss", "nonce"]
_ADDRESSES = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
_remembered: dict[str, tuple[float, Any]] = {}


class UpstreamAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """One provider out of the settings; nobody signs up through it, nobody is found by an e-mail address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody signs up: accounts come from the registry."""
        del request, sociallogin
        return False

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        """Nobody is found by an address: it proves nothing about a person."""
        del login, email
        return False

    def list_apps(self, request: Any, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """Give the provider that is set up; what stands in tables is not read."""
        del request, provider, client_id
        facts = settings.PHUONG_VNEID
        app = SocialApp(
            provider=OpenIDConnectProvider.id,
            provider_id=PROVIDER_ID,
            name=profile().title,
            client_id=facts["client_id"],
            secret=facts["secret"],
            settings={"server_url": facts["issuer"], "oauth_pkce_enabled": True, "scope": list(profile().scopes)},
        )
        return [app] if is_offered() else []

    def get_provider(self, request: Any, provider: Any, client_id: Any = None) -> "Upstream":
        """Give the one provider."""
        del client_id
        return Upstream(request, app=self.get_app(request, provider=provider))

    def get_requests_session(self) -> requests.Session:
        """Give a session that waits no longer than this page may take."""
        request = context.request
        until = getattr(request, _UNTIL, None)
        if until is None:
            until = time.monotonic() + ALLOWED_SECONDS
            setattr(request, _UNTIL, until)
        return _Patient(until)


class _Patient(requests.Session):
    """Asks until a moment; follows nobody elsewhere."""

    def __init__(self, until: float) -> None:
        super().__init__()
        self._until = until

    def request(self, *args: Any, **options: Any) -> requests.Response:  # type: ignore[override]
        left = self._until - time.monotonic()
        if left <= 0:
            raise requests.Timeout
        return super().request(*args, **{**options, "timeout": left, "allow_redirects": False})


class Questions(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """What is asked of the provider, and how its answers are checked."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """Give where everything is; remembered for ten minutes."""
        provider = self.get_provider()
        found: dict[str, Any] = _recall(provider.server_url, lambda: _asked(provider.server_url))
        is_whole = all(isinstance(found.get(name), str) for name in _ADDRESSES)
        if not is_whole or found.get("issuer") != settings.PHUONG_VNEID["issuer"]:
            raise SaysNo("untrue")
        return found

    def told(self, request: HttpRequest, state: dict[str, Any]) -> Told:
        """Exchange the code, check the ID token, ask who it is.

        :raises SaysNo: the provider does not answer, or not in a way that can be believed
        """
        app = self.get_provider().app
        try:
            client = self.get_client(request, app)
            tokens = self.get_access_token_data(request, app, client, pkce_code_verifier=state["pkce_code_verifier"])
            claims = self._checked(str(tokens.get("id_token", "")), app.client_id, state["data"]["nonce"])
            more = self._fetch_user_info(tokens["access_token"])
        except (requests.RequestException, OAuth2Error, KeyError) as trouble:
            raise SaysNo("silent") from trouble
        return _told(claims, more if isinstance(more, dict) else {})

    def _checked(self, token: str, client_id: str, nonce: str) -> dict[str, Any]:
        """Check an ID token (OpenID Connect Core 1.0, 3.1.3.7)."""
        try:
            claims = jwt.decode(
                token,
                self._key(jwt.get_unverified_header(token).get("kid")),
                algorithms=list(profile().signing),
                audience=client_id,
                issuer=settings.PHUONG_VNEID["issuer"],
                leeway=LEEWAY_SECONDS,
                options={"require": _REQUIRED},
            )
        except (jwt.PyJWTError, TypeError, ValueError) as trouble:
            raise SaysNo("untrue") from trouble
        is_ours = claims.get("azp", client_id) == client_id
        if not is_ours or not secrets.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
            raise SaysNo("untrue")
        return dict(claims)

    def _key(self, kid: Any) -> jwt.PyJWK:
        address = self.openid_config["jwks_uri"]
        for seconds in (REMEMBERED_SECONDS, ANEW_SECONDS):  # the second time: the provider may have a new key
            keys = jwt.PyJWKSet.from_dict(_recall(address, lambda: _asked(address), seconds)).keys
            found = next((key for key in keys if kid in (None, key.key_id)), None)
            if found is not None:
                return found
        raise SaysNo("untrue")


class Upstream(OpenIDConnectProvider):  # type: ignore[misc]
    """The provider; every way to it begins at ``begin``."""

    oauth2_adapter_class = Questions

    def begin(self, request: HttpRequest, *, purpose: str, next_url: str, account: str = "") -> HttpResponse:
        """Send the browser there, with state, nonce and PKCE kept in its session.

        :raises SaysNo: the provider does not answer
        """
        nonce = secrets.token_urlsafe(24)
        data = {"nonce": nonce, "account": account}
        try:
            answer: HttpResponse = self.redirect(
                request, process=purpose, next_url=next_url, data=data, auth_params={"nonce": nonce}
            )
        except (requests.RequestException, OAuth2Error) as trouble:
            raise SaysNo("silent") from trouble
        return answer


def upstream(request: HttpRequest) -> Upstream:
    """Give the provider.

    :raises SocialApp.DoesNotExist: none is set up
    """
    return get_adapter().get_provider(request, PROVIDER_ID)  # type: ignore[no-any-return]


def forget_upstream() -> None:
    """Forget addresses and keys of the provider (tests)."""
    _remembered.clear()


def _recall(name: str, read: Any, seconds: float = REMEMBERED_SECONDS) -> Any:
    kept = _remembered.get(name)
    if kept is None or kept[0] + seconds < time.monotonic():
        kept = _remembered[name] = (time.monotonic(), read())
    return kept[1]


def _asked(address: str) -> dict[str, Any]:
    """Ask for a JSON object.

    :raises requests.RequestException: no answer, or not such a one
    """
    with get_adapter().get_requests_session() as session:
        answer = session.get(address)
        answer.raise_for_status()
        if answer.status_code != requests.codes.ok or not isinstance(answer.json(), dict):
            raise requests.RequestException(f"{answer.status_code}")
        return dict(answer.json())


def _told(claims: dict[str, Any], more: dict[str, Any]) -> Told:
    """Bring both answers together; where both tell a thing, they must tell the same."""
    known = profile()
    facts = {}
    if more.get("sub") != claims["sub"]:
        raise SaysNo("mismatch")
    for fact in known.claims:
        first, second = known.value(claims, fact), known.value(more, fact)
        if first and second and first != second:
            raise SaysNo("mismatch")
        facts[fact] = first or second
    return Told(
        subject=str(claims["sub"]),
        number=re.sub(r"[ .]", "", facts["number"]),
        level=known.levels.get(facts["level"], 0),
        name_key=search_key(facts["name"]),
        birth_date=known.birth_date(facts["birth_date"]),
    )
