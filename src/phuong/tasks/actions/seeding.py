"""Tasks out of the plans: printed tasks with the divisions that lead them, duties with a day, rounds of what recurs."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from phuong.kernel.audit import record
from phuong.kernel.jobs import Progress
from phuong.kernel.keys import uuid7
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.kernel.today import today
from phuong.plans.api import Duty, Task
from phuong.registry.api import Organisation, department_of
from phuong.tasks.actions.matching import NAMED, Directory, directory_of
from phuong.tasks.models import Assignment
from phuong.tasks.rules import OPEN_STATES, Recurrence, Timing, occurrences, parse_timing

AHEAD_DAYS = 31


@transaction.atomic
def seed_from_plans(*, department: Organisation, by: Actor) -> int:
    """Make every printed task and every duty with a day of the province's plans a task here; again changes nothing.

    The department follows each, with the lead as printed kept as the responsibility; a lead that is one of its
    divisions, or a unit named, gets its own part of it. Gives how many tasks are new.
    """
    units = directory_of(department)
    printed = Task.objects.filter(plan__province_code=units.province, is_withdrawn=False).select_related("plan")
    duties = Duty.objects.filter(plan__province_code=units.province).select_related("plan")
    tops = [_from_plan(task, units, by) for task in printed.order_by("plan__code", "rank", "id")]
    tops += [_from_duty(duty, units, by) for duty in duties.order_by("plan__code", "code") if day_of(duty)]
    here = Assignment.objects.filter(path__under=department.path.rsplit(".", 1)[0])
    known = here.count()
    Assignment.objects.bulk_create(tops, ignore_conflicts=True)
    followed = _followed(department)
    _match_partners(followed, units)
    Assignment.objects.bulk_create(_parts(followed, units, by), ignore_conflicts=True)
    made = here.count() - known
    record("tasks.seeded", note=str(made), path=department.path)
    return made


def timing_of(item: Task | Duty) -> Timing:
    """Read the printed words of a task or duty about time; a plan of many years speaks of its first five."""
    words = item.timing if isinstance(item, Task) else item.when
    plan = item.plan
    return parse_timing(words or "", plan.starts, min(plan.ends, plan.starts + 5))


def day_of(duty: Duty) -> dt.date | None:
    """Give the one day by which a duty is due; nothing for what recurs, goes on, or has no day printed."""
    timing = timing_of(duty)
    return timing.due_on if timing.recurrence is Recurrence.ONCE and timing.is_certain else None


def _from_plan(task: Task, units: Directory, by: Actor) -> Assignment:
    timing = timing_of(task)
    return Assignment(
        id=uuid7(),
        path=units.department.path,
        organisation=units.department,
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
        given_path=units.department.path.rsplit(".", 1)[0],
    )


def _from_duty(duty: Duty, units: Directory, by: Actor) -> Assignment:
    timing = timing_of(duty)
    return Assignment(
        id=uuid7(),
        path=units.department.path,
        organisation=units.department,
        duty=duty,
        origin="duty",
        title=duty.what,
        responsibility=duty.who,
        product=_("Báo cáo"),
        timing=duty.when,
        starts_on=timing.starts_on,
        due_on=timing.due_on,
        given_by=by.name,
        given_path=units.department.path.rsplit(".", 1)[0],
    )


def _followed(department: Organisation) -> list[Assignment]:
    rows = Assignment.objects.filter(organisation=department, parent=None, plan_task__is_withdrawn=False)
    return list(rows.filter(state__in=OPEN_STATES).select_related("plan_task__plan").order_by("id"))


def _match_partners(followed: Iterable[Assignment], units: Directory) -> None:
    changed = []
    for task in followed:
        meant = _keys(units, task.partners, task.plan_task.plan.code if task.plan_task else "")
        if meant != task.partner_units:
            task.partner_units = meant
            changed.append(task)
    Assignment.objects.bulk_update(changed, ["partner_units"])


def _keys(units: Directory, words: Iterable[str], plan: str) -> list[Any]:
    return list(dict.fromkeys(unit.pk for each in words for unit in units.match(each, plan).units))


def _parts(followed: Iterable[Assignment], units: Directory, by: Actor) -> list[Assignment]:
    parts = []
    for task in followed:
        printed = task.plan_task
        meant = [units.match(words, printed.plan.code) for words in printed.lead] if printed else []
        leading = {unit.pk: unit for match in meant if match.to in NAMED for unit in match.units}
        parts += [_part_of(task, unit, by) for unit in leading.values()]
    return parts


def _part_of(task: Assignment, unit: Organisation, by: Actor) -> Assignment:
    return Assignment(
        id=uuid7(),
        path=unit.path,
        organisation=unit,
        parent=task,
        plan_task=task.plan_task,
        origin="plan",
        title=task.title,
        responsibility=unit.name,
        partners=task.partners,
        partner_units=task.partner_units,
        product=task.product,
        timing=task.timing,
        because=task.because,
        starts_on=task.starts_on,
        due_on=task.due_on,
        recurrence=task.recurrence,
        given_by=by.name,
        given_path=task.path,
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
