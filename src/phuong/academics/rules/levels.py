"""What all rules of assessment share: levels, marks as whole tenths, half-up division, reasons."""

import re
from enum import IntEnum
from typing import NamedTuple

HIGHEST = 100  # tenths: ten points
_WRITTEN = re.compile(r"(10|\d)(?:\.(\d{1,40}))?", re.ASCII)


class Level(IntEnum):
    """The four levels of results and of conduct (mức); a remark-assessed subject knows the two lower ones."""

    CHUA_DAT = 0
    DAT = 1
    KHA = 2
    TOT = 3

    @property
    def code(self) -> str:
        """Give the code it travels as."""
        return self.name.lower()

    @property
    def title(self) -> str:
        """Give its official name."""
        return _TITLES[self]

    @classmethod
    def of(cls, code: str) -> "Level":
        """Read a code.

        :raises KeyError: there is no such level
        """
        return cls[code.upper()]


_TITLES = {Level.CHUA_DAT: "Chưa đạt", Level.DAT: "Đạt", Level.KHA: "Khá", Level.TOT: "Tốt"}


class Reason(NamedTuple):
    """Why something was decided: the article, and what it says of this case, in Vietnamese."""

    article: str
    text: str


def half_up(numerator: int, denominator: int) -> int:
    """Divide whole numbers that are not negative; a half goes up."""
    return (2 * numerator + denominator) // (2 * denominator)


def tenths(told: object) -> int:
    """Read a mark of 0 to 10 with at most one decimal, as text or number, into whole tenths.

    :raises ValueError: it is something else; nothing is rounded here
    """
    text = repr(told) if isinstance(told, int | float) and not isinstance(told, bool) else told
    found = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError("a mark from 0 to 10 expected, such as 7.5")
    whole, decimals = found.groups(default="")
    if decimals.rstrip("0")[1:]:
        raise ValueError("at most one decimal expected")
    value = int(whole) * 10 + int(decimals[:1] or 0)
    if value > HIGHEST:
        raise ValueError("a mark from 0 to 10 expected")
    return value


def written(value: int) -> str:
    """Write tenths with one decimal, for machines: ``79`` is ``7.9``."""
    return f"{value // 10}.{value % 10}"


def shown(value: int) -> str:
    """Write tenths as people in Việt Nam do: ``79`` is ``7,9``."""
    return f"{value // 10},{value % 10}"
