"""The compound files (OLE) inside of which .xls and encrypted workbooks live: their streams, and one made anew.

Format: MS-CFB. Chains of sectors are followed at most once around, so a loop ends in a refusal.
"""

import struct
from collections.abc import Iterator

from phuong.intake.reading.archives import damaged

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_LAST_SECTOR = 0xFFFFFFFA
_ENTRY, _MINI, _LEAST_STREAM = 128, 64, 4096
_STREAM, _ROOT = 2, 5


class Compound:
    """An OLE file in memory."""

    def __init__(self, content: bytes) -> None:
        """Read its directory.

        :raises Unreadable: broken
        """
        self._content = content
        try:
            self._open()
        except (struct.error, IndexError, ValueError, OverflowError) as error:
            raise damaged() from error

    def _open(self) -> None:
        shift, _mini_shift = struct.unpack_from("<HH", self._content, 30)
        if shift not in (9, 12):
            raise damaged()
        self._sector = 1 << shift
        directory, mini_fat, next_list = (struct.unpack_from("<I", self._content, at)[0] for at in (48, 60, 68))
        self._fat = self._allocation(next_list)
        self._mini_fat = _words(b"".join(self._sectors(mini_fat)))
        self._streams: dict[str, tuple[int, int]] = {}
        self._mini = b""
        entries = b"".join(self._sectors(directory))
        for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
            self._take_entry(entries[at : at + _ENTRY])
        if not self._streams:
            raise damaged()

    def _take_entry(self, entry: bytes) -> None:
        length, kind = struct.unpack_from("<HB", entry, 64)
        start, size = struct.unpack_from("<II", entry, 116)
        if kind == _ROOT:
            self._mini = b"".join(self._sectors(start))[:size]
        elif kind == _STREAM:
            name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            self._streams.setdefault(name, (start, size))

    def _allocation(self, next_list: int) -> list[int]:
        """Read the table of sectors: the places of its parts stand in the header and in a list after it."""
        places = list(struct.unpack_from("<109I", self._content, 76))
        for _turn in range(len(self._content) // self._sector + 1):
            if next_list >= _LAST_SECTOR:
                break
            more = _words(self._at(next_list))
            places += more[:-1]
            next_list = more[-1]
        table: list[int] = []
        for place in places[: len(self._content) // self._sector + 1]:
            if place < _LAST_SECTOR:
                table += _words(self._at(place))
        return table

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        return self._content[start : start + self._sector]

    def _sectors(self, start: int) -> Iterator[bytes]:
        for sector in _chain(start, self._fat):
            yield self._at(sector)

    def names(self) -> list[str]:
        """List the streams, whatever folder they are in."""
        return list(self._streams)

    def read(self, name: str) -> bytes:
        """Read one stream.

        :raises Unreadable: it is not there, or is broken
        """
        if name not in self._streams:
            raise damaged()
        start, size = self._streams[name]
        if size >= _LEAST_STREAM:
            return b"".join(self._sectors(start))[:size]
        pieces = [self._mini[at * _MINI : (at + 1) * _MINI] for at in _chain(start, self._mini_fat)]
        return b"".join(pieces)[:size]


def _words(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def _chain(start: int, table: list[int]) -> Iterator[int]:
    """Follow the sectors of a stream.

    :raises Unreadable: the chain leaves the file or runs in a circle
    """
    for _turn in range(len(table) + 1):
        if start >= _LAST_SECTOR:
            return
        if start >= len(table):
            break
        yield start
        start = table[start]
    raise damaged()


def compound_of(streams: dict[str, bytes]) -> bytes:
    """Make a compound file that holds these streams, each filled up with zeros to the size kept in whole sectors."""
    sector = 4096
    filled = {name: data.ljust(_LEAST_STREAM, b"\x00") for name, data in streams.items()}
    sizes = [-(-len(data) // sector) for data in filled.values()]
    directory_size = -(-(len(filled) + 1) * _ENTRY // sector)
    fat_size = 1
    while fat_size * (sector // 4) < fat_size + directory_size + sum(sizes):
        fat_size += 1
    table = [_FAT] * fat_size + [*range(fat_size + 1, fat_size + directory_size), _END]
    starts = []
    for size in sizes:
        starts.append(len(table))
        table += [*range(len(table) + 1, len(table) + size), _END]
    entries = [_entry("Root Entry", _ROOT, start=0, size=0, child=1)]
    for place, (name, data) in enumerate(filled.items()):
        following = place + 2 if place + 1 < len(filled) else _FREE
        entries.append(_entry(name, _STREAM, start=starts[place], size=len(data), right=following))
    numbers = (0x3E, 4, 0xFFFE, 12, 6, directory_size, fat_size, fat_size, 0, _LEAST_STREAM, _END, 0, _END, 0, 0)
    header = SIGNATURE + struct.pack("<16xHHHHH6xIIIIIIIIII", *numbers)
    places = [*range(fat_size), *[_FREE] * (109 - fat_size)]
    parts = [
        (header[:76] + struct.pack("<109I", *places)).ljust(sector, b"\x00"),
        struct.pack(f"<{len(table)}I", *table).ljust(fat_size * sector, b"\xff"),
        b"".join(entries).ljust(directory_size * sector, b"\x00"),
        *(data.ljust(size * sector, b"\x00") for data, size in zip(filled.values(), sizes, strict=True)),
    ]
    return b"".join(parts)


def _entry(name: str, kind: int, *, start: int, size: int, child: int = _FREE, right: int = _FREE) -> bytes:
    written = name.encode("utf-16-le") + b"\x00\x00"
    return written.ljust(64, b"\x00") + struct.pack(
        "<HBBIII36xIQ", len(written), kind, 1, _FREE, right, child, start, size
    )
