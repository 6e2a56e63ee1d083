"""A file on its way in: its rows as columns of values, what each speaks of, and what is wrong with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from phuong.intake.declarations import ADD, Column, Ending, Sheet
from phuong.intake.reading import Cell, Notice, Table, text_of
from phuong.intake.staging import asked
from phuong.intake.values import values_of
from phuong.kernel.scope import Actor
from phuong.records.api import DATE, REAL, WHOLE, YES_NO

CREATE, CHANGE, SAME, REFUSED = "create", "change", "same", "refused"
WAS = "was_"  # before the name of a column: what the record has at present
_DTYPES: dict[str, Any] = {DATE: pl.Date, WHOLE: pl.Int64, REAL: pl.Float64, YES_NO: pl.Boolean}
_TYPES = {"unit": "uuid", "path": "ltree", "target": "uuid", "number_hash": "bytea", "learner_hash": "bytea"}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_EXCEL_ERROR = "cell_error"


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row: ``row`` and ``column`` count from 0; column -1: the whole row."""

    row: int
    column: int
    code: str
    message: str


@dataclass
class Draft:
    """The rows of a file as they are checked.

    ``frame`` has one row a row of the file: ``row`` (its place), the mapped columns, and what ``resolve`` adds:
    ``unit`` and ``path`` (where it belongs), ``target`` (the record it speaks of, null: a new one) and ``was_…``.
    """

    sheet: Sheet
    table: Table
    mapping: Mapping[int, str]
    by: Actor
    home: tuple[str, str] | None = None  # key and path of the unit that rows without one belong to
    mode: str = ADD
    on: Any = None  # the day from which the file holds
    frame: pl.DataFrame = field(default_factory=pl.DataFrame)
    problems: list[Problem] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    endings: dict[str, list[Ending]] = field(default_factory=dict)

    @property
    def mapped(self) -> list[str]:
        """Name the columns the file has."""
        return list(self.mapping.values())

    @property
    def units(self) -> list[str]:
        """Name the units that rows belong to."""
        return [str(each) for each in self.frame.get_column("unit").drop_nulls().unique()]

    def has(self, name: str) -> bool:
        """Say whether the frame has a column."""
        return name in self.frame.columns

    def refuse(self, rows: Iterable[int], column: str, code: str, message: str | Callable[[int], str]) -> None:
        """Say that some rows cannot be taken, at which column and what to do."""
        place = next((place for place, name in self.mapping.items() if name == column), -1)
        self.problems += [
            Problem(row, place, code, message if isinstance(message, str) else message(row)) for row in rows
        ]

    def ask(self, columns: Sequence[str], query: str, **params: Any) -> list[tuple[Any, ...]]:
        """Ask the database about these columns of all rows (``{rows}``: their table, with ``row``)."""
        types = {**_TYPES, **self.sheet.types}
        return asked(self.frame.select("row", *columns), query, types=types, params=params)

    def join(
        self, found: Sequence[tuple[Any, ...]], names: Sequence[str], dtypes: Mapping[str, Any] | None = None
    ) -> None:
        """Lay facts beside the rows: tuples whose first value is ``row``; rows without facts get nulls."""
        schema = {name: (dtypes or {}).get(name, pl.String) for name in names}
        columns = {name: [each[place + 1] for each in found] for place, name in enumerate(names)}
        facts = pl.DataFrame({"row": [each[0] for each in found], **columns}, schema={"row": pl.Int32, **schema})
        self.frame = self.frame.drop(names, strict=False).join(facts, on="row", how="left", maintain_order="left")

    def refused_rows(self) -> set[int]:
        """Give the rows that cannot be taken."""
        return {problem.row for problem in self.problems}


def drafted(draft: Draft) -> Draft:
    """Read the mapped columns of a draft's table, and find what each row speaks of."""
    table = draft.table
    draft.notices = list(table.notices)
    columns: dict[str, Any] = {"row": pl.Series(range(len(table.rows)), dtype=pl.Int32)}
    cells = list(zip(*table.rows, strict=True)) if table.rows else []
    for place, name in sorted(draft.mapping.items()):
        column = draft.sheet.column(name)
        if column is not None:
            columns[name] = _read(draft, place, column, cells[place] if cells else ())
    draft.frame = pl.DataFrame(columns)
    return resolved(draft)


def resolved(draft: Draft) -> Draft:
    """Find what the rows of a draft speak of, and what will become of each."""
    sheet = draft.sheet
    if len(draft.frame):
        sheet.resolve(draft)
        if sheet.missing is not None and draft.mode != ADD:
            _find_endings(draft, sheet.missing)
    draft.frame = _decided(draft)
    return draft


def _find_endings(draft: Draft, missing: Callable[[Draft], Mapping[str, Sequence[Ending]]]) -> None:
    """Name who is left out of a whole list; of a list with wrong rows nobody can say who is."""
    if draft.problems:
        words = _(
            "Tệp còn dòng lỗi nên chưa biết chắc ai không còn trong danh sách: lần nạp này không cho ai thôi học."
        )
        draft.notices.append(Notice("whole_with_problems", words))
        return
    draft.endings = {unit: list(endings) for unit, endings in missing(draft).items() if endings}


def _read(draft: Draft, place: int, column: Column, cells: Sequence[Cell]) -> pl.Series:
    values, wrong = values_of(column, cells)
    for row in [row for (row, at) in draft.table.errors if at == place]:
        wrong[row] = (_EXCEL_ERROR, draft.table.errors[row, place])
        values[row] = None
    draft.problems += [Problem(row, place, code, words) for row, (code, words) in sorted(wrong.items())]
    return pl.Series(column.name, values, dtype=_DTYPES.get(column.type, pl.String), strict=False)


def _decided(draft: Draft) -> pl.DataFrame:
    """Say of each row what will become of it."""
    frame = draft.frame
    if "target" not in frame.columns:
        frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias("target"))
    for name in ("unit", "path"):
        if name not in frame.columns:
            frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(name))
    compared = [
        name[len(WAS) :] for name in frame.columns if name.startswith(WAS) and name[len(WAS) :] in frame.columns
    ]
    differs = pl.any_horizontal(
        pl.lit(value=False),
        *(pl.col(name).is_not_null() & pl.col(name).ne_missing(pl.col(WAS + name)) for name in compared),
    )
    is_refused = pl.col("row").is_in(sorted(draft.refused_rows()))
    decided = (
        pl.when(is_refused)
        .then(pl.lit(REFUSED))
        .when(pl.col("target").is_null())
        .then(pl.lit(CREATE))
        .when(differs)
        .then(pl.lit(CHANGE))
        .otherwise(pl.lit(SAME))
    )
    return frame.with_columns(decided.alias("doing"))


def cell_name(column: int, row_number: int) -> str:
    """Name a cell as a spreadsheet does: ``B7``; of a whole row its number alone."""
    if column < 0:
        return str(row_number)
    name, left = "", column + 1
    while left:
        left, rest = divmod(left - 1, len(_LETTERS))
        name = _LETTERS[rest] + name
    return f"{name}{row_number}"


def told(draft: Draft) -> list[dict[str, Any]]:
    """Give every problem as ``{row, cell, column, value, code, message}`` in the order of the file."""
    table = draft.table
    return [
        {
            "row": table.numbers[each.row],
            "cell": cell_name(each.column, table.numbers[each.row]),
            "column": table.headings[each.column] if each.column >= 0 else "",
            "value": text_of(table.rows[each.row][each.column]) if each.column >= 0 else "",
            "code": each.code,
            "message": each.message,
        }
        for each in sorted(draft.problems, key=lambda problem: (problem.row, problem.column))
    ]
