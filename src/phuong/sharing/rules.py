"""Which kind of delivery goes next, how a service stands, what two sides' totals say."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MOST_LINES = 200_000  # of the log of changes; above that everything is sent anew, which is quicker
MOST_DIFFERENCES = 2_000  # units; above that everything is sent anew
DIGEST_HEX = 15  # digits of a row's MD5 that are added up: a checksum of rows, not a proof
MODULUS = 16**DIGEST_HEX


class Kind(StrEnum):
    """What a delivery brings: every row, what changed since the last one, or whole units whose totals differ."""

    FULL = "full"
    CHANGES = "changes"
    MEND = "mend"


class Standing(StrEnum):
    """How a data service stands, what needs somebody first."""

    CLOSED = "closed"  # no agreement
    OVER = "over"  # the agreement is over
    PAUSED = "paused"
    STUCK = "stuck"  # the other side refused a delivery
    LATE = "late"
    UNCOMPARED = "uncompared"  # sent in time, but the other side did not tell its totals
    DIFFERS = "differs"  # sent in time, but the totals differ
    WAITING = "waiting"  # nothing was sent yet, and nothing is late
    GOOD = "good"


@dataclass(frozen=True)
class Terms:
    """What decides how a service stands; days are inclusive."""

    is_on: bool = False
    is_paused: bool = False
    valid_until: dt.date | None = None  # None: no end
    current_until: dt.date | None = None  # None: nothing was ever sent
    is_reconciled: bool | None = None  # None: not compared yet
    is_stuck: bool = False


def standing_of(terms: Terms, day: dt.date) -> Standing:
    """Say how a service stands on a day."""
    held = (
        (not terms.is_on, Standing.CLOSED),
        (terms.valid_until is not None and terms.valid_until < day, Standing.OVER),
        (terms.is_paused, Standing.PAUSED),
        (terms.is_stuck, Standing.STUCK),
        (terms.current_until is None, Standing.WAITING),
        (terms.current_until is not None and terms.current_until < day, Standing.LATE),
        (terms.is_reconciled is None, Standing.UNCOMPARED),
        (terms.is_reconciled is False, Standing.DIFFERS),
    )
    return next((standing for holds, standing in held if holds), Standing.GOOD)


def may_send(terms: Terms, day: dt.date) -> bool:
    """Say whether anything may go out."""
    return standing_of(terms, day) not in (Standing.CLOSED, Standing.OVER, Standing.PAUSED)


@dataclass(frozen=True)
class Window:
    """What is known of the time since the last delivery.

    ``lines``: of the log of changes, as far as they were counted. ``is_log_kept``: no line since then can have been
    forgotten.
    """

    has_start: bool
    is_same_contract: bool
    is_same_year: bool
    is_log_kept: bool
    lines: int


def kind_to_send(window: Window, *, is_followed: bool, all_asked: bool) -> Kind:
    """Choose between everything and what changed. ``is_followed``: the log of changes knows the records."""
    can_follow = window.has_start and window.is_same_contract and window.is_same_year and window.is_log_kept
    if all_asked or not is_followed or not can_follow or window.lines > MOST_LINES:
        return Kind.FULL
    return Kind.CHANGES


def next_due(sent: dt.datetime, every_days: int) -> dt.datetime:
    """Say when the next delivery is due: by the day, so that a nightly run does not drift."""
    return (sent + dt.timedelta(days=every_days)).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True)
class Total:
    """How many rows there are at a place, and the sum of their digests modulo ``MODULUS``."""

    rows: int
    digest: int


@dataclass(frozen=True)
class Difference:
    """A unit at which the two sides do not hold the same."""

    commune: str
    unit: str
    ours: int
    theirs: int


NOTHING = Total(0, 0)


def by_commune(units: Mapping[tuple[str, str], Total]) -> dict[str, Total]:
    """Add the totals of units (commune, unit) up by commune."""
    added: dict[str, Total] = {}
    for (commune, _unit), total in units.items():
        so_far = added.get(commune, NOTHING)
        added[commune] = Total(so_far.rows + total.rows, (so_far.digest + total.digest) % MODULUS)
    return added


def differing(ours: Mapping[str, Total], theirs: Mapping[str, Total]) -> list[str]:
    """Name the places whose totals differ, in order."""
    places = ours.keys() | theirs.keys()
    return sorted(place for place in places if ours.get(place, NOTHING) != theirs.get(place, NOTHING))


class Why(StrEnum):
    """Why a delivery was made."""

    SCHEDULE = "schedule"
    ASKED = "asked"
    ALL = "all"
    MEND = "mend"
    FORGOTTEN = "forgotten"  # the partner no longer knew what it had been sent
