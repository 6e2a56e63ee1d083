"""Dates as people of Vietnam write them, read one by one or with the whole column as witness."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from phuong.intake.reading.shapes import Cell

BAD, AMBIGUOUS, SHORT_YEAR, YEAR_ONLY, MONTH_FIRST = (
    "bad_date",
    "ambiguous_date",
    "short_year",
    "year_only",
    "month_first",
)
FIRST_YEAR, LAST_YEAR = 1900, 2100
_LAST_SERIAL = 60_000
_EPOCH, _EARLY_EPOCH, _FALSE_LEAP_DAY = dt.date(1899, 12, 30), dt.date(1899, 12, 31), 60
_FEW = 3  # texts and date cells that must agree before a swap is suspected

_TIME = r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[AaPp][Mm])?Z?)?"
_THREE_PARTS = re.compile(rf"'?(\d{{1,4}})\s*([/.-])\s*(\d{{1,2}})\s*\2\s*(\d{{1,4}})\.?{_TIME}", re.ASCII)
_IN_WORDS = re.compile(r"(?:ngày )?(\d{1,2}) tháng (\d{1,2}),? năm (\d{4})", re.ASCII | re.IGNORECASE)
_EIGHT_DIGITS, _YEAR = re.compile(r"'?(\d{8})", re.ASCII), re.compile(r"'?(\d{4})", re.ASCII)


@dataclass(frozen=True)
class _Reading:
    """What one text can mean: a certain day, or a day under each order of day and month, or an error."""

    certain: dt.date | None = None
    day_first: dt.date | None = None
    month_first: dt.date | None = None
    code: str = ""

    @property
    def proves_day_first(self) -> bool:
        return self.day_first is not None and self.month_first is None

    @property
    def proves_month_first(self) -> bool:
        return self.month_first is not None and self.day_first is None

    @property
    def is_open(self) -> bool:
        return self.day_first is not None and self.month_first is not None and self.day_first != self.month_first


def as_date(cell: Cell) -> tuple[dt.date | None, str]:
    """Read one cell as a date, day first; (None, "") for an empty cell, else (None, code).

    A text that can only be month first is ``bad_date``: a single cell cannot prove that order.
    """
    days, errors = dates_of([cell])
    return (None, BAD) if MONTH_FIRST in errors.values() else (days[0], errors.get(0, ""))


def dates_of(cells: Sequence[Cell]) -> tuple[list[dt.date | None], dict[int, str]]:
    """Read a column of dates: the days in order, None for the empty and the refused, and the code of each refused.

    Order of the parts: day first. Where some texts can only be month first and others only day first, a text that
    could be either is ``ambiguous_date``. Where all evidence says month first, the texts are read so and the errors
    hold ``month_first`` at -1. Where every text has a day past 12 and every real date a day up to 12, the spreadsheet
    has read the others with the wrong order: those real dates are ``ambiguous_date`` too.
    """
    column = _Column()
    column.take(cells)
    return column.decide()


@dataclass
class _Column:
    days: list[dt.date | None] = field(default_factory=list)
    errors: dict[int, str] = field(default_factory=dict)
    texts: list[tuple[int, _Reading]] = field(default_factory=list)
    real: list[int] = field(default_factory=list)  # places of date cells

    def take(self, cells: Sequence[Cell]) -> None:
        """Read what stands for itself, and keep the texts with two parts that can be swapped."""
        known: dict[str, _Reading] = {}
        counted: dict[float, tuple[dt.date | None, str]] = {}
        days, real, texts = self.days, self.real, self.texts
        for place, cell in enumerate(cells):
            kind = type(cell)
            if kind is dt.date:
                days.append(cell)  # type: ignore[arg-type]  # the type was just compared; isinstance costs too much here
                real.append(place)
            elif kind is str:
                reading = known.get(cell)  # type: ignore[arg-type]
                if reading is None:
                    reading = known[cell] = _read(cell)  # type: ignore[index,arg-type]
                days.append(reading.certain)
                texts.append((place, reading))
            elif kind is dt.datetime:
                days.append(cell.date())  # type: ignore[union-attr]
                real.append(place)
            elif kind is float or kind is int:
                told = counted.get(cell)  # type: ignore[arg-type]
                if told is None:
                    told = counted[cell] = _of_number(cell)  # type: ignore[index,arg-type]
                self._take_told(place, *told)
            else:
                self._take_told(place, None, "" if cell is None else BAD)

    def _take_told(self, place: int, day: dt.date | None, code: str) -> None:
        self.days.append(day)
        if code:
            self.errors[place] = code

    def decide(self) -> tuple[list[dt.date | None], dict[int, str]]:
        """Give each text its day under the order that the column proves."""
        different = {reading for _, reading in self.texts}
        month_first = any(reading.proves_month_first for reading in different)
        day_first = any(reading.proves_day_first for reading in different)
        is_swapped = month_first and not day_first
        for place, reading in self.texts:
            self._settle(place, reading, is_swapped=is_swapped, is_mixed=month_first and day_first)
        if is_swapped:
            self.errors[-1] = MONTH_FIRST
        self._doubt_real_dates()
        self.errors.update((place, BAD) for place in self.real if not _is_near(self.days[place]))
        for place in self.errors:
            if place >= 0:
                self.days[place] = None
        return self.days, self.errors

    def _settle(self, place: int, reading: _Reading, *, is_swapped: bool, is_mixed: bool) -> None:
        if reading.code:
            self.errors[place] = reading.code
        elif reading.certain is None and (reading.day_first or reading.month_first):
            if is_mixed and reading.is_open:
                self.errors[place] = AMBIGUOUS
            elif is_swapped:
                self.days[place] = reading.month_first
            else:
                self.days[place] = reading.day_first or reading.month_first

    def _doubt_real_dates(self) -> None:
        """Mark real dates that a spreadsheet with the other order has made of texts: day and month may be swapped."""
        swappable = [reading for _, reading in self.texts if reading.day_first or reading.month_first]
        if len(swappable) < _FEW or len(self.real) < _FEW or any(map(_can_be_either, swappable)):
            return
        days = [self.days[place] for place in self.real]
        if all(day is not None and day.day <= 12 for day in days):
            self.errors.update(
                (place, AMBIGUOUS) for place, day in zip(self.real, days, strict=True) if day and day.day != day.month
            )


def _can_be_either(reading: _Reading) -> bool:
    return reading.day_first is not None and reading.month_first is not None


def _is_near(day: dt.date | None) -> bool:
    return day is not None and FIRST_YEAR <= day.year <= LAST_YEAR


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        made = dt.date(year, month, day)
    except ValueError:
        return None
    return made if _is_near(made) else None


def _read(text: str) -> _Reading:
    tidy = " ".join(text.split())
    if not tidy:
        return _Reading()
    for pattern, read in _PATTERNS:
        if match := pattern.fullmatch(tidy):
            return read(match)
    return _Reading(code=BAD)


def _of_parts(match: re.Match[str]) -> _Reading:
    first, second, third = match[1], match[3], match[4]
    if len(first) == 4:
        return _certain(_day(int(first), int(second), int(third)) if len(third) <= 2 else None)
    if len(third) != 4:
        return _Reading(code=SHORT_YEAR if len(third) == 2 and len(first) <= 2 else BAD)
    if len(first) > 2:
        return _Reading(code=BAD)
    make = partial(_day, int(third))
    day_first, month_first = make(int(second), int(first)), make(int(first), int(second))
    return _Reading(day_first=day_first, month_first=month_first, code="" if day_first or month_first else BAD)


def _certain(day: dt.date | None) -> _Reading:
    return _Reading(certain=day, code="" if day else BAD)


def _of_words(match: re.Match[str]) -> _Reading:
    return _certain(_day(int(match[3]), int(match[2]), int(match[1])))


def _of_eight_digits(match: re.Match[str]) -> _Reading:
    digits = match[1]
    year_first = _day(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    # never both: as a year after 1900, «20ddmmyy» has a month past 12 or a year before 1300
    return _certain(year_first or _day(int(digits[4:]), int(digits[2:4]), int(digits[:2])))


def _of_year(match: re.Match[str]) -> _Reading:
    return _Reading(code=YEAR_ONLY if FIRST_YEAR <= int(match[1]) <= LAST_YEAR else BAD)


_PATTERNS = (
    (_THREE_PARTS, _of_parts),
    (_IN_WORDS, _of_words),
    (_EIGHT_DIGITS, _of_eight_digits),
    (_YEAR, _of_year),
)


def _of_number(value: float) -> tuple[dt.date | None, str]:
    """Read a number of a date column: a day counted by the spreadsheet, a lone year, or yyyymmdd."""
    if not 1 <= value < 10**8:
        return None, BAD
    if value == int(value) and FIRST_YEAR <= value <= LAST_YEAR:
        return None, YEAR_ONLY
    if value == int(value) and value >= 10**7:
        reading = _read(str(int(value)))
        return reading.certain, reading.code
    if value >= _LAST_SERIAL + 1 or int(value) == _FALSE_LEAP_DAY:
        return None, BAD
    start = _EPOCH if value > _FALSE_LEAP_DAY else _EARLY_EPOCH
    return start + dt.timedelta(days=int(value)), ""
