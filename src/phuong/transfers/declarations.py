"""How long each step may take, as data with its source; and what other apps put into a hand-over package."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from phuong.kernel.codelists import read_yaml
from phuong.kernel.workdays import due_on

_CATALOG = Path(__file__).parent / "catalog" / "deadlines.yaml"


@dataclass(frozen=True)
class Limit:
    """How long a state may last, in working days, by what source and how certain."""

    days: int
    source: str
    doubt: str


@dataclass(frozen=True)
class Limits:
    """The limit of each (kind, state), and after how many calendar days without a step a transfer is over."""

    steps: dict[tuple[str, str], Limit] = field(repr=False)
    idle_days: int = 90


@cache
def limits() -> Limits:
    """Give the limits of the catalog."""
    catalog = read_yaml(_CATALOG)
    steps = {
        (str(each["kind"]), str(each["state"])): Limit(
            int(each["days"]),
            str(each.get("source", catalog["source"])),
            str(each.get("doubt", catalog["doubt"])),
        )
        for each in catalog["steps"]
    }
    return Limits(steps, int(catalog["idle_days"]))


def due_of(kind: str, state: str, since: dt.date) -> dt.date | None:
    """Give the last day for the next step of a transfer that came into a state; ``None`` when it is over."""
    limit = limits().steps.get((kind, state))
    return due_on(since, limit.days) if limit else None


@dataclass(frozen=True)
class PackedFile:
    """One file of a hand-over package; ``name``: small letters, digits, dashes and one ending."""

    name: str
    title: str
    content: bytes


@dataclass(frozen=True)
class HandOver:
    """What an app hands over when a learner changes schools: marks, a signed transcript (học bạ), health records.

    ``files(learner)`` runs as the house while the present school lets go; names begin with the code of the app.
    """

    code: str
    title: Any
    files: Callable[[Any], Iterable[PackedFile]]
