"""What the night does: tell of steps past their day, close what nobody has touched for a quarter of a year."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from phuong.kernel.audit import record_all
from phuong.kernel.jobs import Progress
from phuong.kernel.keys import uuid7
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.today import today
from phuong.transfers.actions.telling import tell_late, tell_step
from phuong.transfers.declarations import limits
from phuong.transfers.models import Step, Transfer
from phuong.transfers.rules import OPEN_STATES

BATCH = 500


def watch(progress: Progress, day: str = "") -> Mapping[str, Any]:
    """Tell whoever owes a late step and who stands above, once a step; end what is idle for too long.

    ``day``: ISO 8601, today when left out. Each batch is one transaction; done twice, nobody is told twice.
    """
    on = dt.date.fromisoformat(day) if day else today()
    with acting(SYSTEM):
        expired = _expire(on)
        keys = list(_late(on).order_by("id").values_list("pk", flat=True))
    told = 0
    for start in range(0, len(keys), BATCH):
        progress.step(start, len(keys))
        with acting(SYSTEM):
            told += tell_late(list(_late(on).filter(pk__in=keys[start : start + BATCH])))
    progress.step(len(keys), len(keys))
    return {"late": len(keys), "told": told, "expired": expired}


def _late(on: dt.date) -> QuerySet[Transfer]:
    rows = Transfer.objects.filter(state__in=OPEN_STATES, due_on__lt=on)
    return rows.select_related("from_school", "to_school").defer("record_cipher")


def _expire(on: dt.date) -> int:
    since = on - dt.timedelta(days=limits().idle_days)
    rows = Transfer.objects.select_for_update(of=("self",)).filter(state__in=OPEN_STATES, stepped_on__lte=since)
    idle = list(rows.select_related("from_school", "to_school").order_by("pk"))
    if not idle:
        return 0
    Transfer.objects.filter(pk__in=[each.pk for each in idle]).update(state="expired", stepped_on=on, due_on=None)
    steps = [
        Step(
            id=uuid7(),
            path=each.path,
            to_path=each.to_path,
            transfer=each,
            learner_id=each.learner_id,
            act="expire",
            state="expired",
        )
        for each in idle
    ]
    Step.objects.bulk_create(steps)
    record_all("transfers.expire", "transfer", [(each.pk, "", str(each.path)) for each in idle])
    for each, step in zip(idle, steps, strict=True):
        each.state, each.due_on = "expired", None
        tell_step(each, step)
    return len(idle)
