"""Rules of merging: which record stays, when two people must decide, what a pair is worth to the reader."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

KEEP, DROP = "keep", "drop"
LATEST = dt.date(9999, 12, 31)


@dataclass(frozen=True)
class Standing:
    """What counts of a record when two are to become one.

    ``sits_since``: first day of the enrolment or main post that lasts today; ``None``: none.
    """

    key: UUID
    unit: UUID
    is_verified: bool
    has_account: bool
    sits_since: dt.date | None = None


def is_wide(one: Standing, two: Standing) -> bool:
    """Say whether two people must decide: records of two units, or one with an account or a verified number."""
    return one.unit != two.unit or any(each.is_verified or each.has_account for each in (one, two))


def stays(one: Standing, two: Standing) -> UUID:
    """Give the record that stays unless somebody chooses otherwise.

    The one that sits somewhere today, the later the better; then a verified number, an account, the older key.
    """

    def worth(each: Standing) -> tuple[dt.date, bool, bool, int]:
        return (each.sits_since or dt.date.min, each.is_verified, each.has_account, -each.key.int)

    return max(one, two, key=worth).key


@dataclass(frozen=True)
class Span:
    """A row that holds for some days: ``ends`` is the first day it no longer does, ``None`` while it lasts."""

    key: UUID
    starts: dt.date | None
    ends: dt.date | None

    def overlaps(self, other: "Span") -> bool:
        """Say whether both hold on one day."""
        return (self.starts or dt.date.min) < (other.ends or LATEST) and (other.starts or dt.date.min) < (
            self.ends or LATEST
        )


@dataclass(frozen=True)
class Settled:
    """What becomes of the spans of the record that goes: put ``aside``, or ``cut`` to end on a day."""

    aside: tuple[UUID, ...]
    cut: tuple[tuple[UUID, dt.date], ...]


def settle(staying: Sequence[Span], going: Sequence[Span]) -> Settled:
    """Let the spans of the record that stays win: one that began before is cut where they begin, others go aside."""
    aside: list[UUID] = []
    cut: list[tuple[UUID, dt.date]] = []
    for span in going:
        clashing = [other for other in staying if span.overlaps(other)]
        if not clashing:
            continue
        first = min(other.starts or dt.date.min for other in clashing)
        if (span.starts or dt.date.min) < first:
            cut.append((span.key, first))
        else:
            aside.append(span.key)
    return Settled(tuple(aside), tuple(cut))
