"""Rules of figures: how a value is worked out, protected, and carried on."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

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
