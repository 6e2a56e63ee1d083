"""Whose quality somebody may see, and who may ask for fixes."""

from uuid import UUID

from phuong.kernel.permissions import Permission
from phuong.kernel.scope import Actor, is_under
from phuong.measures.api import area_for
from phuong.registry.api import Organisation


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
