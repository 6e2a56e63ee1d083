"""The population database: citizens somebody loaded, and everybody else as the asker says, unless a switch is on.

It compares letter by letter, as such databases do: «Hòa» and «Hoà» are two names to it.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from fnmatch import translate
from threading import Lock
from typing import Any

FIELDS = ("number", "full_name", "birth_date", "sex")
MOST_LOADED = 2_000_000


@dataclass(frozen=True)
class Citizen:
    """Somebody in the database."""

    number: str
    full_name: str
    birth_date: str  # as 2012-05-31
    sex: str  # male, female


class Population:
    """Loaded citizens, by number; two of one number are a fault of the database, and it says so."""

    def __init__(self) -> None:
        """Start with nobody loaded."""
        self._loaded: dict[str, list[Citizen]] = {}
        self._alike: dict[tuple[str, str, str], list[Citizen]] = {}
        self._lock = Lock()

    def load(self, rows: Any) -> int:
        """Take citizens in; gives how many.

        :raises ValueError: a row is no citizen; nothing is taken
        """
        if not isinstance(rows, list):
            raise ValueError("a JSON list of citizens is needed")
        citizens = [citizen_from(row) for row in rows]
        with self._lock:
            if len(self._loaded) + len(citizens) > MOST_LOADED:
                raise ValueError(f"at most {MOST_LOADED} citizens")
            for each in citizens:
                self._loaded.setdefault(each.number, []).append(each)
                self._alike.setdefault((each.full_name, each.birth_date, each.sex), []).append(each)
        return len(citizens)

    def clear(self) -> None:
        """Forget everybody."""
        with self._lock:
            self._loaded.clear()
            self._alike.clear()

    def count(self) -> int:
        """Count the loaded numbers."""
        return len(self._loaded)

    def verdict(self, asked: Citizen, patterns: "Patterns") -> dict[str, Any]:
        """Say what the database holds against what somebody asked: ``result``, and ``fields`` that differ."""
        found = self._loaded.get(asked.number, [])
        if patterns.meet("duplicate", asked.number) or len(found) > 1:
            return {"result": "duplicate"}
        if patterns.meet("not_found", asked.number):
            return {"result": "not_found"}
        # somebody loaded, by number or else by everything but the number
        known = found or self._alike.get((asked.full_name, asked.birth_date, asked.sex), [])
        if len(known) == 1:
            return _compared(asked, known[0])
        if patterns.meet("only_loaded", asked.number):
            return {"result": "not_found"}
        return _compared(asked, _derived(asked, patterns))


class Patterns:
    """The switches that speak of persons, compiled once for a whole request."""

    def __init__(self, values: Mapping[str, str]) -> None:
        """Take the patterns that are on."""
        self._compiled = {code: re.compile(translate(value)) for code, value in values.items() if value}

    def meet(self, code: str, number: str) -> bool:
        """Say whether the switch ``code`` is on for a number."""
        pattern = self._compiled.get(code)
        return pattern is not None and pattern.match(number) is not None


def citizen_from(row: Any) -> Citizen:
    """Read a citizen.

    :raises ValueError: a field is missing or no text
    """
    if not isinstance(row, dict) or any(not isinstance(row.get(name), str) or not row[name] for name in FIELDS):
        raise ValueError(f"a citizen has {', '.join(FIELDS)}")
    return Citizen(*(unicodedata.normalize("NFC", row[name].strip()) for name in FIELDS))


def _compared(asked: Citizen, found: Citizen) -> dict[str, Any]:
    theirs, ours = asdict(found), asdict(asked)
    fields = {name: theirs[name] for name in FIELDS if theirs[name] != ours[name]}
    return {"result": "mismatch", "fields": fields} if fields else {"result": "match"}


def _derived(asked: Citizen, patterns: Patterns) -> Citizen:
    """Give the citizen of a number nobody loaded: whom the asker names, but for what a switch makes differ."""
    others = {
        "full_name": f"{asked.full_name.split(' ', maxsplit=1)[0]} Văn Khác",
        "birth_date": f"{asked.birth_date[:8]}{'02' if asked.birth_date[8:] == '01' else '01'}",
        "sex": "female" if asked.sex == "male" else "male",
        "number": f"{asked.number[:-1]}{(int(asked.number[-1]) + 1) % 10}",
    }
    return replace(asked, **{name: other for name, other in others.items() if patterns.meet(name, asked.number)})
