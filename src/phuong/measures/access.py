"""Which areas' totals somebody may read, and whose records."""

from uuid import UUID

from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, is_under
from phuong.registry.api import Organisation


def area_for(actor: Actor, area_id: UUID) -> Organisation:
    """Find an area whose totals the actor may read: one's own and below, and any commune of one's province.

    Totals of communes may be compared; those of single schools elsewhere may not be read.

    :raises NotThere: unknown, or not for this actor
    """
    area = Organisation.objects.select_related("territory", "school").filter(pk=area_id, closed_on=None).first()
    if area is None or not actor.scope:
        raise NotThere
    province = ".".join(actor.scope.split(".")[:2])
    is_comparable = (area.is_commune or area.kind == "province") and is_under(area.path, province)
    if not is_under(area.path, actor.scope) and not is_comparable:
        raise NotThere
    return area


def may_read_records(actor: Actor, area: Organisation) -> bool:
    """Say whether the actor may see the very records of an area, not only its totals."""
    return actor.may(Permission.RECORDS_READ) and is_under(area.path, actor.scope)


def reads_every_record(actor: Actor, area: Organisation) -> bool:
    """Say whether the records the actor may see in an area are all there are: a commune hosts others' schools too."""
    return may_read_records(actor, area) and not (area.is_commune and area.path == actor.scope)
