"""Vietnamese text: one normal form, a search key without marks, and the order of a class list."""

import re
import unicodedata
from collections.abc import Callable

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng
_TONE_ORDER = {mark: str(rank) for rank, mark in enumerate(TONES, start=1)}
_LETTER_ORDER = {letter: chr(ord("A") + rank) for rank, letter in enumerate(LETTERS)}
_SEPARATOR = "\u0001"
_LOOSE_MARK = re.compile("[\u0300-\u036f]")  # one that no letter has taken in


def nfc(text: str) -> str:
    """Bring ``text`` to the one stored form: NFC, single spaces, no outer space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def sought(text: str, most: int = 80) -> str:
    """Bring words that somebody looks for to the stored form, cut to ``most``; NUL is in no stored text."""
    return nfc(text.replace("\0", ""))[:most]


class _ByChar(dict[int, str]):
    """A table for ``str.translate`` that works out each character once."""

    def __init__(self, find: Callable[[str], str]) -> None:
        super().__init__()
        self.find = find

    def __missing__(self, code: int) -> str:
        found = self[code] = self.find(chr(code))
        return found


def _bare(char: str) -> str:
    apart = unicodedata.normalize("NFD", char.lower().replace("đ", "d"))
    return "".join(each for each in apart if not unicodedata.combining(each))


_BARE = _ByChar(_bare)


def search_key(text: str) -> str:
    """Drop case and all marks, đ becoming d, so that «Đỗ Khánh» is found by ``do khanh``."""
    return nfc(text.translate(_BARE))


def vi_key(text: str) -> str:
    """Give the key by which Vietnamese words sort: letters of the alphabet first, tones after.

    Compare the keys byte by byte (collation C): the order is that of a Vietnamese dictionary on every server.
    """
    whole = unicodedata.normalize("NFC", text.lower())
    if _LOOSE_MARK.search(whole):
        return _letters(whole) + _SEPARATOR + _tones(whole)
    return whole.translate(_LETTERS_BY_CHAR) + _SEPARATOR + whole.translate(_TONES_BY_CHAR)


def _letters(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    toneless = unicodedata.normalize("NFC", "".join(char for char in apart if char not in _TONE_ORDER))
    return "".join(_LETTER_ORDER.get(char, char) for char in toneless)


def _tones(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    return "".join(_tone_digit(char) for char in apart if char in _TONE_ORDER or char == " " or "a" <= char <= "z")


_LETTERS_BY_CHAR, _TONES_BY_CHAR = _ByChar(_letters), _ByChar(_tones)


def _tone_digit(char: str) -> str:
    return _TONE_ORDER.get(char, " " if char == " " else "0")


def name_sort_key(full_name: str) -> str:
    """Give the class-list key of a person's name: given name first, then the rest.

    The given name (tên) is the last word, as on every Vietnamese class list.
    """
    rest, _, given = nfc(full_name).rpartition(" ")
    return vi_key(given) + "\u0002" + vi_key(rest)


def initials(full_name: str) -> str:
    """Give the two letters of an avatar: of the last two words."""
    return "".join(word[0] for word in nfc(full_name).split()[-2:]).upper()


_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """Keep a spreadsheet from running what a person typed: text that looks like a formula gets an apostrophe more."""
    return "'" + text if text.lstrip("'").startswith(_FORMULA_STARTS) else text


def as_typed(text: str) -> str:
    """Give what a person typed back from ``neutral``: one apostrophe less before what looks like a formula."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA_STARTS) else text
