"""Which rooms, equipment and programmes somebody may open."""

from typing import Any

from django.db.models import Model, QuerySet

from phuong.kernel.scope import Actor


def rows_of(model: type[Model], actor: Actor) -> QuerySet[Any]:
    """Give the rows of a facilities table that belong to units within the actor's place."""
    rows = model._default_manager.select_related("organisation")
    return rows.filter(organisation__path__under=actor.scope) if actor.scope else rows.none()
