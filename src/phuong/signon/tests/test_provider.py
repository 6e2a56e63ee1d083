"""This house as an OpenID provider: codes, PKCE, refresh tokens, subjects, keys, sign-out."""

import base64
import datetime as dt
import hashlib
import http.server
import threading
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from allauth.idp.oidc.models import Token
from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import KeySet

from phuong.identity.api import Account
from phuong.identity.testing import PASSWORD, an_account
from phuong.kernel.jobs import Progress
from phuong.kernel.models import Job
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor
from phuong.registry.api import Organisation
from phuong.registry.testing import a_commune, a_province, a_school
from phuong.signon import queries
from phuong.signon.actions.signing import tell_site
from phuong.signon.actions.sites import Site, end_site, register_site, rotate_key
from phuong.signon.errors import BadAddress
from phuong.signon.models import RelyingParty, SigningKey, SiteSession
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


def claims_of(token: str) -> dict[str, Any]:
    keys = KeySet.import_key_set(Client().get("/.well-known/jwks.json").json())
    return dict(jwt.decode(token, keys).claims)


def test_a_site_learns_who_it_is_with_unit_and_role(scene: Scene) -> None:
    given = scene.tokens()

    claims = claims_of(given["id_token"])

    assert claims["aud"] == scene.party.client_id
    assert claims["nonce"] == "n"
    assert claims["name"] == "Trần Thị Hoa"
    role = {"role": "principal", "organisation": scene.school.code, "organisation_name": scene.school.name}
    assert claims["roles"] == [role]
    assert scene.who(given["access_token"]).json()["sub"] == claims["sub"]


def test_consent_is_asked_once(scene: Scene) -> None:
    assert scene.ask().status_code == 200
    scene.code()

    assert scene.ask().status_code == 302


def test_the_page_of_consent_may_lead_on_to_the_site_and_nowhere_else(scene: Scene) -> None:
    allowed = scene.ask()["Content-Security-Policy"]

    assert "form-action 'self' https://hoclieu.example.vn;" in allowed


def test_who_does_not_agree_gives_nothing(scene: Scene) -> None:
    page = scene.ask()

    answer = scene.browser.post("/o/authorize", {"request": page.context["form"]["request"].value(), "action": "deny"})

    assert "error=access_denied" in answer["Location"]
    assert not SiteSession.objects.exists()


@pytest.mark.parametrize(
    "change",
    [{"code_challenge": None}, {"code_challenge_method": "plain"}, {"response_type": "token"}, {"client_id": "nobody"}],
)
def test_only_code_with_pkce_is_spoken(scene: Scene, change: dict[str, Any]) -> None:
    answer = scene.ask(**change)

    assert answer.status_code == 400
    assert "Location" not in answer


def test_an_address_that_is_not_registered_gets_nobody(scene: Scene) -> None:
    answer = scene.ask(redirect_uri="https://ke-gian.example/cb")

    assert answer.status_code == 200
    assert "Location" not in answer
    assert "Trang kia gọi chưa đúng" in answer.content.decode()


def test_a_wrong_verifier_gets_nothing(scene: Scene) -> None:
    answer = scene.by_code(scene.code(), verifier="w" * 64)

    assert answer.status_code == 400
    assert not Token.objects.exists()


def test_a_code_shown_twice_ends_what_it_gave(scene: Scene) -> None:
    code = scene.code()
    given = scene.by_code(code).json()

    again = scene.by_code(code)

    assert again.json() == {"error": "invalid_grant"}
    assert scene.who(given["access_token"]).status_code == 401
    assert scene.by_refresh(given["refresh_token"]).status_code == 400


def test_a_refresh_token_shown_twice_was_stolen_and_ends_everything(scene: Scene) -> None:
    first = scene.tokens()
    second = scene.by_refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]

    stolen = scene.by_refresh(first["refresh_token"])

    assert stolen.json() == {"error": "invalid_grant"}
    assert scene.by_refresh(second["refresh_token"]).status_code == 400
    assert scene.who(second["access_token"]).status_code == 401
    assert SiteSession.objects.get().ended_at is not None


def test_a_role_that_ended_gives_no_more_tokens(scene: Scene) -> None:
    given = scene.tokens()
    scene.account.roles.update(during=("2025-08-01", "2026-01-01"))

    assert scene.by_refresh(given["refresh_token"]).status_code == 400


def test_vendors_cannot_join_what_they_know_and_sites_of_the_sector_can(scene: Scene) -> None:
    mine = claims_of(scene.tokens()["id_token"])["sub"]
    inside = a_site(scene.school, is_outside=False)
    again = claims_of(scene.tokens()["id_token"])["sub"]
    scene.party = inside

    assert mine == again
    assert mine != str(scene.account.pk)
    assert claims_of(scene.tokens()["id_token"])["sub"] == str(scene.account.pk)


def test_an_ended_site_opens_nothing(scene: Scene) -> None:
    given = scene.tokens()

    end_site(scene.party.pk, by=SYSTEM)

    assert scene.ask().status_code == 400
    assert scene.who(given["access_token"]).status_code == 401
    assert scene.by_refresh(given["refresh_token"]).status_code == 400


def test_a_confidential_site_needs_its_secret(scene: Scene) -> None:
    scene.party = a_site(scene.school, has_secret=True, secret="one secret of many random bits")
    code = scene.code()
    facts = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}

    assert scene.exchange(**facts, client_secret="wrong").status_code == 401
    assert scene.exchange(**facts, client_secret="one secret of many random bits").status_code == 200


def test_a_new_key_is_published_before_it_signs_and_the_old_one_after(scene: Scene) -> None:
    with time_machine.travel("2026-11-26 08:00+07:00", tick=False) as clock:
        forget_keys()
        rotate_key(at_once=True)
        before = scene.tokens()["id_token"]
        rotate_key()
        during = scene.tokens()["id_token"]
        assert len(Client().get("/.well-known/jwks.json").json()["keys"]) == SigningKey.objects.count()
        clock.shift(dt.timedelta(hours=2))
        forget_keys()
        scene.browser.post("/dang-nhap/", {"username": "hoa", "password": PASSWORD})
        after = scene.tokens()["id_token"]

        heads = [jwt.decode(each, KeySet.import_key_set(Client().get("/.well-known/jwks.json").json())).header["kid"]
                 for each in (before, during, after)]  # fmt: skip

    assert heads[0] == heads[1] != heads[2]


class _Listener(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        told = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.told.append(told)  # type: ignore[attr-defined]
        self.send_response(self.server.answer)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Stay quiet."""


@pytest.fixture
def listener() -> Iterator[Any]:
    server = http.server.HTTPServer(("127.0.0.1", 0), _Listener)
    server.told, server.answer = [], 200  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_site_is_told_when_the_session_is_over(scene: Scene, listener: Any) -> None:
    where = f"http://127.0.0.1:{listener.server_port}/logout"
    scene.party = a_site(scene.school, logout_uri=where)
    given = scene.tokens()

    scene.browser.post("/dang-xuat/")
    job = Job.objects.get(name="signon.tell_site")
    tell_site(Progress(), **job.arguments)

    told = claims_of(urllib.parse.parse_qs(listener.told[0])["logout_token"][0])
    mine = claims_of(given["id_token"])
    assert (told["sub"], told["sid"], told["aud"]) == (mine["sub"], mine["sid"], scene.party.client_id)
    assert "http://schemas.openid.net/event/backchannel-logout" in told["events"]
    assert scene.by_refresh(given["refresh_token"]).status_code == 400


def test_signing_out_from_the_site_signs_out_here(scene: Scene) -> None:
    given = scene.tokens()

    answer = scene.browser.get("/o/logout", {"id_token_hint": given["id_token"], "client_id": scene.party.client_id})

    assert answer.status_code == 302
    assert scene.browser.get("/tai-khoan/").status_code == 302


@pytest.mark.parametrize(
    "addresses",
    [("http://hoclieu.example.vn/cb",), ("https://*.example.vn/cb",), ("https://a.vn/cb", "https://b.vn/cb"), ()],
)
def test_an_unsafe_address_is_refused_and_nothing_is_kept(scene: Scene, addresses: tuple[str, ...]) -> None:
    kept = RelyingParty.objects.count()

    with pytest.raises(BadAddress):
        register_site(Site("x", "y", addresses, dt.date(2027, 1, 1)), unit=scene.school, by=SYSTEM)

    assert RelyingParty.objects.count() == kept


def test_nobody_registers_a_site_for_another_unit(scene: Scene) -> None:
    other = a_school(a_commune("11329"))
    by = Actor(scope=scene.school.path, permissions=SYSTEM.permissions)

    with pytest.raises(NotThere):
        register_site(Site("x", "y", (BACK,), dt.date(2027, 1, 1)), unit=other, by=by)


def test_the_desk_lists_the_sites_of_its_place(scene: Scene) -> None:
    assert "Học liệu" in scene.browser.get("/trang-dang-nhap/").content.decode()


@pytest.mark.parametrize("client_id", ["nobody", "a\0b", "x" * 5000])
def test_an_unknown_site_is_told_so_and_takes_no_memory(scene: Scene, client_id: str) -> None:
    answer = scene.ask(client_id=client_id)

    assert answer.status_code == 400
    assert not any(client_id in name for name in queries._remembered)
