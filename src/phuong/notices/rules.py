"""When a mail may go: quiet hours, the hour of the digest, and how often a refused one is tried again.

All moments are local to the schools and carry their time zone.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

NONE, DAILY, AT_ONCE = "none", "daily", "at_once"
CADENCES = (NONE, DAILY, AT_ONCE)
DIGEST, URGENT = "digest", "urgent"
LANGUAGES = ("vi", "en")
MOST_LINES = 50
BACK_OFF = (dt.timedelta(minutes=15), dt.timedelta(hours=1), dt.timedelta(hours=4), dt.timedelta(hours=12))


@dataclass(frozen=True)
class NoticeKind:
    """What an app tells: ``code`` also stands for all kinds that begin with it; urgent ones may be mailed at once."""

    code: str
    title: Any
    urgent: bool = False


@dataclass(frozen=True)
class Wishes:
    """How somebody wants to be told; quiet from and to the same time of day means never quiet."""

    cadence: str = DAILY
    digest_hour: int = 7
    quiet_from: dt.time = dt.time(21)
    quiet_to: dt.time = dt.time(6)
    language: str = "vi"


@dataclass(frozen=True)
class Pending:
    """What has not been mailed to somebody: since when, whether any of it is urgent, the day of the last digest."""

    oldest: dt.datetime
    has_urgent: bool
    last_digest: dt.date | None


def is_quiet(at: dt.time, wishes: Wishes) -> bool:
    """Say whether the time of day lies in the quiet hours, which may pass midnight; their end is not quiet."""
    start, end = wishes.quiet_from, wishes.quiet_to
    return start <= at < end if start <= end else at >= start or at < end


def next_allowed(moment: dt.datetime, wishes: Wishes) -> dt.datetime:
    """Give the first moment from ``moment`` on that is not quiet."""
    if not is_quiet(moment.time(), wishes):
        return moment
    end = dt.datetime.combine(moment.date(), wishes.quiet_to, moment.tzinfo)
    return end if end > moment else end + dt.timedelta(days=1)


def digest_moment(moment: dt.datetime, wishes: Wishes) -> dt.datetime:
    """Give the last hour of a digest at or before ``moment``; its date is the day of that digest."""
    hour = dt.datetime.combine(moment.date(), dt.time(wishes.digest_hour), moment.tzinfo)
    return hour if hour <= moment else hour - dt.timedelta(days=1)


def is_digest_due(moment: dt.datetime, wishes: Wishes, pending: Pending) -> bool:
    """Say whether the digest of a day goes now: its hour has come with something to tell, and it has not gone yet.

    An hour that was missed, or that lies in the quiet hours, is made up for as soon as that is allowed.
    """
    if wishes.cadence == NONE or is_quiet(moment.time(), wishes):
        return False
    hour = digest_moment(moment, wishes)
    return pending.oldest <= hour and (pending.last_digest is None or pending.last_digest < hour.date())


def due(moment: dt.datetime, wishes: Wishes, pending: Pending) -> str:
    """Say which mail goes now: the digest, which holds urgent things too, else the urgent ones, else none (empty)."""
    if is_digest_due(moment, wishes, pending):
        return DIGEST
    is_urgent = pending.has_urgent and wishes.cadence == AT_ONCE and not is_quiet(moment.time(), wishes)
    return URGENT if is_urgent else ""


def next_try(moment: dt.datetime, refusals: int, wishes: Wishes) -> dt.datetime | None:
    """Say when a mail refused ``refusals`` times (at least once) is tried again; never after the fifth."""
    return next_allowed(moment + BACK_OFF[refusals - 1], wishes) if refusals <= len(BACK_OFF) else None
