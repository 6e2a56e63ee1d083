"""Lists as files: xlsx and csv, row by row, with formulas neutralised."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import quote
from uuid import UUID

import xlsxwriter
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from phuong.kernel.exports import Leaving, let_leave
from phuong.kernel.refusals import Refused
from phuong.kernel.text import neutral

MOST_ROWS = 50_000


class TooManyRows(Refused):
    """A list longer than a file may be; a cut file would pass for a whole one."""

    code: ClassVar[str] = "ui.too_many_rows"
    status: ClassVar[int] = 422
    message: ClassVar = _("Danh sách dài hơn 50.000 dòng nên chưa tải. Lọc theo trường, xã hoặc tên rồi tải lại.")


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Column:
    """One column of an export: heading, and how a cell is read from a row."""

    title: str | Promise
    value: Callable[[Any], Any]
    width: int = 18


def harmless(value: Any) -> Any:
    """Give a cell as a file may hold it: no formula of a person's words, nothing for nothing."""
    if isinstance(value, str):
        return neutral(value)
    return "" if value is None else value


@dataclass
class _Tally:
    """Counts personal rows and their units while they are written."""

    unit_of: Callable[[Any], UUID]
    rows: int = 0
    units: set[UUID] = field(default_factory=set)

    def count(self, rows: Iterable[Any]) -> Iterator[Any]:
        """Pass the rows on, counted."""
        for row in rows:
            self.rows += 1
            self.units.add(self.unit_of(row))
            yield row


def export_answer(
    form: str,
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Any],
    *,
    unit_of: Callable[[Any], UUID] | None = None,
) -> HttpResponse:
    """Answer with the rows as a file. ``form``: ``xlsx`` or ``csv``; at most ``MOST_ROWS`` rows.

    ``unit_of`` gives the unit of a personal row; left out only where no row is about a person.

    :raises Refused: a guard keeps the file back
    """
    tally = _Tally(unit_of) if unit_of else None
    cells = ([harmless(column.value(row)) for column in columns] for row in (tally.count(rows) if tally else rows))
    body, kind = (_csv(columns, cells), "text/csv; charset=utf-8") if form == "csv" else (_xlsx(columns, cells), XLSX)
    let_leave(Leaving(name, tally.rows, tally.units) if tally else Leaving(name))
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.{'csv' if form == 'csv' else 'xlsx'}"
    answer["Cache-Control"] = "no-store"
    return answer


def _csv(columns: Sequence[Column], cells: Iterable[list[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.title for column in columns])
    writer.writerows(cells)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(columns: Sequence[Column], cells: Iterable[list[Any]]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_date_format": "dd/mm/yyyy",
        },
    )
    sheet = book.add_worksheet()
    heading = book.add_format({"bold": True})
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, str(column.title), heading)
    sheet.freeze_panes(1, 0)
    for line, row in enumerate(cells, start=1):
        for place, cell in enumerate(row):
            sheet.write(line, place, cell)
    book.close()
    return file.getvalue()
