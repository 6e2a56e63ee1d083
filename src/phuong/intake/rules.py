"""Pure rules of data coming in: which column a heading means, and when too much would end."""

import re
from collections.abc import Iterable, Mapping, Sequence

_BRACKETS = re.compile(r"\([^)]*\)|\*|:|\.$")


def bare(heading: str, key: str) -> str:
    """Give a heading as it is compared: ``key`` is its text without marks or case; brackets and stars are dropped."""
    del heading
    return " ".join(re.sub(r"[^0-9a-z ]", " ", _BRACKETS.sub(" ", key)).split())


def mapped(headings: Sequence[str], known: Mapping[str, str]) -> dict[int, str]:
    """Find the column of each heading: ``{place: name}``; each column is found once, at its first heading.

    ``headings`` and the keys of ``known`` are bare.
    """
    found: dict[int, str] = {}
    for place, heading in enumerate(headings):
        name = known.get(heading)
        if name and name not in found.values():
            found[place] = name
    return found


def ends_too_many(
    ending: Mapping[tuple[str, str], int], sitting: Mapping[tuple[str, str], int], share: float
) -> list[tuple[str, str, int, int]]:
    """Name the groups, and the whole units (group ``""``), of which more than ``share`` would end.

    Keys are (unit, group); gives (unit, group, how many end, of how many), sorted. A single record never holds a file
    up, unless it is the whole group of several.
    """
    totals: dict[tuple[str, str], tuple[int, int]] = {}
    for key in {*ending, *sitting}:
        unit, _group = key
        ends, sits = ending.get(key, 0), sitting.get(key, 0)
        totals[key] = (ends, sits)
        whole = totals.get((unit, ""), (0, 0))
        totals[unit, ""] = (whole[0] + ends, whole[1] + sits)
    return sorted(
        (unit, group, ends, sits) for (unit, group), (ends, sits) in totals.items() if ends > 1 and ends > share * sits
    )


def missing_columns(required: Iterable[str], found: Iterable[str]) -> list[str]:
    """Name the required columns that no heading means."""
    there = set(found)
    return [name for name in required if name not in there]
