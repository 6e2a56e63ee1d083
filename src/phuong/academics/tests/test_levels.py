"""Marks are whole tenths: what is read, what is refused, how a half is rounded."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.academics.rules.levels import Level, half_up, shown, tenths, written


@pytest.mark.parametrize(
    ("told", "expected"),
    [("8", 80), ("8.0", 80), ("8.50", 85), (8, 80), (7.5, 75), (8.1, 81), ("0", 0), (0, 0), ("10", 100), (10.0, 100)],
)
def test_a_mark_is_read_into_whole_tenths(told: Any, expected: int) -> None:
    assert tenths(told) == expected


@pytest.mark.parametrize(
    "told",
    ["", " 8", "8 ", "7,5", "8.25", "10.1", "11", "-1", "+8", "1e1", "08", "８", ".5", "8.", "NaN", "Infinity"]
    + [8.25, -1, 11, 10.5, float("nan"), float("inf"), 0.1 + 0.2, True, False, None, [], {}, b"8"],
    ids=repr,
)
def test_what_is_no_mark_is_refused_and_never_rounded(told: Any) -> None:
    with pytest.raises(ValueError, match="expected"):
        tenths(told)


@given(st.integers(0, 100))
def test_what_is_written_is_read_again(value: int) -> None:
    assert tenths(written(value)) == value
    assert shown(value) == written(value).replace(".", ",")


@given(st.integers(0, 10_000), st.integers(1, 100))
def test_a_half_goes_up(numerator: int, denominator: int) -> None:
    exact = (Decimal(numerator) / denominator).quantize(Decimal(1), rounding=ROUND_HALF_UP)

    assert half_up(numerator, denominator) == int(exact)


def test_levels_are_ordered_and_travel_as_codes() -> None:
    assert [level.code for level in sorted(Level)] == ["chua_dat", "dat", "kha", "tot"]
    assert [Level.of(level.code) for level in Level] == list(Level)
    assert [level.title for level in Level] == ["Chưa đạt", "Đạt", "Khá", "Tốt"]
