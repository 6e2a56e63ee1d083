"""Codes of letters, and which facts of a claim agree; pure."""

import datetime as dt
import secrets
from dataclasses import dataclass

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 letters, 5 bits each; none is taken for another
LENGTH = 12  # 60 bits
GROUP = 4
MOST_TRIES = 5
CODE_DAYS = 30
RENEW_DAYS = 7  # these open an account that is in use
FILE_DAYS = 3


def new_code() -> str:
    """Draw a code of 60 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """Put a code in groups of four, as it is printed."""
    return "-".join(code[place : place + GROUP] for place in range(0, len(code), GROUP))


def typed(text: str) -> str:
    """Read a code as people type it: spaces, dashes and small letters alike; empty when it cannot be one."""
    code = "".join(char for char in text.upper() if char.isalnum())
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


@dataclass(frozen=True)
class ChildFacts:
    """What a guardian knows of a child."""

    birth_date: dt.date | None
    class_name: str


def agreeing(told: ChildFacts, kept: ChildFacts) -> frozenset[str]:
    """Say which facts agree; a class is named the same with or without spaces and capitals."""
    same = {
        "birth_date": told.birth_date is not None and told.birth_date == kept.birth_date,
        "class_name": _bare(told.class_name) == _bare(kept.class_name),
    }
    return frozenset(name for name, agrees in same.items() if agrees)


def _bare(name: str) -> str:
    return "".join(name.upper().split()).removeprefix("LỚP")
