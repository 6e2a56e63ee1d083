"""A report is drafted from live figures, approved, numbered, frozen, and restated with both values kept."""

import datetime as dt
from decimal import Decimal

import pytest

from phuong.reports.rules import changes_between, span_of


def test_periods_end_and_fall_due_before_the_fifth() -> None:
    assert span_of("monthly", dt.date(2026, 11, 23)).due_on == dt.date(2026, 12, 4)
    assert span_of("half_yearly", dt.date(2026, 3, 1)).ends_on == dt.date(2026, 6, 30)
    assert span_of("yearly", dt.date(2026, 3, 1)).due_on == dt.date(2027, 1, 4)
    assert span_of("five_yearly", dt.date(2026, 3, 1)).starts_on == dt.date(2026, 1, 1)
    with pytest.raises(ValueError, match="kind"):
        span_of("daily", dt.date(2026, 1, 1))


def test_changes_are_counted_only_where_both_sides_are_known() -> None:
    before, now = {"a": "1.5", "b": "2", "c": None}, {"a": "2", "b": "2", "c": "1", "d": "4"}

    assert changes_between(before, now) == {"a": Decimal("0.5")}
