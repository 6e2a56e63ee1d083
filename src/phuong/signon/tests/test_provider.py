"""This house as an OpenID provider: codes, PKCE, refresh tokens, subjects, keys, sign-out."""

import datetime as dt
import http.server
import re
import threading
import urllib.parse
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import KeySet

from phuong.identity.testing import PASSWORD
from phuong.kernel.jobs import Progress
from phuong.kernel.models import Job
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor
from phuong.registry.testing import a_commune, a_school
from phuong.signon.actions.signing import tell_site
from phuong.signon.actions.sites import Site, end_site, register_site, rotate_key
from phuong.signon.errors import BadAddress
from phuong.signon.models import RelyingParty, SigningKey, SiteSession
from phuong.signon.queries import forget_keys
from phuong.signon.tests.conftest import BACK, VERIFIER, Scene, a_site


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


def agreed(scene: Scene, *scopes: str) -> dict[str, Any]:
    """Agree to some of what is asked; gives the tokens."""
    page = scene.ask()
    words = {"request": page.context["form"]["request"].value(), "scopes": list(scopes), "action": "grant"}
    answer = scene.browser.post("/o/authorize", words)
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(answer["Location"]).query)["code"][0]
    return dict(scene.by_code(code).json())


def test_the_subject_is_told_as_given_and_the_rest_are_boxes(scene: Scene) -> None:
    page = scene.ask().content.decode()

    boxes = re.findall(r'<input type="checkbox" name="scopes" value="(\w+)"', page)
    assert sorted(boxes) == ["profile", "roles"]
    assert "luôn biết:" in page
    assert "Mã riêng của anh/chị tại trang này" in page


@pytest.mark.parametrize("chosen", [(), ("profile",), ("openid", "roles")])
def test_what_is_left_out_is_not_told_and_the_subject_always_is(scene: Scene, chosen: tuple[str, ...]) -> None:
    given = agreed(scene, *chosen)

    claims = claims_of(given["id_token"])
    assert claims["sub"]
    assert set(given["scope"].split()) == {"openid", *chosen}
    assert ("name" in claims, "roles" in claims) == ("profile" in chosen, "roles" in chosen)


def test_a_site_that_asks_for_the_subject_alone_shows_no_boxes(scene: Scene) -> None:
    page = scene.ask(scope="openid").content.decode()

    assert 'type="checkbox"' not in page
    assert "luôn biết:" in page


def test_a_scope_that_was_not_asked_for_cannot_be_agreed_to(scene: Scene) -> None:
    page = scene.ask(scope="openid profile")
    words = {"request": page.context["form"]["request"].value(), "scopes": ["roles"], "action": "grant"}

    answer = scene.browser.post("/o/authorize", words)

    assert answer.status_code == 200
    assert not SiteSession.objects.exists()


@pytest.mark.parametrize(
    ("cookie", "asked", "language"), [("en", "vi", "en"), ("", "en-GB en", "en"), ("", "fr", "vi")]
)
def test_the_page_of_consent_is_in_the_chosen_language(scene: Scene, cookie: str, asked: str, language: str) -> None:
    if cookie:
        scene.browser.cookies["language"] = cookie

    answer = scene.ask(ui_locales=asked)

    assert f'<html lang="{language}"' in answer.content.decode()
    assert answer["Content-Language"] == language


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
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1), tick=False) as clock:
        forget_keys()
        rotate_key(at_once=True)
        before = scene.tokens()["id_token"]
        clock.shift(dt.timedelta(seconds=1))  # of two keys of one moment neither is the newer
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
