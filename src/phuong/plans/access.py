"""Which area somebody steers, and which plans and indicators they may open."""

from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.plans.models import Indicator, Plan
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
