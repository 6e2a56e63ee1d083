"""What the journal costs: a record saved with and without its line, links and verification by the thousand."""

import statistics
import time
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction

from phuong.config.benches.figures import figure, sizes, timed
from phuong.kernel.chain import chain
from phuong.kernel.contributions import Bench
from phuong.kernel.jobs import Progress
from phuong.kernel.models import AuditEntry
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.verifying import verify
from phuong.records.api import Why, change_record, kind_named

SAVES = 400
LINES = 20_000
_FILL = """
insert into kernel_auditentry (id, path, at, actor_name, role, unit, did, refused, on_kind, on_id, note)
select (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
    || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid,
  'vn', now(), 'Bench', 'system', '', 'bench.line', false, 'learner', n::text, 'birthplace'
from generate_series(1, %s) n
"""


def audit() -> Iterator[dict[str, Any]]:
    """Save records by turns with and without the journal; then link and verify some ten thousand lines."""
    with acting(SYSTEM):
        learners = kind_named("learner").model._default_manager.filter(is_learner=True).order_by("pk")
        keys = list(learners.values_list("pk", flat=True)[: SAVES + 20])
    if not keys:
        return
    took: dict[bool, list[float]] = {True: [], False: []}
    for place, key in enumerate(keys):
        for kept in (place % 2 == 0, place % 2 != 0):
            seconds = _save(key, kept=kept)
            if place >= 20:  # the first ones warm up
                took[kept].append(seconds)
    floor, value = (statistics.median(took[kept]) * 1000 for kept in (False, True))
    yield figure("save one record with the journal: median; floor: without it", value, "ms", floor)
    yield from _linked_and_verified()


def _linked_and_verified() -> Iterator[dict[str, Any]]:
    """Link and verify, then undo it all; the floor of verifying is one reading of the rows."""
    with acting(SYSTEM):
        chain(Progress())
        with connection.cursor() as cursor:
            cursor.execute(_FILL, [LINES])
        linking = timed(lambda: chain(Progress()))
        found: dict[str, Any] = {}
        verifying = timed(lambda: found.update(verify()))
        floor = timed(_read)
        transaction.set_rollback(True)
    if not found["valid"]:
        raise RuntimeError(str(found))
    yield figure(f"link and sign {LINES} lines", linking, "s", None)
    yield figure(f"verify {found['chained']} lines; floor: reading them", verifying, "s", floor)


def _read() -> None:
    for _row in AuditEntry.objects.values_list().iterator(chunk_size=5000):
        pass


def _save(key: Any, *, kept: bool) -> float:
    values = {"birthplace": f"Bench {time.time_ns()}"}
    started = time.perf_counter()
    if kept:
        change_record(kind_named("learner"), key, values=values, by=SYSTEM, why=Why("bench"))
    else:
        with patch("phuong.records.actions.single.record"):
            change_record(kind_named("learner"), key, values=values, by=SYSTEM, why=Why("bench"))
    return time.perf_counter() - started


AUDIT = Bench("audit", sizes, audit)
