"""Giving tasks: from the plans, from a conclusion, down to other units, and the next round of what recurs."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from phuong.kernel.audit import record
from phuong.kernel.jobs import Progress
from phuong.kernel.keys import uuid7
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.kernel.today import today
from phuong.plans.api import Duty, Task
from phuong.registry.api import Organisation, department_of
from phuong.tasks.models import Assignment
from phuong.tasks.rules import Recurrence, occurrences, parse_timing

AHEAD_DAYS = 31


@dataclass(frozen=True)
class Order:
    """What is asked: work, product, last day, and who is responsible in person."""

    title: str
    product: str = ""
    due_on: dt.date | None = None
    person_name: str = ""
    partners: tuple[str, ...] = ()


@transaction.atomic
def give(
    order: Order, *, units: Iterable[Organisation], origin: str, by: Actor, parent: Assignment | None = None
) -> int:
    """Give the same task to each unit in one statement; who has it from this parent already is passed over.

    :raises NotThere: a unit outside the actor's place, or the actor may not give tasks
    """
    chosen = list(units)
    reachable = Organisation.objects.filter(pk__in=[unit.pk for unit in chosen], path__under=by.scope or "none").count()
    if not by.may(Permission.TASKS_ASSIGN) or reachable != len(chosen):
        raise NotThere
    has_it = set(parent.children.values_list("organisation_id", flat=True)) if parent else set()
    rows = [
        Assignment(
            id=uuid7(),
            path=unit.path,
            organisation=unit,
            parent=parent,
            origin=origin,
            title=order.title,
            product=order.product,
            responsibility=unit.name,
            person_name=order.person_name,
            partners=list(order.partners),
            starts_on=today(),
            due_on=order.due_on,
            given_by=by.name,
            given_path=by.scope,
        )
        for unit in chosen
        if unit.pk not in has_it
    ]
    Assignment.objects.bulk_create(rows)
    record("tasks.given", on_kind="task", on_id=parent.pk if parent else "", note=f"{len(rows)}: {order.title[:120]}")
    return len(rows)


@transaction.atomic
def seed_from_plans(*, department: Organisation, by: Actor) -> int:
    """Make every printed task of the province's plans a task of the department, followed here; again changes nothing.

    The lead as printed is kept as the responsibility; «Giao xuống» then gives it to the units. Gives the new ones.
    """
    province = department.path.split(".")[1].removeprefix("p")
    printed = Task.objects.filter(plan__province_code=province, is_withdrawn=False).select_related("plan")
    rows = [_from_plan(task, department, by) for task in printed.order_by("plan__code", "rank", "id")]
    known = Assignment.objects.count()
    Assignment.objects.bulk_create(rows, ignore_conflicts=True)
    made = Assignment.objects.count() - known
    record("tasks.seeded", note=str(made), path=department.path)
    return made


def _from_plan(task: Task, department: Organisation, by: Actor) -> Assignment:
    timing = parse_timing(task.timing, task.plan.starts, min(task.plan.ends, task.plan.starts + 5))
    return Assignment(
        id=uuid7(),
        path=department.path,
        organisation=department,
        plan_task=task,
        origin="plan",
        title=task.title,
        responsibility=", ".join(task.lead),
        partners=task.partners,
        product=task.product,
        timing=task.timing,
        because=timing.because,
        starts_on=timing.starts_on,
        due_on=timing.due_on if timing.is_certain else None,
        recurrence=timing.recurrence.value,
        given_by=by.name,
        given_path=department.path.rsplit(".", 1)[0],
    )


def recur(progress: Progress, day: str = "") -> Mapping[str, Any]:
    """Make the coming round of every recurring duty: due within the next 31 days. Safe to run twice."""
    since = dt.date.fromisoformat(day) if day else today()
    until = since + dt.timedelta(days=AHEAD_DAYS)
    made = 0
    with acting(SYSTEM):
        duties = list(Duty.objects.select_related("plan").order_by("plan__code", "code"))
        for place, duty in enumerate(duties):
            progress.step(place, len(duties))
            made += _rounds_of(duty, since, until)
        record("tasks.recurred", note=str(made))
    return {"made": made}


def _rounds_of(duty: Duty, since: dt.date, until: dt.date) -> int:
    timing = parse_timing(duty.when or "", duty.plan.starts, duty.plan.ends)
    department = department_of(duty.plan.province_code)
    if timing.recurrence in (Recurrence.ONCE, Recurrence.CONTINUOUS) or department is None:
        return 0
    rows = [
        Assignment(
            id=uuid7(),
            path=department.path,
            organisation=department,
            duty=duty,
            origin="duty",
            title=duty.what,
            responsibility=duty.who,
            product=_("Báo cáo"),
            timing=duty.when or "",
            starts_on=each.starts_on,
            due_on=each.due_on,
            recurrence=timing.recurrence.value,
            period=each.label,
            given_by="",
            given_path=department.path.rsplit(".", 1)[0],
        )
        for each in occurrences(timing, since, until)
    ]
    known = Assignment.objects.filter(duty=duty, period__in=[row.period for row in rows]).count()
    Assignment.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows) - known


def units_named(group: str, *, chosen: Iterable[UUID], by: Actor) -> list[Organisation]:
    """Give the units a task goes to: all communes, all schools, or those chosen, within the actor's place."""
    rows = Organisation.objects.filter(path__under=by.scope or "none", closed_on__isnull=True)
    if group == "communes":
        return list(rows.filter(kind__in=("commune", "ward", "special_zone")).order_by("name_key", "id"))
    if group == "schools":
        return list(rows.filter(kind="school").order_by("name_key", "id"))
    return list(rows.filter(pk__in=list(chosen)).order_by("name_key", "id"))
