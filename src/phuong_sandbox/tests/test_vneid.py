"""The played VNeID: what it asks of a site, and that it gives nothing to a wrong one."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from tests.outside import Outside

from phuong_sandbox.vneid.tokens import challenge_of

VERIFIER = "v" * 64
BACK = "http://127.0.0.1:9/ve/"
QUESTION = {
    "client_id": "phuong",
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": "openid profile",
    "state": "s",
    "nonce": "n",
    "code_challenge": challenge_of(VERIFIER),
    "code_challenge_method": "S256",
}
CITIZEN = "031190000001"


def answered(outside: Outside, **facts: str) -> dict[str, str]:
    """Answer as the first citizen; gives what the site is told."""
    data = {"citizen": CITIZEN, "answer": "agree", **facts}
    given = outside.ask("POST", "vneid/authorize", params=QUESTION, data=data)
    assert given.status_code == 302, given.text
    return {name: values[0] for name, values in parse_qs(urlsplit(given.headers["location"]).query).items()}


def exchanged(outside: Outside, code: str, **changes: str) -> httpx.Response:
    facts = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "client_id": "phuong",
        "client_secret": "phuong-sandbox",
        "code_verifier": VERIFIER,
    }
    return outside.ask("POST", "vneid/token", data={**facts, **changes})


def test_a_citizen_agrees_and_the_site_is_told_who_it_is(outside: Outside) -> None:
    told = answered(outside)
    given = exchanged(outside, told["code"]).json()
    keys = KeySet.import_key_set(outside.ask("GET", "vneid/jwks.json").json())
    claims = jwt.decode(given["id_token"], keys).claims
    shown = {"Authorization": f"Bearer {given['access_token']}"}

    assert told["state"] == "s"
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (f"{outside.page}vneid", "phuong", "n")
    assert (claims["citizen_id"], claims["level"], claims["name"]) == (CITIZEN, 2, "Đỗ Thị Mơ")
    assert outside.ask("GET", "vneid/userinfo", headers=shown).json()["sub"] == claims["sub"]
    assert outside.ask("GET", "vneid/messages.json").json()["messages"][0]["did"] == "agreed"
    assert CITIZEN in outside.ask("GET", "vneid/").text


@pytest.mark.parametrize("name", sorted(QUESTION))
def test_a_question_that_lacks_something_is_not_answered(outside: Outside, name: str) -> None:
    asked = {key: value for key, value in QUESTION.items() if key != name}

    assert outside.ask("GET", "vneid/authorize", params=asked).status_code == 400


def test_nobody_is_sent_to_another_machine(outside: Outside) -> None:
    asked = {**QUESTION, "redirect_uri": "http://evil.example/"}

    assert outside.ask("POST", "vneid/authorize", params=asked, data={"citizen": CITIZEN}).status_code == 400


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"code_verifier": "w" * 64}, 400),
        ({"redirect_uri": "http://127.0.0.1:9/x/"}, 400),
        ({"client_secret": "wrong"}, 401),
        ({"client_id": "somebody"}, 401),
        ({"grant_type": "password"}, 400),
    ],
)
def test_a_code_is_worth_nothing_to_a_wrong_site(outside: Outside, changes: dict[str, str], status: int) -> None:
    code = answered(outside)["code"]

    assert exchanged(outside, code, **changes).status_code == status


def test_a_code_is_exchanged_once(outside: Outside) -> None:
    code = answered(outside)["code"]

    assert [exchanged(outside, code).status_code for _ in range(2)] == [200, 400]


def test_refusing_by_button_or_by_switch_tells_access_denied(outside: Outside) -> None:
    assert answered(outside, answer="refuse") == {"error": "access_denied", "state": "s"}
    outside.fail("vneid", refuse=CITIZEN)
    assert answered(outside)["error"] == "access_denied"


@pytest.mark.parametrize(
    "facts", [{"number": "12"}, {"number": "031190000009", "level": "3"}, {"number": "031190000009", "birthdate": "x"}]
)
def test_a_citizen_that_cannot_be_is_asked_again(outside: Outside, facts: dict[str, Any]) -> None:
    given = outside.ask("POST", "vneid/authorize", params=QUESTION, data={**facts, "answer": "agree"})

    assert given.status_code == 422
    assert 'role="alert"' in given.text


def test_outage_and_a_strangers_token(outside: Outside) -> None:
    outside.fail("vneid", down="*")

    assert exchanged(outside, answered(outside)["code"]).status_code == 503
    assert outside.ask("GET", "vneid/userinfo", headers={"Authorization": "Bearer x"}).status_code == 401
