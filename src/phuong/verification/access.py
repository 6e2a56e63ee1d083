"""Who may see and decide which cases: those who may change the record itself."""

from uuid import UUID

from django.db.models import Q, QuerySet

from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.registry.api import Person, people_seen_by
from phuong.verification.rules import OPEN


def kind_of(person: Person) -> str:
    """Name the kind of record by which a person is changed."""
    return "learner" if person.is_learner else ("staff" if person.is_staff else "guardian")


def may_decide(actor: Actor, person: Person) -> bool:
    """Say whether the actor may have a person asked about, and decide what a difference means."""
    wanted = Permission.STAFF_EDIT if kind_of(person) == "staff" else Permission.PERSONS_EDIT
    return bool(actor.scope) and actor.as_of is None and actor.may(wanted)


def cases_seen_by(actor: Actor) -> QuerySet[Person]:
    """Give the people in question within the actor's place whose records the actor may change."""
    if not actor.scope:
        return Person.objects.none()
    allowed = Q(pk__in=[])
    if actor.may(Permission.PERSONS_EDIT):
        allowed |= Q(is_learner=True) | Q(is_staff=False, is_guardian=True)
    if actor.may(Permission.STAFF_EDIT):
        allowed |= Q(is_learner=False, is_staff=True)
    return people_seen_by(actor).filter(allowed, identity_state__in=OPEN).select_related("place")


def case_for(actor: Actor, person_id: UUID) -> Person:
    """Find one person in question.

    :raises NotThere: unknown, elsewhere, not in question, or not the actor's to change
    """
    found = cases_seen_by(actor).filter(pk=person_id).first()
    if found is None:
        raise NotThere
    return found
