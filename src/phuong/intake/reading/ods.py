"""Spreadsheets of LibreOffice, .ods, heard by expat.

Not given to calamine, which waits for ever on a document that is cut off, and knows neither merged cells nor errors of
this format.
"""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from phuong.intake.reading.archives import MOST_KEPT, Archive, bomb, password
from phuong.intake.reading.books import ERROR_TEXTS, Sheet
from phuong.intake.reading.markup import Attributes, Listener, elements, listen
from phuong.intake.reading.shapes import MOST_CELLS, MOST_COLUMNS, Area, Cell, Grid, Notice, Unreadable

_MOST_ROWS = 2**20
_MOST_SPACES, _MOST_TEXT = 1_000, 100_000  # characters
_DURATION = re.compile(r"-?PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,](\d+))?S)?", re.ASCII)
_ERRORS = re.compile(r"#[A-Z/0]+[!?]?|Err:\d{3}", re.ASCII)
_HOURS = 24
_NO_VALUES = frozenset({"annotation", "shapes", "forms", "tracked-changes", "dde-links"})


class OdsBook:
    """A LibreOffice spreadsheet, read when it is opened."""

    encoding = ""

    def __init__(self, archive: Archive) -> None:
        """Read every sheet.

        :raises Unreadable: broken, encrypted, unsafe, too large
        """
        if "META-INF/manifest.xml" in archive and elements(archive.read("META-INF/manifest.xml"), "encryption-data"):
            raise password()
        if archive.size("content.xml") > MOST_KEPT:
            raise bomb()
        sheets = _Sheets()
        listen(archive.chunks("content.xml"), sheets)
        self.sheets = [sheet for sheet, _grid in sheets.read]
        self.notices: list[Notice] = []
        self._grids = dict(sheets.read)

    def heads(self, sheets: Sequence[Sheet]) -> list[Grid]:
        """Give the sheets as they are."""
        return [_copy(self._grids[sheet]) for sheet in sheets]

    def grid(self, sheet: Sheet) -> Grid:
        """Give a sheet."""
        return self._grids[sheet]


def _copy(grid: Grid) -> Grid:
    return Grid([list(row) for row in grid.rows[:80]], grid.places[:80], grid.merged)


class _Sheets(Listener):
    """Hears a document of sheets."""

    def __init__(self) -> None:
        self.read: list[tuple[Sheet, Grid]] = []
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.grid: Grid | None = None
        self.depth = 0  # inside of notes and of tables in cells, whose text is no value
        self.row, self.row_repeat, self.area = 0, 1, 0
        self.cells: list[Cell] = []
        self.gap = 0  # empty cells that only count when a value follows
        self.column = 0
        self.cell: Attributes | None = None
        self.cell_repeat = 1
        self.lines: list[str] = []
        self.starters = self._handlers("_start_")
        self.enders = self._handlers("_end_")

    def _handlers(self, kind: str) -> dict[str, Any]:
        """List the methods by the element that they hear."""
        found = (name for name in dir(self) if name.startswith(kind))
        return {name.removeprefix(kind).replace("_", "-"): getattr(self, name) for name in found}

    def start(self, name: str, attributes: Attributes) -> None:
        """Hear an element begin."""
        if self.depth or name in _NO_VALUES:
            self.depth += 1
        elif starter := self.starters.get(name):
            starter(attributes)

    def end(self, name: str) -> None:
        """Hear an element end."""
        if self.depth:
            self.depth -= 1
        elif ender := self.enders.get(name):
            ender()

    def text(self, text: str) -> None:
        """Hear the text of a cell."""
        if self.cell is not None and not self.depth and self.lines and len(self.lines[-1]) < _MOST_TEXT:
            self.lines[-1] += text

    def _start_style(self, attributes: Attributes) -> None:
        self.style = attributes.get("name", "")

    def _start_table_properties(self, attributes: Attributes) -> None:
        if attributes.get("display") == "false":
            self.hidden_styles.add(self.style)

    def _start_table(self, attributes: Attributes) -> None:
        if self.grid is not None:
            self.depth += 1
            return
        self.grid, self.row = Grid(), 0
        is_hidden = attributes.get("style-name", "") in self.hidden_styles
        self.read.append((Sheet(attributes.get("name", ""), is_hidden, str(len(self.read))), self.grid))

    def _end_table(self) -> None:
        self.grid = None

    def _start_table_row(self, attributes: Attributes) -> None:
        self.row_repeat = _count(attributes.get("number-rows-repeated"), _MOST_ROWS)
        self.cells, self.gap, self.column = [], 0, 0

    def _end_table_row(self) -> None:
        if self.grid is None:
            return
        if self.cells:
            self.area += len(self.cells) * self.row_repeat
            self._check_size(self.row + self.row_repeat, len(self.cells))
            for place in range(self.row, self.row + self.row_repeat):
                self.grid.rows.append(list(self.cells))
                self.grid.places.append(place)
        self.row += self.row_repeat

    def _check_size(self, row: int, width: int) -> None:
        if self.area > MOST_CELLS or width > MOST_COLUMNS:
            text = _("Trang tính có giá trị tới tận dòng %(row)d nên quá lớn. Xoá các cột và dòng thừa ngoài bảng.")
            raise Unreadable("too_wide", text % {"row": row})

    def _start_table_cell(self, attributes: Attributes) -> None:
        self.cell, self.lines = attributes, []
        self.cell_repeat = _count(attributes.get("number-columns-repeated"), 2**14)
        across = _count(attributes.get("number-columns-spanned"), MOST_COLUMNS)
        down = _count(attributes.get("number-rows-spanned"), _MOST_ROWS)
        if across * down > 1 and self.grid is not None:
            self.grid.merged.append(Area(self.row, self.column, self.row + down - 1, self.column + across - 1))

    _start_covered_table_cell = _start_table_cell

    def _end_table_cell(self) -> None:
        if self.cell is None or self.grid is None:
            return
        value = self._value(self.cell)
        if value is None:
            self.gap += self.cell_repeat
        else:
            self._check_size(self.row + 1, len(self.cells) + self.gap + self.cell_repeat)
            self.cells += [None] * self.gap + [value] * self.cell_repeat
            self.gap = 0
        self.column += self.cell_repeat
        self.cell = None

    _end_covered_table_cell = _end_table_cell

    def _start_p(self, _attributes: Attributes) -> None:
        self.lines.append("")

    def _start_s(self, attributes: Attributes) -> None:
        self.text(" " * _count(attributes.get("c"), _MOST_SPACES))

    def _start_tab(self, _attributes: Attributes) -> None:
        self.text("\t")

    def _start_line_break(self, _attributes: Attributes) -> None:
        self.text("\n")

    def _value(self, cell: Attributes) -> Cell:
        """Give the value of a cell; None when empty or an error, which is kept apart."""
        shown = "\n".join(self.lines)
        has_formula, kind = "formula" in cell, cell.get("value-type", "")
        if has_formula and (_ERRORS.fullmatch(shown) or shown in ERROR_TEXTS):
            self._keep(self.grid.errors if self.grid else {}, shown)
            return None
        value = _typed(kind, cell, shown)
        if value is None and has_formula and not kind and self.grid:
            self.grid.blank_formulas.append((self.row, self.column))
        return value

    def _keep(self, errors: dict[tuple[int, int], str], text: str) -> None:
        for place in range(self.row, self.row + min(self.row_repeat, _MOST_SPACES)):
            errors[place, self.column] = text


def _count(written: str | None, most: int) -> int:
    if written is None or not (written.isascii() and written.isdigit()):
        return 1
    return min(max(int(written[:9]), 1), most)


def _typed(kind: str, cell: Attributes, shown: str) -> Cell:
    if kind in ("float", "percentage", "currency"):
        return float(cell.get("value", ""))
    if kind == "boolean":
        return cell.get("boolean-value") == "true"
    if kind == "date":
        return _moment(cell.get("date-value", "")) or shown or None
    if kind == "time":
        return _time(cell.get("time-value", "")) or shown or None
    return cell.get("string-value") or shown or None


def _moment(written: str) -> dt.date | dt.datetime | None:
    try:
        if "T" not in written:
            return dt.date.fromisoformat(written)
        moment = dt.datetime.fromisoformat(written).replace(tzinfo=None)
    except ValueError:
        return None
    return moment.date() if moment.time() == dt.time() else moment


def _time(written: str) -> dt.time | dt.timedelta | None:
    parts = _DURATION.fullmatch(written)
    if parts is None:
        return None
    hours, minutes, seconds = (int(part[:9]) if part else 0 for part in parts.groups()[:3])
    micros = int((parts[4] or "0")[:6].ljust(6, "0"))
    if hours < _HOURS and minutes < 60 and seconds < 60 and not written.startswith("-"):
        return dt.time(hours, minutes, seconds, micros)
    span = dt.timedelta(hours=hours, minutes=minutes, seconds=seconds, microseconds=micros)
    return -span if written.startswith("-") else span
