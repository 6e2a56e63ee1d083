"""Rules of the registry: what the structure of a personal number says."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_CENTURIES = {
    "0": (1900, "male"),
    "1": (1900, "female"),
    "2": (2000, "male"),
    "3": (2000, "female"),
    "4": (2100, "male"),
    "5": (2100, "female"),
    "6": (2200, "male"),
    "7": (2200, "female"),
    "8": (2300, "male"),
    "9": (2300, "female"),
}
HIGHEST_PROVINCE = 96


@dataclass(frozen=True)
class NumberReading:
    """What a well-formed number says of its holder."""

    province: str
    sex: str  # male, female
    birth_year: int


def read_number(number: str) -> NumberReading | None:
    """Read a personal number (số định danh cá nhân): ``PPP C YY NNNNNN``; ``None`` when malformed.

    PPP is the province of birth registration before the mergers of 2025 (001 to 096), C century and sex, YY the year
    of birth, then six random digits; there is no check digit.
    Source: Luật Căn cước 26/2023/QH15; Nghị định 70/2024/NĐ-CP
    """
    if not re.fullmatch(r"\d{12}", number) or not 1 <= int(number[:3]) <= HIGHEST_PROVINCE:
        return None
    century, sex = _CENTURIES[number[3]]
    return NumberReading(number[:3], sex, century + int(number[4:6]))


def check_number(number: str, *, sex: str, birth_date: dt.date | None) -> str:
    """Compare a number with the record: ``missing``, ``malformed``, ``disagrees`` or ``agrees``.

    A disagreement is a warning, never a refusal: sex or birth date may have been corrected since.
    ``sex``: male, female.
    """
    if not number:
        return "missing"
    reading = read_number(number)
    if reading is None:
        return "malformed"
    agrees = reading.sex == sex and (birth_date is None or reading.birth_year == birth_date.year)
    return "agrees" if agrees else "disagrees"


NUMBER_LENGTH = 12
OLDEST_YEARS = 110


def name_problem(name: str) -> str:
    """Say why a text cannot be somebody's full name: ``one_word``, ``digits``; empty when it can."""
    if " " not in name.strip():
        return "one_word"
    return "digits" if any(char.isdigit() for char in name) else ""


def birth_problem(day: dt.date, today: dt.date) -> str:
    """Say why nobody alive can be born on a day: ``future``, ``too_old`` (over 110 years); empty when somebody can."""
    if day > today:
        return "future"
    return "too_old" if day.year < today.year - OLDEST_YEARS else ""


def number_problem(number: str) -> str:
    """Say why a text cannot be a personal number at all: ``length``; empty when it can (12 digits)."""
    return "" if number.isascii() and number.isdigit() and len(number) == NUMBER_LENGTH else "length"


LEVEL_ORDER = ("preschool", "primary", "lower_secondary", "upper_secondary", "continuing")


def names_side_by_side(present: Iterable[str], coming: Iterable[str], mark: str) -> Mapping[str, str]:
    """Give each coming name a form that no present one and no other coming one has: ``6A1`` becomes ``6A1 (mark)``.

    Names that clash with nobody stay as they are.
    """
    taken, given = set(present), {}
    for name in coming:
        free, number = name, 1
        while free in taken:
            free = f"{name} ({mark})" if number == 1 else f"{name} ({mark} {number})"
            number += 1
        taken.add(free)
        given[name] = free
    return given


def highest_level(levels: Iterable[str]) -> str:
    """Give the level by which a school that teaches ``levels`` is counted: the highest.

    :raises ValueError: no known level among them
    """
    return max((level for level in levels if level in LEVEL_ORDER), key=LEVEL_ORDER.index)


def is_one_slip(one: str, two: str) -> bool:
    """Say whether two words are equal, or differ by one letter: another, one more, or two exchanged."""
    if one == two:
        return True
    if abs(len(one) - len(two)) > 1:
        return False
    at = next((place for place, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    left, right = one[at:], two[at:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (left[1::-1] == right[:2] and left[2:] == right[2:])
    )


def is_near_name(one: str, two: str) -> bool:
    """Say whether two names, as search keys without marks, may be one person's.

    The same words in any order; a middle name more or less; one letter wrong in the given name or in the rest.
    """
    left, right = one.split(), two.split()
    if sorted(left) == sorted(right):
        return True
    if not left or not right:
        return False
    if left[-1] == right[-1]:
        short, long = sorted((set(left[1:-1]), set(right[1:-1])), key=len)
        if left[0] == right[0] and short <= long:
            return True
        return is_one_slip(" ".join(left[:-1]), " ".join(right[:-1]))
    return left[:-1] == right[:-1] and is_one_slip(left[-1], right[-1])


def day_month_swapped(day: dt.date) -> dt.date:
    """Give the date with day and month exchanged; the same date where that is none."""
    return day.replace(day=day.month, month=day.day) if day.day <= 12 else day


def is_near_date(one: dt.date, two: dt.date) -> bool:
    """Say whether two dates are equal, exchanged in day and month, or one digit apart."""
    return two in (one, day_month_swapped(one)) or is_one_slip(f"{one:%d%m%Y}", f"{two:%d%m%Y}")
