"""Where plans that ask the same contradict each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

from phuong.plans.rules.standing import TargetFact

_EXACT = "="


class Kind(StrEnum):
    """What two plans disagree about."""

    TARGET = "target"  # another number for the same year
    COMPARATOR = "comparator"  # the same number, once to be reached and once to be passed
    EASED = "eased"  # the earlier plan asked as much sooner than the later plan asks it
    UNIT = "unit"  # counted in another unit
    SCOPE = "scope"  # over another population


@dataclass(frozen=True)
class Ask:
    """What one indicator of one plan asks. ``issued``: the month (``2025-10``) or year of issue, or nothing."""

    plan: str
    code: str
    unit: str
    scope: str = ""
    direction: str = "up"
    issued: str = ""
    targets: tuple[TargetFact, ...] = ()


@dataclass(frozen=True)
class Conflict:
    """One contradiction of two asks; the targets that contradict, where it is about numbers."""

    kind: Kind
    first: Ask
    second: Ask
    one: TargetFact | None = None
    other: TargetFact | None = None

    @property
    def is_of_numbers(self) -> bool:
        """Say whether both cannot be met by the same figure: more than another unit or population."""
        return self.kind in (Kind.TARGET, Kind.COMPARATOR, Kind.EASED)


def conflicts_of(asks: Sequence[Ask]) -> list[Conflict]:
    """Find every contradiction between any two of ``asks``, which all ask the same thing of the same province."""
    return [found for first, second in combinations(asks, 2) for found in _between(first, second)]


def _between(first: Ask, second: Ask) -> Iterator[Conflict]:
    if first.unit != second.unit:
        yield Conflict(Kind.UNIT, first, second)
        return  # numbers in different units say nothing about each other
    if _plain(first.scope) != _plain(second.scope):
        yield Conflict(Kind.SCOPE, first, second)
    yield from _same_year(first, second)
    yield from _eased(first, second)


def _plain(words: str) -> str:
    return " ".join(words.lower().split())


def _numbers(ask: Ask) -> dict[int, TargetFact]:
    return {each.year: each for each in ask.targets if each.is_number}


def _same_year(first: Ask, second: Ask) -> Iterator[Conflict]:
    ones, others = _numbers(first), _numbers(second)
    for year in sorted(ones.keys() & others.keys()):
        one, other = ones[year], others[year]
        if one.value != other.value:
            yield Conflict(Kind.TARGET, first, second, one, other)
        elif _bound(one, first.direction) != _bound(other, second.direction):
            yield Conflict(Kind.COMPARATOR, first, second, one, other)


def _bound(target: TargetFact, direction: str) -> str:
    """Read the comparator; a printed plain number means «at least» going up, «at most» going down."""
    return (">=" if direction == "up" else "<=") if target.comparator == _EXACT else target.comparator


def _eased(first: Ask, second: Ask) -> Iterator[Conflict]:
    """Find where the later plan asks less, in a later year, than the earlier plan asked before that year.

    Told once for two asks: the last year of the later plan that is still below what was asked before.
    """
    if first.plan == second.plan or not _is_ordered(first.issued, second.issued):
        return
    earlier, later = sorted((first, second), key=lambda ask: ask.issued)
    asked_before = [
        (one, other)
        for one in _numbers(earlier).values()
        for other in _numbers(later).values()
        if other.year > one.year and _asks_less(other.value, one.value, earlier.direction)
    ]
    if asked_before:
        one, other = max(asked_before, key=lambda pair: (pair[1].year, pair[0].year))
        yield Conflict(Kind.EASED, earlier, later, one, other)


def _is_ordered(one: str, other: str) -> bool:
    """Say whether one was issued before the other: a year alone does not tell the order within that year."""
    known = min(len(one), len(other))
    return known > 0 and one[:known] != other[:known]


def _asks_less(value: Decimal | None, than: Decimal | None, direction: str) -> bool:
    if value is None or than is None:
        return False
    return value < than if direction == "up" else value > than
