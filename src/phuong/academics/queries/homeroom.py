"""Who looks after a whole class: its homeroom teacher, and who manages marks."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from phuong.academics.access import Standing, cared_for_by, class_for, lessons_of, person_of
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


def preschool_standing(actor: Actor, group: ClassGroup) -> Standing:
    """Say what the actor is to a preschool group: its homeroom teacher, another teacher assigned to it, the health
    worker of its school, or one who manages marks.
    """
    manages = actor.may(Permission.MARKS_MANAGE)
    person = person_of(actor) if actor.may(Permission.MARKS_WRITE) else None
    if person is None:
        return Standing(manages=manages)
    teaches = group.pk in {class_id for class_id, _subject in lessons_of(person)}
    cares = cared_for_by(person).filter(organisation=group.organisation_id).exists()
    return Standing(teaches, group.homeroom_id == person, manages, cares)


def preschool_group_for(actor: Actor, class_id: UUID, *, growth: bool) -> tuple[ClassGroup, Standing]:
    """Find a preschool group whose development the actor may read, or with ``growth`` its measurings.

    :raises NotThere: unknown, elsewhere, or not theirs to read
    """
    group = class_for(actor, class_id)
    standing = preschool_standing(actor, group)
    if not (standing.sees or (growth and standing.cares)):
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
