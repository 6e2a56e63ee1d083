"""Whose quality somebody may see, who may ask for fixes, and who says what a rule weighs."""

from uuid import UUID

from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, depth, is_under
from phuong.measures.api import area_for
from phuong.registry.api import Organisation, province_of

_PROVINCE_DEPTH = 2


def unit_for(actor: Actor, unit_id: UUID | None) -> Organisation:
    """Find the unit whose quality is asked for: one's own without a key.

    :raises NotThere: unknown, or not for this actor
    """
    if unit_id is None:
        found = Organisation.objects.filter(path=actor.scope, closed_on__isnull=True).first()
        unit_id = found.pk if found else None
    return area_for(actor, unit_id or UUID(int=0))


def may_ask(actor: Actor, unit: Organisation) -> bool:
    """Say whether the actor may ask somebody to mend the data of a unit."""
    return actor.may(Permission.BULK_EDIT) and is_under(unit.path, actor.scope) and actor.as_of is None


def province_for(actor: Actor) -> Organisation:
    """Give the province whose rules the actor weighs.

    :raises NotThere: the actor does not stand for a whole province, or weighs nothing
    """
    province = province_of(actor.scope) if actor.scope and depth(actor.scope) <= _PROVINCE_DEPTH else None
    if province is None or not actor.may(Permission.QUALITY_EDIT) or actor.as_of is not None:
        raise NotThere
    return province
