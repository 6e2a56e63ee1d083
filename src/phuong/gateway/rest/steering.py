"""Plans: indicators with their figures, targets, tasks and duties as printed, doubts, and what units reported."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict
from pydantic import Field as Described

from phuong.gateway.actions.keeping import refuse_nul
from phuong.gateway.queries import Source
from phuong.gateway.rest.answers import answer
from phuong.gateway.rest.feed import Key, Paging, caller_with, done_once, paged, plain_page
from phuong.gateway.rest.schemas import PROBLEMS
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import ROOT, Actor, acting, depth
from phuong.kernel.today import today
from phuong.plans.api import (
    Doubt,
    Duty,
    Indicator,
    Plan,
    Reported,
    Target,
    Task,
    reported_seen_by,
    settle_doubt,
    standings_of,
    submit_value,
)
from phuong.records.api import plain
from phuong.registry.api import Organisation, organisations_seen_by, province_of

_PROVINCE_DEPTH = 2
Code = Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9_-]+$")]


class PlanItem(Schema):
    """A plan."""

    code: str = Described(examples=["hai-phong-nq57-2026"])
    title: str
    issuer: str
    starts: int
    ends: int


class StandingItem(Schema):
    """An indicator with its binding target and the figure counted over the client's area."""

    code: str
    title: str
    unit: str = Described(examples=["percent"])
    target: str | None = Described(description="Mục tiêu năm nay. What binds this year.")
    actual: str | None = Described(description="Số đếm được; trống khi nhóm quá nhỏ. Counted; empty for small groups.")
    numerator: int | None
    denominator: int | None
    source: str = Described(description="counted, reported, none")
    status: str


class TargetItem(Schema):
    """A version of the target of an indicator for a year; the latest version of a year binds."""

    id: UUID
    indicator: str = Described(description="Mã chỉ tiêu. Code of the indicator.")
    year: int
    version: int
    comparator: str = Described(examples=[">="])
    value: str | None = Described(examples=["90.0000"])
    text: str = Described(description="Mục tiêu ghi bằng lời. A target in words.")
    reason: str
    is_withdrawn: bool
    written_at: dt.datetime


class PlanTaskItem(Schema):
    """A task of a plan, as printed."""

    id: UUID
    code: str
    group: str
    title: str
    lead: list[str]
    partners: list[str]
    timing: str
    product: str
    is_withdrawn: bool


class DutyItem(Schema):
    """A reporting duty of a plan, as printed."""

    id: UUID
    code: str
    who: str
    what: str
    when: str


class DoubtItem(Schema):
    """What the scan of a plan left in doubt, and how it was settled."""

    id: UUID
    about_kind: str = Described(examples=["indicator"])
    about_code: str
    text: str
    settled_at: dt.datetime | None
    settled_by: str
    settlement: str


class ReportedItem(Schema):
    """What a unit reported officially for an indicator on a day; beside what is counted, never mixed with it."""

    id: UUID
    indicator: str = Described(description="Mã chỉ tiêu. Code of the indicator.")
    of: UUID = Described(description="Đơn vị báo cáo. The unit that reported.")
    period: dt.date = Described(description="Ngày đầu của tháng được báo. First day of the month reported on.")
    as_of: dt.date
    version: int
    state: str = Described(description="draft, submitted, returned, accepted", examples=["accepted"])
    value: str = Described(examples=["87.5000"])
    numerator: int | None
    denominator: int | None
    source: str
    comment: str
    review_comment: str
    written_at: dt.datetime


class Reporting(Schema):
    """What a unit reports of a month: a value, or numerator and denominator."""

    model_config = ConfigDict(extra="forbid")
    indicator: str = Described(min_length=1, max_length=60, examples=["x4"])
    of: UUID | None = Described(None, description="Đơn vị báo cáo. The unit; without it the client's own.")
    period: dt.date = Described(description="Một ngày trong tháng. Any day of the month.", examples=["2026-10-31"])
    value: Decimal | None = Described(None, max_digits=14, decimal_places=4)
    numerator: int | None = Described(None, ge=0, le=10**12)
    denominator: int | None = Described(None, ge=0, le=10**12)
    source: str = Described(min_length=1, max_length=500, examples=["Sổ theo dõi của trường"])
    comment: str = Described("", max_length=2000)
    reason: str = Described("", max_length=2000, description="Lí do sửa số đã duyệt. Why it is corrected.")


class Settling(Schema):
    """What the original says."""

    model_config = ConfigDict(extra="forbid")
    words: str = Described(min_length=1, max_length=1000, examples=["Bản gốc ghi 90%"])


_OWN = {"id": "pk", "code": "code"}
_COLUMNS: dict[Any, dict[str, str]] = {
    Target: {"id": "pk", "indicator": "indicator__code"}
    | {name: name for name in TargetItem.model_fields if name not in ("id", "indicator")},
    Task: _OWN | {name: name for name in PlanTaskItem.model_fields if name not in _OWN},
    Duty: _OWN | {name: name for name in DutyItem.model_fields if name not in _OWN},
    Doubt: {"id": "pk"} | {name: name for name in DoubtItem.model_fields if name != "id"},
    Reported: {"id": "pk", "indicator": "indicator__code", "of": "organisation_id"}
    | {name: name for name in ReportedItem.model_fields if name not in ("id", "indicator", "of")},
}
plans = Router(tags=["plans"])


def _source(rows: QuerySet[Any]) -> Source:
    columns = _COLUMNS[rows.model]

    def write(chosen: Any) -> list[dict[str, Any]]:
        found = chosen.values_list(*columns.values())
        return [dict(zip(columns, map(plain, row), strict=True)) for row in found]

    return Source(rows.model._meta.db_table, rows, write)


def _plans_of(actor: Actor) -> QuerySet[Plan]:
    """Give the plans of the client's province; of every province to a client of the country."""
    if actor.scope == ROOT:
        return Plan.objects.all()
    province = actor.scope.split(".")[1].removeprefix("p") if "." in actor.scope else ""
    return Plan.objects.filter(province_code=province)


def _plan(actor: Actor, code: str) -> Plan:
    found = _plans_of(actor).filter(code=code).first()
    if found is None:
        raise NotThere
    return found


@plans.get("", response={200: list[PlanItem], **PROBLEMS}, operation_id="list_plan")
def list_plans(request: Any) -> HttpResponse:
    """List the plans of the client's province."""
    caller = caller_with(request, Permission.PLANS_READ)
    with acting(caller.actor) as actor:
        rows = _plans_of(actor).order_by("code").values("code", "title", "issuer", "starts", "ends")
        return answer(list(rows))


@plans.get("/{code}/indicators", response={200: list[StandingItem], **PROBLEMS}, operation_id="list_indicator")
def list_indicators(request: Any, code: Code) -> HttpResponse:
    """List the indicators of a plan over the client's area: target, figure, how it stands."""
    caller = caller_with(request, Permission.PLANS_READ)
    with acting(caller.actor) as actor:
        plan = _plan(actor, code)
        area = Organisation.objects.filter(path=actor.scope).first() or province_of(actor.scope)
        if area is None:
            raise NotThere
        return answer([_standing(each) for each in standings_of(area, year=today().year, plan=plan)])


def _standing(each: Any) -> dict[str, Any]:
    return {
        "code": each.indicator.code,
        "title": each.indicator.title,
        "unit": each.indicator.unit,
        "target": str(each.binding.value) if each.binding else None,
        "actual": str(each.actual) if each.actual is not None else None,
        "numerator": each.figure.numerator if each.figure else None,
        "denominator": each.figure.denominator if each.figure else None,
        "source": each.source,
        "status": each.status.published,
    }


def _read(request: Any, code: str, asked: Paging, rows: Any) -> HttpResponse:
    caller = caller_with(request, Permission.PLANS_READ)
    with acting(caller.actor) as actor:
        return paged(_source(rows(_plan(actor, code), actor)), asked)


@plans.get("/{code}/targets", response={200: plain_page("Targets", TargetItem), **PROBLEMS}, operation_id="list_target")
def list_targets(request: Any, code: Code, asked: Query[Paging]) -> HttpResponse:
    """List the targets of a plan, every version of every year."""
    return _read(request, code, asked, lambda plan, _actor: Target.objects.filter(indicator__plan=plan))


@plans.get(
    "/{code}/tasks", response={200: plain_page("PlanTasks", PlanTaskItem), **PROBLEMS}, operation_id="list_plan_task"
)
def list_plan_tasks(request: Any, code: Code, asked: Query[Paging]) -> HttpResponse:
    """List the tasks of a plan as printed; what units do with them stands under /tasks."""
    return _read(request, code, asked, lambda plan, _actor: Task.objects.filter(plan=plan))


@plans.get("/{code}/duties", response={200: plain_page("Duties", DutyItem), **PROBLEMS}, operation_id="list_duty")
def list_duties(request: Any, code: Code, asked: Query[Paging]) -> HttpResponse:
    """List the reporting duties of a plan as printed."""
    return _read(request, code, asked, lambda plan, _actor: Duty.objects.filter(plan=plan))


@plans.get("/{code}/doubts", response={200: plain_page("Doubts", DoubtItem), **PROBLEMS}, operation_id="list_doubt")
def list_doubts(request: Any, code: Code, asked: Query[Paging]) -> HttpResponse:
    """List what the scan of a plan left in doubt."""
    return _read(request, code, asked, lambda plan, _actor: Doubt.objects.filter(plan=plan))


@plans.get("/{code}/values", response={200: plain_page("Values", ReportedItem), **PROBLEMS}, operation_id="list_value")
def list_values(request: Any, code: Code, asked: Query[Paging]) -> HttpResponse:
    """List what units within the client's place reported: what is accepted, and what the client's own unit sent."""
    return _read(request, code, asked, lambda plan, actor: reported_seen_by(actor).filter(indicator__plan=plan))


@plans.post("/{code}/values", response={201: ReportedItem, **PROBLEMS}, operation_id="report_value")
def report(request: Any, code: Code, body: Reporting, idempotency_key: Key = "") -> HttpResponse:
    """Send in what a unit reports of a month; a person reviews it. Sent again before the review it is replaced."""
    caller = caller_with(request, Permission.VALUES_REPORT)
    sent = refuse_nul(body.model_dump(mode="json"))

    def do() -> tuple[int, Any]:
        indicators = Indicator.objects.select_related("plan").filter(plan=_plan(caller.actor, code), is_withdrawn=False)
        asked = indicators.filter(code=body.indicator).first()
        unit = organisations_seen_by(caller.actor).filter(pk=str(body.of or caller.actor.organisation_id)).first()
        if asked is None or unit is None:
            raise NotThere
        facts = {name: value for name, value in body.model_dump().items() if value is not None}
        row = submit_value(indicator=asked, unit=unit, period=body.period, facts=facts, by=caller.actor)
        return 201, _source(Reported.objects.all()).write(Reported.objects.filter(pk=row.pk))[0]

    return done_once(request, idempotency_key, sent, do)


@plans.post(
    "/{code}/doubts/{uuid:doubt_id}/settlement", response={200: DoubtItem, **PROBLEMS}, operation_id="settle_doubt"
)
def settle(request: Any, code: Code, doubt_id: UUID, body: Settling, idempotency_key: Key = "") -> HttpResponse:
    """Settle a doubt with what the original says; for clients of the whole province."""
    caller = caller_with(request, Permission.PLANS_EDIT)
    sent = refuse_nul(body.model_dump())

    def do() -> tuple[int, Any]:
        if depth(caller.actor.scope) > _PROVINCE_DEPTH:
            raise NotThere
        settled = settle_doubt(plan=_plan(caller.actor, code), doubt_id=doubt_id, words=body.words, by=caller.actor)
        return 200, _source(Doubt.objects.all()).write(Doubt.objects.filter(pk=settled.pk))[0]

    return done_once(request, idempotency_key, sent, do)
