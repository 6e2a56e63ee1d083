"""How quick people are asked about, end to end, beside a bare update of their records with its history.

The gateway is that of the sandbox, started for the time of the measuring, without delay and without quotas.
"""

import json
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from uuid import UUID

from django.conf import settings
from django.db import connection

from phuong.config.benches.figures import figure, learners_wanted, sizes
from phuong.config.benches.outside import papers_in, sandbox
from phuong.kernel.contributions import Bench
from phuong.kernel.jobs import Progress
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.api import Person
from phuong.verification.actions.claiming import NOBODY, ask_about
from phuong.verification.jobs import collect, run_checks

SET = 1000
SINGLES = 20
_PAGE_KB = os.sysconf("SC_PAGE_SIZE") / 1024
_FORGET = "delete from verification_check; delete from verification_dispatch"
_SET_BACK = """
with chosen as (
  select id from registry_person
  where (is_learner or is_staff) and number_check in ('agrees', 'disagrees') and birth_date is not null and sex <> ''
    and id > %s
  order by id limit %s
)
update registry_person p set identity_state = 'unverified', identity_checked_on = null
from chosen where p.id = chosen.id
returning p.id
"""


def verification() -> Iterator[dict[str, Any]]:
    """Set the records back, which is the floor, and have everybody asked about."""
    with _gateway() as page:
        started = time.perf_counter()
        people = _set_back(learners_wanted())
        floor = people / (time.perf_counter() - started)
        progress = _Watched(people)
        started = time.perf_counter()
        told = run_checks(progress, most=people)
        rate = told["asked"] / (time.perf_counter() - started)
        received = _received(page)
        if received["twice"] or told["waiting"] or told["because"]:
            raise RuntimeError(f"{told} {received}")
        singles = [_single(key) for key in _some(SINGLES)]
        _forget()
    yield figure("people asked about and answered, end to end; floor: set back with history", rate, "/s", floor)
    yield figure("time for 1,000,000 people at that rate", 1_000_000 / rate / 60, "min", None)
    yield figure("facts sent more than once", received["twice"], "facts", None)
    yield figure("Python memory at a tenth", progress.early, "MB", None)
    yield figure("Python memory at the end; floor: at a tenth", progress.late, "MB", progress.early)
    yield figure("one person asked about at once: median", statistics.median(singles) * 1000, "ms", None)


class _Watched(Progress):
    """Notes the memory of this process at a tenth and at the end."""

    def __init__(self, people: int) -> None:
        super().__init__()
        self.people, self.early, self.late = people, 0.0, 0.0

    def step(self, done: int, total: int, message: str = "") -> None:
        """Look."""
        del total, message
        self.late = int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_KB / 1024
        if done <= self.people / 10:
            self.early = self.late


@contextmanager
def _gateway() -> Iterator[str]:
    """Start the sandbox and point the settings at its gateway; gives the address of its pages."""
    before = settings.PHUONG_LGSP
    try:
        with sandbox() as services:
            told = services["lgsp"]
            free = {"batch": SET, "per_minute": 1_000_000, "per_day": 10_000_000, "timeout": 60}
            settings.PHUONG_LGSP = {"url": told["gateway"], **papers_in(told["folder"]), **free}
            yield str(told["page"])
    finally:
        settings.PHUONG_LGSP = before


def _set_back(most: int) -> int:
    """Let up to ``most`` people not have been asked about, a set a transaction; gives how many."""
    _forget()
    done, after = 0, NOBODY
    while done < most:
        with acting(SYSTEM), connection.cursor() as cursor:
            cursor.execute(_SET_BACK, [after, min(SET, most - done)])
            keys: list[UUID] = [key for (key,) in cursor.fetchall()]
        if not keys:
            break
        done, after = done + len(keys), max(keys)
    return done


def _forget() -> None:
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_FORGET)


def _some(count: int) -> list[UUID]:
    with acting(SYSTEM):
        rows = Person.objects.filter(is_learner=True, number_check="agrees").order_by("-pk")
        keys = list(rows.values_list("pk", flat=True)[:count])
        with connection.cursor() as cursor:
            cursor.execute("delete from verification_check where person_id = any(%s::uuid[])", [keys])
        return keys


def _single(person: UUID) -> float:
    started = time.perf_counter()
    with acting(SYSTEM):
        ask_about(person, by=SYSTEM)
    collect(Progress())
    return time.perf_counter() - started


def _received(page: str) -> dict[str, Any]:
    with urlopen(f"{page}messages.json", timeout=60) as answer:  # noqa: S310 - our own program on this machine
        return dict(json.load(answer))


VERIFICATION = Bench("verification", sizes, verification)
