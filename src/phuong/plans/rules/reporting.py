"""Rules of reported values: which kind of unit reports, until when, what a value may be, how parts add up.

A month is reported before the 5th of the next one (trước ngày 05 tháng sau), so the 4th is the last day.
"""

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

LAST_DAY = 4
FIRST_YEAR = 2000
MOST = 10**10  # below it, a value fits its column
MOST_PARTS = 10**15
_PLACES = Decimal("0.0001")
_HUNDRED = Decimal(100)
SHARES = ("percent", "ratio", "yes_no")  # units of indicators whose parts can be added up


class Level(StrEnum):
    """Which kind of unit reports an indicator."""

    DEPARTMENT = "department"
    COMMUNE = "commune"
    SCHOOL = "school"


# what the plan prints about who reports wins over what the indicator is about; the first word that fits decides
_REPORTING = (
    (("cơ sở giáo dục", "csgd", "trường"), Level.SCHOOL),
    (("xã", "phường", "đặc khu"), Level.COMMUNE),
    (("phòng", "sở"), Level.DEPARTMENT),
)
_SCOPE = (
    (("vocational", "higher-education", "training institutions"), Level.DEPARTMENT),  # no units of the platform
    (("commune", "ward", "community", "resident"), Level.COMMUNE),
    (("institution", "school"), Level.SCHOOL),
)


def reporting_level(*, reporting: str, scope: str) -> Level:
    """Decide which kind of unit reports an indicator, by what the plan prints about reporting, else by its scope."""
    for words, table in ((reporting.lower(), _REPORTING), (scope.lower(), _SCOPE)):
        for marks, level in table:
            if any(mark in words for mark in marks):
                return level
    return Level.DEPARTMENT


def month_of(day: dt.date) -> dt.date:
    """Give the first day of the month, which names the period."""
    return day.replace(day=1)


def month_before(period: dt.date) -> dt.date:
    """Give the period before."""
    return month_of(period - dt.timedelta(days=1))


def last_day_of(period: dt.date) -> dt.date:
    """Give the last day of the month."""
    return period.replace(day=calendar.monthrange(period.year, period.month)[1])


def as_of(period: dt.date, today: dt.date) -> dt.date:
    """Give the day of which a report of ``period`` speaks: its last day, or today while the month still runs."""
    return min(last_day_of(period), today)


def due_on(period: dt.date) -> dt.date:
    """Give the last day on which a month may be reported in time."""
    return (last_day_of(period) + dt.timedelta(days=1)).replace(day=LAST_DAY)


def open_periods(today: dt.date) -> tuple[dt.date, dt.date]:
    """Give the two months that may be waiting for a report: the one before, and the present one."""
    present = month_of(today)
    return month_before(present), present


def shown_period(periods: Iterable[dt.date], today: dt.date) -> dt.date:
    """Choose the month whose parts are added up: the last that is due, else the newest; there is at least one."""
    known = sorted(periods)
    due = [period for period in known if due_on(period) < today]
    return (due or known)[-1]


class BadReading(ValueError):
    """A value that cannot be; ``code`` says why, ``field`` where."""

    def __init__(self, code: str, field: str) -> None:
        """Keep code and place."""
        super().__init__(code)
        self.code, self.field = code, field


@dataclass(frozen=True)
class Reading:
    """What is reported: a value, with the two numbers it was computed from where there are any."""

    value: Decimal
    numerator: int | None = None
    denominator: int | None = None


def share(unit: str, numerator: int, denominator: int) -> Decimal:
    """Give the value of a share to four decimals, half up: in percent, or as a plain ratio."""
    times = _HUNDRED if unit == "percent" else Decimal(1)
    return (times * numerator / denominator).quantize(_PLACES, ROUND_HALF_UP)


def reading_of(
    unit: str, *, value: Decimal | None = None, numerator: int | None = None, denominator: int | None = None
) -> Reading:
    """Read what somebody reported of an indicator counted in ``unit``.

    A share is computed from its two numbers; whoever gives them does not give the value too.

    :raises BadReading: nothing, too much, or an impossible number was given
    """
    has_parts = numerator is not None or denominator is not None
    if value is not None and has_parts:
        raise BadReading("both_given", "value")
    if value is not None:
        return _of_value(unit, value)
    if not has_parts:
        raise BadReading("nothing_given", "numerator" if unit in ("percent", "ratio") else "value")
    if numerator is None or denominator is None:
        raise BadReading("half_given", "numerator" if numerator is None else "denominator")
    return _of_parts(unit, numerator, denominator)


def _of_value(unit: str, value: Decimal) -> Reading:
    if not value.is_finite() or not 0 <= value < MOST:
        raise BadReading("out_of_range", "value")
    if value != value.quantize(_PLACES):
        raise BadReading("too_exact", "value")
    if unit == "percent" and value > _HUNDRED:
        raise BadReading("over_hundred", "value")
    if unit == "yes_no":
        if value not in (0, 1):
            raise BadReading("not_yes_no", "value")
        return Reading(value, int(value), 1)  # one unit that says yes, of one
    return Reading(value)


def _of_parts(unit: str, numerator: int, denominator: int) -> Reading:
    if unit not in ("percent", "ratio"):
        raise BadReading("no_share", "numerator")
    if not 0 <= numerator < MOST_PARTS:
        raise BadReading("out_of_range", "numerator")
    if not 0 < denominator < MOST_PARTS:
        raise BadReading("no_denominator", "denominator")
    if unit == "percent" and numerator > denominator:
        raise BadReading("over_hundred", "numerator")
    value = share(unit, numerator, denominator)
    if value >= MOST:
        raise BadReading("out_of_range", "numerator")
    return Reading(value, numerator, denominator)


@dataclass(frozen=True)
class RollUp:
    """The accepted parts of a month added up: of ``units``, ``with_parts`` gave both numbers, ``bare`` a value only."""

    period: dt.date
    numerator: int
    denominator: int
    with_parts: int
    bare: int
    units: int

    @property
    def accepted(self) -> int:
        """Count the units whose report was accepted."""
        return self.with_parts + self.bare

    def value(self, unit: str) -> Decimal | None:
        """Give the share of the sums; nothing is made of bare values, nor of units that say yes or no."""
        if unit not in ("percent", "ratio") or not self.denominator:
            return None
        return share(unit, self.numerator, self.denominator)
