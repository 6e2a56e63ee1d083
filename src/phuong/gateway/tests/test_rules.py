"""How a client stands; how messages are signed, tried again, given up."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hooked import is_signed

from phuong.gateway.rules import (
    MOST_WAIT_SECONDS,
    OFF_AFTER,
    RETRY_SECONDS,
    Standing,
    is_to_be_switched_off,
    review_day,
    shown_secret,
    signature_of,
    standing_of,
    wait_after,
)

TODAY = dt.date(2026, 11, 23)
FINE = {"is_active": True, "is_approved": True, "valid_until": None, "review_on": dt.date(2027, 1, 1), "today": TODAY}


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        ({}, Standing.OPEN),
        ({"valid_until": TODAY}, Standing.OPEN),
        ({"valid_until": dt.date(2026, 11, 22)}, Standing.OVER),
        ({"is_approved": False}, Standing.WAITING),
        ({"review_on": TODAY}, Standing.REVIEW),
        ({"review_on": TODAY, "is_approved": False}, Standing.WAITING),
        ({"is_active": False, "is_approved": False}, Standing.OFF),
    ],
)
def test_a_client_stands_as_its_facts_say(facts: dict, standing: Standing) -> None:
    assert standing_of(**{**FINE, **facts}) is standing


def test_a_review_is_asked_for_a_year_after_the_last_one() -> None:
    assert review_day(dt.date(2026, 1, 1), TODAY) == dt.date(2027, 1, 1)
    assert review_day(None, dt.date(2026, 1, 1)) == dt.date(2027, 1, 1)


def test_a_signature_is_checked_by_the_words_of_the_convention_alone() -> None:
    secret = b"\x31\xf8\xa3\x5e" * 8
    signature = signature_of([secret], "msg_1", 1614265330, '{"test": 2432232314}')

    facts = {"message": "msg_1", "moment": "1614265330", "body": b'{"test": 2432232314}'}
    assert is_signed(shown_secret(secret), signatures=signature, **facts)
    assert not is_signed(shown_secret(b"x" * 32), signatures=signature, **facts)


@given(st.lists(st.binary(min_size=24, max_size=64), min_size=1, max_size=3), st.text(), st.integers(0, 2**33))
def test_whoever_holds_any_of_the_secrets_can_check(secrets: list[bytes], body: str, moment: int) -> None:
    body = body.encode(errors="ignore").decode()

    signatures = signature_of(secrets, "m", moment, body)

    for each in secrets:
        facts = {"message": "m", "moment": str(moment), "body": body.encode(), "signatures": signatures}
        assert is_signed(shown_secret(each), **facts)


@given(st.integers(1, 20), st.floats(0, 1), st.integers(0, 10**6))
def test_waits_grow_stay_within_their_spread_and_end(attempts: int, chance: float, asked: int) -> None:
    wait = wait_after(attempts, chance, asked_seconds=asked)

    if attempts > len(RETRY_SECONDS):
        assert wait is None
    else:
        usual = RETRY_SECONDS[attempts - 1]
        assert wait is not None
        assert usual * 0.8 - 1e-6 <= wait <= max(usual * 1.2 + 1e-6, min(asked, MOST_WAIT_SECONDS))


def test_a_hook_is_switched_off_after_five_days_of_failures() -> None:
    now = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)

    assert not is_to_be_switched_off(None, now)
    assert not is_to_be_switched_off(now - OFF_AFTER + dt.timedelta(seconds=1), now)
    assert is_to_be_switched_off(now - OFF_AFTER, now)
