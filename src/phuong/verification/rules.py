"""When two records are one person's, when something is asked again, how much may still be asked."""

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from phuong.kernel.text import TONES, nfc

FIELDS = ("full_name", "birth_date", "sex", "number")
SECONDS_FIRST, SECONDS_MOST = 1, 300
_ALIKE = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'", "\u00d0": "Đ", "\u00f0": "đ"})


class Outcome(StrEnum):
    """What is known of a check."""

    SENDING = "sending"
    MATCHED = "matched"
    MISMATCHED = "mismatched"
    NOT_FOUND = "not_found"
    DUPLICATE = "duplicate"


OPEN = (Outcome.MISMATCHED, Outcome.NOT_FOUND, Outcome.DUPLICATE)
_RESULTS = {
    "match": Outcome.MATCHED,
    "mismatch": Outcome.MISMATCHED,
    "not_found": Outcome.NOT_FOUND,
    "duplicate": Outcome.DUPLICATE,
    "pending": Outcome.SENDING,
}


@dataclass(frozen=True)
class Verdict:
    """What an answer means: the outcome, and the other side's values where they differ (by field)."""

    outcome: Outcome
    theirs: Mapping[str, str] = field(default_factory=dict)


def judge(sent: Mapping[str, str], answer: Mapping[str, Any]) -> Verdict:
    """Say what the answer about one person means.

    The database compares letter by letter. A name written in another style (NFC or not, hoà or hòa, capitals, spaces)
    is the same name: when nothing else differs, the record matches.

    :raises ValueError: the answer is not one that was agreed
    """
    result, fields = answer.get("result"), answer.get("fields") or {}
    if result not in _RESULTS:
        raise ValueError(f"result {result!r}")
    outcome = _RESULTS[result]
    if outcome != Outcome.MISMATCHED:
        return Verdict(outcome)
    if not isinstance(fields, Mapping) or not fields or not set(fields) <= set(FIELDS):
        raise ValueError("fields of a mismatch")
    theirs = {name: clean(name, str(value)) for name, value in fields.items()}
    differing = {name: value for name, value in theirs.items() if not is_same(name, sent[name], value)}
    return Verdict(outcome, differing) if differing else Verdict(Outcome.MATCHED)


def clean(name: str, value: str) -> str:
    """Bring a value of the other side to the form in which records keep it.

    :raises ValueError: no such birth date, sex or number
    """
    value = nfc(value)
    if name == "birth_date":
        return dt.date.fromisoformat(value).isoformat()
    if name == "sex" and value not in ("male", "female"):
        raise ValueError(f"sex {value!r}")
    if name == "number" and not (value.isdigit() and len(value) == 12):
        raise ValueError("number")
    return value


def is_same(name: str, ours: str, theirs: str) -> bool:
    """Say whether two values of a field are one."""
    return name_key(ours) == name_key(theirs) if name == "full_name" else ours == theirs


def name_key(name: str) -> tuple[tuple[str, str], ...]:
    """Give what two spellings of one name share: for each syllable its letters, and its tone wherever it was written.

    A Vietnamese syllable has one tone at most, so where the mark stands (hoà, hòa) says nothing.
    """
    return tuple(_syllable(word) for word in nfc(name).translate(_ALIKE).casefold().split())


def _syllable(word: str) -> tuple[str, str]:
    apart = unicodedata.normalize("NFD", word)
    letters = "".join(char for char in apart if char not in TONES)
    return unicodedata.normalize("NFC", letters), "".join(sorted(char for char in apart if char in TONES))


def poll_after(polls: int) -> dt.timedelta:
    """Give how long to wait for results that were not ready ``polls`` times: 1, 2, 4 seconds, up to 5 minutes."""
    return dt.timedelta(seconds=min(SECONDS_FIRST * 2 ** min(max(polls - 1, 0), 10), SECONDS_MOST))


@dataclass(frozen=True)
class Quota:
    """What the gateway allows, and how much of it is used."""

    per_minute: int
    per_day: int
    last_minute: int = 0  # requests
    today: int = 0  # persons

    @property
    def left_today(self) -> int:
        """Give how many persons may still be asked about today."""
        return max(0, self.per_day - self.today)

    def room(self, most: int) -> int:
        """Give of how many persons a request may be now; 0: none may go."""
        return 0 if self.last_minute >= self.per_minute else min(most, self.left_today)
