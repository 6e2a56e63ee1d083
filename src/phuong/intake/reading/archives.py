"""The zip files inside of which xlsx and ods live, opened without trusting them."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext as _

from phuong.intake.reading.shapes import Unreadable

MOST_INFLATED = 512 * 2**20  # of a whole file; a million formatted rows without a value come to 350 MB
MOST_KEPT = 256 * 2**20  # of one part that is held in memory
MOST_ENTRIES = 10_000
SUSPICIOUS_SIZE, MOST_RATIO = 10 * 2**20, 100
_CHUNK = 2**20
_ENCRYPTED = 0x1
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class Archive:
    """A zip file in memory. What it inflates to is known and small before anything is inflated."""

    def __init__(self, content: bytes) -> None:
        """Look at the directory alone.

        :raises Unreadable: broken, encrypted, or made to fill the memory
        """
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _BROKEN as error:
            raise damaged() from error
        self._entries = {_key(entry.filename): entry for entry in self._zip.infolist()}
        self._check()

    def _check(self) -> None:
        entries = self._zip.infolist()
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise password()
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_INFLATED:
            raise bomb()
        if any(entry.file_size > SUSPICIOUS_SIZE and _ratio(entry) > MOST_RATIO for entry in entries):
            raise bomb()

    def __contains__(self, name: str) -> bool:
        """Say whether there is such a file, in any case."""
        return _key(name) in self._entries

    def names(self) -> list[str]:
        """List the files in lower case."""
        return list(self._entries)

    def size(self, name: str) -> int:
        """Tell the inflated size; 0 for a file that is not there."""
        entry = self._entries.get(_key(name))
        return entry.file_size if entry else 0

    def read(self, name: str) -> bytes:
        """Inflate one file.

        :raises Unreadable: it is not there, is broken, or too large to be held
        """
        if self.size(name) > MOST_KEPT:
            raise bomb()
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Inflate one file piece by piece; never more than its directory tells.

        :raises Unreadable: it is not there, or is broken
        """
        try:
            with self._zip.open(self._entries[_key(name)]) as file:
                while chunk := file.read(_CHUNK):
                    yield chunk
        except _BROKEN as error:
            raise damaged() from error


def _key(name: str) -> str:
    """Compare names as office programs do; some write them with backslashes."""
    return name.lower().replace("\\", "/").lstrip("/")


def _ratio(entry: zipfile.ZipInfo) -> float:
    return entry.file_size / max(1, entry.compress_size)


def damaged() -> Unreadable:
    """Refuse a file that is cut or broken."""
    return Unreadable(
        "damaged",
        _("Tệp bị hỏng hoặc chưa tải lên hết. Mở tệp bằng Excel hoặc LibreOffice, lưu lại dạng .xlsx rồi tải lên."),
    )


def password() -> Unreadable:
    """Refuse a file that only a password opens."""
    return Unreadable(
        "password",
        _("Tệp được đặt mật khẩu. Trong Excel, vào Tệp › Thông tin › Bảo vệ sổ làm việc, bỏ mật khẩu rồi lưu lại."),
    )


def bomb() -> Unreadable:
    """Refuse a file that would fill the memory."""
    return Unreadable(
        "inflates",
        _(
            "Tệp nén bung ra quá lớn nên không mở. Chép riêng vùng có dữ liệu sang một tệp mới, dán dạng giá trị, "
            "rồi tải tệp mới lên."
        ),
    )


def unsafe() -> Unreadable:
    """Refuse XML that declares entities, which no office program writes."""
    return Unreadable(
        "unsafe",
        _("Tệp chứa khai báo XML không an toàn. Mở tệp bằng Excel hoặc LibreOffice, lưu lại dạng .xlsx rồi tải lên."),
    )
