"""The grammar of OneRoster filters: ``familyName='Đỗ' AND dateLastModified>'2026-09-01' OR status='tobedeleted'``.

A comparison is a field, one of ``= != > >= < <= ~`` and a value in single quotes; two quotes stand for one. AND binds
tighter than OR. OneRoster asks for one logical operator; chains are read too.
"""

import re
from dataclasses import dataclass

MOST_LETTERS, MOST_COMPARISONS = 2000, 20
_COMPARISON = re.compile(r"\s*([A-Za-z][A-Za-z0-9_.]*)\s*(!=|>=|<=|=|>|<|~)\s*'((?:[^']|'')*)'")
_LOGICAL = re.compile(r"\s+(AND|OR)\s+", re.IGNORECASE)


class Unreadable(ValueError):
    """Text that is no filter; the argument says where it stops to be one (0: its first letter)."""


@dataclass(frozen=True)
class Comparison:
    """One comparison: ``field`` as the caller writes it, with dots."""

    field: str
    operator: str
    value: str


def read_filter(text: str) -> list[list[Comparison]]:
    """Read a filter: alternatives (OR), each a list of comparisons that must all hold (AND).

    :raises Unreadable: it follows no rule of the grammar, or is too long
    """
    if len(text) > MOST_LETTERS:
        raise Unreadable(MOST_LETTERS)
    alternatives: list[list[Comparison]] = [[]]
    place = count = 0
    while True:
        found = _COMPARISON.match(text, place)
        count += 1
        if found is None or count > MOST_COMPARISONS:
            raise Unreadable(place)
        alternatives[-1].append(Comparison(found[1], found[2], found[3].replace("''", "'")))
        place = found.end()
        if not text[place:].strip():
            return alternatives
        logical = _LOGICAL.match(text, place)
        if logical is None:
            raise Unreadable(place)
        if logical[1].upper() == "OR":
            alternatives.append([])
        place = logical.end()
