"""Workbooks of Excel 95 to 2003, .xls: measured record by record, put into a new container, then read."""

from collections.abc import Sequence
from typing import BinaryIO

from django.utils.translation import gettext as _

from phuong.intake.reading.archives import bomb, damaged, password
from phuong.intake.reading.biff import Workbook, walk
from phuong.intake.reading.books import Sheet
from phuong.intake.reading.compound import Compound, compound_of
from phuong.intake.reading.engine import Block, blocks, gather
from phuong.intake.reading.shapes import Grid, Notice, Unreadable
from phuong.intake.reading.xlsx import check_size

_MOST_TEXT = 200 * 2**20
_OTHERS = {"WordDocument": "Word", "PowerPoint Document": "PowerPoint", "VisioDocument": "Visio"}
_HEAD_ROWS = 80


class XlsBook:
    """An old Excel workbook, read when it is opened."""

    encoding = ""

    def __init__(self, content: bytes) -> None:
        """Measure and read every worksheet.

        :raises Unreadable: broken, encrypted, too large, or no workbook
        """
        compound = Compound(content)
        name = _stream_of(compound)
        self._measured = walk(compound.read(name))
        _check(self._measured)
        wanted = [place for place, sheet in enumerate(self._measured.sheets) if sheet.is_worksheet]
        read = blocks(lambda file: _rebuild(file, name, self._measured), wanted)
        if len(read) != len(wanted):
            raise damaged()
        self._blocks = dict(zip(wanted, read, strict=True))
        self.sheets = [Sheet(block.name, block.is_hidden, str(place)) for place, block in self._blocks.items()]
        has_macros = "_VBA_PROJECT" in compound.names()
        text = _("Tệp có macro. Chỉ đọc giá trị trong các ô, không chạy macro nào.")
        self.notices = [Notice("macros", text)] if has_macros else []

    def heads(self, sheets: Sequence[Sheet]) -> list[Grid]:
        """Read the first rows of several sheets."""
        grids = []
        for sheet in sheets:
            block = self._blocks[int(sheet.path)]
            grid = Grid(merged=block.merged)
            gather(
                Block(block.name, block.is_hidden, block.top, block.left, [*map(list, block.rows[:_HEAD_ROWS])], []),
                grid,
            )
            grids.append(grid)
        return grids

    def grid(self, sheet: Sheet) -> Grid:
        """Read one sheet."""
        place = int(sheet.path)
        grid = Grid(merged=self._blocks[place].merged, errors=self._measured.sheets[place].errors)
        gather(self._blocks[place], grid)
        return grid


def _stream_of(compound: Compound) -> str:
    """Name the stream with the workbook.

    :raises Unreadable: there is none
    """
    names = compound.names()
    if "EncryptedPackage" in names or "EncryptionInfo" in names:
        raise password()
    for name in names:
        if name.lower() in ("workbook", "book"):
            return name
    kind = next((kind for stream, kind in _OTHERS.items() if stream in names), "OLE")
    text = _("Đây là tệp %(kind)s, không phải bảng tính. Tải lên tệp .xlsx, .xls, .ods hoặc .csv.")
    raise Unreadable("not_a_table", text % {"kind": kind}, kind=kind)


def _check(book: Workbook) -> None:
    area = 0
    for sheet in book.sheets:
        area += (sheet.last_row + 1) * (sheet.last_column + 1)
        check_size(area, sheet.last_row, sheet.last_column)
    try:
        if book.text_bytes() > _MOST_TEXT:
            raise bomb()
    except (IndexError, ValueError) as error:
        raise damaged() from error


def _rebuild(file: BinaryIO, name: str, book: Workbook) -> None:
    file.write(compound_of({"Book" if name.lower() == "book" else "Workbook": bytes(book.data)}))
