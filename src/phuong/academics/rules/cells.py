"""Cells of a grade sheet: what a teacher types, how it is shown, and whether a column may be written today."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from phuong.academics.rules.levels import HIGHEST, half_up

ABSENT = -1
MIDTERM, FINAL = "midterm", "final"
REMARK = "remark"  # a column that may be locked like the others, and holds words
ColumnState = Literal["open", "early", "late", "locked"]
_NUMBER = re.compile(r"(\d{1,3})(?:[.,](\d{1,4}))?", re.ASCII)
_AWAY = {"v", "vắng"}
_PASSED = {"đ", "d", "đạt", "dat", "1"}
_FAILED = {"cđ", "cd", "chưa đạt", "chua dat", "c", "0"}


class BadCell(ValueError):
    """What was typed is no mark; the argument says why: ``number``, ``range``, ``remark``."""


def regular_columns(count: int) -> tuple[str, ...]:
    """Name the columns of regular marks: ``r1`` … ``r4``."""
    return tuple(f"r{place + 1}" for place in range(count))


def columns_of(count: int) -> tuple[str, ...]:
    """Name all columns of a sheet with so many regular marks, in their order."""
    return (*regular_columns(count), MIDTERM, FINAL)


def kind_of(column: str) -> str:
    """Give the kind of a column, for which a window may be set: ``regular``, ``midterm`` or ``final``."""
    return column if column in (MIDTERM, FINAL) else "regular"


def read_cell(text: str, *, is_scored: bool) -> int | None:
    """Read what was typed: tenths, 1 or 0 of a remark, ``ABSENT``, ``None`` for an empty cell.

    «75» is 7,5; «8» is 8,0; «6,25» is 6,3 (half up); «v» is absent.

    :raises BadCell: it is no mark from 0 to 10, or neither Đ nor CĐ
    """
    typed = " ".join(text.split()).casefold()
    if not typed:
        return None
    if typed in _AWAY:
        return ABSENT
    return _scored(typed) if is_scored else _remarked(typed)


def _scored(typed: str) -> int:
    found = _NUMBER.fullmatch(typed)
    if found is None:
        raise BadCell("number")
    whole, decimals = found.groups()
    if decimals is None:
        value = int(whole) * 10 if int(whole) <= HIGHEST // 10 else int(whole)
    else:
        value = half_up(int(whole + decimals) * 10, 10 ** len(decimals))
    if value > HIGHEST:
        raise BadCell("range")
    return value


def _remarked(typed: str) -> int:
    if typed in _PASSED:
        return 1
    if typed in _FAILED:
        return 0
    raise BadCell("remark")


def shown_cell(value: int | None, *, is_scored: bool) -> str:
    """Show a cell as teachers write it: 7,5 · 10 · Đ · CĐ · V."""
    if value is None:
        return ""
    if value == ABSENT:
        return "V"
    if not is_scored:
        return "Đ" if value else "CĐ"
    return "10" if value == HIGHEST else f"{value // 10},{value % 10}"


@dataclass(frozen=True)
class Window:
    """The days in which a kind of column may be written, both included."""

    opens_on: dt.date
    closes_on: dt.date


def column_state(column: str, *, locks: Mapping[str, object], window: Window | None, today: dt.date) -> ColumnState:
    """Say whether a column may be written today; without a window it may until it is locked."""
    if column in locks:
        return "locked"
    if window is None:
        return "open"
    if today < window.opens_on:
        return "early"
    return "late" if today > window.closes_on else "open"


def may_make_up(column: str, value: int | None, *, window: Window | None, today: dt.date) -> bool:
    """Say whether the test of a pupil who was absent may be written now, in the days of make-up tests."""
    is_open = window is not None and window.opens_on <= today <= window.closes_on
    return is_open and column in (MIDTERM, FINAL) and value == ABSENT


@dataclass(frozen=True)
class Row:
    """The marks of one pupil in a sheet, as they count."""

    regular: tuple[int | None, ...] = ()
    midterm: int | None = None
    final: int | None = None

    def cell(self, column: str) -> int | None:
        """Give the value of one column."""
        if column in (MIDTERM, FINAL):
            return self.midterm if column == MIDTERM else self.final
        place = int(column[1:]) - 1
        return self.regular[place] if place < len(self.regular) else None

    def put(self, column: str, value: int | None) -> "Row":
        """Give the row with another value in one column."""
        if column in (MIDTERM, FINAL):
            kept = {MIDTERM: self.midterm, FINAL: self.final, column: value}
            return Row(self.regular, kept[MIDTERM], kept[FINAL])
        place = int(column[1:]) - 1
        wide = [*self.regular, *[None] * (place + 1 - len(self.regular))]
        wide[place] = value
        return Row(tuple(wide), self.midterm, self.final)

    def given(self) -> tuple[list[int], int | None, int | None]:
        """Give the marks that count: what is absent has no mark yet."""
        regular = [each for each in self.regular if each is not None and each != ABSENT]
        return regular, _there(self.midterm), _there(self.final)


def _there(value: int | None) -> int | None:
    return None if value == ABSENT else value


def provisional(
    regular: Sequence[int], midterm: int | None, final: int | None, weights: tuple[int, int, int]
) -> int | None:
    """Work out the average of the marks that are there, for the teacher's eye alone (tạm tính)."""
    parts = [(mark, weights[0]) for mark in regular]
    parts += [(mark, weight) for mark, weight in ((midterm, weights[1]), (final, weights[2])) if mark is not None]
    if not parts:
        return None
    return half_up(sum(mark * weight for mark, weight in parts), sum(weight for _mark, weight in parts))
