"""Receivers of webhooks: good and bad signatures, replays, and every way to behave badly."""

import base64
import hashlib
import hmac
import time

import httpx
import pytest
from tests.hooked import arrived, learn
from tests.outside import Outside

SECRET = "whsec_cGh1b25nLXBodW9uZy1waHVvbmctcGh1b25nLTEyMzQ="
BODY = '{"type":"feed.test"}'


def send(outside: Outside, name: str = "one", **headers: str) -> httpx.Response:
    return outside.ask("POST", f"hooks/at/{name}", content=BODY, headers=headers)


def signed(secret: str = SECRET, message: str = "m1", moment: int | None = None) -> dict[str, str]:
    stamp = str(int(time.time()) if moment is None else moment)
    key = base64.b64decode(secret[len("whsec_") :])
    digest = hmac.new(key, f"{message}.{stamp}.{BODY}".encode(), hashlib.sha256).digest()
    signature = "v1," + base64.b64encode(digest).decode()
    return {"webhook-id": message, "webhook-timestamp": stamp, "webhook-signature": signature}


def test_a_message_is_checked_and_shown(outside: Outside) -> None:
    learn(outside, one=SECRET)

    assert send(outside, **signed()).status_code == 204
    assert send(outside, **signed()).status_code == 204
    assert send(outside, **{**signed(), "webhook-signature": "v1,AAAA"}).status_code == 204
    assert send(outside, **signed(moment=int(time.time()) - 3600)).status_code == 204
    assert send(outside, "two", **signed()).status_code == 204

    assert [(each["verdict"], each["times"]) for each in arrived(outside)] == [
        ("good", 1),
        ("good", 2),
        ("bad signature", 3),
        ("old", 4),
    ]
    assert arrived(outside, "two")[0]["verdict"] == "no secret"
    assert "feed.test" in outside.ask("GET", "hooks/").text


@pytest.mark.parametrize(
    ("switch", "status", "is_kept"),
    [("down", 503, False), ("busy", 429, False), ("gone", 410, True), ("redirect", 302, False), ("lost", 500, True)],
)
def test_a_failure_that_is_switched_on_meets_its_receiver_alone(
    outside: Outside, switch: str, status: int, is_kept: bool
) -> None:
    outside.fail("hooks", **{switch: "one"})

    assert (send(outside).status_code, send(outside, "two").status_code) == (status, 204)
    assert len(arrived(outside)) == int(is_kept)


def test_a_connection_is_broken_off(outside: Outside) -> None:
    outside.fail("hooks", reset="*")

    with pytest.raises(httpx.TransportError):
        send(outside)
    assert outside.ask("GET", "hooks/messages.json").json()["count"] == 0


def test_a_secret_that_is_none_is_refused(outside: Outside) -> None:
    assert outside.ask("PUT", "hooks/secrets.json", json={"one": "whsec_%%"}).status_code == 422
    assert outside.ask("PUT", "hooks/secrets.json", json=["x"]).status_code == 422
