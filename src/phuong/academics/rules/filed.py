"""Marks as files carry them: read like cells of a grid but for its short ways, laid over what stands, taken back."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from phuong.academics.rules.cells import (
    ABSENT,
    FINAL,
    MIDTERM,
    REMARK,
    BadCell,
    ColumnState,
    Row,
    Window,
    column_state,
    columns_of,
    kind_of,
    may_make_up,
    read_cell,
)
from phuong.academics.rules.levels import HIGHEST

EXEMPT = -2  # «M»: said of a pupil who is exempt
_EXEMPT = {"m", "miễn", "mien"}


def read_filed(text: str, *, is_scored: bool) -> int | None:
    """Read a cell of a file: as the grid does, and «M» of who is exempt.

    «75» is no mark here: in the grid its writer sees what became of it, and in a file it may be a slip as well.

    :raises BadCell: ``number``, ``range``, ``remark`` as in the grid, ``short``: a whole number over 10,
        ``scored``: Đ or CĐ of a subject with marks
    """
    typed = " ".join(text.split()).casefold()
    if typed in _EXEMPT:
        return EXEMPT
    is_number = typed.isascii() and typed.isdigit()
    if is_scored and is_number and int(typed) > HIGHEST // 10:
        raise BadCell("short")
    if is_scored and not is_number and _is_remark(typed):
        raise BadCell("scored")
    return read_cell(text, is_scored=is_scored)


def _is_remark(typed: str) -> bool:
    try:
        return read_cell(typed, is_scored=False) in (0, 1)
    except BadCell:
        return False


def marks_of(texts: Mapping[str, str | None], *, is_scored: bool) -> tuple[dict[str, int], dict[str, str]]:
    """Read the cells of a row by column; gives the marks, and what is wrong with the others. Empty cells are none."""
    marks, wrong = {}, {}
    for column, text in texts.items():
        if not text:
            continue
        try:
            value = read_filed(text, is_scored=is_scored)
        except BadCell as problem:
            wrong[column] = str(problem)
        else:
            if value is not None:
                marks[column] = value
    return marks, wrong


@dataclass(frozen=True)
class Opening:
    """Which columns of a sheet may be written today, and in which of them who was absent is given a mark meanwhile."""

    states: Mapping[str, ColumnState]
    made_up: frozenset[str] = frozenset()

    def why_not(self, column: str, now: object, value: object) -> str:
        """Say why a cell may not become ``value``: ``no_column``, ``locked``, ``early``, ``late``; blank: it may."""
        state = self.states.get(column)
        if state is None:
            return "no_column"
        is_made_up = column in self.made_up and now == ABSENT and value != ABSENT
        return "" if state == "open" or is_made_up else state


def opening_of(count: int, locks: Mapping[str, object], windows: Mapping[str, Window], today: dt.date) -> Opening:
    """Say which columns of a sheet with so many regular marks may be written today. ``windows``: by kind of column."""
    columns = columns_of(count)
    states = {
        column: column_state(column, locks=locks, window=windows.get(kind_of(column)), today=today)
        for column in columns
    }
    makeup = windows.get("makeup")
    made_up = frozenset(each for each in columns if may_make_up(each, ABSENT, window=makeup, today=today))
    return Opening({**states, REMARK: "locked" if REMARK in locks else "open"}, made_up)


def laid(row: Row, filed: Mapping[str, int], opening: Opening, *, is_exempt: bool) -> tuple[Row, dict[str, str]]:
    """Lay the marks of a file over what stands; gives the row as it will be, and why a cell is not taken, by column.

    A cell that stands so already is right, whatever may be written. Why: as ``Opening.why_not``, ``exempt``: the pupil
    is, ``not_exempt``: «M» of one who is not.
    """
    wrong = {}
    for column, value in filed.items():
        now = row.cell(column)
        if is_exempt or value == EXEMPT:
            why = "not_exempt" if not is_exempt else "" if value in (EXEMPT, now) else "exempt"
        else:
            why = "" if value == now else opening.why_not(column, now, value)
        if why:
            wrong[column] = why
        elif not is_exempt and value != now:
            row = row.put(column, value)
    return row, wrong


Cells = dict[str, tuple[Any, Any]]  # by column: before and after


def changed_cells(what: Mapping[str, Sequence[Any]]) -> Cells:
    """Give the cells that a kept change speaks of; ``what``: ``{column: [before, after]}``, regular marks as lists."""
    cells: Cells = {}
    for name, (before, after) in what.items():
        if name != "regular":
            cells[name] = (before or "", after) if name == REMARK else (before, after)
            continue
        was, now = Row(tuple(before or ())), Row(tuple(after))
        for place in range(1, max(len(was.regular), len(now.regular)) + 1):
            if was.cell(f"r{place}") != now.cell(f"r{place}"):
                cells[f"r{place}"] = (was.cell(f"r{place}"), now.cell(f"r{place}"))
    return cells


@dataclass(frozen=True)
class Taken:
    """A row after taking back what a file did: its marks and remark, and whether some cell was left alone."""

    row: Row
    remark: str
    is_partial: bool


def taken_back(
    row: Row,
    remark: str,
    what: Mapping[str, Sequence[Any]],
    later: Iterable[Mapping[str, Sequence[Any]]],
    opening: Opening,
) -> Taken:
    """Give the cells of a change their former values, but those changed again ``later`` and those locked by now."""
    touched = {column for each in later for column in changed_cells(each)}
    cells = changed_cells(what)
    is_theirs = "is_exempt" in touched  # the marks of who was made exempt stay as they were then
    free = {
        column: before
        for column, (before, _after) in cells.items()
        if column not in touched and not is_theirs and opening.states.get(column, "open") != "locked"
    }
    for column, before in free.items():
        if column == REMARK:
            remark = str(before)
        else:
            row = row.put(column, before)
    if "regular" in what and _regular(cells) <= set(free) and not _regular(touched):
        row = Row(tuple(what["regular"][0] or ()), row.midterm, row.final)  # as short as it was
    return Taken(row, remark, len(free) < len(cells))


def _regular(columns: Iterable[str]) -> set[str]:
    return set(columns) - {MIDTERM, FINAL, REMARK, "is_exempt"}
