"""Pure rules of quality: how shares become a score, and how grave a gap is."""

from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal

DIMENSIONS = ("right", "complete", "clean", "alive")
_TENTH = Decimal("0.1")


def score(shares: Iterable[tuple[int, int, int]]) -> Decimal | None:
    """Give the score of one dimension, 0 to 100 with one decimal: the weighted mean of what is met.

    ``shares``: (met, of how many, weight); what has no records does not count. A score never rounds up to 100 while
    anything is missing. ``None`` when nothing can be scored.
    """
    known = [(met, of, weight) for met, of, weight in shares if of > 0 and weight > 0]
    total = sum(weight for _met, _of, weight in known)
    if not total:
        return None
    mean = sum((Decimal(met) * weight / of for met, of, weight in known), Decimal(0)) * 100 / total
    return mean.quantize(_TENTH, rounding=ROUND_DOWN)


def overall(scores: Iterable[Decimal | None]) -> Decimal | None:
    """Give the score of a unit: the mean of its dimensions, rounded down; ``None`` when none is known."""
    known = [each for each in scores if each is not None]
    return (sum(known, Decimal(0)) / len(known)).quantize(_TENTH, rounding=ROUND_DOWN) if known else None
