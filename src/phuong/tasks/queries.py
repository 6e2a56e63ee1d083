"""Reads of tasks: lists, who is loaded how much, what stands behind."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from phuong.kernel.permissions import Permission
from phuong.kernel.scope import Actor
from phuong.kernel.text import search_key
from phuong.kernel.today import today
from phuong.registry.api import Organisation, StaffPosition, organisations_seen_by
from phuong.tasks.models import Assignment, EscalationRule, Progress
from phuong.tasks.rules import OPEN_STATES, missing_of

SOON_DAYS = 7
UNIT_KINDS = ("department", "division", "commune", "ward", "special_zone", "school")


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
        "told": Q(pk__in=Progress.objects.filter(kind="escalation").exclude(told="unit").values("assignment")),
        "unclear": Q(person_name="") | Q(product="") | Q(due_on=None, recurrence="once") | Q(responsibility=""),
    }
    if "state" in chosen:
        rows = rows.filter(wanted[chosen["state"]])
    if "unit" in chosen:
        rows = rows.filter(organisation=chosen["unit"])
    if "partner" in chosen:
        rows = rows.filter(partner_units__contains=[chosen["partner"]])
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


def with_steps_up(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Add ``told_above_on``: the day on which somebody above the unit was last told of a task."""
    told = Progress.objects.filter(assignment=OuterRef("pk"), kind="escalation").exclude(told="unit")
    return rows.annotate(told_above_on=Subquery(told.order_by("-on", "-id").values("on")[:1]))


def units_open(actor: Actor) -> QuerySet[Organisation]:
    """Give the units of today within the actor's place that can be given a task."""
    return organisations_seen_by(actor).filter(closed_on__isnull=True, kind__in=UNIT_KINDS)


def units_like(actor: Actor, words: str, but: Iterable[UUID]) -> QuerySet[Organisation]:
    """Give the units whose name holds the words, marks or no marks, without those chosen already."""
    return units_open(actor).filter(search_key__contains=search_key(words)).exclude(pk__in=list(but))


def units_by_key(keys: Iterable[UUID]) -> list[Organisation]:
    """Give units by their keys, by name: the directory of units is open to everybody who works here."""
    listed = list(keys)
    return list(Organisation.objects.filter(pk__in=listed).order_by("name_key", "id")) if listed else []


def posts_held(
    actor: Actor, units: Iterable[UUID], *, persons: Iterable[UUID] | None = None, words: str = ""
) -> QuerySet[StaffPosition]:
    """Give the posts held today at some units: of the persons named, or of those whose name holds the words."""
    if not actor.may(Permission.STAFF_READ) or not actor.scope:
        return StaffPosition.objects.none()
    rows = StaffPosition.objects.filter(organisation__in=list(units), during__contains=today())
    rows = rows.filter(path__under=actor.scope).select_related("person", "organisation")
    if persons is not None:
        rows = rows.filter(person__in=list(persons))
    if words:
        rows = rows.filter(person__search_key__contains=search_key(words))
    return rows.order_by("organisation__name_key", "person__name_key", "id")


def rules_of(actor: Actor) -> QuerySet[EscalationRule]:
    """Give the rules of telling within the actor's place, the earliest first."""
    rows = EscalationRule.objects.filter(path__under=actor.scope) if actor.scope else EscalationRule.objects.none()
    return rows.order_by("-is_active", "days", "id")
