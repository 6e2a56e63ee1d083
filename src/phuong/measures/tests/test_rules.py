"""Rules of figures: rounding, small cells, carrying on a line."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.measures.rules import is_small_cell, nearest_day, projected_year, value_of

counts = st.integers(0, 3_000_000)
cells = st.integers(0, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@pytest.mark.parametrize(
    ("unit", "numerator", "denominator", "value"),
    [
        ("percent", 1, 3, "33.3"),
        ("percent", 2, 3, "66.7"),
        ("percent", 1, 16, "6.3"),  # 6.25 goes up
        ("percent", 1, 2000, "0.1"),  # 0.05 goes up
        ("percent", 1999, 2000, "100.0"),
        ("percent", 0, 7, "0.0"),
        ("ratio", 5, 4, "1.3"),  # 1.25 goes up
        ("ratio", 7, 2, "3.5"),
        ("count", 12, 40, "12"),
        ("count", 0, 0, "0"),
    ],
)
def test_a_figure_is_rounded_half_up(unit: str, numerator: int, denominator: int, value: str) -> None:
    worked_out = value_of(unit, numerator, denominator)

    assert worked_out == Decimal(value)
    assert str(worked_out) == value


@pytest.mark.parametrize("unit", ["percent", "ratio"])
def test_over_nothing_there_is_no_figure(unit: str) -> None:
    assert value_of(unit, 0, 0) is None


@given(counts, counts.filter(bool))
def test_a_percent_is_the_nearest_tenth(numerator: int, denominator: int) -> None:
    tenths = (2000 * numerator + denominator) // (2 * denominator)

    assert value_of("percent", numerator, denominator) == Decimal(tenths) / 10


@given(cells)
def test_a_part_is_between_nothing_and_all(cell: tuple[int, int]) -> None:
    value = value_of("percent", *cell)

    assert value is None if not cell[1] else 0 <= value <= 100


@pytest.mark.parametrize(
    ("numerator", "denominator", "is_small"),
    [
        (0, 0, False),
        (0, 4, True),
        (0, 5, False),
        (5, 5, False),
        (4, 100, True),
        (5, 100, False),
        (95, 100, False),
        (96, 100, True),
        (100, 100, False),
        (2, 3, True),
    ],
)
def test_fewer_than_five_on_either_side_are_hidden(numerator: int, denominator: int, is_small: bool) -> None:
    assert is_small_cell(numerator, denominator) is is_small


@given(cells)
def test_who_meets_and_who_is_missing_are_protected_alike(cell: tuple[int, int]) -> None:
    numerator, denominator = cell

    assert is_small_cell(numerator, denominator) == is_small_cell(denominator - numerator, denominator)


@given(cells)
def test_what_is_shown_tells_of_nobody_or_of_at_least_five(cell: tuple[int, int]) -> None:
    numerator, denominator = cell

    if not is_small_cell(numerator, denominator):
        assert all(side == 0 or side >= 5 for side in (numerator, denominator - numerator, denominator))


def test_a_line_is_carried_on() -> None:
    assert projected_year([(2024.0, 50.0), (2025.0, 60.0), (2026.0, 70.0)], 100) == 2029


@pytest.mark.parametrize(
    ("points", "target"),
    [
        ([], 90),
        ([(2026.0, 80.0)], 90),
        ([(2026.0, 80.0), (2026.0, 85.0)], 90),  # two figures of one day
        ([(2025.0, 80.0), (2026.0, 80.0)], 90),  # it stands still
        ([(2025.0, 80.0), (2026.0, 70.0)], 90),  # it goes the other way
        ([(2025.0, 80.0), (2026.0, 80.1)], 90),  # not within 25 years
    ],
)
def test_without_a_line_that_gets_there_no_year_is_named(points: list[tuple[float, float]], target: float) -> None:
    assert projected_year(points, target) is None


@given(
    st.integers(2000, 2050),
    st.integers(1, 24),
    st.sampled_from([-4, -1, 1, 2, 8]),
    st.integers(0, 100),
    st.integers(2, 6),
)
def test_the_year_is_where_the_line_meets_the_target(last: int, ahead: int, slope: int, start: int, count: int) -> None:
    points = [(float(last - back), float(start - slope * back)) for back in range(count)]
    target = Fraction(start) + Fraction(slope) * (ahead + Fraction(1, 2))

    assert projected_year(points, float(target)) == last + ahead


@given(st.lists(st.tuples(st.floats(2000, 2050), st.floats(-1000, 1000)), max_size=12), st.floats(-1000, 1000))
def test_a_named_year_is_never_past_and_never_far(points: list[tuple[float, float]], target: float) -> None:
    year = projected_year(points, target)

    if year is not None:
        last = max(x for x, _ in points)
        assert int(last) <= year <= last + 25


def days(*numbers: int) -> list[dt.date]:
    """Give days counted from 31 October 2026 on."""
    return [dt.date(2026, 10, 31) + dt.timedelta(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("counted", "taken"),
    [
        ([0, 1, 23], 0),
        ([-3, 1, 23], 1),
        ([-31, -3, 2, 23], -3),
        ([23, 5], 5),
    ],
)
def test_the_end_of_a_day_is_told_by_the_count_nearest_to_it(counted: list[int], taken: int) -> None:
    assert nearest_day(days(*counted), days(0)[0]) == days(taken)[0]


@given(st.lists(st.integers(-400, 400)))
def test_a_day_that_was_counted_is_taken_and_none_only_when_nothing_was(numbers: list[int]) -> None:
    found = nearest_day(days(*numbers), days(0)[0])

    assert (found is None) == (not numbers)
    assert (found == days(0)[0]) or (0 not in numbers)
    assert found is None or found in days(*numbers)
