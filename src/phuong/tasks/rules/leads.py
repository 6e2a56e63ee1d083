"""Which unit stands behind the printed words of a plan: a table of words, asked from the closest line outwards."""

from collections.abc import Iterable
from dataclasses import dataclass

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
TO = ("division", "unit", "divisions", "communes", "schools", "department", "outside")


@dataclass(frozen=True)
class Lead:
    """One line of the table. ``code``: of a division; ``name``: of a unit; blank ``province``, ``plan``: anywhere."""

    words: str
    to: str
    province: str = ""
    plan: str = ""
    code: str = ""
    name: str = ""
    because: str = ""


def plain_words(words: str) -> str:
    """Give words as they are compared: no case, single spaces, one kind of dash."""
    return " ".join(words.translate(_DASHES).casefold().split())


def lead_of(words: str, table: Iterable[Lead], *, province: str, plan: str) -> Lead | None:
    """Find the line for printed words: one of the plan first, then of the province, then a general one."""
    same = plain_words(words)
    fitting = [
        line
        for line in table
        if plain_words(line.words) == same and line.plan in ("", plan) and line.province in ("", province)
    ]
    return max(fitting, key=lambda line: (line.plan != "", line.province != ""), default=None)
