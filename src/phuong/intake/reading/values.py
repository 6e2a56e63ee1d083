"""Cells read as text and as digits, without a guess."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from phuong.intake.reading.shapes import Cell

LEADING_ZEROS_LOST, ROUNDED = "leading_zeros_lost", "rounded_number"
_EXACT_DIGITS = 15  # that a spreadsheet keeps of a number

_SEEN_AS = {
    **dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], None),
    **dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF], None),
    **dict.fromkeys(range(0xD800, 0xE000), None),  # halves of a pair, which no file can keep
    **dict.fromkeys(map(ord, "\t\n\r\v\f\x1c\x1d\x1e\x1f\x85"), " "),
    # Icelandic letters that old keyboards typed for «Đ»: they look the same and compare as others
    0xD0: "Đ",
    0xF0: "đ",
}
_UNTIDY = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\xd0\xf0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff\ud800-\udfff]|  |^ | $"
)
_JOINTS = dict.fromkeys(map(ord, " .-\t\r\n'\u2019\xa0\xad\u200b\u2010\u2011\u2012\u2013\u2014\u202f\ufeff"), None)
_SCIENTIFIC = re.compile(r"\s*\d([.,]\d+)?[eE]\+?\d+\s*", re.ASCII)
_WHOLE_WITH_POINT = re.compile(r"(\d{7,})\.0", re.ASCII)


def text_of(cell: Cell) -> str:
    """Give a cell as text: NFC, single spaces, nothing invisible; 12.0 is «12», a date dd/mm/yyyy, "" for nothing."""
    if type(cell) is str:
        is_tidy = (cell.isascii() or unicodedata.is_normalized("NFC", cell)) and _UNTIDY.search(cell) is None
        return cell if is_tidy else _tidy(cell)
    return _TEXTS[type(cell)](cell)


def _tidy(text: str) -> str:
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    if _UNTIDY.search(spaced) is None:
        return spaced
    return " ".join(unicodedata.normalize("NFC", spaced.translate(_SEEN_AS)).split())


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 10**_EXACT_DIGITS else f"{value:.15g}"


def _clock(value: dt.time | dt.datetime) -> str:
    return value.strftime("%H:%M:%S" if value.second else "%H:%M")


def _moment(value: dt.datetime) -> str:
    return _day(value) + (f" {_clock(value)}" if value.time() != dt.time() else "")


def _day(value: dt.date) -> str:
    return f"{value.day:02}/{value.month:02}/{value.year:04}"


_TEXTS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "",
    bool: lambda value: str(value).upper(),
    int: str,
    float: _number,
    dt.date: _day,
    dt.datetime: _moment,
    dt.time: _clock,
    dt.timedelta: str,
}


def digits_of(cell: Cell, length: int) -> tuple[str, str]:
    """Give a number of a person or a telephone as its characters, or ("", code); ("", "") for an empty cell.

    Text stays text, without spaces, dots and dashes: whether it is digits is for the caller to check. A number with
    fewer than ``length`` digits is ``leading_zeros_lost``, one that a spreadsheet has rounded is ``rounded_number``:
    what is missing is never filled in.
    """
    if type(cell) is str:
        return (cell, "") if cell.isascii() and cell.isdigit() else _digits_of_text(cell, length)
    if type(cell) is int or type(cell) is float:
        return _digits_of_number(cell, length)
    return text_of(cell), ""


def _digits_of_text(text: str, length: int) -> tuple[str, str]:
    bare = text.replace(" ", "").replace(".", "").replace("-", "")
    if bare.isascii() and bare.isdigit() and not text.endswith(".0"):
        return bare, ""
    if _SCIENTIFIC.fullmatch(text):
        return "", ROUNDED
    whole = _WHOLE_WITH_POINT.fullmatch(text.strip())
    return _digits_of_number(int(whole[1]), length) if whole else (text_of(text).translate(_JOINTS), "")


def _digits_of_number(value: float, length: int) -> tuple[str, str]:
    if not (0 <= value < 10**_EXACT_DIGITS) or value != int(value):
        return "", ROUNDED
    digits = str(int(value))
    return ("", LEADING_ZEROS_LOST) if len(digits) < length else (digits, "")
