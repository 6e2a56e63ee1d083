"""Reads of tasks: lists, who is loaded how much, what stands behind."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from phuong.kernel.today import today
from phuong.tasks.models import Assignment
from phuong.tasks.rules import OPEN_STATES, missing_of

SOON_DAYS = 7
FAR = dt.date(9999, 12, 31)


@dataclass(frozen=True)
class Tally:
    """How the tasks of a unit stand on a day."""

    total: int = 0
    done: int = 0
    on_time: int = 0
    late: int = 0
    soon: int = 0


def _counts(day: dt.date) -> dict[str, Count]:
    is_open = Q(state__in=OPEN_STATES)
    return {
        "total": Count("pk", filter=~Q(state="cancelled")),
        "done": Count("pk", filter=Q(state="done")),
        "on_time": Count("pk", filter=Q(state="done") & (Q(due_on=None) | Q(done_on__lte=F("due_on")))),
        "late": Count("pk", filter=is_open & Q(due_on__lt=day)),
        "soon": Count("pk", filter=is_open & Q(due_on__range=(day, day + dt.timedelta(days=SOON_DAYS)))),
    }


def tallies_of(units: Iterable[UUID], day: dt.date) -> dict[UUID, Tally]:
    """Count the tasks of many units at once, in one statement."""
    chosen = Assignment.objects.filter(organisation__in=list(units))
    rows: Any = chosen.values("organisation").annotate(**_counts(day))
    return {row["organisation"]: Tally(*[row[name] for name in _counts(day)]) for row in rows}


def tally_under(path: str, day: dt.date) -> Tally:
    """Count the tasks of all units at or below a place."""
    return Tally(**Assignment.objects.filter(path__under=path).aggregate(**_counts(day)))


_THEN = """
from registry_organisation a
join registry_organisation o on o.path <@ a.path
join tasks_assignment t on t.organisation_id = o.id
where a.id = any(%(units)s) and t.state <> 'cancelled'
  and t.given_at < (%(day)s::date + 1)::timestamp at time zone %(zone)s
"""
_WAS_DONE = "t.state = 'done' and t.done_on <= %(day)s"
_WAS_LATE = f"t.due_on < %(day)s and not ({_WAS_DONE})"


def tallies_under(units: Iterable[UUID], day: dt.date) -> dict[UUID, Tally]:
    """Count the tasks at or below each of many units as they stood at the end of ``day``, in one statement.

    Told by the days given and done; a task that was reopened or cancelled since counts as it is now.
    """
    statement = f"""
        select a.id, count(*), count(*) filter (where {_WAS_DONE}),
          count(*) filter (where {_WAS_DONE} and (t.due_on is null or t.done_on <= t.due_on)),
          count(*) filter (where {_WAS_LATE}) {_THEN} group by a.id
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, {"units": list(units), "day": day, "zone": settings.TIME_ZONE})
        return {key: Tally(*counts) for key, *counts in cursor.fetchall()}


def late_under_each(units: Iterable[UUID], day: dt.date, limit: int) -> dict[UUID, list[tuple[str, str, dt.date]]]:
    """Give (title, unit, due day) of the tasks that were late at the end of ``day`` under each of many units."""
    statement = f"""
        select id, title, name, due_on from (
          select a.id, t.title, o.name, t.due_on, row_number() over (partition by a.id order by t.due_on, t.id) as place
          {_THEN} and {_WAS_LATE}) late
        where place <= %(limit)s order by id, place
    """
    late: dict[UUID, list[tuple[str, str, dt.date]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, {"units": list(units), "day": day, "zone": settings.TIME_ZONE, "limit": limit})
        for key, title, name, due in cursor.fetchall():
            late.setdefault(key, []).append((title, name, due))
    return late


def matching(rows: QuerySet[Assignment], chosen: Mapping[str, Any]) -> QuerySet[Assignment]:
    """Narrow tasks by the filters of the list."""
    day = today()
    wanted = {
        "late": Q(state__in=OPEN_STATES, due_on__lt=day),
        "soon": Q(state__in=OPEN_STATES, due_on__range=(day, day + dt.timedelta(days=SOON_DAYS))),
        "open": Q(state__in=OPEN_STATES),
        "submitted": Q(state="submitted"),
        "done": Q(state="done"),
        "unclear": Q(person_name="") | Q(product="") | Q(due_on=None, recurrence="once") | Q(responsibility=""),
    }
    if "state" in chosen:
        rows = rows.filter(wanted[chosen["state"]])
    if "unit" in chosen:
        rows = rows.filter(organisation=chosen["unit"])
    if "plan" in chosen:
        rows = rows.filter(plan_task__plan__code=chosen["plan"])
    return rows.filter(title__icontains=chosen["q"]) if "q" in chosen else rows


def unclear(task: Assignment) -> list[str]:
    """Say which of the five «rõ» a task lacks."""
    return missing_of(
        person=task.person_name,
        work=task.title,
        responsibility=task.responsibility,
        time=task.due_on is not None or task.recurrence != "once",
        result=task.product,
    )


def workload(rows: QuerySet[Assignment], day: dt.date) -> list[dict[str, Any]]:
    """Count tasks by unit, those with most late ones first; at most 200 units."""
    counted: Any = rows.values("organisation", "organisation__name").annotate(**_counts(day))
    return list(counted.order_by("-late", "-total", "organisation__name", "organisation")[:200])
