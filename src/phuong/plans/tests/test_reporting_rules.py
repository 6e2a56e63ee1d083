"""Rules of reported values: who reports, until when, what a value may be, how parts add up."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.plans.decisions import decided, shipped_plans
from phuong.plans.files import read_plan
from phuong.plans.rules import (
    BadReading,
    Level,
    Reading,
    RollUp,
    as_of,
    due_on,
    month_before,
    open_periods,
    reading_of,
    reporting_level,
    shown_period,
)

NOVEMBER = dt.date(2026, 11, 1)


@pytest.mark.parametrize(
    ("reporting", "scope", "level"),
    [
        ("Các cơ sở giáo dục", "internal financial transactions of institutions", Level.SCHOOL),
        ("Các phòng, CSGD", "", Level.SCHOOL),
        ("Các phòng chuyên môn", "all institutions", Level.DEPARTMENT),
        ("Ủy ban nhân dân các xã, phường, đặc khu", "all institutions", Level.COMMUNE),
        ("", "communes/districts", Level.COMMUNE),
        ("", "community learning centres", Level.COMMUNE),
        ("", "adult residents", Level.COMMUNE),
        ("", "all institutions", Level.SCHOOL),
        ("", "vocational institutions", Level.DEPARTMENT),
        ("", "higher-education institutions", Level.DEPARTMENT),
        ("", "districts", Level.DEPARTMENT),
        ("", "city budget", Level.DEPARTMENT),
        ("", "", Level.DEPARTMENT),
    ],
)
def test_who_reports_follows_the_printed_words_then_the_scope(reporting: str, scope: str, level: Level) -> None:
    assert reporting_level(reporting=reporting, scope=scope) is level


def test_every_reported_indicator_of_the_shipped_plans_has_its_unit() -> None:
    decisions = decided()
    found: dict[Level, list[str]] = {level: [] for level in Level}
    for file in shipped_plans():
        content, _digest = read_plan(file)
        for line in content.indicators:
            if decisions[content.plan.code, line.code]["decision"] == "reported":
                level = reporting_level(reporting=line.reporting or "", scope=line.scope or "")
                found[level].append(f"{content.plan.province}:{line.code}")

    assert found[Level.SCHOOL] == ["31:PL2-24", "22:6.2"]
    assert found[Level.COMMUNE] == ["31:xa11", "31:xb1", "31:xb2", "31:xd3", "22:x1", "22:x2"]
    assert len(found[Level.DEPARTMENT]) == 22


def test_a_month_is_due_before_the_fifth_of_the_next() -> None:
    assert due_on(NOVEMBER) == dt.date(2026, 12, 4)
    assert due_on(dt.date(2026, 12, 1)) == dt.date(2027, 1, 4)
    assert open_periods(dt.date(2027, 1, 3)) == (dt.date(2026, 12, 1), dt.date(2027, 1, 1))
    assert month_before(dt.date(2027, 1, 1)) == dt.date(2026, 12, 1)


def test_a_report_speaks_of_the_end_of_its_month_but_not_of_days_to_come() -> None:
    assert as_of(NOVEMBER, dt.date(2026, 11, 22)) == dt.date(2026, 11, 22)
    assert as_of(NOVEMBER, dt.date(2026, 12, 3)) == dt.date(2026, 11, 30)


def test_parts_are_added_up_of_the_last_month_that_is_due() -> None:
    months = [dt.date(2026, 9, 1), dt.date(2026, 10, 1), NOVEMBER]

    assert shown_period(months, dt.date(2026, 11, 5)) == dt.date(2026, 10, 1)
    assert shown_period(months, dt.date(2026, 11, 4)) == dt.date(2026, 9, 1)
    assert shown_period([NOVEMBER], dt.date(2026, 11, 5)) == NOVEMBER


def test_a_share_is_computed_from_its_two_numbers() -> None:
    assert reading_of("percent", numerator=1, denominator=3) == Reading(Decimal("33.3333"), 1, 3)
    assert reading_of("percent", numerator=2, denominator=3).value == Decimal("66.6667")
    assert reading_of("ratio", numerator=5200, denominator=20) == Reading(Decimal("260.0000"), 5200, 20)
    assert reading_of("percent", value=Decimal("93.5")) == Reading(Decimal("93.5"))


def test_a_yes_is_one_of_one_and_a_no_is_none_of_one() -> None:
    assert reading_of("yes_no", value=Decimal(1)) == Reading(Decimal(1), 1, 1)
    assert reading_of("yes_no", value=Decimal(0)) == Reading(Decimal(0), 0, 1)


@pytest.mark.parametrize(
    ("unit", "facts", "code", "field"),
    [
        ("percent", {}, "nothing_given", "numerator"),
        ("count", {}, "nothing_given", "value"),
        ("percent", {"value": Decimal(50), "numerator": 1, "denominator": 2}, "both_given", "value"),
        ("percent", {"numerator": 1}, "half_given", "denominator"),
        ("percent", {"denominator": 1}, "half_given", "numerator"),
        ("percent", {"numerator": 1, "denominator": 0}, "no_denominator", "denominator"),
        ("percent", {"numerator": -1, "denominator": 2}, "out_of_range", "numerator"),
        ("percent", {"numerator": 3, "denominator": 2}, "over_hundred", "numerator"),
        ("percent", {"value": Decimal("100.1")}, "over_hundred", "value"),
        ("percent", {"value": Decimal("1.00001")}, "too_exact", "value"),
        ("percent", {"value": Decimal(-1)}, "out_of_range", "value"),
        ("count", {"value": Decimal("NaN")}, "out_of_range", "value"),
        ("count", {"value": Decimal(10**10)}, "out_of_range", "value"),
        ("count", {"numerator": 1, "denominator": 2}, "no_share", "numerator"),
        ("ratio", {"numerator": 10**14, "denominator": 1}, "out_of_range", "numerator"),
        ("yes_no", {"value": Decimal(2)}, "not_yes_no", "value"),
    ],
)
def test_an_impossible_value_is_refused_with_its_place(
    unit: str, facts: dict[str, object], code: str, field: str
) -> None:
    with pytest.raises(BadReading) as refused:
        reading_of(unit, **facts)  # type: ignore[arg-type]

    assert (refused.value.code, refused.value.field) == (code, field)


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 500)).map(sorted), min_size=1, max_size=20))
def test_the_sum_of_parts_lies_between_the_parts(parts: list[list[int]]) -> None:
    chosen = [(low, max(high, 1)) for low, high in parts]
    whole = RollUp(NOVEMBER, sum(n for n, _d in chosen), sum(d for _n, d in chosen), len(chosen), 0, 30)

    value = whole.value("percent")

    shares = [reading_of("percent", numerator=n, denominator=d).value for n, d in chosen]
    assert value is not None
    assert min(shares) - Decimal("0.0001") <= value <= max(shares) + Decimal("0.0001")


@pytest.mark.parametrize("unit", ["count", "yes_no", "level"])
def test_nothing_is_made_of_what_cannot_be_added(unit: str) -> None:
    assert RollUp(NOVEMBER, 3, 5, 5, 0, 9).value(unit) is None
    assert RollUp(NOVEMBER, 0, 0, 0, 4, 9).value("percent") is None
