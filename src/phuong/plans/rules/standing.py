"""Rules of targets: which one binds in a year, whether a figure meets it, and the three lights."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

NEAR_SHARE = Decimal("0.05")


class Status(StrEnum):
    """How a figure stands against its target."""

    MET = "met"  # đạt: the target is reached
    ON_TRACK = "on_track"  # đúng tiến độ: still to come, and reached in time at this pace
    ATTENTION = "attention"  # cần chú ý: short by at most 5 % of the target
    BEHIND = "behind"  # chậm: short by more
    NO_DATA = "no_data"

    @property
    def published(self) -> str:
        """Give the word of the command-line contract, which knows no «attention»."""
        return Status.ON_TRACK.value if self is Status.ATTENTION else self.value


@dataclass(frozen=True)
class TargetFact:
    """The target of one year: a comparator with a number, or words."""

    year: int
    comparator: str = ""
    value: Decimal | None = None
    text: str = ""

    @property
    def is_number(self) -> bool:
        """Say whether the target can be compared with a figure."""
        return self.value is not None


def binding_target(targets: Sequence[TargetFact], year: int) -> TargetFact | None:
    """Find the target that binds in ``year``: the last one due by then, else the first one still to come.

    Targets in words bind nobody's arithmetic and are passed over.
    """
    numbers = sorted((target for target in targets if target.is_number), key=lambda target: target.year)
    due = [target for target in numbers if target.year <= year]
    return due[-1] if due else (numbers[0] if numbers else None)


def final_target(targets: Sequence[TargetFact], by: int = 2030) -> TargetFact | None:
    """Find the target of the year ``by``, or the last before it."""
    numbers = sorted((each for each in targets if each.is_number and each.year <= by), key=lambda each: each.year)
    return numbers[-1] if numbers else None


def meets(comparator: str, actual: Decimal, target: Decimal, *, direction: str = "up") -> bool:
    """Compare a figure with a target; a printed plain number means «at least» going up, «at most» going down."""
    if comparator == "=":
        comparator = ">=" if direction == "up" else "<="
    return {">=": actual >= target, ">": actual > target, "<=": actual <= target, "<": actual < target}[comparator]


def status_of(
    target: TargetFact | None,
    actual: Decimal | None,
    *,
    year: int,
    direction: str = "up",
    projected: int | None = None,
    near_share: Decimal = NEAR_SHARE,
) -> Status:
    """Say how ``actual`` stands against ``target`` in ``year``.

    ``projected``: the year in which the series reaches the target at its present pace; it counts only for a target
    still to come.
    """
    if target is None or target.value is None or actual is None:
        return Status.NO_DATA
    if meets(target.comparator, actual, target.value, direction=direction):
        return Status.MET
    if target.year > year and projected is not None and projected <= target.year:
        return Status.ON_TRACK
    is_near = abs(actual - target.value) <= abs(target.value) * near_share
    return Status.ATTENTION if is_near else Status.BEHIND


def gap(target: TargetFact | None, actual: Decimal | None) -> Decimal | None:
    """Give figure minus target; negative means still missing (for a target going up)."""
    return None if target is None or target.value is None or actual is None else actual - target.value


def is_schedule_kept(
    target: TargetFact | None, *, year: int, projected: int | None, status: Status, has_pace: bool = True
) -> bool | None:
    """Say whether the target will be reached in its year at this pace; ``None`` when nobody can know.

    ``has_pace``: there are at least two figures to draw a line through.
    """
    if target is None or status is Status.NO_DATA:
        return None
    if status is Status.MET:
        return True
    if target.year <= year:
        return False
    if not has_pace:
        return None
    return projected is not None and projected <= target.year
