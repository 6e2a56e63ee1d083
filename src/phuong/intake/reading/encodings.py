"""Bytes of a text file become Unicode: by its marks, by strict UTF-8, and last by which words come out Vietnamese."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from phuong.intake.reading.legacy import FORMS, share_of_syllables, words_of
from phuong.intake.reading.shapes import Notice, Unreadable

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_SAMPLE = 2**18
_FEW_ZEROS, _MANY_ZEROS = 0.05, 0.2  # shares of the even or odd bytes of UTF-16
_SURE, _MARGIN = 0.7, 0.15
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CELL = re.compile(r'[^\n\r\t,;|"]+')
_DIRTY = 0.02
_FEW_BAD = 20  # good characters to a bad one: a damaged UTF-8 file, not another encoding


@dataclass(frozen=True)
class Decoded:
    """A text and what it was in: "utf-8", "utf-16", "windows-1258", "tcvn3", "vni"; ``text`` is NFC Unicode."""

    text: str
    encoding: str
    notices: tuple[Notice, ...] = ()


def decode(content: bytes) -> Decoded:
    """Read a text file.

    :raises Unreadable: binary, damaged, or an encoding that cannot be told
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _checked(_strict(content[len(mark) :], encoding), encoding.removesuffix("-le").removesuffix("-be"))
    if wide := _wide(content):
        return _checked(_strict(content, wide), "utf-16")
    try:
        return _checked(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        _refuse_damaged_utf8(content, error)
        return _by_words(content)


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _bad_characters(content[: error.start].decode(encoding, "replace").count("\n") + 1) from error


def _bad_characters(line: int) -> Unreadable:
    text = _("Có ký tự hỏng ở dòng %(line)d. Xuất lại tệp từ phần mềm gốc, chọn mã UTF-8.")
    return Unreadable("bad_characters", text % {"line": line}, line=line)


def _wide(content: bytes) -> str:
    """Say whether bytes without a mark are UTF-16: half of the bytes of its ASCII are zero."""
    sample = content[:_SAMPLE]
    if len(content) % 2 or b"\x00" not in sample:
        return ""
    half = len(sample) // 2
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd > _MANY_ZEROS and even < _FEW_ZEROS:
        return "utf-16-le"
    return "utf-16-be" if even > _MANY_ZEROS and odd < _FEW_ZEROS else ""


def _refuse_damaged_utf8(content: bytes, error: UnicodeDecodeError) -> None:
    loose = content.decode("utf-8", "replace")
    bad = loose.count("\ufffd")
    good = sum(1 for char in loose if char > "\x7f") - bad
    if good >= _FEW_BAD * bad:
        raise _bad_characters(content.count(b"\n", 0, error.start) + 1) from error


def _as_tcvn3(content: bytes) -> str:
    """Convert cell by cell: whether a cell is written in capitals is its own affair."""
    return _CELL.sub(lambda match: FORMS["tcvn3"](match[0]), content.decode("latin-1"))


def _as_vni(content: bytes) -> str:
    return FORMS["vni"](content.decode("latin-1"))


def _as_windows_1258(content: bytes) -> str:
    return unicodedata.normalize("NFC", content.decode("cp1258", "replace"))


_BYTE_FORMS: dict[str, tuple[str, Callable[[bytes], str]]] = {
    "tcvn3": ("TCVN3 (ABC)", _as_tcvn3),
    "vni": ("VNI", _as_vni),
    "windows-1258": ("Windows-1258", _as_windows_1258),
}


def _by_words(content: bytes) -> Decoded:
    """Choose among the encodings of one byte by the share of words that come out as Vietnamese syllables.

    :raises Unreadable: none is clearly the best
    """
    sample = content[:_SAMPLE]
    shares = sorted(
        (share_of_syllables(words_of(read(sample).splitlines())), form) for form, (_name, read) in _BYTE_FORMS.items()
    )
    (best, form), (second, _form) = shares[-1], shares[-2]
    if best < _SURE or best - second < _MARGIN:
        raise Unreadable(
            "unknown_encoding",
            _("Không xác định được bảng mã của tệp. Mở tệp bằng Excel, lưu dạng .xlsx hoặc «CSV UTF-8» rồi tải lên."),
        )
    name, read = _BYTE_FORMS[form]
    text = _("Tệp không phải UTF-8; đã đọc theo bảng mã %(encoding)s. Xem lại vài dòng trước khi nhập.")
    notice = Notice("converted_from_" + form.replace("-", "_"), text % {"encoding": name})
    decoded = _checked(read(content), form)
    return Decoded(decoded.text, form, (notice, *decoded.notices))


def _checked(text: str, encoding: str) -> Decoded:
    """Drop stray control characters, and tell; give NFC.

    :raises Unreadable: so many that it is no text
    """
    found = len(_CONTROLS.findall(text)) if _CONTROLS.search(text) else 0
    if not found:
        return Decoded(unicodedata.normalize("NFC", text), encoding)
    if found > _DIRTY * len(text) and found > 1:
        raise Unreadable(
            "not_a_table", _("Đây không phải tệp văn bản hay bảng tính. Tải lên tệp .xlsx, .xls, .ods hoặc .csv.")
        )
    text = unicodedata.normalize("NFC", _CONTROLS.sub("", text))
    words = _("Đã bỏ %(count)d ký tự điều khiển (như NUL) lẫn trong tệp.") % {"count": found}
    return Decoded(text, encoding, (Notice("control_characters", words),))
