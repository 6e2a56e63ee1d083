"""Workbooks of Excel, .xlsx and .xlsm: measured part by part, put together anew, then read."""

import zipfile
from collections.abc import Sequence
from posixpath import dirname, join, normpath
from typing import BinaryIO
from xml.sax.saxutils import quoteattr

from django.utils.translation import gettext as _

from phuong.intake.reading.archives import Archive, damaged
from phuong.intake.reading.books import Sheet
from phuong.intake.reading.engine import blocks, gather
from phuong.intake.reading.legacy_letters import may_be_legacy
from phuong.intake.reading.markup import elements
from phuong.intake.reading.shapes import MOST_CELLS, MOST_COLUMNS, Grid, Notice, Unreadable, address
from phuong.intake.reading.shared_strings import NO_STRINGS, bare_strings, check_uses
from phuong.intake.reading.sheet_xml import SheetXml, cut_down

_MOST_PIECES, _MOST_SHEETS = 100, 1_000
_HEAD_ROWS = 80
_APART = (b"\xcc", b"\xcd", b"&#")  # first bytes of combining marks, and character references
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


class XlsxBook:
    """An Excel workbook whose directory and list of sheets have been read."""

    encoding = ""

    def __init__(self, archive: Archive) -> None:
        """Read the list of sheets.

        :raises Unreadable: broken, encrypted, unsafe
        """
        self._archive = archive
        self._path = _workbook_path(self._archive)
        self.sheets, self._is_1904 = self._list()
        self.notices = [_macros()] if any(name.endswith("vbaproject.bin") for name in self._archive.names()) else []

    def _list(self) -> tuple[list[Sheet], bool]:
        targets = _targets(self._archive, self._path)
        sheets, is_1904 = [], False
        for name, attributes in elements(self._archive.read(self._path), "sheet", "workbookPr"):
            if name == "workbookPr":
                is_1904 = attributes.get("date1904") in ("1", "true", "on")
                continue
            kind, path = targets.get(attributes.get("id", ""), ("", ""))
            if kind == "worksheet" and path in self._archive:
                is_hidden = attributes.get("state", "visible") != "visible"
                sheets.append(Sheet(attributes.get("name", ""), is_hidden, path))
        if len(sheets) > _MOST_SHEETS or len({sheet.path for sheet in sheets}) < len(sheets):
            raise damaged()
        self._shared = {kind: path for kind, path in targets.values() if kind in ("sharedStrings", "styles")}
        return sheets, is_1904

    def heads(self, sheets: Sequence[Sheet]) -> list[Grid]:
        """Read the first rows of several sheets; an empty grid for one without values."""
        cut = [cut_down(self._archive.chunks(sheet.path), most_rows=_HEAD_ROWS) for sheet in sheets]
        return self._read(cut)

    def grid(self, sheet: Sheet) -> Grid:
        """Read one sheet.

        :raises Unreadable: too large, broken, or values far outside of the table
        """
        cut = cut_down(self._archive.chunks(sheet.path))
        grid = self._read([cut])[0]
        grid.merged, grid.errors, grid.blank_formulas = cut.merged, cut.errors, cut.blank_formulas
        return grid

    def _read(self, sheets: Sequence[SheetXml]) -> list[Grid]:
        area = 0
        for sheet in sheets:
            area += sheet.area
            check_size(area, *sheet.farthest)
        if sum(len(sheet.pieces) for sheet in sheets) > _MOST_PIECES + len(sheets):
            raise damaged()
        strings = self._strings(sheets)
        pieces = [piece for sheet in sheets for piece in sheet.pieces]
        texts = [strings, *(piece for piece in pieces if b"&" in piece or not piece.isascii())]
        is_suspicious = any(map(may_be_legacy, texts))
        is_apart = any(mark in text for text in texts for mark in _APART)
        read = iter(blocks(lambda file: self._rebuild(file, strings, pieces)))
        grids = []
        for sheet in sheets:
            grid = Grid(may_be_legacy=is_suspicious, may_be_apart=is_apart)
            for _piece in sheet.pieces:
                gather(next(read), grid)
            grids.append(grid)
        return grids

    def _strings(self, sheets: Sequence[SheetXml]) -> bytes:
        """Give the shared strings.

        :raises Unreadable: they would fill the memory when each use is written out
        """
        path = self._shared.get("sharedStrings", "")
        if path not in self._archive:
            return NO_STRINGS
        strings = bare_strings(self._archive.read(path))
        check_uses(strings, sheets)
        return strings

    def _rebuild(self, file: BinaryIO, strings: bytes, pieces: Sequence[bytes]) -> None:
        """Write a workbook of the ``pieces`` as sheets, not compressed."""
        styles = self._shared.get("styles", "")
        with zipfile.ZipFile(file, "w") as made:
            made.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
            made.writestr("xl/workbook.xml", _workbook(len(pieces), is_1904=self._is_1904))
            made.writestr(
                "xl/_rels/workbook.xml.rels",
                _relations(
                    [("worksheet", f"worksheets/{place}.xml") for place in range(len(pieces))]
                    + [("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")]
                ),
            )
            if styles in self._archive:
                made.writestr("xl/styles.xml", self._archive.read(styles))
            made.writestr("xl/sharedStrings.xml", strings)
            for place, piece in enumerate(pieces):
                # calamine looks through the whole sheet for merged cells; an empty list at the front ends the search
                sheet = b"<worksheet><mergeCells></mergeCells><sheetData>" + piece + b"</sheetData></worksheet>"
                made.writestr(f"xl/worksheets/{place}.xml", sheet)


def _workbook_path(archive: Archive) -> str:
    for kind, path in _targets(archive, "").values():
        if kind == "officeDocument" and path in archive:
            return path
    if "xl/workbook.xml" in archive:
        return "xl/workbook.xml"
    raise damaged()


def _targets(archive: Archive, path: str) -> dict[str, tuple[str, str]]:
    """Give what a part refers to: (kind, path) by its key."""
    relations = join(dirname(path), "_rels", f"{path.rpartition('/')[2]}.rels")
    if relations not in archive:
        return {}
    return {
        attributes.get("Id", ""): (
            attributes.get("Type", "").rpartition("/")[2],
            normpath(join("/", dirname(path), attributes.get("Target", ""))).lstrip("/"),
        )
        for _name, attributes in elements(archive.read(relations), "Relationship")
    }


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    lines = "".join(
        f'<Relationship Id="r{place}" Type="{_RELATION}/{kind}" Target={quoteattr(path)}/>'
        for place, (kind, path) in enumerate(targets)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'
    )


def _workbook(count: int, *, is_1904: bool) -> str:
    sheets = "".join(f'<sheet name="{place}" sheetId="{place + 1}" r:id="r{place}"/>' for place in range(count))
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}"><workbookPr date1904="{int(is_1904)}"/>'
        f"<sheets>{sheets}</sheets></workbook>"
    )


def check_size(area: int, last_row: int, last_column: int) -> None:
    """Refuse a sheet whose values lie so far apart that the empty cells between would fill the memory.

    :raises Unreadable: too large
    """
    if area > MOST_CELLS or last_column >= MOST_COLUMNS:
        raise Unreadable(
            "too_wide",
            _(
                "Trang tính có giá trị tới tận ô %(cell)s nên quá lớn. Xoá cột và dòng thừa ngoài bảng rồi lưu lại; "
                "danh sách rất dài thì chia thành nhiều tệp."
            )
            % {"cell": address(last_row, last_column)},
        )


def _macros() -> Notice:
    return Notice("macros", _("Tệp có macro. Chỉ đọc giá trị trong các ô, không chạy macro nào."))
