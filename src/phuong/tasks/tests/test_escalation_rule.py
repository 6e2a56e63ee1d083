"""When a rule tells, and in which round."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.tasks.files import shipped_rules
from phuong.tasks.rules import round_on

DUE = dt.date(2026, 11, 20)
DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1))
OFFSETS = st.integers(-365, 365)
EVERY = st.integers(0, 365)


@pytest.mark.parametrize(
    ("day", "days", "every", "begun"),
    [
        (dt.date(2026, 11, 16), -3, 0, None),
        (dt.date(2026, 11, 17), -3, 0, dt.date(2026, 11, 17)),
        (dt.date(2026, 11, 20), -3, 0, dt.date(2026, 11, 17)),
        (dt.date(2026, 11, 21), -3, 0, None),
        (dt.date(2026, 11, 20), 0, 0, DUE),
        (dt.date(2026, 11, 20), 1, 7, None),
        (dt.date(2026, 11, 27), 1, 7, dt.date(2026, 11, 21)),
        (dt.date(2026, 11, 28), 1, 7, dt.date(2026, 11, 28)),
        (dt.date(2027, 6, 1), 10, 0, dt.date(2026, 11, 30)),
    ],
)
def test_rounds_begin_on_their_days(day: dt.date, days: int, every: int, begun: dt.date | None) -> None:
    assert round_on(day, DUE, days=days, every=every) == begun


@given(DAYS, DAYS, OFFSETS, EVERY)
def test_a_round_has_begun_and_the_next_one_has_not(day: dt.date, due: dt.date, days: int, every: int) -> None:
    begun = round_on(day, due, days=days, every=every)

    if begun is None:
        assert day < due + dt.timedelta(days=days) or (days < 0 and day > due)
    else:
        assert begun <= day
        assert begun >= due + dt.timedelta(days=days)
        assert not every or day < begun + dt.timedelta(days=every)


@given(DAYS, DAYS, OFFSETS, EVERY)
def test_the_day_a_round_began_lies_in_that_round(day: dt.date, due: dt.date, days: int, every: int) -> None:
    begun = round_on(day, due, days=days, every=every)

    assert begun is None or round_on(begun, due, days=days, every=every) == begun


def test_shipped_rules_say_where_they_come_from() -> None:
    assert len({line["code"] for line in shipped_rules()}) == len(shipped_rules()) == 5
    assert all(line["source"] and line["doubt"] for line in shipped_rules())
