"""How quick the learners of a province reach an office, end to end, beside a bare COPY of the same rows as text.

The office is that of the sandbox, started for the time of the measuring; on the same cores it checks every row against
the contract and adds its digest up.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections

from phuong.config.benches.figures import figure, sizes, timed
from phuong.config.benches.outside import papers_in, sandbox
from phuong.kernel.calendar import school_year_of
from phuong.kernel.contributions import Bench
from phuong.kernel.jobs import Progress
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.today import today
from phuong.registry.api import province_of
from phuong.sharing.actions.delivering import contract_of
from phuong.sharing.api import Agreement, Service, data_services, record_agreement
from phuong.sharing.jobs import compare_again, send
from phuong.sharing.records import DATASETS, NO_KEY, View, next_part

CODE = "city.learners"
CHANGED = 1000
BATCH, TIMEOUT = 5000, 60
_PAGE_KB = os.sysconf("SC_PAGE_SIZE") / 1024
_FLOOR = """
copy (select row_to_json(x) from (
  select p.id, t.code, u.code, g.school_year, g.level, g.grade, extract(year from p.birth_date)::int, p.sex, e.status
  from registry_person p join registry_enrolment e on e.learner_id = p.id and e.ends_on is null
  join registry_classgroup g on g.id = e.class_group_id join registry_organisation u on u.id = e.organisation_id
  left join registry_organisation t on t.id = u.territory_id
  where p.is_learner
) as x) to stdout
"""
_CHANGE = """
update registry_person set updated_on = current_date + 1 where id in (
  select learner_id from registry_enrolment where ends_on is null order by id limit %s)
"""


def sharing() -> Iterator[dict[str, Any]]:
    """Send every learner, then what changed of a thousand of them, and compare the totals."""
    with _offices(), _agreed() as service:
        bare, cut = timed(_copy), timed(lambda: _cut(service))
        progress = _Watched()
        started = time.perf_counter()
        told = send(progress, service=str(service.pk), everything=True)
        whole = time.perf_counter() - started
        compared = timed(lambda: compare_again(str(service.pk)))
        _change()
        started = time.perf_counter()
        changes = send(Progress(), service=str(service.pk))
        changed = time.perf_counter() - started
    if told["because"] or told["differing"] or changes["because"] or changes["differing"]:
        raise RuntimeError(f"{told} {changes}")
    rate = told["rows"] / (whole - compared)
    yield figure("learners delivered, checked by the office; floor: COPY as JSON", rate, "/s", told["rows"] / bare)
    yield figure("time for 1,000,000 learners at that rate", 1_000_000 / rate, "s", None)
    yield figure(
        "learners cut and written in batches alone; floor: COPY as JSON", told["rows"] / cut, "/s", told["rows"] / bare
    )
    yield figure("totals of both sides compared", compared, "s", None)
    yield figure("changes of 1,000 learners delivered and compared", changed, "s", compared)
    yield figure("Python memory at the first batch", progress.early, "MB", None)
    yield figure("Python memory at the last; floor: at the first", progress.late, "MB", progress.early)


class _Watched(Progress):
    """Notes the memory of this process at the first batch and at the last."""

    def __init__(self) -> None:
        super().__init__()
        self.early = self.late = 0.0

    def step(self, done: int, total: int, message: str = "") -> None:
        """Look."""
        del done, total, message
        self.late = int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_KB / 1024
        self.early = self.early or self.late


@contextmanager
def _offices() -> Iterator[None]:
    """Start the sandbox and point the settings at its offices."""
    before = settings.PHUONG_SHARING
    try:
        with sandbox() as services:
            told = services["warehouse"]
            office = {"url": told["intake"], **papers_in(told["folder"])}
            settings.PHUONG_SHARING = {"offices": {"city": office}, "batch": BATCH, "timeout": TIMEOUT}
            yield
    finally:
        settings.PHUONG_SHARING = before


@contextmanager
def _agreed() -> Iterator[Service]:
    """Agree on the service for the time of the measuring; what is kept of it is gone afterwards."""
    with acting(SYSTEM):
        province = province_of("vn")
        if province is None:
            raise RuntimeError("no province to measure at")
        by = replace(SYSTEM, scope=str(province.path), name="đo thử")
        Service.objects.filter(path=province.path, code=CODE).delete()
        service = record_agreement(data_services()[CODE], Agreement("đo thử", today()), by=by)
    try:
        yield service
    finally:
        with acting(SYSTEM):
            Service.objects.filter(pk=service.pk).delete()


def _copy() -> None:
    with acting(SYSTEM, using="batch"), connections["batch"].cursor() as cursor, cursor.copy(_FLOOR) as rows:
        for _row in rows:
            pass


def _cut(service: Service) -> None:
    """Write every batch as a delivery does, and leave it at that."""
    about = data_services()[CODE]
    view, after = View(service.path, today(), school_year_of(today()).start), NO_KEY
    while True:
        part = next_part(DATASETS[about.records], contract_of(about), view, after=after, most=BATCH)
        if part.last is None:
            return
        after = part.last


def _change() -> None:
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_CHANGE, [CHANGED])


SHARING = Bench("sharing", sizes, sharing)
