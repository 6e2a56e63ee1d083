"""Tables of HTML that old systems save as .xls; all tables of the page, one under the other, as Excel shows them."""

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from phuong.intake.reading.archives import damaged
from phuong.intake.reading.books import Sheet, take_error_texts
from phuong.intake.reading.encodings import decode
from phuong.intake.reading.legacy_letters import TELLING
from phuong.intake.reading.shapes import MOST_CELLS, MOST_COLUMNS, Area, Cell, Grid, Notice, Unreadable

_CELLS = ("td", "th")
_BREAKS = {"br": "\n", "p": "\n", "div": "\n", "li": "\n"}
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_LOOK = 2**14
_MOST_ROWSPAN = 2_000


class HtmlBook:
    """A page with tables."""

    def __init__(self, content: bytes) -> None:
        """Decode the page.

        :raises Unreadable: binary, damaged, or an encoding that cannot be told
        """
        declared = _declared(content)
        self.sheets = [Sheet("")]
        self.notices: list[Notice] = []
        self.encoding = ""
        if declared is None:
            decoded = decode(content)
            self.notices += decoded.notices
            declared = decoded.text
        self._text = declared

    def heads(self, sheets: Sequence[Sheet]) -> list[Grid]:
        """Read everything: there is one grid."""
        return [self.grid(sheet) for sheet in sheets]

    def grid(self, sheet: Sheet) -> Grid:  # there is only one
        """Read the tables.

        :raises Unreadable: no table, or a table too large
        """
        filler = _Filler(Grid(may_be_legacy=bool(TELLING.search(self._text))))
        # lxml drops what it cannot encode, and a zero character would end the page
        source = io.BytesIO(self._text.replace("\x00", "").encode("utf-8", "replace"))
        try:
            for _event, row in etree.iterparse(source, events=("end",), tag="tr", html=True, encoding="utf-8"):
                if not _is_layout(row):
                    filler.take(row)
                    row.clear()
        except (etree.LxmlError, ValueError) as error:
            raise damaged() from error
        if not filler.grid.rows:
            raise Unreadable("no_data", _("Không thấy bảng nào trong tệp. Lưu lại dạng .xlsx rồi tải lên."))
        take_error_texts(filler.grid)
        return filler.grid


def _declared(content: bytes) -> str | None:
    """Decode as the page says, where it says one of the encodings that are certain by themselves."""
    found = _CHARSET.search(content[:_LOOK])
    name = found[1].decode("ascii", "replace").lower() if found else ""
    if name not in ("windows-1258", "cp1258"):
        return None
    try:
        return content.decode("cp1258")
    except UnicodeDecodeError:
        return None


def _is_layout(row: Any) -> bool:
    """Say whether a row only holds the place of other tables."""
    return next(row.iterdescendants("tr"), None) is not None


class _Filler:
    """Lays rows of cells out on a grid, cells that reach over several columns and rows included."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.place = -1
        self.area = 0
        self.table: Any = None
        self.held: dict[int, int] = {}  # column -> last row that a cell from above covers

    def take(self, row: Any) -> None:
        """Add the next row."""
        self.place += 1
        table = next(row.iterancestors("table"), None)
        if table is not self.table:
            self.table, self.held = table, {}
        cells: list[Cell] = []
        for cell in row.iterchildren(*_CELLS):
            while self.held.get(len(cells), -1) >= self.place:
                cells.append(None)
            self._put(cell, cells)
            if len(cells) > MOST_COLUMNS or self.area > MOST_CELLS:
                text = _("Bảng quá lớn: dòng %(row)d. Chia danh sách thành nhiều tệp.")
                raise Unreadable("too_wide", text % {"row": self.place + 1})
        self.area += len(cells)
        if any(cell is not None for cell in cells):
            self.grid.rows.append(cells)
            self.grid.places.append(self.place)

    def _put(self, cell: Any, cells: list[Cell]) -> None:
        column, across = len(cells), _span(cell, "colspan", MOST_COLUMNS)
        down = _span(cell, "rowspan", _MOST_ROWSPAN)
        cells.append(_text(cell) or None)
        cells.extend([None] * (across - 1))
        if across * down > 1:
            self.grid.merged.append(Area(self.place, column, self.place + down - 1, column + across - 1))
        if down > 1:
            self.held.update((each, self.place + down - 1) for each in range(column, column + across))


def _span(cell: Any, name: str, most: int) -> int:
    written = (cell.get(name) or "1").strip()
    return min(max(int(written), 1), most) if written.isascii() and written.isdigit() and len(written) < 9 else 1


def _text(cell: Any) -> str:
    if not len(cell):
        return " ".join((cell.text or "").split())
    lines = "".join(_pieces(cell)).split("\n")
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _pieces(cell: Any) -> Iterator[str]:
    """List the text of a cell; the line breaks of the source are spaces, those of the markup are lines."""
    for event, element in etree.iterwalk(cell, events=("start", "end", "comment")):
        if event == "start":
            if element is not cell:
                yield _BREAKS.get(element.tag, "")
            yield (element.text or "").replace("\n", " ")
        if event != "start" and element is not cell:
            yield (element.tail or "").replace("\n", " ")
