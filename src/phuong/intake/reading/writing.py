"""Tables given back: the same cells, with what is wrong beside them."""

import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from phuong.intake.reading.shapes import Cell, Table
from phuong.intake.reading.values import text_of

_INK, _AMBER, _SUNKEN = "#1b2233", "#fbf0d9", "#f3efe8"  # as on the pages
_RED, _PINK = "#b3261e", "#fcebe9"
_MOST_COMMENTS = 2_000  # each is a drawing; more make a file that Excel opens slowly
_MOST_WORDS, _MOST_COMMENT = 32_767, 1_000  # characters; of a cell, what Excel takes
_FIRST_YEAR = 1900  # that a spreadsheet can count
_CODE = re.compile(r"[+0]?\d[\d .-]*", re.ASCII)
_WIDTHS = (8, 48)
_SAMPLE = 200
_WORDS_WIDTH, _LINE_HEIGHT, _MOST_LINES = 60, 15, 20  # characters, points
FORMATS: dict[type, str] = {
    dt.date: "dd/mm/yyyy",
    dt.datetime: "dd/mm/yyyy hh:mm:ss",
    dt.time: "hh:mm:ss",
    dt.timedelta: "[h]:mm:ss",
}
# nothing that a person typed becomes a formula, a link or a number
OPTIONS: dict[str, Any] = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
}

Problems = Mapping[int, Sequence[tuple[int, str]]]


def write_back(table: Table, problems: Problems, *, heading: str, only_problems: bool = True) -> bytes:
    """Write a table as xlsx, with a last column, named ``heading``, that says in words what is wrong in each row.

    A last column of that name, from a file given back before, is replaced.

    :param problems: by index of the row, (column, words) each; column -1 for what concerns the whole row
    :param only_problems: leave out the rows without any
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        _Sheet(book, table, heading).write(problems, only_problems=only_problems)
    return file.getvalue()


class _Sheet:
    """Writes one table into a workbook."""

    def __init__(self, book: Any, table: Table, heading: str) -> None:
        self.table, self.heading = table, heading
        self.width = len(table.headings)
        if table.headings and table.headings[-1] == heading:
            self.width -= 1
        self.book = book
        self.sheet = book.add_worksheet(sheet_name(table.sheet))
        self.formats: dict[tuple[str, bool], Any] = {}
        self.comments = 0

    def write(self, problems: Problems, *, only_problems: bool) -> None:
        """Write headings, rows and what is wrong."""
        self._head()
        indexes = [index for index in range(len(self.table.rows)) if index in problems or not only_problems]
        for line, index in enumerate(indexes, 1):
            self._row(line, index, problems.get(index, ()))
        self.sheet.autofilter(0, 0, max(len(indexes), 1), self.width)
        self.sheet.freeze_panes(1, 0)

    def _head(self) -> None:
        style = {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "font_color": _INK}
        plain, ours = (self.book.add_format(style | {"bg_color": colour}) for colour in (_SUNKEN, _AMBER))
        for column, name in enumerate(self.table.headings[: self.width]):
            cells = [row[column] for row in self.table.rows[:_SAMPLE]]
            # the format of the whole column: a code typed into it later keeps its zeros
            is_code = any(map(_is_code, cells))
            self.sheet.set_column(column, column, _width(name, cells), self._format("@") if is_code else None)
            self.sheet.write_string(0, column, name, plain)
        self.sheet.set_column(self.width, self.width, _WORDS_WIDTH)
        self.sheet.write_string(0, self.width, self.heading, ours)

    def _row(self, line: int, index: int, problems: Sequence[tuple[int, str]]) -> None:
        wrong: dict[int, list[str]] = {}
        for column, words in problems:
            wrong.setdefault(column, []).append(words)
        for column, cell in enumerate(self.table.rows[index][: self.width]):
            error = self.table.errors.get((index, column), "")
            self._cell((line, column), cell if cell is not None else error or None, is_wrong=column in wrong)
            if column in wrong and self.comments < _MOST_COMMENTS:
                self.comments += 1
                self.sheet.write_comment(line, column, "\n".join(wrong[column])[:_MOST_COMMENT], {"x_scale": 1.6})
        words = "\n".join(dict.fromkeys(self._named(column, text) for column, text in problems))
        if words:
            style = self._format("", is_wrong=True, is_wrapped=True)
            self.sheet.write_string(line, self.width, words[:_MOST_WORDS], style)
            # not every program makes room for wrapped lines by itself
            lines = sum(1 + len(text) // _WORDS_WIDTH for text in words.split("\n"))
            self.sheet.set_row(line, _LINE_HEIGHT * min(lines, _MOST_LINES))

    def _named(self, column: int, words: str) -> str:
        """Say which column the words are about: colour alone does not reach everybody."""
        name = self.table.headings[column] if 0 <= column < self.width else ""
        return words if not name or name in words else f"{name}: {words}"

    def _cell(self, place: tuple[int, int], cell: Cell, *, is_wrong: bool) -> None:
        if cell is None:
            if is_wrong:
                self.sheet.write_blank(*place, None, self._format("", is_wrong=True))
        elif isinstance(cell, str):
            self.sheet.write_string(
                *place, cell[:_MOST_WORDS], self._format("@" if _is_code(cell) else "", is_wrong=is_wrong)
            )
        elif isinstance(cell, bool):
            self.sheet.write_boolean(*place, cell, self._format("", is_wrong=is_wrong))
        elif isinstance(cell, int | float):
            self.sheet.write_number(*place, cell, self._format("", is_wrong=is_wrong))
        elif isinstance(cell, dt.date) and cell.year < _FIRST_YEAR:
            self.sheet.write_string(*place, text_of(cell), self._format("", is_wrong=is_wrong))
        else:
            self.sheet.write_datetime(*place, cell, self._format(FORMATS[type(cell)], is_wrong=is_wrong))

    def _format(self, number: str, *, is_wrong: bool = False, is_wrapped: bool = False) -> Any:
        key = (number + str(is_wrapped), is_wrong)
        if key not in self.formats:
            wanted: dict[str, Any] = {"num_format": number} if number else {}
            if is_wrong:
                wanted |= {"bg_color": _PINK, "font_color": _RED}
            if is_wrapped:
                wanted |= {"text_wrap": True, "valign": "top"}
            self.formats[key] = self.book.add_format(wanted) if wanted else None
        return self.formats[key]


def _is_code(cell: Cell) -> bool:
    return isinstance(cell, str) and _CODE.fullmatch(cell) is not None


def _width(name: str, cells: Sequence[Cell]) -> int:
    longest = max((len(cell) if isinstance(cell, str) else 10 for cell in cells if cell is not None), default=0)
    return min(max(_WIDTHS[0], min(len(name), 24), longest + 2), _WIDTHS[1])


def sheet_name(name: str) -> str:
    """Make a name that Excel takes: at most 31 characters, none of its own."""
    return re.sub(r"[\[\]:*?/\\]|^'|'$", " ", name).strip()[:31].strip(" '") or "Dữ liệu"
