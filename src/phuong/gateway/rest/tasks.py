"""Tasks of units: read, followed, given, noted, taken from state to state."""

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, StringConstraints
from pydantic import Field as Described

from phuong.gateway.access import Caller
from phuong.gateway.actions.keeping import refuse_nul
from phuong.gateway.queries import Source
from phuong.gateway.rest.answers import answer
from phuong.gateway.rest.feed import (
    Key,
    Listing,
    Paging,
    caller_with,
    done_once,
    followed_page,
    listed,
    paged,
    plain_page,
)
from phuong.gateway.rest.schemas import PROBLEMS
from phuong.kernel.keys import uuid7
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, acting
from phuong.records.api import plain
from phuong.registry.api import organisations_seen_by
from phuong.tasks.api import Assignment, Order, Progress, assignment_for, give, go, note, seen_by

MOST_UNITS = 5000
_RANDOM_BITS = 80
State = Literal["open", "doing", "submitted", "done", "cancelled"]
Act = Literal["start", "submit", "confirm", "return", "cancel", "reopen"]
Line = Annotated[str, StringConstraints(min_length=1, max_length=500)]
_COLUMNS = {
    "id": "pk",
    "of": "organisation_id",
    "parent": "parent_id",
    "plan": "plan_task__plan__code",
    "plan_task": "plan_task__code",
    "origin": "origin",
    "title": "title",
    "responsibility": "responsibility",
    "person_name": "person_name",
    "partners": "partners",
    "product": "product",
    "result": "result",
    "timing": "timing",
    "starts_on": "starts_on",
    "due_on": "due_on",
    "recurrence": "recurrence",
    "period": "period",
    "state": "state",
    "percent": "percent",
    "done_on": "done_on",
    "given_by": "given_by",
    "given_at": "given_at",
}
_LINES = {"id": "pk", "kind": "kind", "text": "text", "percent": "percent", "on": "on", "at": "at", "by": "by_name"}


class TaskItem(Schema):
    """A task given to one unit."""

    id: UUID
    of: UUID = Described(description="Đơn vị nhận việc. The unit that has it.")
    parent: UUID | None = Described(None, description="Việc mà việc này tách ra. The task it was broken out of.")
    plan: str | None = Described(None, description="Mã kế hoạch. Code of the plan.")
    plan_task: str | None = Described(None, description="Mã nhiệm vụ trong kế hoạch. Code of the task in the plan.")
    origin: str = Described(description="plan, duty, conclusion, own", examples=["plan"])
    title: str = Described(examples=["Rà soát mạng lưới trường"])
    responsibility: str
    person_name: str
    partners: list[str]
    product: str = Described(description="Kết quả phải có. What must come of it.")
    result: str = Described(description="Kết quả đã báo. What was reported.")
    timing: str = Described(description="Thời hạn như in trong văn bản. The time as printed.", examples=["Quý IV/2026"])
    starts_on: dt.date | None
    due_on: dt.date | None
    recurrence: str
    period: str
    state: State
    percent: int = Described(ge=0, le=100)
    done_on: dt.date | None
    given_by: str
    given_at: dt.datetime


class ProgressItem(Schema):
    """One line of what happened to a task."""

    id: UUID
    kind: Literal["note", "reminder", "state"]
    text: str
    percent: int | None
    on: dt.date
    at: dt.datetime
    by: str


class TaskListing(Listing):
    """How to read the list of tasks."""

    state: State | None = Described(None, description="Chỉ việc ở tình trạng này. In this state alone.")


class Giving(Schema):
    """A task to give to units."""

    model_config = ConfigDict(extra="forbid")
    title: Line = Described(description="Việc phải làm. The work.", examples=["Rà soát mạng lưới trường"])
    product: str = Described("", max_length=500, examples=["Báo cáo rà soát"])
    due_on: dt.date | None = Described(None, ge=dt.date(2000, 1, 1), le=dt.date(2100, 12, 31), examples=["2026-12-31"])
    person_name: str = Described("", max_length=100)
    partners: list[Line] = Described([], max_length=50)
    units: list[UUID] = Described(
        min_length=1, max_length=MOST_UNITS, description="Các đơn vị nhận. The units that get it."
    )
    parent: UUID | None = Described(None, description="Tách ra từ việc này. Broken out of this task.")


class Given(Schema):
    """The tasks that were made; units that had it already are passed over."""

    count: int
    items: list[UUID]


class Noting(Schema):
    """What was done, and how far it is."""

    model_config = ConfigDict(extra="forbid")
    text: str = Described(min_length=1, max_length=2000, examples=["Đã rà soát 12 trường"])
    percent: int | None = Described(None, ge=0, le=100, examples=[80])


class Stepping(Schema):
    """A step from state to state."""

    model_config = ConfigDict(extra="forbid")
    act: Act
    text: str = Described("", max_length=2000, description="Khi gửi: kết quả. When submitting: the result.")


tasks = Router(tags=["tasks"])
_TASKS: Any = followed_page("Tasks", TaskItem)
_PROGRESS: Any = plain_page("Progress", ProgressItem)


def _written(columns: dict[str, str], rows: Any) -> list[dict[str, Any]]:
    found = rows.select_related(None).values_list(*columns.values())
    return [dict(zip(columns, map(plain, row), strict=True)) for row in found]


def _tasks(rows: Any) -> list[dict[str, Any]]:
    return _written(_COLUMNS, rows)


def _lines(rows: Any) -> list[dict[str, Any]]:
    return _written(_LINES, rows)


def _one(actor: Actor, key: UUID) -> dict[str, Any]:
    return _tasks(seen_by(actor).filter(pk=key))[0]


@tasks.get("", response={200: _TASKS, **PROBLEMS}, operation_id="list_task")
def list_tasks(request: Any, asked: Query[TaskListing]) -> HttpResponse:
    """List tasks of units within the client's place."""
    caller = caller_with(request, Permission.TASKS_READ)
    with acting(caller.actor) as actor:
        rows = seen_by(actor)
        rows = rows.filter(organisation=asked.of) if asked.of else rows
        rows = rows.filter(state=asked.state) if asked.state else rows
        return listed(Source(Assignment._meta.db_table, rows, _tasks), asked, narrowed=asked.of or asked.state)


@tasks.get("/{uuid:task_id}", response={200: TaskItem, **PROBLEMS}, operation_id="get_task")
def get_task(request: Any, task_id: UUID) -> HttpResponse:
    """Give one task."""
    caller: Caller = request.auth
    with acting(caller.actor) as actor:
        return answer(_one(actor, assignment_for(actor, task_id).pk))


@tasks.get("/{uuid:task_id}/progress", response={200: _PROGRESS, **PROBLEMS}, operation_id="list_task_progress")
def list_progress(request: Any, task_id: UUID, asked: Query[Paging]) -> HttpResponse:
    """List what happened to a task, oldest first."""
    caller: Caller = request.auth
    with acting(caller.actor) as actor:
        found = assignment_for(actor, task_id)
        rows = Progress.objects.filter(assignment=found)
        return paged(Source(Progress._meta.db_table, rows, _lines), asked)


@tasks.post("", response={201: Given, **PROBLEMS}, operation_id="give_task")
def give_task(request: Any, body: Giving, idempotency_key: Key = "") -> HttpResponse:
    """Give the same task to each of some units."""
    actor: Actor = request.auth.actor
    sent = refuse_nul(body.model_dump(mode="json"))

    def do() -> tuple[int, Any]:
        chosen = set(body.units)
        units = list(organisations_seen_by(actor).filter(pk__in=chosen, closed_on__isnull=True))
        if not actor.may(Permission.TASKS_ASSIGN) or len(units) != len(chosen):
            raise NotThere
        parent = assignment_for(actor, body.parent) if body.parent else None
        order = Order(body.title, body.product, body.due_on, body.person_name, tuple(body.partners))
        first = UUID(int=uuid7().int >> _RANDOM_BITS << _RANDOM_BITS)  # every key made from this millisecond on
        count = give(order, units=units, origin="own" if parent else "conclusion", by=actor, parent=parent)
        made = seen_by(actor).filter(pk__gte=first, organisation__in=units, given_by=actor.name, title=order.title)
        return 201, {"count": count, "items": [str(key) for key in made.order_by("pk").values_list("pk", flat=True)]}

    return done_once(request, idempotency_key, sent, do)


@tasks.post("/{uuid:task_id}/progress", response={201: TaskItem, **PROBLEMS}, operation_id="note_task")
def note_task(request: Any, task_id: UUID, body: Noting, idempotency_key: Key = "") -> HttpResponse:
    """Note what was done, as the unit that has the task."""
    actor: Actor = request.auth.actor
    sent = refuse_nul(body.model_dump(mode="json"))

    def do() -> tuple[int, Any]:
        note(task_id, text=body.text, percent=body.percent, upload=None, by=actor)
        return 201, _one(actor, task_id)

    return done_once(request, idempotency_key, sent, do)


@tasks.post("/{uuid:task_id}/steps", response={200: TaskItem, **PROBLEMS}, operation_id="step_task")
def step_task(request: Any, task_id: UUID, body: Stepping, idempotency_key: Key = "") -> HttpResponse:
    """Take a task from state to state: start and submit as the unit, the other steps as whoever gave it."""
    actor: Actor = request.auth.actor
    sent = refuse_nul(body.model_dump(mode="json"))

    def do() -> tuple[int, Any]:
        go(task_id, act=body.act, text=body.text, by=actor)
        return 200, _one(actor, task_id)

    return done_once(request, idempotency_key, sent, do)
