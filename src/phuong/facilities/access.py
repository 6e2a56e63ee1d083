"""Which rooms, equipment and programmes somebody may open."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.registry.api import organisation_for


def rows_of(model: type[Model], actor: Actor) -> QuerySet[Any]:
    """Give the rows of a facilities table that belong to units within the actor's place."""
    rows = model._default_manager.select_related("organisation")
    return rows.filter(organisation__path__under=actor.scope) if actor.scope else rows.none()


def rows_asked(model: type[Model], actor: Actor, query: Mapping[str, Any]) -> QuerySet[Any]:
    """Give the rows an address asks for: of one unit (``school``, its key), of one ``kind``.

    :raises NotThere: no such unit within the actor's place
    """
    rows = rows_of(model, actor)
    if school := query.get("school"):
        try:
            rows = rows.filter(organisation=organisation_for(actor, UUID(school)))
        except ValueError as error:
            raise NotThere from error
    if kind := query.get("kind"):
        rows = rows.filter(kind=kind)
    return rows
