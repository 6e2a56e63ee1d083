"""Which row holds the headings: under the titles of an official form, alone or together with the row below it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from phuong.intake.reading.shapes import Area, Cell, Grid, Unreadable
from phuong.intake.reading.values import text_of

Known = Callable[[str], bool]
_DEPTH = 60  # rows that are looked at
_STAR = re.compile(r"\s*\(?\*+\)?$")
_NUMBER = re.compile(r"\(?(\d{1,3})\)?")
_FEWEST_NUMBERS = 4


@dataclass(frozen=True)
class Heading:
    """Where the headings stand, as places in the rows of the grid, and what they say, one per column."""

    first: int
    last: int
    names: list[str]
    known: int = 0  # how many of them the import knows

    @property
    def rank(self) -> tuple[int, bool]:
        """Give what decides between two."""
        return self.known, self.first == self.last


def cleaned(cell: Cell) -> str:
    """Give a heading as it is compared: one line, single spaces, without the star of a required column."""
    return _STAR.sub("", text_of(cell))


def find_heading(grid: Grid, known: Known | None, heading_row: int) -> Heading:
    """Find the headings.

    :param known: says whether a heading is one the import knows
    :param heading_row: the row of the file, from 1, when the person has named it; else 0
    :raises Unreadable: the named row is empty, or no row looks like headings
    """
    finder = _Finder(grid, known)
    if heading_row:
        return finder.at(heading_row - 1)
    return (finder.best_known() if known else None) or finder.wordiest()


class _Finder:
    def __init__(self, grid: Grid, known: Known | None) -> None:
        self.grid = grid
        self.width = max((len(row) for row in grid.rows[: _DEPTH + 1]), default=0)
        self.is_known = known or (lambda _: False)
        self.has_words_known = known is not None
        self.answers: dict[str, bool] = {"": False}

    def knows(self, name: str) -> bool:
        if name not in self.answers:
            self.answers[name] = self.is_known(name)
        return self.answers[name]

    def at(self, place: int) -> Heading:
        """Read the headings of the row that the person has named, with its neighbour where that makes more of it."""
        if place not in self.grid.places:
            raise Unreadable(
                "no_such_row",
                _("Dòng %(row)d không có chữ nào. Chọn lại dòng tiêu đề của bảng.") % {"row": place + 1},
            )
        index = self.grid.places.index(place)
        return self._better(
            self.single(index), self.pair(index), self.pair(index - 1, is_named=True) if index else None
        )

    def best_known(self) -> Heading | None:
        """Take the row, or the two rows, with the most known headings; None where none is known."""
        best: Heading | None = None
        for index in range(min(_DEPTH, len(self.grid.rows))):
            candidate = self._better(self.single(index), self.pair(index))
            # between equals the single row: a title above may join the headings without adding to them
            if candidate.known and (best is None or candidate.rank > best.rank):
                best = candidate
        return best

    def wordiest(self) -> Heading:
        """Take the first row with the most different words.

        :raises Unreadable: there is none
        """
        rows = range(min(_DEPTH, len(self.grid.rows)))
        candidates = [self._better(self.single(index), self.pair(index)) for index in rows]
        counts = [len(set(_words(candidate.names))) for candidate in candidates]
        if not any(counts):
            raise Unreadable(
                "no_heading",
                _("Không thấy dòng tiêu đề. Dòng đầu bảng cần có tên các cột, ví dụ «Họ và tên», «Ngày sinh»."),
            )
        return candidates[counts.index(max(counts))]

    def _better(self, single: Heading, *pairs: Heading | None) -> Heading:
        """Prefer one row, unless two make more known headings, or merged cells show that they belong together."""
        for pair in pairs:
            if pair and pair.known > single.known or pair and not self.has_words_known and self._is_forked(pair.first):
                single = pair
        return single

    def single(self, index: int) -> Heading:
        names = [cleaned(cell) for cell in self._row(index)]
        return Heading(index, index, names, self._count(names))

    def pair(self, index: int, *, is_named: bool = False) -> Heading | None:
        """Join the headings of a row and the one below it; None where the second is no row of headings.

        :param is_named: the person has named the lower row, so its words stand in every heading
        """
        if index + 1 >= len(self.grid.rows) or self.grid.places[index + 1] != self.grid.places[index] + 1:
            return None
        lower_cells = self._row(index + 1)
        if not all(cell is None or isinstance(cell, str) for cell in lower_cells):
            return None
        upper, lower = [cleaned(cell) for cell in self._row(index)], [cleaned(cell) for cell in lower_cells]
        groups = self._groups(index, upper)
        own = [""] * len(upper) if is_named else upper
        names = [self._joined(*four) for four in zip(upper, own, groups, lower, strict=True)]
        return Heading(index, index + 1, names, self._count(names))

    def _row(self, index: int) -> list[Cell]:
        row = self.grid.rows[index]
        return row + [None] * (self.width - len(row)) if len(row) < self.width else row[: self.width]

    def _count(self, names: list[str]) -> int:
        return sum(map(self.knows, set(names)))

    def _groups(self, index: int, upper: list[str]) -> list[str]:
        """Say which word of the upper row stands over each column: its own, or one that reaches over from the left."""
        place = self.grid.places[index]
        groups: list[str] = []
        across = [area for area in self.grid.merged if area.top == place and area.right > area.left]
        for column, name in enumerate(upper):
            if not name and column and (not self.grid.merged or _is_inside(across, column)):
                name = groups[-1]
            groups.append(name)
        return groups

    def _joined(self, upper: str, own: str, group: str, lower: str) -> str:
        if not lower or not group:
            return lower or upper
        ways = [f"{group} {lower}", f"{lower} {group}", *([own, lower] if own else [lower])]
        return next(filter(self.knows, ways), ways[0])

    def _is_forked(self, index: int) -> bool:
        """Say whether merged cells of a row each stand over several words of the next row, and nothing else does."""
        place, lower = self.grid.places[index], self._row(index + 1)
        across = [a for a in self.grid.merged if a.top == a.bottom == place and 0 < a.right - a.left < self.width - 1]
        under = [column for column, cell in enumerate(lower) if cell is not None]
        return bool(across and under) and all(_is_inside(across, column) for column in under)


def _is_inside(areas: list[Area], column: int) -> bool:
    return any(area.left <= column <= area.right for area in areas)


def _words(names: list[str]) -> Iterator[str]:
    """List the texts that could be headings: words, no dates and no codes."""
    for name in names:
        letters = sum(map(str.isalpha, name))
        if letters and letters >= sum(map(str.isdigit, name)):
            yield name


def is_numbering(row: list[Cell], names: list[str]) -> bool:
    """Say whether a row only numbers the columns, as forms do under their headings: (1), (2), (3)…"""
    held = [text_of(cell) for cell in row if cell is not None]
    numbers = [int(match[1]) for text in held if (match := _NUMBER.fullmatch(text))]
    others = [text for text in held if not _NUMBER.fullmatch(text)]
    is_in_order = numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else False
    is_whole = len(held) >= sum(map(bool, names)) - 1
    letters_only = all(len(text) == 1 and text.isalpha() for text in others)
    return is_in_order and is_whole and letters_only and len(numbers) >= _FEWEST_NUMBERS and numbers[0] <= 1
