"""Short messages over HTTP."""

import httpx
import pytest
from tests.outside import Outside, close_outside, open_outside

from phuong_sandbox.kept import Kept

KEY = {"X-API-Key": "phuong-sandbox"}


def send(outside: Outside, headers: dict[str, str] = KEY, **facts: object) -> httpx.Response:
    body = {"to": "0912 345 678", "text": "Mã: 123456", **facts}
    return outside.ask("POST", "sms/send", json=body, headers=headers)


def kept_by(outside: Outside, to: str = "") -> list[dict[str, object]]:
    return list(outside.ask("GET", "sms/messages.json", params={"to": to}).json()["messages"])


def test_a_message_is_taken_and_shown(outside: Outside) -> None:
    answer = send(outside)

    (kept,) = kept_by(outside, "0912345678")
    assert (answer.status_code, answer.json()["id"]) == (202, kept["id"])
    assert (kept["to"], kept["text"]) == ("0912345678", "Mã: 123456")
    assert "Mã: 123456" in outside.ask("GET", "sms/").text


@pytest.mark.parametrize("facts", [{"to": "abc"}, {"to": ""}, {"text": ""}, {"text": 5}, {"text": "x" * 919}])
def test_a_message_that_cannot_be_sent_is_refused(outside: Outside, facts: dict[str, object]) -> None:
    assert send(outside, **facts).status_code == 422
    assert kept_by(outside) == []


def test_a_caller_without_the_key_is_not_served(outside: Outside) -> None:
    assert send(outside, {"X-API-Key": "guess"}).status_code == 401
    assert kept_by(outside) == []


@pytest.mark.parametrize(("switch", "status"), [("busy", 429), ("down", 503)])
def test_failures_meet_the_numbers_they_name(outside: Outside, switch: str, status: int) -> None:
    outside.fail("sms", **{switch: "0912*"})

    assert send(outside).status_code == status
    assert send(outside, to="0987654321").status_code == 202
    assert len(kept_by(outside)) == 1


def test_what_is_kept_is_bounded_and_numbers_go_on() -> None:
    kept: Kept[int] = Kept(most=3)

    for _ in range(5):
        kept.add(lambda number: number)
    kept.clear()
    kept.add(lambda number: number)

    assert kept.newest_first() == [6]
    assert kept.get(5) is None


def test_the_program_stops_when_told_to() -> None:
    assert close_outside(open_outside()) == 0
