"""A principal in a browser and a site of a vendor, ready to be signed in at."""

import base64
import datetime as dt
import hashlib
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from phuong.identity.api import Account
from phuong.identity.testing import PASSWORD, an_account
from phuong.kernel.scope import SYSTEM
from phuong.registry.api import Organisation
from phuong.registry.testing import a_commune, a_province, a_school
from phuong.signon.actions.sites import Site, register_site, rotate_key
from phuong.signon.models import RelyingParty
from phuong.signon.queries import forget_keys

VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
BACK = "https://hoclieu.example.vn/cb"


@dataclass
class Scene:
    """A principal in a browser, and a site of a vendor."""

    account: Account
    browser: Client
    party: RelyingParty
    school: Organisation

    def ask(self, **changes: Any) -> Any:
        """Open the page of consent."""
        asked = {
            "client_id": self.party.client_id,
            "redirect_uri": BACK,
            "response_type": "code",
            "scope": "openid profile roles",
            "state": "s",
            "nonce": "n",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        asked = {name: value for name, value in {**asked, **changes}.items() if value is not None}
        return self.browser.get("/o/authorize", asked)

    def code(self) -> str:
        """Agree where asked, and give the code that the site receives."""
        answer = self.ask()
        if answer.status_code == 200:
            words = {
                "request": answer.context["form"].initial.get("request") or answer.context["form"]["request"].value(),
                "scopes": ["openid", "profile", "roles"],
                "action": "grant",
            }
            answer = self.browser.post("/o/authorize", words)
        return urllib.parse.parse_qs(urllib.parse.urlsplit(answer["Location"]).query)["code"][0]

    def exchange(self, **facts: str) -> Any:
        """Ask for tokens as the site does."""
        return Client().post("/o/token", {"client_id": self.party.client_id, **facts})

    def tokens(self) -> dict[str, Any]:
        """Sign in at the site."""
        answer = self.by_code(self.code())
        assert answer.status_code == 200, answer.content
        return dict(answer.json())

    def by_code(self, code: str, verifier: str = VERIFIER) -> Any:
        """Exchange a code."""
        facts = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": verifier}
        return self.exchange(**facts)

    def by_refresh(self, token: str) -> Any:
        """Exchange a refresh token."""
        return self.exchange(grant_type="refresh_token", refresh_token=token)

    def who(self, access: str) -> Any:
        """Ask who it is."""
        return Client().get("/o/userinfo", headers={"Authorization": f"Bearer {access}"})


def a_site(unit: Organisation, back: str = BACK, **facts: Any) -> RelyingParty:
    site = Site("Học liệu", "Học liệu số", (back,), timezone.localdate() + dt.timedelta(days=300), **facts)
    return register_site(site, unit=unit, by=SYSTEM)


@pytest.fixture
def scene(db: None) -> Iterator[Scene]:
    forget_keys()
    a_province()
    school = a_school(a_commune("11311"))
    account = an_account("principal", school, username="hoa", name="Trần Thị Hoa")
    rotate_key()
    browser = Client()
    browser.post("/dang-nhap/", {"username": "hoa", "password": PASSWORD})
    yield Scene(account, browser, a_site(school), school)
    forget_keys()
