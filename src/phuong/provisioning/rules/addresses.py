"""How the address of a work mailbox is made from a Vietnamese name, and when one may be used again."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence

from phuong.kernel.text import search_key

MOST_STEM = 56  # with a number, below the 64 octets of RFC 5321, 4.5.3.1.1
NAMELESS = "can-bo"
_WORD = re.compile(r"[a-z]+")
_LOCAL = re.compile(r"[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?")
_NUMBERED = re.compile(r"(.*?)([2-9]|[1-9][0-9]{1,8})?")


def stem_of(full_name: str) -> str:
    """Give the letters of a name without marks, words joined by hyphens: ``Nguyễn Thị Lan``, ``nguyen-thi-lan``.

    A name too long loses words from its middle: surname and given name stay.
    """
    words = _WORD.findall(search_key(full_name))
    while len(words) > 2 and len("-".join(words)) > MOST_STEM:
        del words[len(words) // 2]
    return "-".join(words)[:MOST_STEM].strip("-") or NAMELESS


def local_part(stem: str, number: int) -> str:
    """Give the part before the @: the first of a name has no number, the second is 2."""
    return stem if number == 1 else f"{stem}{number}"


def split_local(local: str) -> tuple[str, int]:
    """Give stem and number of a local part, so that ``local_part`` makes it again."""
    match = _NUMBERED.fullmatch(local)
    stem, number = (match.group(1), match.group(2)) if match else (local, None)
    return (stem, int(number)) if stem and number else (local, 1)


def free_numbers(stems: Sequence[str], taken: Mapping[str, Iterable[int]]) -> list[int]:
    """Number the stems, in their order, with the lowest numbers that are neither taken nor given to one before."""
    used = {stem: set(numbers) for stem, numbers in taken.items()}
    lowest: dict[str, int] = {}
    numbers = []
    for stem in stems:
        of_stem, number = used.setdefault(stem, set()), lowest.get(stem, 1)
        while number in of_stem:
            number += 1
        of_stem.add(number)
        lowest[stem] = number + 1
        numbers.append(number)
    return numbers


def recorded_local(work_email: str, domain: str) -> str:
    """Give the local part of an address in somebody's record when it is one of the domain; else empty."""
    local, _at, host = work_email.strip().lower().rpartition("@")
    return local if host == domain and _LOCAL.fullmatch(local) and ".." not in local else ""


def is_domain(name: str) -> bool:
    """Say whether ``name`` is a host name that mail may be sent to."""
    label = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    return len(name) <= 180 and re.fullmatch(rf"({label}\.)+[a-z]{{2,}}", name) is not None


def reusable_before(today: dt.date, keep_years: int) -> dt.date:
    """Give the day before which an address must have been given up to be given to somebody else."""
    try:
        return today.replace(year=today.year - keep_years)
    except ValueError:  # 29 February
        return today.replace(year=today.year - keep_years, day=28)
