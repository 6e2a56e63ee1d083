"""School years and terms; time limits in working days.

Source: QĐ 2308/QĐ-BGDĐT of 6 August 2026: 35 weeks, term I of 18 and term II of 17 weeks; term I ends before
18 January and the year before 31 May. Earlier years keep the same shape.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

WEEKS_TERM_1 = 18
WEEKS_TERM_2 = 17
WEEKS = WEEKS_TERM_1 + WEEKS_TERM_2
FIRST_MONTH = 8
_SATURDAY = 5
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, order=True)
class SchoolYear:
    """One school year (năm học), named by the calendar year in which it starts."""

    start: int

    @property
    def name(self) -> str:
        """Give the official name: ``2026–2027``."""
        return f"{self.start}–{self.start + 1}"

    @property
    def opens_on(self) -> dt.date:
        """Give the opening day, 5 September."""
        return dt.date(self.start, 9, 5)

    @property
    def term_2_from(self) -> dt.date:
        """Give the first day after term I may end at the latest (18 January)."""
        return dt.date(self.start + 1, 1, 18)

    @property
    def closes_on(self) -> dt.date:
        """Give the day before which the year ends (31 May)."""
        return dt.date(self.start + 1, 5, 31)

    def term_of(self, day: dt.date) -> int:
        """Say which term ``day`` lies in: 1 or 2."""
        return 1 if day < self.term_2_from else 2

    def week_of(self, day: dt.date) -> int | None:
        """Number the teaching week of ``day``, 1 to 35; ``None`` outside the year."""
        week = (day - self.opens_on).days // 7 + 1
        return week if 1 <= week <= WEEKS else None


def school_year_of(day: dt.date) -> SchoolYear:
    """Find the school year that ``day`` belongs to; a year runs from 1 August to 31 July."""
    return SchoolYear(day.year if day.month >= FIRST_MONTH else day.year - 1)


def is_working_day(day: dt.date, *, off: Collection[dt.date] = (), worked: Collection[dt.date] = ()) -> bool:
    """Say whether offices work on ``day``: Monday to Friday but for ``off``, and the Saturdays in ``worked``."""
    return day in worked or (day.weekday() < _SATURDAY and day not in off)


def due_day(start: dt.date, days: int, *, off: Collection[dt.date] = (), worked: Collection[dt.date] = ()) -> dt.date:
    """Give the last day of a limit of ``days`` working days (at least 1); the day it starts on is not counted.

    Source: Bộ luật Dân sự 91/2015/QH13, điều 147 khoản 2
    """
    day = start
    for _counted in range(days):
        day += _DAY
        while not is_working_day(day, off=off, worked=worked):
            day += _DAY
    return day
