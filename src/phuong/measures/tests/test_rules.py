"""Rules of figures: rounding, small cells, carrying on a line."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.measures.rules import hidden_cells, hidden_with, is_small_cell, nearest_day, projected_year, value_of

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


grids = st.dictionaries(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("uvwxy")), st.integers(0, 12) | st.integers(0, 2000)
)


@given(grids)
def test_no_sum_of_a_line_or_column_gives_back_a_hidden_cell(grid: dict[tuple[str, str], int]) -> None:
    hidden = hidden_cells(grid)

    assert {key for key, count in grid.items() if 0 < count < 5} <= hidden <= set(grid)
    for side in (0, 1):
        for name in {key[side] for key in grid}:
            line = {key for key in grid if key[side] == name}
            kept = line & hidden
            is_safe = len(kept) >= 2 and sum(grid[key] for key in kept) >= 5
            assert not kept or is_safe or kept == line


@given(grids)
def test_all_sums_together_give_back_no_hidden_cell_that_could_be_hidden_better(
    grid: dict[tuple[str, str], int],
) -> None:
    hidden = hidden_cells(grid)

    for cell in hidden:
        lines = [{key for key in grid if key[side] == cell[side]} for side in (0, 1)]
        corners = [(below[0], beside[1]) for beside in lines[0] - {cell} for below in lines[1] - {cell}]
        has_ring = any(corner in grid for corner in corners)
        assert not has_ring or _moves(cell, hidden)


def _moves(cell: tuple[str, str], hidden: set[tuple[str, str]]) -> bool:
    """Say whether the value of a cell can change while every sum stays: others lead from its line to its column."""
    reached = {cell[0]}
    while True:
        columns = {column for line, column in hidden - {cell} if line in reached}
        further = {line for line, column in hidden - {cell} if column in columns}
        if cell[1] in columns:
            return True
        if further <= reached:
            return False
        reached |= further


@given(grids)
def test_a_table_without_few_people_is_told_whole(grid: dict[tuple[str, str], int]) -> None:
    large = {key: count * 5 for key, count in grid.items()}

    assert hidden_cells(large) == set()


@pytest.mark.parametrize(
    ("sizes", "hidden", "all_hidden"),
    [
        ({"a": 3, "b": 40, "c": 9}, {"a"}, {"a", "c"}),
        ({"a": 3, "b": 40, "c": 0}, {"a"}, {"a", "b"}),
        ({"a": 1, "b": 1, "c": 90}, {"a", "b"}, {"a", "b", "c"}),
        ({"a": 3, "b": 4, "c": 90}, {"a", "b"}, {"a", "b"}),
        ({"a": 3}, {"a"}, {"a"}),
        ({"a": 30, "b": 40}, set(), set()),
    ],
)
def test_the_smallest_that_is_shown_is_hidden_with_what_is_alone(
    sizes: dict[str, int], hidden: set[str], all_hidden: set[str]
) -> None:
    assert hidden_with(sizes, hidden) == all_hidden
