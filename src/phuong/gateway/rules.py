"""What a client's state is, and when it must be looked at again."""

import datetime as dt
from enum import StrEnum

REVIEW_DAYS = 365


class Standing(StrEnum):
    """How a client stands on a day."""

    OPEN = "open"
    WAITING = "waiting"  # for somebody who holds the permissions
    REVIEW = "review"  # nobody has looked at it for a year
    OVER = "over"
    OFF = "off"


def review_day(reviewed_on: dt.date | None, made_on: dt.date) -> dt.date:
    """Give the day by which a client must be looked at again: a year after the last time."""
    return (reviewed_on or made_on) + dt.timedelta(days=REVIEW_DAYS)


def standing_of(
    *, is_active: bool, is_approved: bool, valid_until: dt.date | None, review_on: dt.date, today: dt.date
) -> Standing:
    """Say how a client stands; a review that is due shuts nobody out."""
    if not is_active:
        return Standing.OFF
    if valid_until and valid_until < today:
        return Standing.OVER
    if not is_approved:
        return Standing.WAITING
    return Standing.REVIEW if review_on <= today else Standing.OPEN
