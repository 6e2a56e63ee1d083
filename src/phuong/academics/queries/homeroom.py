"""Who looks after a whole class: its homeroom teacher, and who manages marks."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from phuong.academics.access import Standing, class_for, person_of
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.registry.api import ClassGroup

LEVELS = ("lower_secondary", "upper_secondary", "continuing")
ASSESSED = ("primary", *LEVELS)


def homeroom_standing(actor: Actor, group: ClassGroup) -> Standing:
    """Say what the actor is to a whole class: its homeroom teacher, or one who manages marks."""
    may = actor.may(Permission.MARKS_WRITE) and group.homeroom_id is not None
    is_homeroom = may and person_of(actor) == group.homeroom_id
    return Standing(is_homeroom=is_homeroom, manages=actor.may(Permission.MARKS_MANAGE))


def own_class_for(actor: Actor, class_id: UUID) -> tuple[ClassGroup, Standing]:
    """Find a class the actor is homeroom teacher of, or manages the marks of.

    :raises NotThere: unknown, elsewhere, or neither
    """
    group = class_for(actor, class_id)
    standing = homeroom_standing(actor, group)
    if not standing.sees:
        raise NotThere
    return group, standing


def own_classes(actor: Actor, year: int, levels: Collection[str] = LEVELS) -> QuerySet[ClassGroup]:
    """Give the classes of a school year the actor is homeroom teacher of, or manages the marks of; secondary ones."""
    rows = ClassGroup.objects.filter(
        school_year=year, organisation__path__under=actor.scope or "none", level__in=levels
    ).select_related("homeroom")
    if not actor.may(Permission.MARKS_MANAGE):
        person = person_of(actor) if actor.may(Permission.MARKS_WRITE) else None
        rows = rows.filter(homeroom=person) if person else rows.none()
    return rows.order_by("grade", "name_key", "id")
