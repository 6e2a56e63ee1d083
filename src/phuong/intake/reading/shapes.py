"""What reading gives: cells, a table, what the person must be told, and the refusal."""

import datetime as dt
from dataclasses import dataclass, field
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import BadInput

Cell = None | str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta

MOST_BYTES = 30 * 2**20  # of a file
MOST_COLUMNS = 1_000
MOST_CELLS = 8_000_000  # of the area between the first and the last value of a sheet, empty ones counted


class Unreadable(BadInput):
    """A file that is not read; ``code`` says why to machines, ``message`` to the person, with the cure."""

    code: ClassVar[str] = "intake.unreadable"
    message: ClassVar = _("Chưa đọc được tệp này.")

    def __init__(self, code: str, message: str, **facts: object) -> None:
        """Keep why. ``code`` without the area: ``password`` becomes ``intake.password``."""
        super().__init__(message, **facts)
        vars(self).update(code=f"intake.{code}", message=message)


@dataclass(frozen=True)
class Notice:
    """Something the reader did or saw that the person must be told."""

    code: str
    message: str
    where: str = ""  # a cell or a range, "Sheet1!B7"; columns, "B, D"; "" for the whole file


@dataclass(frozen=True)
class Table:
    """One sheet as a table: headings and the rows under them, column 0 being column A of the file."""

    name: str  # of the file
    sheet: str  # "" for a file without sheets
    sheets: tuple[str, ...]  # visible ones with data
    headings: tuple[str, ...]  # one per column, "" allowed
    heading_row: int  # from 1, the last one where two rows make the heading
    rows: list[list[Cell]]  # each as long as ``headings``; wholly empty rows are left out
    numbers: list[int]  # the row of the file, from 1, of each of ``rows``
    notices: tuple[Notice, ...] = ()
    encoding: str = ""  # of a text file: "utf-8", "windows-1258", "tcvn3"…
    errors: dict[tuple[int, int], str] = field(default_factory=dict)  # (index in rows, column) -> "#REF!"


@dataclass(frozen=True)
class Area:
    """A rectangle of cells, counted from 0, both ends inside."""

    top: int
    left: int
    bottom: int
    right: int

    def __str__(self) -> str:
        """Write it as people do: ``B7:C9``."""
        return f"{address(self.top, self.left)}:{address(self.bottom, self.right)}"


@dataclass
class Grid:
    """One sheet as it stands in the file. Rows and columns count from 0 at A1; rows without any value are left out."""

    rows: list[list[Cell]] = field(default_factory=list)  # of any length
    places: list[int] = field(default_factory=list)  # the row of each
    merged: list[Area] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    blank_formulas: list[tuple[int, int]] = field(default_factory=list)  # formulas that were never worked out
    may_be_legacy: bool = True  # False: known to hold no TCVN3 or VNI text
    may_be_apart: bool = True  # False: known to hold no combining marks
    notices: list[Notice] = field(default_factory=list)


def letters(column: int) -> str:
    """Name a column, counted from 0, as spreadsheets do: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def column_of(name: str) -> int:
    """Count a column from 0 by its letters."""
    column = 0
    for letter in name:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def address(row: int, column: int) -> str:
    """Name a cell, counted from 0: (6, 1) is B7."""
    return f"{letters(column)}{row + 1}"


def some(names: list[str], most: int = 5) -> str:
    """List the first few, and say that there are more."""
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")
