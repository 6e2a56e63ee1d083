"""The records of an .xls stream, walked through to measure it before it is read; format: MS-XLS."""

import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from phuong.intake.reading.archives import damaged, password

_BOF, _END, _CONTINUE = 0x809, 0x0A, 0x3C
_FILE_PASS, _SHEET, _STRINGS, _DIMENSIONS = 0x2F, 0x85, 0xFC, 0x200
_BOOL_ERROR, _FORMULA, _STRING_USE, _MANY_NUMBERS = 0x205, 0x06, 0xFD, 0xBD
# every record of a cell with a value begins with row and column: numbers, texts, truths, results
_CELLS = frozenset({0x203, 0x204, 0xD6, _BOOL_ERROR, _FORMULA, 0x206, 0x406, 0x27E, _STRING_USE, _MANY_NUMBERS})
_FORMULAS = frozenset({_FORMULA, 0x206, 0x406})
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_WORKSHEET, _LAST_COLUMN = 0, 255


@dataclass
class SheetRecords:
    """What a sheet of the stream holds; counted from 0."""

    start: int
    is_worksheet: bool
    last_row: int = 0
    last_column: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass
class Workbook:
    """A stream as measured; ``data`` is safe to be read."""

    data: bytearray
    sheets: list[SheetRecords] = field(default_factory=list)
    uses: Counter[int] = field(default_factory=Counter)  # of the shared strings
    strings: list[bytes] = field(default_factory=list)  # the records that hold them

    def text_bytes(self) -> int:
        """Count the bytes of all shared strings, each use for itself."""
        quick = self.uses.total() * min(2 * 0xFFFF, sum(map(len, self.strings)))
        if quick < 2**26:  # nothing to worry about
            return quick
        lengths = _lengths(self.strings)
        return sum(lengths[string] * count for string, count in self.uses.items() if string < len(lengths))


def _records(data: bytes | bytearray, start: int) -> Iterator[tuple[int, int, int]]:
    """List (type, place of its content, length) from ``start`` to the end of the stream.

    :raises Unreadable: a record is cut off
    """
    at, last = start, len(data) - 4
    while at <= last:
        kind, length = struct.unpack_from("<HH", data, at)
        if at + 4 + length > len(data):
            raise damaged()
        yield kind, at + 4, length
        at += 4 + length


def walk(stream: bytes) -> Workbook:
    """Measure a stream.

    :raises Unreadable: cut off, broken, or encrypted
    """
    book = Workbook(bytearray(stream))
    try:
        _walk_globals(book)
        for sheet in book.sheets:
            _walk_sheet(book, sheet)
    except (struct.error, IndexError) as error:
        raise damaged() from error
    return book


def _walk_globals(book: Workbook) -> None:
    data, before = bytes(book.data), 0
    for kind, at, length in _records(data, 0):
        if kind == _FILE_PASS:
            raise password()
        if kind == _SHEET:
            start, _state, sheet_kind = struct.unpack_from("<IBB", data, at)
            if start >= len(data):
                raise damaged()
            book.sheets.append(SheetRecords(start, sheet_kind == _WORKSHEET))
        elif kind == _STRINGS or kind == _CONTINUE and before == _STRINGS:
            book.strings.append(data[at : at + length])
        elif kind == _END:
            return
        before = before if kind == _CONTINUE else kind


def _walk_sheet(book: Workbook, sheet: SheetRecords) -> None:
    data, depth = book.data, 0
    for kind, at, length in _records(data, sheet.start):
        if kind == _BOF:
            depth += 1
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                return
        elif kind == _DIMENSIONS:
            data[at : at + length] = _one_cell(length)
        elif kind in _CELLS:
            _take_cell(book, sheet, (kind, at, length))


def _one_cell(length: int) -> bytes:
    """Claim a single cell: the reader makes room for what a sheet claims, whatever it is."""
    return struct.pack("<HHHHH" if length == 10 else "<IIHHH", 0, 1, 0, 1, 0).ljust(length, b"\x00")[:length]


def _take_cell(book: Workbook, sheet: SheetRecords, record: tuple[int, int, int]) -> None:
    kind, at, length = record
    row, column = struct.unpack_from("<HH", book.data, at)
    last = struct.unpack_from("<H", book.data, at + length - 2)[0] if kind == _MANY_NUMBERS else column
    if max(last, column) > _LAST_COLUMN:
        raise damaged()
    sheet.last_row, sheet.last_column = max(sheet.last_row, row), max(sheet.last_column, column, last)
    if kind == _STRING_USE:
        book.uses[struct.unpack_from("<I", book.data, at + 6)[0]] += 1
    elif error := _error(book.data, record):
        sheet.errors[row, column] = error


def _error(data: bytearray, record: tuple[int, int, int]) -> str:
    kind, at, _length = record
    if kind == _BOOL_ERROR and data[at + 7] == 1:
        return _ERRORS.get(data[at + 6], "#N/A")
    is_special = kind in _FORMULAS and data[at + 12 : at + 14] == b"\xff\xff"
    return _ERRORS.get(data[at + 8], "#N/A") if is_special and data[at + 6] == 2 else ""  # 2: an error


class _Cursor:
    """Reads on over records that continue each other."""

    def __init__(self, parts: list[bytes]) -> None:
        self.parts, self.part, self.at = parts, 0, 0

    def take(self, size: int) -> bytes:
        """Take bytes that may go on in the next record."""
        taken = b""
        while len(taken) < size:
            here = self.parts[self.part][self.at : self.at + size - len(taken)]
            taken += here
            self.at += len(here)
            if len(taken) < size:
                self.part, self.at = self.part + 1, 0
        return taken

    def skip(self, size: int) -> None:
        """Pass over bytes."""
        while size > 0:
            here = min(size, len(self.parts[self.part]) - self.at)
            self.at += here
            size -= here
            if size:
                self.part, self.at = self.part + 1, 0

    def is_done(self) -> bool:
        """Say whether everything was read."""
        return self.part == len(self.parts) - 1 and self.at >= len(self.parts[self.part])

    def skip_characters(self, count: int, *, is_wide: bool) -> None:
        """Pass over characters; a record that continues them begins with their width anew."""
        while count > 0:
            width = 2 if is_wide else 1
            here = min(count, (len(self.parts[self.part]) - self.at) // width)
            self.at += here * width
            count -= here
            if count:
                self.part, self.at = self.part + 1, 0
                is_wide = bool(self.take(1)[0] & 1)


def _lengths(parts: list[bytes]) -> list[int]:
    """Give the size in bytes of each shared string, whatever number of them the records claim."""
    cursor = _Cursor(parts)
    cursor.skip(8)
    lengths: list[int] = []
    while not cursor.is_done():
        characters, flags = struct.unpack("<HB", cursor.take(3))
        runs = struct.unpack("<H", cursor.take(2))[0] if flags & 8 else 0
        extra = struct.unpack("<I", cursor.take(4))[0] if flags & 4 else 0
        cursor.skip_characters(characters, is_wide=bool(flags & 1))
        cursor.skip(4 * runs + extra)
        lengths.append(2 * characters)
    return lengths
