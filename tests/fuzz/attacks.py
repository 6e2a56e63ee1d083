"""How it is thrown: one field at a time with the others likely, all at once, whole queries and bodies, addresses.

An attack is made only when it is chosen: some are large.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any
from urllib.parse import urlencode

from tests.fuzz.corpus import BODIES, FILES, HEADERS, PIECES, QUERIES, TEXTS, VALUES
from tests.fuzz.fields import Field, Known

COMMON = {"q", "after", "before", "size", "page", "sort", "as", "as_of", "of", "next", "month", "day", "unit", "part"}
JSON = "application/json"


@dataclass(frozen=True)
class Attack:
    """One request."""

    method: str
    where: str
    body: Any = None
    how: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Say what was thrown, shortly."""
        return f"{self.method} {self.where[:200]} {str(self.body)[:300]} {str(self.how)[:200]}"


Made = Callable[[], Attack]


@dataclass(frozen=True)
class Most:
    """How many attacks on one address by one account: of the whole request, and about one field."""

    whole: int
    fields: int


def attacks(method: str, where: str, known: Known, most: Most, chance: Random) -> Iterator[Attack]:
    """Give attacks on one address by one method, other ones for another ``chance``."""
    wholes, singles = (_queries if method == "GET" else _posts)(where, known)
    yield from _some(wholes, most.whole, chance)
    yield from _some(singles, most.fields, chance)


def addresses(where: str, pieces: list[str], most: int, chance: Random) -> Iterator[Attack]:
    """Give addresses with one of their free pieces exchanged for another."""
    exchanged = [where.replace(f"/{piece}", f"/{other}", 1) for piece in pieces for other in PIECES]
    yield from _some([partial(Attack, "GET", each) for each in exchanged], most, chance)


def calls(method: str, where: str, body: str, most: int, chance: Random) -> Iterator[Attack]:
    """Give attacks on a call of another system, by JSON; ``body`` is one that fits."""
    facts = json.loads(body or "{}")
    made: list[Made] = [partial(Attack, method, _asking(where, query), body.encode()) for query in QUERIES]
    made += [partial(Attack, method, where, sent, {"content_type": media}) for sent, media in BODIES]
    made += [partial(Attack, method, where, sent, {"content_type": JSON}) for sent, _media in BODIES]
    for value in VALUES:
        made += [partial(_call, method, where, facts, {name: value}) for name in [*facts, "nonsense"]]
    yield from _some(made, most, chance)


def _some(made: list[Made], most: int, chance: Random) -> Iterator[Attack]:
    return (make() for make in chance.sample(made, min(most, len(made))))


def _asking(where: str, query: str) -> str:
    return where + ("&" if "?" in where else "?") + query


def _call(method: str, where: str, facts: dict[str, Any], change: dict[str, Any]) -> Attack:
    return Attack(method, where, json.dumps(facts | change).encode(), {"content_type": JSON})


def _ask(where: str, said: dict[str, str]) -> Attack:
    return Attack("GET", _asking(where, urlencode(said)))


def _queries(where: str, known: Known) -> tuple[list[Made], list[Made]]:
    names = sorted(known.names | set(known.fields) | COMMON)
    wholes: list[Made] = [partial(Attack, "GET", _asking(where, query)) for query in QUERIES]
    wholes += [partial(Attack, "GET", where, None, {"headers": header}) for header in HEADERS]
    wholes += [partial(_ask, where, dict.fromkeys(names, text)) for text in TEXTS if len(text) < 400]
    return wholes, [partial(_ask, where, {name: text}) for name in names for text in TEXTS]


def _posts(where: str, known: Known) -> tuple[list[Made], list[Made]]:
    overheard = {name: Field(name, "text") for name in sorted(known.names) if name not in known.fields}
    fields = {**dict(sorted(known.fields.items())), **overheard}
    likely: dict[str, Any] = {name: each.likely() for name, each in fields.items() if each.kind != "file"}
    names = list(fields) or ["x"]
    wholes: list[Made] = [partial(Attack, "POST", where, body, {"content_type": media}) for body, media in BODIES]
    wholes += [partial(Attack, "POST", where, dict.fromkeys(names, text)) for text in TEXTS]
    wholes += [partial(_odd, where, likely, shape) for shape in ("twice", "array", "plain", "odd", "plain")]
    singles: list[Made] = []
    for name, each in fields.items():
        others = [choice for choice in each.choices if choice != likely.get(name)][:3]
        singles += [partial(_with, where, likely, name, text) for text in (*others, *TEXTS)]
        if each.kind == "file" or name == names[0]:
            singles += [partial(_with, where, likely, name, file) for file in FILES]
    return wholes, singles


def _with(where: str, likely: dict[str, Any], name: str, given: Any) -> Attack:
    return Attack("POST", where, likely | {name: given() if callable(given) else given})


def _odd(where: str, likely: dict[str, Any], shape: str) -> Attack:
    shapes: dict[str, Callable[[], dict[str, Any]]] = {
        "plain": lambda: likely,
        "twice": lambda: {name: [text, "\0", text, ""] for name, text in likely.items()},
        "array": lambda: {f"{name}[]": text for name, text in likely.items()},
        "odd": lambda: {f"{name}\0": text for name, text in likely.items()},
    }
    return Attack("POST", where, shapes[shape]())
