"""What goes wrong between a person and the record: one function for each slip of the pen, over plain text.

Every function takes the value and a random source, and gives what was written instead. Rates: ``Rates``.
"""

import datetime as dt
import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from phuong.kernel.text import search_key

_TONES = "\u0300\u0309\u0303\u0301\u0323"
_OLD_PLACES = {"òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ", "ùy": "uỳ", "úy": "uý", "ủy": "uỷ"}
_NEAR_KEYS = {"a": "s", "e": "r", "i": "o", "n": "m", "m": "n", "h": "g", "g": "h", "t": "y", "o": "i", "u": "i"}
_MIDDLES = ("Thị", "Văn", "Ngọc", "Minh", "Thu")


@dataclass(frozen=True)
class Rates:
    """Shares (0 to 1) of records with a slip. One record may carry several.

    They are estimates, rather high: of the registers that were compared, learners lack 2 to 18 % of numbers.
    """

    no_number: float = 0.06
    wrong_digit: float = 0.01
    number_of_kin: float = 0.002  # the number of a twin, a sibling, written here by mistake
    no_marks: float = 0.06
    old_tones: float = 0.08
    wrong_mark: float = 0.02
    wrong_letter: float = 0.015
    middle_changed: float = 0.02
    order: float = 0.008
    renamed: float = 0.003
    day_month: float = 0.012
    date_digit: float = 0.008
    first_january: float = 0.004
    no_date: float = 0.001
    wrong_sex: float = 0.004
    other_phone: float = 0.22
    no_phone: float = 0.10
    no_birthplace: float = 0.05
    other_birthplace: float = 0.04  # the hospital's province, or what the province is called since 2025


def no_marks(name: str, chance: random.Random) -> str:
    """Drop all marks, as a machine without Vietnamese letters does."""
    del chance
    return search_key(name).title()


def old_tones(name: str, chance: random.Random) -> str:
    """Put the tone where the old rule puts it (hoà for hòa)."""
    del chance
    for new, old in _OLD_PLACES.items():
        name = name.replace(new, old)
    return name


def wrong_mark(name: str, chance: random.Random) -> str:
    """Write another tone in one word, or none."""
    words = name.split()
    place = chance.randrange(len(words))
    apart = unicodedata.normalize("NFD", words[place])
    if not any(char in _TONES for char in apart):
        return name
    other = chance.choice([*_TONES, ""])
    words[place] = unicodedata.normalize("NFC", "".join(other if char in _TONES else char for char in apart))
    return " ".join(words)


def wrong_letter(name: str, chance: random.Random) -> str:
    """Miss a key in one word: a letter beside it, one too few, or two exchanged."""
    words = name.split()
    place = chance.randrange(len(words))
    word = words[place]
    at = chance.randrange(len(word))
    way = chance.randrange(3)
    if way == 0 and word[at].lower() in _NEAR_KEYS:
        word = word[:at] + _NEAR_KEYS[word[at].lower()] + word[at + 1 :]
    elif way == 1 and len(word) > 2:
        word = word[:at] + word[at + 1 :]
    elif at + 1 < len(word):
        word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    words[place] = word.capitalize()
    return " ".join(words)


def middle_changed(name: str, chance: random.Random) -> str:
    """Leave a middle name out, or put one in."""
    words = name.split()
    if len(words) > 3 or (len(words) == 3 and chance.random() < 0.6):
        return " ".join([words[0], *words[2:]])
    return " ".join([words[0], chance.choice(_MIDDLES), *words[1:]])


def order(name: str, chance: random.Random) -> str:
    """Write the given name first, as foreign forms ask."""
    words = name.split()
    return " ".join([words[-1], *words[:-1]] if chance.random() < 0.7 else [words[-1], *words[1:-1], words[0]])


def day_month(day: dt.date, chance: random.Random) -> dt.date:
    """Exchange day and month where that is a date."""
    del chance
    return day.replace(day=day.month, month=day.day) if day.day <= 12 else day


def date_digit(day: dt.date, chance: random.Random) -> dt.date:
    """Miss one digit of the day, the month or the year."""
    for _try in range(9):
        text = list(day.strftime("%d%m%Y"))
        at = chance.choice((0, 1, 2, 3, 7))
        text[at] = str((int(text[at]) + chance.choice((1, 9, 2))) % 10)
        try:
            return dt.datetime.strptime("".join(text), "%d%m%Y").date()  # noqa: DTZ007 - a day, no moment
        except ValueError:
            continue
    return day


def first_january(day: dt.date, chance: random.Random) -> dt.date:
    """Know the year only."""
    del chance
    return day.replace(day=1, month=1)


def wrong_digit(number: str, chance: random.Random) -> str:
    """Miss one of the last nine digits."""
    at = chance.randrange(3, 12)
    return number[:at] + str((int(number[at]) + 1 + chance.randrange(8)) % 10) + number[at + 1 :]


NAMES: dict[str, Callable[[str, random.Random], str]] = {
    "no_marks": no_marks,
    "old_tones": old_tones,
    "wrong_mark": wrong_mark,
    "wrong_letter": wrong_letter,
    "middle_changed": middle_changed,
    "order": order,
}
DATES: dict[str, Callable[[dt.date, random.Random], dt.date]] = {
    "day_month": day_month,
    "date_digit": date_digit,
    "first_january": first_january,
}
