"""Steps up (báo cấp trên): each night those are told whom the rules name, once a round for each task."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import DateField, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from phuong.kernel.audit import record
from phuong.kernel.jobs import Progress as JobProgress
from phuong.kernel.keys import uuid7
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.today import today
from phuong.notices.api import Message, Notice, tell_units
from phuong.registry.api import Organisation
from phuong.tasks.actions.telling import ensure_rules
from phuong.tasks.models import Assignment, EscalationRule, Progress
from phuong.tasks.rules import OPEN_STATES

KIND = "tasks.escalation"
AT_ONCE = 5_000
NAMED_IN_ONE_NOTICE = 3
_ASKED_OF = {  # who in the told unit is meant
    "unit": Permission.TASKS_WORK,
    "parent": Permission.TASKS_ASSIGN,
    "giver": Permission.TASKS_ASSIGN,
    "leaders": Permission.TASKS_OVERSEE,
}


def escalate(progress: JobProgress, day: str = "") -> Mapping[str, Any]:
    """Tell whom the rules name of tasks near or past their day. Safe to run twice: nobody is told twice of a round."""
    on = dt.date.fromisoformat(day) if day else today()
    with acting(SYSTEM):
        ensure_rules()
        rules = list(EscalationRule.objects.filter(is_active=True).order_by("path", "days", "id"))
    told = 0
    for place, rule in enumerate(rules):
        progress.step(place, len(rules), rule.title)
        for steps in _batches(rule, on):
            told += steps
            progress.step(place, len(rules), rule.title)
    with acting(SYSTEM):
        record("tasks.escalated", note=str(told))
    return {"told": told}


def _batches(rule: EscalationRule, on: dt.date) -> Iterator[int]:
    """Tell in batches, each whole in one transaction; gives how many tasks each spoke of."""
    last: UUID | None = None
    while True:
        with acting(SYSTEM):
            # two workers at once: the second waits here, then sees what the first has told
            EscalationRule.objects.select_for_update().get(pk=rule.pk)
            tasks = list(waiting(rule, on, after=last)[:AT_ONCE])
            steps = _tell(rule, tasks, on)
        if not tasks:
            return
        last = tasks[-1].pk
        yield steps


def waiting(rule: EscalationRule, on: dt.date, *, after: UUID | None = None) -> QuerySet[Assignment]:
    """Give the open tasks of which a rule has something to tell on a day, with ``begun_on``, the round reached."""
    first = on - dt.timedelta(days=rule.days)
    rows = Assignment.objects.filter(state__in=OPEN_STATES, due_on__lte=first)
    rows = rows.filter(path__under=rule.path.rsplit(".", 1)[0])
    if rule.days < 0:
        rows = rows.filter(due_on__gte=on)
    if rule.origins:
        rows = rows.filter(origin__in=rule.origins)
    if rule.plans:
        rows = rows.filter(Q(plan_task__plan__code__in=rule.plans) | Q(duty__plan__code__in=rule.plans))
    if after is not None:
        rows = rows.filter(pk__gt=after)
    rows = rows.annotate(begun_on=_begun(first, rule))
    told = Progress.objects.filter(assignment=OuterRef("pk"), kind="escalation", rule=rule, told=rule.tell)
    told = told.filter(round_on=OuterRef("begun_on"))
    return rows.filter(~Exists(told)).select_related("organisation__parent").order_by("pk")


def _begun(first: dt.date, rule: EscalationRule) -> Func:
    """Give the day a round began, as ``rules.round_on`` does; date_mi is day - day, date_pli is day + days."""
    offset: Any = Value(rule.days)
    if rule.every:
        since = Func(Value(first), F("due_on"), function="date_mi", output_field=IntegerField())
        offset = since / Value(rule.every) * Value(rule.every) + Value(rule.days)
    return Func(F("due_on"), offset, function="date_pli", output_field=DateField())


@dataclass(frozen=True)
class _Step:
    """One task to tell of, and the unit told."""

    task: Any
    to: Organisation


def _tell(rule: EscalationRule, tasks: list[Assignment], on: dt.date) -> int:
    receivers = _receivers(rule, tasks)
    grouped: dict[UUID, list[_Step]] = {}
    for task in tasks:
        if task.pk in receivers:
            grouped.setdefault(receivers[task.pk].pk, []).append(_Step(task, receivers[task.pk]))
    messages = {unit: _message(rule, steps) for unit, steps in grouped.items()}
    tell_units(messages.items(), permission=_ASKED_OF[rule.tell])
    keys = [message.key for message in messages.values()]
    reached = set(Notice.objects.filter(kind=KIND, key__in=keys).values_list("key", flat=True))
    # a unit without anybody to read it has not been told: it is tried again the next night
    steps = [step for unit, listed in grouped.items() if messages[unit].key in reached for step in listed]
    Progress.objects.bulk_create([_line(rule, step, on) for step in steps])
    return len(steps)


def _line(rule: EscalationRule, step: _Step, on: dt.date) -> Progress:
    return Progress(
        id=uuid7(),
        path=step.task.path,
        assignment=step.task,
        kind="escalation",
        text=f"{rule.title}: {step.to.name}",
        told=rule.tell,
        rule=rule,
        round_on=step.task.begun_on,
        on=on,
        by_name="",
    )


def _receivers(rule: EscalationRule, tasks: Iterable[Assignment]) -> dict[UUID, Organisation]:
    """Say which unit is told of each task; a unit is not told of itself as if it were its superior or its giver."""
    listed = list(tasks)
    if rule.tell == "unit":
        return {task.pk: task.organisation for task in listed}
    department: Organisation = Organisation.objects.get(pk=rule.organisation_id)
    if rule.tell == "leaders":
        return {task.pk: department for task in listed}
    if rule.tell == "giver":
        paths = {task.given_path for task in listed}
        at = {unit.path: unit for unit in Organisation.objects.filter(path__in=paths)}
        asked = {task.pk: at.get(task.given_path) for task in listed}
    else:
        asked = {task.pk: task.organisation.parent for task in listed}
    # the people's committee of the province is not here: for it the department answers
    found = {key: department if unit is None or unit.kind == "province" else unit for key, unit in asked.items()}
    own = {task.pk: task.organisation_id for task in listed}
    return {key: unit for key, unit in found.items() if unit.pk != own[key]}


def _message(rule: EscalationRule, steps: list[_Step]) -> Message:
    """Tell of one task by its name, of several by their number: a commune's school year is not 200 notices."""
    first = steps[0].task
    key = f"{rule.pk} {first.pk} {first.begun_on}"
    if len(steps) == 1:
        detail = _("%(title)s: %(unit)s, hạn %(due)s") % {
            "title": rule.title,
            "unit": first.organisation.name,
            "due": f"{first.due_on:%d/%m/%Y}",
        }
        return Message(KIND, first.title[:140], detail, reverse("tasks:task", args=[first.pk]), key)
    names = "; ".join(step.task.title[:80] for step in steps[:NAMED_IN_ONE_NOTICE])
    title = _("%(count)d nhiệm vụ: %(title)s") % {"count": len(steps), "title": rule.title}
    state = "soon" if rule.days < 0 else "late"
    return Message(KIND, title, names, reverse("tasks:tasks") + f"?state={state}", key)
