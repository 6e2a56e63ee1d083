"""Plans with their figures, and the code lists."""

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Path, Router, Schema

from phuong.gateway.access import Caller
from phuong.gateway.rest.answers import answer
from phuong.gateway.rest.records import PROBLEMS
from phuong.kernel.codelists import entries_of
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import acting
from phuong.kernel.today import today
from phuong.plans.api import Plan, standings_of
from phuong.registry.api import Organisation, province_of

Code = Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9_\\-]+$")]


class PlanItem(Schema):
    """A plan."""

    code: str
    title: str
    issuer: str
    starts: int
    ends: int


class StandingItem(Schema):
    """An indicator with its binding target and the figure counted over the client's area."""

    code: str
    title: str
    unit: str
    target: str | None
    actual: str | None
    numerator: int | None
    denominator: int | None
    source: str
    status: str


class CodeItem(Schema):
    """One entry of a code list."""

    code: str
    title: str
    title_en: str


plans = Router(tags=["plans"])
lists = Router(tags=["code-lists"])


@plans.get("", response={200: list[PlanItem], **PROBLEMS})
def list_plans(request: Any) -> HttpResponse:
    """List the plans of the client's province."""
    caller: Caller = request.auth
    if not caller.actor.may(Permission.PLANS_READ):
        raise NotThere
    with acting(caller.actor):
        rows = Plan.objects.order_by("code").values("code", "title", "issuer", "starts", "ends")
        return answer(list(rows))


@plans.get("/{code}/indicators", response={200: list[StandingItem], **PROBLEMS})
def list_indicators(request: Any, code: Code) -> HttpResponse:
    """List the indicators of a plan over the client's area: target, figure, how it stands."""
    caller: Caller = request.auth
    if not caller.actor.may(Permission.PLANS_READ):
        raise NotThere
    with acting(caller.actor) as actor:
        plan = Plan.objects.filter(code=code).first()
        area = Organisation.objects.filter(path=actor.scope).first() or province_of(actor.scope)
        if plan is None or area is None:
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


@lists.get("/{code}", response={200: list[CodeItem], **PROBLEMS})
def one_list(request: Any, code: Code) -> HttpResponse:
    """Give the entries of one official code list."""
    caller: Caller = request.auth
    with acting(caller.actor):
        entries = entries_of(code)
    if not entries:
        raise NotThere
    facts = [{"code": key, "title": title, "title_en": title_en} for key, (title, title_en) in entries.items()]
    return answer(facts)
