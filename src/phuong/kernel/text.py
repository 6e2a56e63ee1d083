"""Vietnamese text: one normal form, a search key without marks, and the order of a class list."""

import unicodedata

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng
_TONE_ORDER = {mark: str(rank) for rank, mark in enumerate(TONES, start=1)}
_LETTER_ORDER = {letter: chr(ord("A") + rank) for rank, letter in enumerate(LETTERS)}
_SEPARATOR = "\u0001"


def nfc(text: str) -> str:
    """Bring ``text`` to the one stored form: NFC, single spaces, no outer space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def sought(text: str, most: int = 80) -> str:
    """Bring words that somebody looks for to the stored form, cut to ``most``; NUL is in no stored text."""
    return nfc(text.replace("\0", ""))[:most]


def search_key(text: str) -> str:
    """Drop case and all marks, đ becoming d, so that «Đỗ Khánh» is found by ``do khanh``."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return nfc("".join(char for char in bare if not unicodedata.combining(char)))


def vi_key(text: str) -> str:
    """Give the key by which Vietnamese words sort: letters of the alphabet first, tones after.

    Compare the keys byte by byte (collation C): the order is that of a Vietnamese dictionary on every server.
    """
    apart = unicodedata.normalize("NFD", text.lower())
    toneless = unicodedata.normalize("NFC", "".join(char for char in apart if char not in _TONE_ORDER))
    letters = "".join(_LETTER_ORDER.get(char, char) for char in toneless)
    tones = "".join(_tone_digit(char) for char in apart if char in _TONE_ORDER or char == " " or "a" <= char <= "z")
    return letters + _SEPARATOR + tones


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
