"""School years, terms, weeks and limits in working days at their edges."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from phuong.kernel.calendar import (
    WEEKS,
    WEEKS_TERM_1,
    WEEKS_TERM_2,
    SchoolYear,
    due_day,
    is_working_day,
    school_year_of,
)
from phuong.kernel.workdays import answer_working_days, due_on, official_holidays

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


limits = st.integers(1, 60)
some_days = st.frozensets(st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), max_size=20)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (dt.date(2026, 11, 20), 5, dt.date(2026, 11, 30)),  # a Friday; Tuesday the 24th is a holiday
        (dt.date(2026, 11, 27), 1, dt.date(2026, 11, 30)),
        (dt.date(2026, 11, 28), 1, dt.date(2026, 11, 30)),  # received on a Saturday
        (dt.date(2026, 2, 13), 3, dt.date(2026, 2, 25)),  # Tết
        (dt.date(2026, 8, 21), 1, dt.date(2026, 8, 22)),  # a Saturday worked instead of a Monday
    ],
)
def test_a_limit_in_working_days_ends_on_its_last_one(start: dt.date, days: int, due: dt.date) -> None:
    assert due_on(start, days) == due


@given(days, limits, some_days)
def test_a_limit_ends_on_a_working_day_and_holds_exactly_its_days(
    start: dt.date, count: int, off: frozenset[dt.date]
) -> None:
    due = due_day(start, count, off=off)

    between = [start + dt.timedelta(days=n) for n in range(1, (due - start).days + 1)]
    assert sum(is_working_day(day, off=off) for day in between) == count
    assert is_working_day(due, off=off)


@given(days, limits, some_days)
def test_a_holiday_never_brings_a_limit_forward(start: dt.date, count: int, off: frozenset[dt.date]) -> None:
    assert due_day(start, count, off=off) >= due_day(start, count)
    assert due_day(start, count + 1, off=off) > due_day(start, count, off=off)


@pytest.mark.parametrize(
    ("case", "due"),
    [
        ({"from": "2026-11-20T15:30:00+07:00", "days": 5, "holidays": ["2026-11-24"]}, "2026-11-30"),
        ({"from": "2026-11-20T15:30:00+07:00", "days": 5, "holidays": []}, "2026-11-27"),
        ({"from": "2026-11-20", "days": 5}, "2026-11-30"),
        ({"from": "2026-11-20T20:00:00Z", "days": 1, "holidays": []}, "2026-11-23"),  # Saturday morning here
        ({"from": "2026-11-22T18:00:00Z", "days": 1, "holidays": []}, "2026-11-24"),  # Monday morning here
    ],
)
def test_the_command_answers_a_limit_in_working_days(case: dict[str, object], due: str) -> None:
    answer = answer_working_days(case)

    assert answer["due"] == due
    assert answer["rule"] == "BLDS2015-147@1"
    assert answer["because"][0]["article"].startswith("Bộ luật Dân sự")


@pytest.mark.parametrize(
    "case",
    [
        {},
        {"from": "2026-11-20"},
        {"from": "2026-11-20", "days": 0},
        {"from": "2026-11-20", "days": 5, "worked": []},
        {"from": "hôm qua", "days": 5},
        {"from": 1, "days": 5},
        {"from": "9999-12-31", "days": 5},
        {"from": "2026-11-20", "days": 5, "holidays": ["thứ Ba"]},
        [],
    ],
)
def test_a_case_of_another_shape_is_refused(case: object) -> None:
    with pytest.raises(ValidationError):
        answer_working_days(case)


def test_official_holidays_are_days_that_would_be_worked() -> None:
    holidays = official_holidays()

    assert [day for day in holidays.off if day.weekday() > 4] == []
    assert [day for day in holidays.worked if day.weekday() != 5] == []
    assert {dt.date(2026, 9, 2), dt.date(2026, 11, 24), dt.date(2027, 1, 1)} <= holidays.off
