"""How a client stands."""

import datetime as dt

import pytest

from phuong.gateway.rules import Standing, review_day, standing_of

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
