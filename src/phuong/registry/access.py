"""Who may see which organisations, classes and people: one rule for the row and for the list.

PostgreSQL refuses foreign rows by itself (row security); these filters say the same thing in a way that indexes answer.
"""

from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, depth
from phuong.registry.models import ClassGroup, FormerKey, Organisation, Person

Row = TypeVar("Row")
_COMMUNE_DEPTH = 3
_SCHOOL_DEPTH = 4


def organisations_seen_by(actor: Actor) -> QuerySet[Organisation]:
    """Give the organisations at or below the actor's place; the whole directory is not for everybody."""
    return Organisation.objects.filter(path__under=actor.scope) if actor.scope else Organisation.objects.none()


def organisation_for(actor: Actor, organisation_id: UUID) -> Organisation:
    """Find one organisation the actor may see.

    :raises NotThere: unknown, or outside the actor's place
    """
    found = organisations_seen_by(actor).select_related("school", "territory", "parent").filter(pk=organisation_id)
    return _or_not_there(found.first())


def people_seen_by(actor: Actor) -> QuerySet[Person]:
    """Give the people whose record the actor may open; a family sees its own."""
    if not actor.scope:
        return Person.objects.filter(pk__in=actor.persons)
    allowed = Q()
    if not actor.may(Permission.STAFF_READ):
        allowed &= Q(is_learner=True) | Q(is_guardian=True, is_staff=False)
    if not actor.may(Permission.PERSONS_READ):
        allowed &= Q(is_staff=True)
    return within(Person.objects.filter(allowed), actor.scope)


def person_for(actor: Actor, person_id: UUID) -> Person:
    """Find one person the actor may see, also by a key from before two records were found to be one's.

    :raises NotThere: unknown, or not for this actor
    """
    seen = people_seen_by(actor).select_related("place")
    found = seen.filter(pk=person_id).first() or seen.filter(former_keys=person_id).first()
    return _or_not_there(found)


def key_today(person_id: UUID) -> UUID | None:
    """Give the key under which a person of a former key is known today; ``None`` when it is no former key."""
    return FormerKey.objects.filter(pk=person_id).values_list("person_id", flat=True).first()


def former_keys(person_id: UUID) -> list[UUID]:
    """Give the keys under which a person was known before."""
    return list(FormerKey.objects.filter(person=person_id).order_by("since", "id").values_list("id", flat=True))


def class_for(actor: Actor, class_id: UUID) -> ClassGroup:
    """Find one class of a school the actor may see.

    :raises NotThere: unknown, or of another school
    """
    found = ClassGroup.objects.select_related("organisation", "homeroom").filter(pk=class_id)
    return _or_not_there(found.filter(organisation__path__under=actor.scope).first() if actor.scope else None)


def within(people: QuerySet[Person], scope: str) -> QuerySet[Person]:
    """Narrow people to a place by the column that has an index for that depth."""
    if depth(scope) >= _SCHOOL_DEPTH:
        return people.filter(place__path__under=scope)
    return people.filter(branch=scope) if depth(scope) == _COMMUNE_DEPTH else people


def _or_not_there(row: Row | None) -> Row:
    if row is None:
        raise NotThere
    return row
