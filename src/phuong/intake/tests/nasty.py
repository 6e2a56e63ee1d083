"""Files as schools and old systems really send them, and worse; beside each stands what must come of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from phuong.intake.reading import Cell

FILES = Path(__file__).parent / "nasty_files"
KNOWN = {"stt", "họ và tên", "ngày sinh", "lớp", "mã định danh", "điểm", "ghi chú", "họ và tên cha", "họ và tên mẹ"}


@dataclass(frozen=True)
class Case:
    """A file and its end: refused with ``refused``, or read with these headings, rows and codes of notices."""

    title: str
    name: str
    make: Callable[[], bytes]
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    notices: frozenset[str] = frozenset()
    refused: str = ""
    encoding: str = ""
    is_heavy: bool = False  # takes a second to make


def known(heading: str) -> bool:
    return heading.casefold() in KNOWN


def file(name: str) -> Callable[[], bytes]:
    return (FILES / name).read_bytes
