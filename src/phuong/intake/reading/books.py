"""What every kind of file is opened as: sheets, and a grid for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from phuong.intake.reading.shapes import Cell, Grid, Notice

_ERRORS_SPELT = "#NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #N/A #GETTING_DATA #SPILL! #CALC! #FIELD! #BLOCKED!"
ERROR_TEXTS = frozenset(_ERRORS_SPELT.split())


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook; ``path`` is where the reader finds it."""

    name: str
    is_hidden: bool = False
    path: str = ""


class Book(Protocol):
    """An opened file."""

    sheets: list[Sheet]  # of values, in the order of the file; a file without sheets has one without a name
    notices: list[Notice]
    encoding: str  # of a text file, else ""

    def heads(self, sheets: Sequence[Sheet]) -> list[Grid]:
        """Read at least the first rows of several sheets; an empty grid for one without values."""

    def grid(self, sheet: Sheet) -> Grid:
        """Read a sheet in full."""


def take_error_texts(grid: Grid) -> None:
    """Move texts such as «#REF!», which a spreadsheet left in place of a value, to the errors of the grid."""
    for row, place in zip(grid.rows, grid.places, strict=True):
        for column, cell in enumerate(row):
            if type(cell) is str and cell[:1] == "#" and cell.strip() in ERROR_TEXTS:
                grid.errors[place, column] = cell.strip()
                row[column] = None


def is_blank(row: Sequence[Cell]) -> bool:
    """Say whether no cell of a row holds anything to see."""
    return all(not (cell is not None and (type(cell) is not str or cell and not cell.isspace())) for cell in row)
