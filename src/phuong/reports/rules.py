"""Rules of reports: periods, last days, states, what changed since the report before."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

MONTHLY, HALF_YEARLY, YEARLY, FIVE_YEARLY = "monthly", "half_yearly", "yearly", "five_yearly"
LAST_DAY = 4  # «trước ngày 05»
# (state, act): next state
STEPS = {
    ("draft", "submit"): "submitted",
    ("submitted", "approve"): "approved",
    ("submitted", "return"): "draft",
    ("approved", "return"): "draft",
    ("approved", "send"): "sent",
}


@dataclass(frozen=True)
class Span:
    """The period of a report: first and last day, and the last day to send it."""

    starts_on: dt.date
    ends_on: dt.date
    due_on: dt.date


def span_of(kind: str, day: dt.date) -> Span:
    """Give the period of ``kind`` in which ``day`` lies: month, half year, year, or five years to 2030, 2035 …

    :raises ValueError: an unknown kind
    """
    if kind == MONTHLY:
        first = day.replace(day=1)
        after = _months_later(first, 1)
    elif kind == HALF_YEARLY:
        first = dt.date(day.year, 1 if day.month <= 6 else 7, 1)
        after = _months_later(first, 6)
    elif kind == YEARLY:
        first, after = dt.date(day.year, 1, 1), dt.date(day.year + 1, 1, 1)
    elif kind == FIVE_YEARLY:
        start = day.year - (day.year - 1) % 5
        first, after = dt.date(start, 1, 1), dt.date(start + 5, 1, 1)
    else:
        raise ValueError(f"kind: {kind}")
    return Span(first, after - dt.timedelta(days=1), after.replace(day=LAST_DAY))


def _months_later(first: dt.date, months: int) -> dt.date:
    number = first.month - 1 + months
    return dt.date(first.year + number // 12, number % 12 + 1, 1)


def changes_between(before: Mapping[str, str | None], now: Mapping[str, str | None]) -> dict[str, Decimal]:
    """Give by how much each figure differs from the report before; figures missing on either side are left out."""
    pairs = ((code, before.get(code), value) for code, value in now.items())
    return {
        code: Decimal(value) - Decimal(old)
        for code, old, value in pairs
        if old is not None and value is not None and Decimal(value) != Decimal(old)
    }
