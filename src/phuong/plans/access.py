"""Which area somebody steers, which plans and indicators they may open, who reports and sees which values."""

from django.db.models import Q, QuerySet

from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, is_under
from phuong.plans.models import Indicator, Plan, Reported
from phuong.plans.rules import Level, reporting_level
from phuong.registry.api import Organisation, province_of


def province_for(actor: Actor) -> Organisation:
    """Give the province in which the actor works.

    :raises NotThere: the actor stands nowhere
    """
    province = province_of(actor.scope) if actor.scope else None
    if province is None:
        raise NotThere
    return province


def own_area(actor: Actor) -> Organisation:
    """Give the area whose figures are the actor's own: province, commune or school.

    :raises NotThere: the actor stands nowhere
    """
    if len(actor.scope.split(".")) <= 2:
        return province_for(actor)
    area = Organisation.objects.select_related("territory").filter(path=actor.scope).first()
    if area is None:
        raise NotThere
    return area


def plan_named(code: str) -> Plan:
    """Find a plan.

    :raises NotThere: unknown
    """
    plan = Plan.objects.filter(code=code).first()
    if plan is None:
        raise NotThere
    return plan


def indicator_named(plan_code: str, code: str) -> Indicator:
    """Find an indicator of a plan.

    :raises NotThere: unknown
    """
    found = Indicator.objects.select_related("plan").filter(plan__code=plan_code, code=code, is_withdrawn=False).first()
    if found is None:
        raise NotThere
    return found


def level_of(indicator: Indicator) -> Level:
    """Say which kind of unit reports an indicator."""
    return reporting_level(reporting=indicator.reporting, scope=indicator.scope)


def level_at(area: Organisation) -> Level | None:
    """Say as which kind of unit an area reports: the province's figures are its department's."""
    if area.kind == "province":
        return Level.DEPARTMENT
    if area.is_commune:
        return Level.COMMUNE
    return Level.SCHOOL if area.kind == "school" else None


def area_reporting(unit: Organisation) -> Organisation:
    """Give the area whose figure a unit reports: a department speaks for its province, others for themselves."""
    is_department = unit.kind == "department" and unit.parent is not None and unit.parent.kind == "province"
    return unit.parent if is_department and unit.parent is not None else unit


def answers_for(indicator: Indicator, area: Organisation) -> bool:
    """Say whether an area reports an indicator: one that people must report, if it is of the right kind.

    For what is counted, or will be, any area of the province may report its official figure beside.
    """
    level = level_at(area)
    is_of_province = area.path.split(".")[1:2] == [f"p{indicator.plan.province_code}"]
    if level is None or indicator.is_withdrawn or not is_of_province:
        return False
    return indicator.decision != Indicator.Decision.REPORTED or level_of(indicator) is level


def may_report(actor: Actor, area: Organisation) -> bool:
    """Say whether the actor reports for an area: stands there, not above it."""
    stands_there = area.path == actor.scope or area.pk == actor.organisation_id
    return actor.may(Permission.VALUES_REPORT) and stands_there and is_under(area.path, actor.scope)


def reported_seen_by(actor: Actor) -> QuerySet[Reported]:
    """Give the reported values within the actor's place: accepted ones; others only to the unit and to reviewers."""
    rows = Reported.objects.select_related("indicator__plan", "organisation")
    if not actor.scope:
        return rows.none()
    rows = rows.filter(path__under=actor.scope)
    if actor.may(Permission.VALUES_REVIEW):
        return rows
    accepted = Q(state=Reported.State.ACCEPTED)
    return rows.filter(accepted | Q(path=actor.scope)) if actor.may(Permission.VALUES_REPORT) else rows.filter(accepted)
