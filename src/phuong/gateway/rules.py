"""What a client's state is; how messages to webhooks are signed, tried again and given up."""

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable
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


# seconds after each failed attempt; after the last a message is given up (the schedule of Standard Webhooks)
RETRY_SECONDS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
JITTER = 0.2  # of the wait, either way, so that messages of one outage do not come back at one moment
MOST_WAIT_SECONDS = RETRY_SECONDS[-1]
OFF_AFTER = dt.timedelta(days=5)  # without one message taken
SECRET_BYTES = 32
SHOWN_WITH = "whsec_"


class Trouble(StrEnum):
    """Why a message was not taken."""

    STATUS = "status"  # an answer other than 2xx
    REDIRECT = "redirect"  # never followed
    GONE = "gone"  # 410: not to be told any more
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    ADDRESS = "address"  # leads to a place that is not on the public network
    NAME = "name"  # no such host


def wait_after(attempts: int, chance: float, *, asked_seconds: int = 0) -> float | None:
    """Give the seconds to wait after that many failed attempts (1 or more); ``None``: given up.

    ``chance``: 0 to 1; ``asked_seconds``: what the receiver asked for (``Retry-After``), kept to if longer.
    """
    if attempts > len(RETRY_SECONDS):
        return None
    usual = RETRY_SECONDS[attempts - 1] * (1 + JITTER * (2 * chance - 1))
    return max(usual, float(min(asked_seconds, MOST_WAIT_SECONDS)))


def is_to_be_switched_off(failing_since: dt.datetime | None, now: dt.datetime) -> bool:
    """Say whether a webhook has failed for so long that it is not told any more."""
    return failing_since is not None and now - failing_since >= OFF_AFTER


def shown_secret(secret: bytes) -> str:
    """Write a secret as its receiver keeps it."""
    return SHOWN_WITH + base64.b64encode(secret).decode()


def signature_of(secrets: Iterable[bytes], message_id: str, timestamp: int, body: str) -> str:
    """Sign a message as Standard Webhooks 1.0 says, with each secret in force (``webhook-signature``).

    ``v1,`` and the base64 of HMAC-SHA256 over «id.timestamp.body»; several are parted by a space.
    """
    signed = f"{message_id}.{timestamp}.{body}".encode()
    digests = (hmac.new(each, signed, hashlib.sha256).digest() for each in secrets)
    return " ".join("v1," + base64.b64encode(digest).decode() for digest in digests)
