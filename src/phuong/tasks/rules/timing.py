"""The printed words of a plan about time, read as days; the words themselves are always kept.

«Trước ngày 20/10/2025» means the day before it: the 19th is the last day. «Trước tháng 08/2025» means the last day of
July. A text without any day keeps its reason, and the end of the plan stands in with ``is_certain`` false.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

_DAY = dt.timedelta(days=1)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_EARLY_OCTOBER, _LATE_MAY = (10, 5), (5, 31)


class Recurrence(StrEnum):
    """How often a task comes back."""

    ONCE = "once"
    CONTINUOUS = "continuous"
    MONTHLY = "monthly"
    TWICE_A_SCHOOL_YEAR = "twice_a_school_year"
    YEARLY = "yearly"
    FIVE_YEARLY = "five_yearly"


@dataclass(frozen=True)
class Timing:
    """What the words say. ``month`` and ``day``: the last day of each period, where the words name one."""

    original: str
    starts_on: dt.date | None = None
    due_on: dt.date | None = None
    recurrence: Recurrence = Recurrence.ONCE
    month: int = 0
    day: int = 0
    because: str = ""
    is_certain: bool = True


@dataclass(frozen=True)
class Period:
    """One round of a recurring task."""

    label: str
    starts_on: dt.date
    due_on: dt.date


_WAITS = (
    ("sau khi có", "chờ nền tảng hoặc hướng dẫn của cấp trên"),
    ("theo kế hoạch riêng", "theo kế hoạch riêng chưa ban hành"),
    ("theo lộ trình", "theo lộ trình của kế hoạch"),
    ("khi được chỉ đạo", "chỉ khi có chỉ đạo"),
    ("khi thấy cần thiết", "chỉ khi phát sinh"),
    ("khi cần thiết", "chỉ khi phát sinh"),
    ("kịp thời", "ngay khi phát sinh"),
    ("theo quy định", "theo quy định chuyên ngành, không ghi ngày"),
    ("theo yêu cầu", "khi cấp trên yêu cầu"),
    ("theo chế độ báo cáo", "theo chế độ báo cáo, không ghi ngày"),
    ("theo chu kỳ", "theo chu kì đánh giá, không ghi ngày"),
    ("đúng thời hạn", "theo thời hạn của từng báo cáo"),
    ("định kỳ", "định kì nhưng không ghi kì"),
)


def parse_timing(text: str, starts: int, ends: int) -> Timing:
    """Read the words of a plan that runs from the year ``starts`` to ``ends``. Never raises."""
    original, words = text, " ".join(text.lower().split())
    first, last = dt.date(_year(starts), 1, 1), dt.date(max(_year(ends), _year(starts)), 12, 31)
    base = Timing(original, first, last)
    for read in (
        _monthly,
        _yearly_day,
        _before_day,
        _before_month,
        _month,
        _quarter,
        _yearly,
        _milestones,
        _span,
        _always,
    ):
        found = read(words, base)
        if found is not None:
            return found
    reason = next(
        (why for mark, why in _WAITS if mark in words), "không ghi thời hạn" if not words else "không rõ ngày"
    )
    return replace(base, because=reason, is_certain=False)


def _year(year: int) -> int:
    return min(max(year, _FIRST_YEAR), _LAST_YEAR)


def _date(day: str, month: str, year: str) -> dt.date | None:
    try:
        found = dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def _monthly(words: str, base: Timing) -> Timing | None:
    if "hằng tháng" not in words and "hàng tháng" not in words:
        return None
    found = re.search(r"(trước )?ngày (\d{1,2})\b", words)
    day = int(found.group(2)) - (1 if found.group(1) else 0) if found else 0
    return replace(base, due_on=None, recurrence=Recurrence.MONTHLY, day=day if 1 <= day <= 28 else 0)


def _yearly_day(words: str, base: Timing) -> Timing | None:
    found = re.search(r"\b(\d{1,2})/(\d{1,2})(?:/\d{4})? (?:và )?(?:hằng|hàng) năm", words)
    if found and _date(found.group(1), found.group(2), "2024"):
        day, month = int(found.group(1)), int(found.group(2))
        return replace(
            base, due_on=None, recurrence=Recurrence.YEARLY, month=month, day=min(day, 28 if month == 2 else day)
        )
    found = re.search(r"trước tháng (\d{1,2})/\d{4} và (?:hằng|hàng) năm", words)
    if found and 2 <= int(found.group(1)) <= 12:
        month = int(found.group(1)) - 1
        return replace(base, due_on=None, recurrence=Recurrence.YEARLY, month=month, day=31)
    return None


def _before_day(words: str, base: Timing) -> Timing | None:
    found = re.search(r"(trước )?(?:ngày )?\b(\d{1,2})/(\d{1,2})/(\d{4})\b", words)
    day = _date(*found.groups()[1:]) if found else None
    if found is None or day is None:
        return None
    due = day - _DAY if found.group(1) else day
    return replace(base, starts_on=min(base.starts_on or due, due), due_on=due)


def _before_month(words: str, base: Timing) -> Timing | None:
    found = re.search(r"trước tháng (\d{1,2})/(\d{4})\b", words)
    first = _date("1", *found.groups()) if found else None
    return (
        None
        if first is None
        else replace(base, starts_on=min(base.starts_on or first, first - _DAY), due_on=first - _DAY)
    )


def _month(words: str, base: Timing) -> Timing | None:
    found = re.search(r"tháng (\d{1,2})/(\d{4})\b", words)
    first = _date("1", *found.groups()) if found else None
    return None if first is None else replace(base, starts_on=first, due_on=_end_of_month(first))


def _quarter(words: str, base: Timing) -> Timing | None:
    found = re.search(r"quý (iv|iii|ii|i)\b[,/ ]*(?:năm )?(\d{4})\b", words)
    if found is None:
        return None
    first = _date("1", str(_ROMAN[found.group(1)] * 3 - 2), found.group(2))
    return (
        None
        if first is None
        else replace(base, starts_on=first, due_on=_end_of_month(first.replace(month=first.month + 2)))
    )


def _yearly(words: str, base: Timing) -> Timing | None:
    if "đầu năm học" in words and "cuối năm học" in words:
        return replace(base, due_on=None, recurrence=Recurrence.TWICE_A_SCHOOL_YEAR)
    if "05 năm" in words or "5 năm" in words:
        return replace(base, due_on=None, recurrence=Recurrence.FIVE_YEARLY, month=12, day=31)
    if any(mark in words for mark in ("hằng năm", "hàng năm", "cuối năm")):
        return replace(base, due_on=None, recurrence=Recurrence.YEARLY, month=12, day=31)
    if "theo năm học" in words:
        return replace(base, due_on=None, recurrence=Recurrence.YEARLY, month=_LATE_MAY[0], day=_LATE_MAY[1])
    return None


def _milestones(words: str, base: Timing) -> Timing | None:
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d{2}\b", words)]
    if "mốc" not in words or len(years) < 2:
        return None
    return replace(
        base, due_on=None, recurrence=Recurrence.FIVE_YEARLY, month=12, day=31, starts_on=dt.date(min(years), 1, 1)
    )


def _span(words: str, base: Timing) -> Timing | None:
    years = [int(year) for year in re.findall(r"\b((?:19|20)\d{2})\b", words)]
    if not years:
        return None
    first = dt.date(years[0], 1, 1)
    last = base.due_on or first
    if any(mark in words for mark in ("duy trì", "tiếp theo", "từ năm")):
        return replace(
            base, starts_on=first, due_on=max(last, first.replace(month=12, day=31)), recurrence=Recurrence.CONTINUOUS
        )
    return replace(base, starts_on=first, due_on=max(dt.date(years[-1], 12, 31), first))


def _always(words: str, base: Timing) -> Timing | None:
    return replace(base, recurrence=Recurrence.CONTINUOUS) if "thường xuyên" in words else None


def _end_of_month(first: dt.date) -> dt.date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def occurrences(timing: Timing, since: dt.date, until: dt.date) -> list[Period]:
    """Give the rounds of a recurring task that are due from ``since`` to ``until``, oldest first.

    A monthly report «before the 5th» for October is due on 4 November.
    """
    return [each for each in _rounds(timing, since.year - 1, until.year + 1) if since <= each.due_on <= until]


def _rounds(timing: Timing, first: int, last: int) -> Iterator[Period]:
    for year in range(max(first, _FIRST_YEAR), min(last, _LAST_YEAR) + 1):
        if timing.recurrence is Recurrence.MONTHLY:
            for month in range(1, 13):
                begins = dt.date(year, month, 1)
                due = _end_of_month(begins) + dt.timedelta(days=timing.day) if timing.day else _end_of_month(begins)
                yield Period(f"{month:02d}/{year}", begins, due)
        elif timing.recurrence is Recurrence.YEARLY:
            due = _safe(year, timing.month or 12, timing.day or 31)
            yield Period(str(year), dt.date(year, 1, 1), due)
        elif timing.recurrence is Recurrence.TWICE_A_SCHOOL_YEAR:
            yield Period(f"{year}, cuối năm học", dt.date(year, 5, 1), dt.date(year, *_LATE_MAY))
            yield Period(f"{year}, đầu năm học", dt.date(year, 9, 1), dt.date(year, *_EARLY_OCTOBER))
        elif timing.recurrence is Recurrence.FIVE_YEARLY and year % 5 == 0:
            yield Period(str(year), dt.date(year, 1, 1), dt.date(year, 12, 31))


def _safe(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))
