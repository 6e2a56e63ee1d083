"""Working on a task: notes with evidence, going from state to state, reminders, money."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from phuong.kernel.attachments import Upload, keep_file
from phuong.kernel.audit import record
from phuong.kernel.keys import uuid7
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.kernel.today import today
from phuong.notices.api import Message, tell_units
from phuong.tasks.access import assignment_for, may_act, seen_by
from phuong.tasks.errors import NotPosted, RemindedToday, WrongState
from phuong.tasks.models import Assignment, Budget, Progress
from phuong.tasks.queries import posts_held
from phuong.tasks.rules import OPEN_STATES, next_state

FILES = "task"


@transaction.atomic
def note(assignment_id: UUID, *, text: str, percent: int | None, upload: Upload | None, by: Actor) -> Assignment:
    """Write what was done, how far it is, and keep the proof.

    :raises NotThere: not a task this actor works on
    :raises WrongState: it is done, or no longer wanted
    :raises kernel.attachments.BadFile: the file is not accepted; nothing is written
    """
    task = assignment_for(by, assignment_id, writing=True)
    if not may_act(by, task, "unit"):
        raise NotThere
    if task.state not in OPEN_STATES:
        raise WrongState
    if percent is not None:
        task.percent = percent
    if task.state == "open":
        task.state = "doing"
    task.save(update_fields=["percent", "state"])
    Progress.objects.create(
        path=task.path, assignment=task, kind="note", text=text, percent=percent, on=today(), by_name=by.name
    )
    if upload is not None:
        keep_file(upload, on_kind=FILES, on_id=task.pk, path=task.path, permission=Permission.TASKS_READ, by=by)
    record("tasks.noted", on_kind="task", on_id=task.pk)
    return task


@transaction.atomic
def go(assignment_id: UUID, *, act: str, text: str, by: Actor) -> Assignment:
    """Take a task from one state to the next: start, submit, confirm, return, cancel, reopen.

    :raises NotThere: not a task this actor may take there
    :raises WrongState: the act does not fit the state (any more)
    """
    task = assignment_for(by, assignment_id, writing=True)
    step = next_state(task.state, act)
    if step is None:
        raise WrongState
    to, who = step
    if not may_act(by, task, who):
        raise NotThere
    task.state = to
    task.done_on = today() if to == "done" else None
    task.percent = 100 if to == "done" else task.percent
    if act == "submit" and text:
        task.result = text
    task.save(update_fields=["state", "done_on", "percent", "result"])
    Progress.objects.create(
        path=task.path, assignment=task, kind="state", text=f"{act}: {text}", on=today(), by_name=by.name
    )
    record(f"tasks.{act}", on_kind="task", on_id=task.pk)
    return task


@transaction.atomic
def name_person(assignment_id: UUID, *, person: UUID | None, name: str, by: Actor) -> Assignment:
    """Write who answers for an open task: somebody posted at its unit today, or without ``person`` a free name.

    :raises NotThere: not a task this actor works on or has given
    :raises WrongState: it is done, or no longer wanted
    :raises NotPosted: the person holds no post at the unit
    """
    task = assignment_for(by, assignment_id, writing=True)
    if not (may_act(by, task, "unit") or may_act(by, task, "giver")):
        raise NotThere
    if task.state not in OPEN_STATES:
        raise WrongState
    if person is not None:
        post = posts_held(by, [task.organisation_id], persons=[person]).first()
        if post is None:
            raise NotPosted
        name = post.person.full_name
    task.person_id, task.person_name = person, name
    task.save(update_fields=["person", "person_name"])
    record("tasks.person_named", on_kind="task", on_id=task.pk)
    return task


@transaction.atomic
def remind(ids: Iterable[UUID], *, by: Actor) -> int:
    """Remind the units of open tasks («Nhắc»), once a day each; gives how many tasks.

    :raises NotThere: the actor may not give tasks
    :raises RemindedToday: none of them is left to be reminded of
    """
    if not by.may(Permission.TASKS_ASSIGN):
        raise NotThere
    day = today()
    wanted = seen_by(by).filter(pk__in=list(ids), state__in=OPEN_STATES)
    reminded = Progress.objects.filter(kind="reminder", on=day).values("assignment")
    tasks = list(wanted.exclude(pk__in=reminded).order_by("due_on", "id"))
    if not tasks:
        raise RemindedToday
    Progress.objects.bulk_create(
        [
            Progress(id=uuid7(), path=task.path, assignment=task, kind="reminder", on=day, by_name=by.name)
            for task in tasks
        ],
        ignore_conflicts=True,
    )
    tell_units([(task.organisation_id, _reminder(task, by, day)) for task in tasks], permission=Permission.TASKS_WORK)
    record("tasks.reminded", note=str(len(tasks)))
    return len(tasks)


def _reminder(task: Assignment, by: Actor, day: Any) -> Message:
    return Message(
        "tasks.reminder",
        _("Nhắc: %s") % task.title[:140],
        _("%(who)s nhắc, hạn %(due)s") % {"who": by.name, "due": f"{task.due_on:%d/%m/%Y}" if task.due_on else "…"},
        reverse("tasks:task", args=[task.pk]),
        f"{task.pk} {day}",
    )


@transaction.atomic
def put_budget(assignment_id: UUID, *, facts: Mapping[str, Any], by: Actor) -> Budget:
    """Write the money of a task for a year from one source; the line before stays in the history.

    :raises NotThere: not a task whose money this actor keeps
    """
    task = assignment_for(by, assignment_id, writing=True)
    if not by.may(Permission.MONEY_EDIT):
        raise NotThere
    sums = {name: facts.get(name) or 0 for name in ("planned", "allotted", "spent")}
    line, _is_new = Budget.objects.update_or_create(
        assignment=task, year=facts["year"], source=facts["source"], defaults={"path": task.path, **sums}
    )
    record("tasks.budget", on_kind="task", on_id=task.pk, note=str(facts["year"]))
    return line
