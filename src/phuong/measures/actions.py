"""Counting: all measures into a new snapshot, whole or not at all in the eyes of readers."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import connections, transaction
from django.db.models import Q
from django.utils import timezone

from phuong.kernel.jobs import Progress
from phuong.measures.compiled import Batch, batches
from phuong.measures.models import Snapshot

KEEP_DETAIL_DAYS = 35
_TOTALS = """
insert into measures_total (snapshot_id, measure, area_id, numerator, denominator)
select v.snapshot_id, v.measure, area.id, sum(v.numerator), sum(v.denominator)
from measures_value v
join registry_organisation o on o.id = v.organisation_id
join registry_organisation area on area.closed_on is null and (
  (area.kind in ('commune', 'ward', 'special_zone') and area.id = coalesce(o.territory_id, o.id))
  or (area.kind = 'province' and o.path <@ area.path))
where v.snapshot_id = %s
group by v.snapshot_id, v.measure, area.id
on conflict (snapshot_id, measure, area_id)
do update set numerator = excluded.numerator, denominator = excluded.denominator
"""


def refresh_measures(progress: Progress, day: str = "") -> Mapping[str, Any]:
    """Count every measure and publish the figures of ``day`` (by default today).

    Runs as the batch role, one transaction a population; taken up again after a crash, it goes on where it stopped.
    Readers keep the old snapshot until this one is complete.
    """
    as_of = dt.date.fromisoformat(day) if day else timezone.localdate()
    snapshot = Snapshot.objects.using("batch").filter(as_of=as_of, completed_at=None).first()
    snapshot = snapshot or Snapshot.objects.using("batch").create(as_of=as_of)
    todo = batches()
    for place, batch in enumerate(todo):
        progress.step(place, len(todo), str(batch.title))
        if batch.code not in snapshot.batches_done:
            _count(snapshot, batch)
    _publish(snapshot)
    progress.step(len(todo), len(todo))
    return {"as_of": as_of.isoformat(), "measures": sum(len(batch.measures) for batch in todo)}


def _count(snapshot: Snapshot, batch: Batch) -> None:
    pairs = ", ".join(f"(%s, t.n{place}, t.d{place})" for place in range(len(batch.measures)))
    statement = f"""
        insert into measures_value (snapshot_id, organisation_id, measure, numerator, denominator)
        select %s, t.organisation_id, m.code, coalesce(m.n, 0), coalesce(m.d, 0)
        from ({batch.sql}) t cross join lateral (values {pairs}) m(code, n, d)
        where t.organisation_id is not null and (coalesce(m.d, 0) > 0 or coalesce(m.n, 0) > 0)
        on conflict do nothing
    """
    done = [*snapshot.batches_done, batch.code]
    with transaction.atomic(using="batch"), connections["batch"].cursor() as cursor:
        cursor.execute(statement, [snapshot.pk, *batch.measures])
        Snapshot.objects.using("batch").filter(pk=snapshot.pk).update(batches_done=done)
    snapshot.batches_done = done


def _publish(snapshot: Snapshot) -> None:
    """Roll up, replace the same day's snapshot and any abandoned one, let readers see this one: one transaction."""
    with transaction.atomic(using="batch"), connections["batch"].cursor() as cursor:
        cursor.execute(_TOTALS, [snapshot.pk])
        others = Snapshot.objects.using("batch").exclude(pk=snapshot.pk)
        abandoned = Q(completed_at=None, as_of__lt=snapshot.as_of)
        others.filter(Q(as_of=snapshot.as_of) | abandoned).delete()
        Snapshot.objects.using("batch").filter(pk=snapshot.pk).update(completed_at=timezone.now())
        _thin_out(cursor, snapshot.as_of)


def _thin_out(cursor: Any, today: dt.date) -> None:
    """Drop the finest grain of old days but the first of each month; the totals stay for ever."""
    cursor.execute(
        "delete from measures_value v using measures_snapshot s where s.id = v.snapshot_id and s.is_detailed "
        "and s.as_of < %s and extract(day from s.as_of) <> 1",
        [today - dt.timedelta(days=KEEP_DETAIL_DAYS)],
    )
    cursor.execute(
        "update measures_snapshot set is_detailed = false where is_detailed and as_of < %s "
        "and extract(day from as_of) <> 1",
        [today - dt.timedelta(days=KEEP_DETAIL_DAYS)],
    )
