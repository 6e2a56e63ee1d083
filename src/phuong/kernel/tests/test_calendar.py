"""School years, terms and weeks at their edges."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.kernel.calendar import WEEKS, WEEKS_TERM_1, WEEKS_TERM_2, SchoolYear, school_year_of

YEAR = SchoolYear(2026)
days = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (dt.date(2026, 7, 31), 2025),
        (dt.date(2026, 8, 1), 2026),
        (dt.date(2026, 12, 31), 2026),
        (dt.date(2027, 1, 1), 2026),
        (dt.date(2027, 7, 31), 2026),
    ],
)
def test_a_school_year_turns_on_the_first_of_august(day: dt.date, start: int) -> None:
    assert school_year_of(day) == SchoolYear(start)


def test_a_school_year_is_named_by_both_calendar_years() -> None:
    assert YEAR.name == "2026–2027"
    assert (YEAR.opens_on, YEAR.closes_on) == (dt.date(2026, 9, 5), dt.date(2027, 5, 31))


@pytest.mark.parametrize(("day", "term"), [(dt.date(2027, 1, 17), 1), (dt.date(2027, 1, 18), 2)])
def test_term_two_starts_on_18_january_at_the_latest(day: dt.date, term: int) -> None:
    assert YEAR.term_of(day) == term


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (dt.date(2026, 9, 4), None),
        (dt.date(2026, 9, 5), 1),
        (dt.date(2026, 9, 11), 1),
        (dt.date(2026, 9, 12), 2),
        (dt.date(2027, 5, 7), 35),
        (dt.date(2027, 5, 8), None),
    ],
)
def test_weeks_run_from_1_to_35(day: dt.date, week: int | None) -> None:
    assert YEAR.week_of(day) == week


def test_the_weeks_of_both_terms_make_the_year() -> None:
    assert (WEEKS_TERM_1, WEEKS_TERM_2, WEEKS) == (18, 17, 35)


@given(days)
def test_every_day_lies_in_exactly_one_school_year(day: dt.date) -> None:
    start = school_year_of(day).start

    assert dt.date(start, 8, 1) <= day <= dt.date(start + 1, 7, 31)


@given(days)
def test_a_week_has_at_most_seven_days_and_follows_the_one_before(day: dt.date) -> None:
    year = school_year_of(day)
    week, next_week = year.week_of(day), year.week_of(day + dt.timedelta(days=7))

    assert week is None or next_week in (week + 1, None)
    assert week is None or next_week is not None or week == WEEKS


def test_school_years_sort_by_their_start() -> None:
    assert sorted([SchoolYear(2027), SchoolYear(2025)]) == [SchoolYear(2025), SchoolYear(2027)]
