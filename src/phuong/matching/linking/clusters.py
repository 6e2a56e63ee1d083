"""Which sure pairs stay sure when they are looked at together: one-to-one, rivals, groups that grew too large.

Pure: pairs come as plain tuples, heaviest evidence first where it matters. What loses its certainty goes to people.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_RECORDS = 6  # of one person; what hangs together beyond that is looked at by people
RIVAL_BITS = 3.0  # a second candidate whose evidence is at most eight times weaker is a rival
RIVAL, CROWD, CONTRADICTION = "rival", "crowd", "contradiction"


@dataclass(frozen=True)
class Edge:
    """One pair held to be sure. ``weight`` in bits."""

    one: int
    two: int
    weight: float


def rivals(edges: Sequence[Edge]) -> set[tuple[int, int]]:
    """Give the pairs that are not the clear best of both their records: for registers that know each person once.

    Of two that are nearly as good, both are given back: no machine can tell which is right.
    """
    best: dict[int, list[float]] = defaultdict(lambda: [float("-inf"), float("-inf")])
    for edge in edges:
        for record in (edge.one, edge.two):
            first, second = best[record]
            best[record] = [max(first, edge.weight), max(second, min(first, edge.weight))]
    doubtful = set()
    for edge in edges:
        for record in (edge.one, edge.two):
            first, second = best[record]
            other = second if edge.weight == first else first
            if edge.weight - other < RIVAL_BITS:
                doubtful.add((edge.one, edge.two))
    return doubtful


class Groups:
    """Records that hang together (union-find with path halving)."""

    def __init__(self) -> None:
        """Begin with everybody alone."""
        self._above: dict[int, int] = {}

    def join(self, one: int, two: int) -> None:
        """Let two records hang together."""
        first, second = self.of(one), self.of(two)
        if first != second:
            self._above[max(first, second)] = min(first, second)

    def of(self, record: int) -> int:
        """Give the smallest record that this one hangs together with."""
        above = self._above
        while (parent := above.get(record, record)) != record:
            above[record] = above.get(parent, parent)
            record = parent
        return record


def grouped(edges: Iterable[Edge]) -> Groups:
    """Join all that ``edges`` hold together."""
    groups = Groups()
    for edge in edges:
        groups.join(edge.one, edge.two)
    return groups


def overgrown(edges: Sequence[Edge], *, most: int = MOST_RECORDS) -> set[tuple[int, int]]:
    """Give the pairs to be let go so that no group has more than ``most`` records.

    A group that is too large loses its weakest pairs, bit by bit; one that does not fall apart is given back whole.
    """
    gone: set[tuple[int, int]] = set()
    for group in _large(edges, most):
        gone |= _split(group, most)
    return gone


def _large(edges: Iterable[Edge], most: int) -> list[list[Edge]]:
    """Give the edges of each group with more than ``most`` records."""
    edges = list(edges)
    groups = grouped(edges)
    records: dict[int, set[int]] = defaultdict(set)
    for edge in edges:
        records[groups.of(edge.one)] |= {edge.one, edge.two}
    large = {root for root, members in records.items() if len(members) > most}
    found: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        if (root := groups.of(edge.one)) in large:
            found[root].append(edge)
    return list(found.values())


def _split(group: list[Edge], most: int) -> set[tuple[int, int]]:
    steps = sorted({round(edge.weight) for edge in group})
    for step in steps[1:]:
        kept = [edge for edge in group if edge.weight >= step]
        if not _large(kept, most):
            return {(edge.one, edge.two) for edge in group if edge.weight < step}
    return {(edge.one, edge.two) for edge in group}


def contradictory(edges: Sequence[Edge], apart: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Give the pairs of groups that hold two records known to be two people (``apart``)."""
    groups = grouped(edges)
    bad = {groups.of(one) for one, two in apart if groups.of(one) == groups.of(two)}
    return {(edge.one, edge.two) for edge in edges if groups.of(edge.one) in bad}
