"""Rules of figures: how a value is worked out, protected, and carried on."""

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
Cell = tuple[str, str]  # of a two-way table: its line and its column

SMALLEST_SHOWN = 5
_PLACES = Decimal("0.1")


def value_of(unit: str, numerator: int, denominator: int) -> Decimal | None:
    """Work out a figure: percent and ratio to one decimal, half up; a count as it is; ``None`` over nothing."""
    if unit == "count":
        return Decimal(numerator)
    if not denominator:
        return None
    factor = 100 if unit == "percent" else 1
    return (Decimal(numerator * factor) / Decimal(denominator)).quantize(_PLACES, ROUND_HALF_UP)


def is_small_cell(numerator: int, denominator: int) -> bool:
    """Say whether a figure about persons would tell of too few of them (fewer than five on either side)."""
    missing = denominator - numerator
    return 0 < denominator < SMALLEST_SHOWN or 0 < numerator < SMALLEST_SHOWN or 0 < missing < SMALLEST_SHOWN


def hidden_with(sizes: Mapping[K, int], hidden: Set[K]) -> set[K]:
    """Give the cells of one sum to hide, so that the sum less what is shown tells no hidden one.

    Two at least, which stand for five persons at least together: else the smallest that are shown are hidden too, those
    of nobody last. ``sizes``: persons of each cell, in an order that decides between equal ones.
    """
    kept = set(hidden) & set(sizes)
    shown = sorted((each for each in sizes if each not in kept), key=lambda each: (sizes[each] == 0, sizes[each]))
    while kept and shown and (len(kept) < 2 or sum(sizes[each] for each in kept) < SMALLEST_SHOWN):
        kept.add(shown.pop(0))
    return kept


def hidden_cells(grid: Mapping[Cell, int]) -> set[Cell]:
    """Give the cells of a two-way table of persons that are not told: small ones, and what the sums would tell.

    The sums of all lines and columns, known from elsewhere, give back no cell that is hidden, alone or taken together:
    each hangs in a ring of hidden cells (what one gains in a line another loses). A line of one cell is its own sum.
    """
    hidden = {key for key, count in grid.items() if 0 < count < SMALLEST_SHOWN}
    lines: dict[tuple[int, str], dict[Cell, int]] = {}
    for key in sorted(grid):
        for side in (0, 1):
            lines.setdefault((side, key[side]), {})[key] = grid[key]
    while True:
        before = len(hidden)
        for key in sorted(hidden):
            hidden |= _ring_for(key, lines, hidden)
        for line in lines.values():
            hidden |= hidden_with(line, hidden)
        if len(hidden) == before:
            return hidden


def _ring_for(key: Cell, lines: Mapping[tuple[int, str], Mapping[Cell, int]], hidden: Set[Cell]) -> set[Cell]:
    """Give the cells to hide so that a hidden one hangs in a ring: three more corners, as few people as can be."""
    line, column = lines[0, key[0]], lines[1, key[1]]
    if min(len(line), len(column)) == 1 or _hangs_in_a_ring(key, hidden):
        return set()
    best: tuple[tuple[int, int], set[Cell]] | None = None
    for beside in line:
        for below in column:
            across = (below[0], beside[1])
            if beside == key or below == key or across not in lines[0, below[0]]:
                continue
            sizes = {beside: line[beside], below: column[below], across: lines[0, below[0]][across]}
            more = [sizes[each] for each in sizes if each not in hidden]
            cost = (sum(size == 0 for size in more), sum(more))
            if best is None or cost < best[0]:
                best = cost, set(sizes)
    return best[1] if best else set()


def _hangs_in_a_ring(cell: Cell, hidden: Set[Cell]) -> bool:
    """Say whether the line and the column of a cell are joined by other hidden cells."""
    joined: dict[tuple[int, str], set[tuple[int, str]]] = {}
    for line, column in hidden - {cell}:
        joined.setdefault((0, line), set()).add((1, column))
        joined.setdefault((1, column), set()).add((0, line))
    reached, fresh = {(0, cell[0])}, [(0, cell[0])]
    while fresh:
        further = joined.get(fresh.pop(), set()) - reached
        reached |= further
        fresh += further
    return (1, cell[1]) in reached


def projected_year(points: Sequence[tuple[float, float]], target: float) -> int | None:
    """Give the year in which the straight line through ``points`` (year, value) reaches ``target``.

    Least squares over at least two points; ``None`` when there are fewer, or the line does not go there within 25 years
    of the last point.
    """
    if len(points) < 2:
        return None
    count = len(points)
    mean_x = sum(x for x, _ in points) / count
    mean_y = sum(y for _, y in points) / count
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0
    if not slope:
        return None
    year = mean_x + (target - mean_y) / slope
    last = max(x for x, _ in points)
    return int(year) if last <= year <= last + 25 else None


def nearest_day(days: Iterable[dt.date], day: dt.date) -> dt.date | None:
    """Choose the counted day that tells best how things stood at the end of ``day``; ``None`` when none was counted.

    The day itself; else the day after, because the nightly count begins when a day is over; else the last day before;
    else the first one after. Whoever uses another day than the one asked for has to say so.
    """
    known = set(days)
    before, after = [each for each in known if each < day], [each for each in known if each > day]
    for choice in (day, day + dt.timedelta(days=1)):
        if choice in known:
            return choice
    return max(before) if before else min(after, default=None)
