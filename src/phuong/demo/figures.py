"""Past figures for a demo: the latest snapshot carried back month by month, so that trends have something to show."""

import datetime as dt
import uuid
from typing import Any

from django.db import connections, transaction

from phuong.kernel.contributions import contributions
from phuong.kernel.keys import uuid7
from phuong.kernel.measures import Measure, Unit
from phuong.measures.api import Snapshot

_DETAILED_MONTHS = 2
_SNAPSHOT = """
insert into measures_snapshot (id, as_of, started_at, completed_at, batches_done, is_detailed)
select %(id)s, %(day)s, %(day)s::timestamptz, %(day)s::timestamptz + interval '1 hour', batches_done, %(detailed)s
from measures_snapshot where id = %(latest)s
"""
# chance() of a text: 0 to 1, the same for ever. Each measure grew at its own pace (0.3 to 2.5 % of itself a month),
# each unit somewhat faster or slower; a month's noise is less than half a month's growth on average.
_VALUES = """
with pace as (
  select v.*, (hashtextextended(v.measure, 1) & 65535) / 65536.0 as of_measure,
    (hashtextextended(v.measure || v.organisation_id, 2) & 65535) / 65536.0 as of_unit,
    (hashtextextended(v.measure || %(months)s, 3) & 65535) / 65536.0 as of_month
  from measures_value v where v.snapshot_id = %(latest)s
), shrunk as (
  select measure, organisation_id, numerator, denominator, of_unit,
    least(0.9, (0.003 + 0.022 * of_measure) * (0.5 + of_unit) * (%(months)s::int + 0.9 * (of_month - 0.5))) as share
  from pace
), made as (
  select measure, organisation_id, denominator, case
    when measure = any(%(ratios)s) then numerator
    when measure = any(%(falling)s) then
      greatest(numerator, least(denominator, floor(numerator + greatest(denominator - numerator, 0) * share / 3)))
    else greatest(0, least(numerator, floor(numerator * (1 - share) + of_unit)))
  end::bigint as numerator from shrunk
), kept as (
  insert into measures_value (snapshot_id, measure, organisation_id, numerator, denominator)
  select %(id)s, measure, organisation_id, numerator, denominator from made where %(detailed)s
)
insert into measures_total (snapshot_id, measure, area_id, numerator, denominator)
select %(id)s, made.measure, area.id, sum(made.numerator), sum(made.denominator)
from made
join registry_organisation o on o.id = made.organisation_id
join registry_organisation area on area.closed_on is null and (
  (area.kind in ('commune', 'ward', 'special_zone') and area.id = coalesce(o.territory_id, o.id))
  or (area.kind = 'province' and o.path <@ area.path))
group by made.measure, area.id
"""


def past_snapshots(count: int = 8) -> int:
    """Make snapshots on the first days of the ``count`` months before the latest complete one; gives how many.

    Days that have a snapshot already are left alone. Totals are the exact sums of the units' values; the values
    themselves are kept for the last two months only, as those of real snapshots are.
    """
    latest = Snapshot.objects.using("batch").filter(completed_at__isnull=False).order_by("-as_of").first()
    if latest is None:
        return 0
    taken = set(Snapshot.objects.using("batch").values_list("as_of", flat=True))
    days = [(months, _first_of_month(latest.as_of, months)) for months in range(1, count + 1)]
    made = [(months, day) for months, day in days if day not in taken]
    for months, day in made:
        _carry_back(latest.pk, months, day)
    return len(made)


def _carry_back(latest: uuid.UUID, months: int, day: dt.date) -> None:
    measures = tuple(contributions(Measure))
    facts: dict[str, Any] = {
        "id": uuid7(),
        "latest": latest,
        "day": day,
        "months": str(months),
        "detailed": months <= _DETAILED_MONTHS,
        "ratios": [one.code for one in measures if one.unit is Unit.RATIO],
        "falling": [one.code for one in measures if one.better == "down" and one.unit is not Unit.RATIO],
    }
    with transaction.atomic(using="batch"), connections["batch"].cursor() as cursor:
        cursor.execute(_SNAPSHOT, facts)
        cursor.execute(_VALUES, facts)


def _first_of_month(day: dt.date, months: int) -> dt.date:
    """Give the first day of a month, ``months`` back; the month of ``day`` itself counts as one unless it starts it."""
    back = months if day.day == 1 else months - 1
    place = day.year * 12 + day.month - 1 - back
    return dt.date(place // 12, place % 12 + 1, 1)
