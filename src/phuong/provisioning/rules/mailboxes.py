"""What a mail suite must be told of a mailbox, and when it is told again."""

import datetime as dt
from enum import StrEnum

MOST_TRIES = 6
BACK_OFF = (
    dt.timedelta(minutes=1),
    dt.timedelta(minutes=15),
    dt.timedelta(hours=1),
    dt.timedelta(hours=4),
    dt.timedelta(hours=12),
)


class Known(StrEnum):
    """What the suite has confirmed of a mailbox."""

    NONE = "none"
    ACTIVE = "active"
    SUSPENDED = "suspended"


class Change(StrEnum):
    """What is to be told next."""

    NOTHING = ""
    CREATE = "create"
    RENAME = "rename"
    SUSPEND = "suspend"
    RESUME = "resume"


def change_of(known: str, *, is_wanted: bool, was_tried: bool, has_new_address: bool) -> Change:
    """Say what the suite must be told; a mailbox that was asked for without an answer may be there already."""
    if known == Known.NONE:
        if is_wanted:
            return Change.CREATE
        return Change.SUSPEND if was_tried else Change.NOTHING
    if known == Known.SUSPENDED and is_wanted:
        return Change.RESUME
    if known == Known.ACTIVE and not is_wanted:
        return Change.SUSPEND
    return Change.RENAME if has_new_address else Change.NOTHING


def next_try(now: dt.datetime, tries: int, asked_to_wait: float = 0) -> dt.datetime | None:
    """Say when a change that failed ``tries`` times (at least once) is tried again; never after the sixth.

    ``asked_to_wait``: seconds of the suite's ``Retry-After``.
    """
    if tries >= MOST_TRIES:
        return None
    return now + max(BACK_OFF[tries - 1], dt.timedelta(seconds=asked_to_wait))
