"""Whose data somebody may open, and what stands open."""

from django.db.models import QuerySet

from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, depth
from phuong.opendata.models import Publication
from phuong.registry.api import Organisation, province_of

_PROVINCE_DEPTH = 2


def province_for(actor: Actor) -> Organisation:
    """Give the province whose data the actor opens.

    :raises NotThere: the actor does not stand for a whole province, or may not open anything
    """
    province = province_of(actor.scope) if actor.scope and depth(actor.scope) <= _PROVINCE_DEPTH else None
    if province is None or not actor.may(Permission.OPENDATA_PUBLISH):
        raise NotThere
    return province


def open_publications() -> QuerySet[Publication]:
    """Give what stands open to everybody, with its file but for the content."""
    rows = Publication.objects.filter(is_open=True, edition__isnull=False)
    return rows.select_related("province", "edition").defer("edition__content").order_by("province__code", "dataset")


def open_publication(province_code: str, dataset: str) -> Publication:
    """Find one that stands open.

    :raises NotThere: unknown, or not open
    """
    found = open_publications().filter(province__code=province_code, province__kind="province", dataset=dataset).first()
    if found is None:
        raise NotThere
    return found
