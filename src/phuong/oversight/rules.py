"""When a file may leave, when a role must be looked at again, when glass may be broken. Pure."""

import datetime as dt
from dataclasses import dataclass

FREE, OVER, UNUSUAL = "free", "over", "unusual"


@dataclass(frozen=True)
class Cap:
    """Personal rows and distinct units an account may take away on one day."""

    rows: int
    units: int


@dataclass(frozen=True)
class Unusual:
    """A day of so many times the usual rows of a role, once it is worth looking at."""

    times: int
    least_rows: int
    least_days: int


@dataclass(frozen=True)
class Volume:
    """What an account takes away today with this file; the usual day of its role: its median, of how many days."""

    rows: int
    units: int
    median: int | None = None
    days: int = 0


def verdict(volume: Volume, cap: Cap, unusual: Unusual) -> str:
    """Judge a file: free, over the cap (this file is refused), or unusual (the account is stopped)."""
    if volume.units > cap.units > 0:
        return UNUSUAL
    is_known = volume.median is not None and volume.days >= unusual.least_days
    if is_known and volume.rows >= unusual.least_rows and volume.rows > unusual.times * (volume.median or 0):
        return UNUSUAL
    return OVER if volume.rows > cap.rows else FREE


def first_review(started: dt.date, today: dt.date, *, every_days: int, notice_days: int) -> dt.date:
    """Give the day by which a role must be looked at for the first time: a year on, never without notice."""
    return max(started + dt.timedelta(days=every_days), today + dt.timedelta(days=notice_days))


def needs_approval(last: dt.datetime | None, now: dt.datetime, *, every_hours: int) -> bool:
    """Say whether breaking glass again so soon needs a second person."""
    return last is not None and now - last < dt.timedelta(hours=every_hours)
