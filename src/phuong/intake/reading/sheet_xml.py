"""The XML of one worksheet, cut down to the rows that hold something and measured, before it is read.

What Excel writes is measured by a few regular expressions over the bytes. Anything that looks otherwise is heard by
expat, which is slower and misses nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from phuong.intake.reading.archives import MOST_KEPT, bomb, damaged, unsafe
from phuong.intake.reading.markup import Attributes, Listener, listen
from phuong.intake.reading.shapes import Area, column_of

_MOST_HEAD = 4 * 2**20  # before the rows: column widths and views
_MOST_WAITING = 4 * 2**20  # between two tags
_MOST_BLANK_ROWS = 1_000  # between two rows that are read as one block
_MOST_TAIL = 64 * 2**20  # after the rows: merged cells, links, colours
_SHEET_DATA = re.compile(rb"<(\w+:)?sheetData\b[^<>]*>")
_END = re.compile(rb"</(?:\w+:)?sheetData\s*>")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?\bref=[\"']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")
_BLANK_TAGS = (b"<c ", b"</c>", b"<row ", b"</row>")
_TAG_END = rb'"(?: (?:s|t|cm|vm|ph)="\w+")*/?>)'
_MAYBE_NOT_NARROW = re.compile(rb'<c(?! r="[A-Z]\d{1,5}"[^r<>]*+>)')  # quicker: says no, or does not know
_NOT_NARROW = re.compile(rb'<c(?! r="[A-Z][1-9]\d{0,4}' + _TAG_END)
_NOT_PLAIN = re.compile(rb'<c(?! r="[A-Z]{1,2}[1-9]\d{0,6}' + _TAG_END)
_PREFIXED = re.compile(rb":(?:c|row)[\s/>]")
_ODD_ROW = re.compile(rb'<row(?! r="[1-9]\d{0,6}"[ />])')
_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"(?:[^<>]*[^<>/])?>(?!</c>)')  # with something in it
_ERROR = re.compile(rb'<c r="([A-Z]+)(\d+)"[^<>]*? t="e"[^<>]*>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?(?:<v>([^<]*)</v>)?')
_NO_VALUE = re.compile(rb'<c r="([A-Z]+)(\d+)"(?: s="\d+")?>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)(?:<v/>|<v></v>)?</c>')
_REFERENCE = re.compile(rb't="s"[^<>]*><v>(\d{1,8})</v></c>')


@dataclass
class SheetXml:
    """A worksheet as measured. ``pieces`` hold its rows, split where many blank ones lie between."""

    pieces: list[bytes] = field(default_factory=list)
    area: int = 0  # cells from the first to the last of each piece; 0 for a narrow sheet, which is small enough
    farthest: tuple[int, int] = (0, 0)  # last row, last column; of a sheet that is not narrow
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    blank_formulas: list[tuple[int, int]] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)
    references: Counter[int] | None = None  # uses of each shared string; None for a sheet of the plain form

    def most_uses(self) -> int:
        """Count the uses of shared strings, quickly."""
        if self.references is None:
            return sum(piece.count(b't="s"') for piece in self.pieces)
        return self.references.total()

    def uses(self) -> Counter[int]:
        """Count how often each shared string is used.

        :raises Unreadable: a use is written so that it cannot be counted
        """
        if self.references is not None:
            return self.references
        counted = Counter(int(match[1]) for piece in self.pieces for match in _REFERENCE.finditer(piece))
        if counted.total() != self.most_uses():
            raise damaged()
        return counted


def cut_down(chunks: Iterable[bytes], *, most_rows: int = 0) -> SheetXml:
    """Take the rows that hold something out of a worksheet that comes in ``chunks``, and measure them.

    :param most_rows: look at the first rows alone, then merged cells stay unknown
    :raises Unreadable: broken, or with entities
    """
    stream = iter(chunks)
    prefix, rest = _after_head(stream)
    rows, tail = _rows_and_tail(rest, stream, most_rows=most_rows)
    body = b"".join(rows)
    if prefix:  # as programs with the OpenXML SDK write
        body = body.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</")
    sheet = SheetXml(merged=[_area(*match.groups()) for match in _MERGE.finditer(tail)])
    if body:
        _measure(body, sheet, is_exact=bool(most_rows))
    return sheet


def _rows_and_tail(waiting: bytes, stream: Iterator[bytes], *, most_rows: int) -> tuple[list[bytes], bytes]:
    kept: list[bytes] = []
    size = 0
    while True:
        end = _END.search(waiting) if b"sheetData" in waiting else None
        cut = end.start() if end else max(waiting.rfind(b"<row "), 0) or max(waiting.rfind(b"<"), 0)
        piece = waiting[:cut]
        if not _is_blank(piece):
            kept.append(piece)
            size += cut
            if size > MOST_KEPT:
                raise bomb()
        if end:
            return kept, _tail(waiting[end.end() :], stream)
        if most_rows and kept:
            return [_first_rows(b"".join(kept), most_rows)], b""
        chunk = next(stream, b"")
        if not chunk or len(waiting) - cut > _MOST_WAITING:
            raise damaged()
        waiting = waiting[cut:] + chunk


def _tail(tail: bytes, stream: Iterator[bytes]) -> bytes:
    for chunk in stream:
        tail += chunk
        if len(tail) > _MOST_TAIL:
            raise bomb()
    return tail


def _after_head(stream: Iterator[bytes]) -> tuple[bytes, bytes]:
    """Give the prefix of the names, "x:" or nothing, and what follows the start of the rows."""
    head = b""
    for chunk in stream:
        head += chunk
        start = _SHEET_DATA.search(head)
        if start:
            if b"<!DOCTYPE" in head[: start.start()]:
                raise unsafe()
            return start[1] or b"", head[start.end() :] if not start[0].endswith(b"/>") else b"</sheetData>"
        if len(head) > _MOST_HEAD:
            break
    raise damaged()


def _is_blank(piece: bytes) -> bool:
    if b"</v" in piece or b"</is" in piece or b"<f" in piece:
        return False
    # no other element than rows and cells: whatever the prefix or the spacing of a value, it would be one
    return piece.count(b"<") == sum(map(piece.count, _BLANK_TAGS))


def _first_rows(rows: bytes, most: int) -> bytes:
    found = re.finditer(rb"<(?:\w+:)?row[ >]", rows)
    starts = [match.start() for match in islice(found, most + 1)]
    return rows[: starts[most]] if len(starts) > most else rows


def _area(left: bytes, top: bytes, right: bytes, bottom: bytes) -> Area:
    return Area(int(top) - 1, column_of(left.decode()), int(bottom) - 1, column_of(right.decode()))


def _place(match: re.Match[bytes]) -> tuple[int, int]:
    return int(match[2]) - 1, column_of(match[1].decode())


def _measure(body: bytes, sheet: SheetXml, *, is_exact: bool) -> None:
    """Measure the rows. A narrow sheet, up to Z99999, is small enough as it is, unless many are read (``is_exact``)."""
    is_narrow = not (_MAYBE_NOT_NARROW.search(body) and _NOT_NARROW.search(body))
    if _is_unusual(body) or not is_narrow and _NOT_PLAIN.search(body):
        _hear(body, sheet)
        return
    sheet.pieces = [body]
    if not is_narrow or is_exact:
        _split(body, sheet)
    if b't="e"' in body:
        found = _ERROR.finditer(body)
        sheet.errors = {_place(match): (match[3] or b"#N/A").decode("utf-8", "replace") for match in found}
    if b"</f>" in body:  # formulas shared by several cells have theirs in the first
        sheet.blank_formulas = [_place(match) for match in _NO_VALUE.finditer(body)]


def _is_unusual(body: bytes) -> bool:
    """Say whether there is anything that regular expressions could take for something else."""
    has_markup = b"!" in body and b"<!" in body
    has_quotes = b"'" in body and b"='" in body
    return has_markup or has_quotes or bool(_PREFIXED.search(body) or _ODD_ROW.search(body))


def _split(body: bytes, sheet: SheetXml) -> None:
    """Measure each stretch of rows, and cut where the next value lies far below.

    :raises Unreadable: cells stand in rows that are not theirs
    """
    columns: dict[bytes, int] = {}
    cuts, first, last, widest, all_widest = [0], -1, -1, 0, 0
    for match in _CELL.finditer(body):
        column = columns.get(match[1])
        if column is None:
            column = columns[match[1]] = column_of(match[1].decode())
        row = int(match[2])
        if first < 0:
            first = row
        elif not 0 <= row - last <= _MOST_BLANK_ROWS:
            sheet.area += (last - first + 1) * (widest + 1)
            cuts.append(_row_start(body, match.start(), cuts[-1]))
            first, widest = row, 0
        last = row
        if column > widest:
            widest, all_widest = column, max(column, all_widest)
    sheet.area += (last - first + 1) * (widest + 1)
    sheet.farthest = (last - 1, all_widest)
    sheet.pieces = [body[start:end] for start, end in zip(cuts, [*cuts[1:], len(body)], strict=True)]


def _row_start(body: bytes, cell: int, last_cut: int) -> int:
    start = body.rfind(b"<row ", last_cut + 1, cell)
    if start < 0 or body.find(b"<c ", start, cell) >= 0:
        raise damaged()
    return start


class _Cells(Listener):
    """Hears the rows of a worksheet that is written in an unusual way."""

    def __init__(self, sheet: SheetXml) -> None:
        self.sheet = sheet
        self.row, self.column = -1, -1
        self.last_row, self.last_column = 0, 0
        self.kind, self.value = "", ""
        self.has_formula = self.in_value = self.holds = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
        else:
            self.holds = True
            self.has_formula = self.has_formula or name == "f"
            if name in ("v", "is"):
                self.in_value, self.value = True, ""  # of several values the last counts, as for the reader

    def _start_cell(self, attributes: Attributes) -> None:
        self.kind, self.value = attributes.get("t", ""), ""
        self.has_formula = self.holds = False
        written = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", attributes.get("r", ""))
        if written:
            row, self.column = int(written[2]) - 1, column_of(written[1])
        elif "r" in attributes:
            raise damaged()
        else:
            row, self.column = self.row, self.column + 1
        self.place = (row, self.column)

    def text(self, text: str) -> None:
        self.value += text if self.in_value else ""

    def end(self, name: str) -> None:
        if name in ("v", "is"):
            self.in_value = False
        elif name == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        if self.holds:  # an empty value is one too for the reader, which makes room for it
            row, column = self.place
            self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, column)
        if self.kind == "e":
            self.sheet.errors[self.place] = self.value or "#N/A"
        elif self.has_formula and not self.value and self.kind != "str":
            self.sheet.blank_formulas.append(self.place)
        if self.kind == "s" and self.value.strip().isdecimal() and self.sheet.references is not None:
            self.sheet.references[int(self.value)] += 1


def _hear(body: bytes, sheet: SheetXml) -> None:
    sheet.references = Counter()
    cells = _Cells(sheet)
    listen([b"<sheetData>", body, b"</sheetData>"], cells)
    sheet.pieces = [body]
    sheet.farthest = (cells.last_row, cells.last_column)
    sheet.area = (cells.last_row + 1) * (cells.last_column + 1)
