"""Pages of plans, indicators and tasks."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.today import today
from phuong.measures.api import area_for, measure_named, parts_of
from phuong.plans.access import answers_for, indicator_named, may_report, own_area, plan_named, province_for
from phuong.plans.actions.doubts import settle_doubt
from phuong.plans.charts import series_points, target_points
from phuong.plans.dashboard import lowest, tally
from phuong.plans.decisions import definition_of
from phuong.plans.forms import IndicatorFilter, Settlement, TaskFilter
from phuong.plans.queries import Standing, accepted_of, doubts_about, plans_in_order, rivals_of, standings_of
from phuong.plans.rules import Status

ORDER = (Status.BEHIND, Status.ATTENTION, Status.ON_TRACK, Status.MET, Status.NO_DATA)


@needs(Permission.PLANS_READ)
@require_safe
def indicators(request: Any) -> HttpResponse:
    """List every indicator of the province's plans beside what is counted, the late ones first."""
    return _standings_page(request, own_area(request.actor))


@needs(Permission.PLANS_READ)
@require_safe
def area(request: Any, area_id: UUID) -> HttpResponse:
    """List the indicators over one commune or school."""
    return _standings_page(request, area_for(request.actor, area_id))


def _standings_page(request: Any, where: Any) -> HttpResponse:
    form = IndicatorFilter(request.GET)
    chosen = form.chosen()
    wanted = plan_named(chosen["plan"]) if "plan" in chosen else None
    everything = standings_of(where, year=_year(), plan=wanted)
    shown = [each for each in everything if _is_wanted(each, chosen)]
    groups = [(status, [each for each in shown if each.status is status]) for status in ORDER]
    page = {
        "area": where,
        "form": form,
        "groups": [group for group in groups if group[1]],
        "tally": tally(everything),
        "year": _year(),
        "plans": plans_in_order(),
    }
    return render(request, "plans/indicators.html", page)


def _is_wanted(standing: Standing, chosen: dict[str, Any]) -> bool:
    if "decision" in chosen and standing.indicator.decision != chosen["decision"]:
        return False
    return "status" not in chosen or standing.status == chosen["status"]


def _year() -> int:
    return today().year


@needs(Permission.PLANS_READ)
@require_safe
def plans(request: Any) -> HttpResponse:
    """List the plans with how their indicators stand."""
    province = province_for(request.actor)
    standings = standings_of(province, year=_year())
    rows = []
    for each in plans_in_order():
        of_plan = [standing for standing in standings if standing.plan.pk == each.pk]
        rows.append((each, tally(of_plan)))
    return render(request, "plans/plans.html", {"rows": rows, "province": province, "year": _year()})


@needs(Permission.PLANS_READ)
@require_safe
def plan(request: Any, plan_code: str) -> HttpResponse:
    """Show one plan: its indicators in order, its duties, the doubts about the scan."""
    found = plan_named(plan_code)
    where = own_area(request.actor)
    standings = standings_of(where, year=_year(), plan=found)
    page = {
        "plan": found,
        "area": where,
        "standings": standings,
        "tally": tally(standings),
        "year": _year(),
        "duties": list(found.duties.order_by("code", "id")),
        "task_count": found.tasks.filter(is_withdrawn=False).count(),
    }
    return render(request, "plans/plan.html", page)


@needs(Permission.PLANS_READ)
@require_safe
def tasks(request: Any, plan_code: str) -> HttpResponse:
    """List the tasks of a plan as printed: who leads, who takes part, when, what comes of it."""
    found = plan_named(plan_code)
    printed = list(found.tasks.filter(is_withdrawn=False).order_by("rank", "id"))
    form = TaskFilter(request.GET, units=sorted({unit for task in printed for unit in task.lead}))
    lead = form.chosen().get("lead", "")
    shown = [task for task in printed if not lead or lead in task.lead]
    return render(request, "plans/tasks.html", {"plan": found, "tasks": shown, "form": form})


@needs(Permission.PLANS_READ)
@require_safe
def indicator(request: Any, plan_code: str, code: str) -> HttpResponse:
    """Show one indicator: targets and figures by year, three lights, who leads, where it lacks most, the rivals."""
    found = indicator_named(plan_code, code)
    where = own_area(request.actor)
    standing = standings_of(where, year=_year(), indicators=[found])[0]
    by = "commune" if where.kind == "province" else "school"
    parts = parts_of(found.measure, where, by) if found.measure and standing.figure else []
    page = {
        "standing": standing,
        "indicator": found,
        "area": where,
        "measure": measure_named(found.measure) if found.measure else None,
        "targets": target_points(standing),
        "actual": series_points(standing),
        "projection": [(standing.projected, standing.next_goal.value)]
        if standing.projected and standing.next_goal
        else [],
        "lowest": lowest(parts, 8),
        "rivals": rivals_of(found),
        "shared": definition_of(found.plan.code, found.code),
        "history": accepted_of(found, where),
        "doubts": doubts_about(found.plan, "indicator", found.code),
        "may_report": may_report(request.actor, where) and answers_for(found, where),
        "may_edit": request.actor.may(Permission.PLANS_EDIT),
    }
    return render(request, "plans/indicator.html", page)


@needs(Permission.PLANS_EDIT)
@require_POST
def settle(request: Any, plan_code: str, doubt_id: UUID) -> HttpResponse:
    """Settle a doubt of the scan with what the original says."""
    found = plan_named(plan_code)
    form = Settlement(request.POST)
    doubt = settle_doubt(plan=found, doubt_id=doubt_id, words=form.words(), by=request.actor)
    return redirect(
        "plans:indicator" if doubt.about_kind == "indicator" else "plans:tasks",
        *([plan_code, doubt.about_code] if doubt.about_kind == "indicator" else [plan_code]),
    )
