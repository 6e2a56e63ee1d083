"""How numbers and days of papers are written (Nghị định 30/2020/NĐ-CP, phụ lục I)."""

import datetime as dt

_TWO_DIGITS_UNDER = 10
_LAST_SHORT_MONTH = 2


def document_number(sequence: int, kind: str, issuer: str) -> str:
    """Write a number: ``01/BC-SGDĐT``; under 10 with a zero in front. ``kind`` blank: an official letter.

    :raises ValueError: ``sequence`` below 1
    """
    if sequence < 1:
        raise ValueError("sequence: numbers of a register begin at 1")
    return f"{sequence:02d}/{kind}-{issuer}" if kind else f"{sequence:02d}/{issuer}"


def long_day(place: str, day: dt.date | None) -> str:
    """Write place and day: ``Hải Phòng, ngày 05 tháng 02 năm 2027``; dots where the day is not known yet."""
    if day is None:
        return f"{place}, ngày     tháng     năm     " if place else ""
    number = f"{day.day:02d}" if day.day < _TWO_DIGITS_UNDER else str(day.day)
    month = f"{day.month:02d}" if day.month <= _LAST_SHORT_MONTH else str(day.month)
    return f"{place}, ngày {number} tháng {month} năm {day.year}"
