"""Whose marks somebody may see, and who may write which sheet: one rule for list, page and act."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Value

from phuong.academics.errors import NotTheirSheet
from phuong.academics.models import Amendment, Substitution
from phuong.academics.models.preschool import LEVELS as PRESCHOOL
from phuong.identity.api import Account
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.kernel.today import today
from phuong.registry.api import ClassGroup, StaffPosition, TeachingAssignment

HEALTH_WORKER = "medical"  # code list staff_position


@dataclass(frozen=True)
class Standing:
    """What somebody is to a class and subject; ``cares``: as health worker of the school of a preschool group."""

    teaches: bool = False
    is_homeroom: bool = False
    manages: bool = False
    cares: bool = False

    @property
    def sees(self) -> bool:
        """Say whether the sheet is theirs to read."""
        return self.teaches or self.is_homeroom or self.manages


def person_of(actor: Actor) -> UUID | None:
    """Give the person behind the actor's account."""
    if actor.account_id is None:
        return None
    return Account.objects.filter(pk=actor.account_id).values_list("person_id", flat=True).first()


def _substituting(**of: Any) -> Exists:
    """Say whether a row's teacher is, today, a substitute for a class and subject."""
    return Exists(Substitution.objects.filter(in_force(today()), **of))


def lessons_of(person: UUID | None) -> list[tuple[UUID, str]]:
    """Give the classes and subjects somebody teaches today, as their teacher or as a substitute: one statement."""
    rows = taught_by(person).values_list("class_group_id", "subject")
    others = Substitution.objects.filter(in_force(today()), person=person).values_list("class_group_id", "subject")
    return list(rows.union(others).order_by("subject")) if person else []


def in_force(day: dt.date) -> Q:
    """Choose what is in force on a day."""
    return Q(during__contains=day)


def taught_by(person: UUID | None, day: dt.date | None = None) -> QuerySet[TeachingAssignment]:
    """Give what somebody teaches on a day: class and subject."""
    if person is None:
        return TeachingAssignment.objects.none()
    return TeachingAssignment.objects.filter(in_force(day or today()), person=person)


def classes_seen_by(actor: Actor, year: int) -> QuerySet[ClassGroup]:
    """Give the classes of a school year whose marks the actor may see some of: all of the place, or the own ones."""
    rows = ClassGroup.objects.filter(school_year=year, organisation__path__under=actor.scope or "none")
    if actor.may(Permission.MARKS_MANAGE):
        return rows
    if not actor.may(Permission.MARKS_WRITE):
        return rows.none()
    person = person_of(actor)
    if person is None:
        return rows.none()
    teaching = TeachingAssignment.objects.filter(in_force(today()), class_group=OuterRef("pk"), person=person)
    substituting = _substituting(class_group=OuterRef("pk"), person=person)
    cared_for = Q(level__in=PRESCHOOL, organisation__in=cared_for_by(person).values("organisation"))
    return rows.filter(Q(homeroom=person) | Exists(teaching) | substituting | cared_for)


def cared_for_by(person: UUID | None) -> QuerySet[StaffPosition]:
    """Give the posts somebody holds today as health worker of a school (nhân viên y tế trường học)."""
    return StaffPosition.objects.filter(in_force(today()), person=person, position=HEALTH_WORKER)


def standing_in(actor: Actor, group: ClassGroup, subject: str) -> Standing:
    """Say what the actor is to the sheet of a class and subject."""
    manages = actor.may(Permission.MARKS_MANAGE)
    if not actor.may(Permission.MARKS_WRITE) or actor.account_id is None:
        return Standing(manages=manages)
    asked = (F("person"), Value(group.pk), Value(subject), Value(today()))
    teaches_today = Func(*asked, function="academics_teaches", output_field=BooleanField())
    found = Account.objects.filter(pk=actor.account_id).values_list("person_id", teaches_today).first()
    person, teaches = found or (None, False)
    return Standing(teaches, person is not None and group.homeroom_id == person, manages)


def must_write(actor: Actor, group: ClassGroup, subject: str) -> None:
    """Let in who writes the sheet of a class and subject.

    :raises NotThere: the actor has nothing to do with it
    :raises NotTheirSheet: the actor reads it, and does not teach this subject in this class
    """
    standing = standing_in(actor, group, subject)
    if not standing.sees:
        raise NotThere
    if not standing.teaches:
        raise NotTheirSheet


def class_for(actor: Actor, class_id: UUID) -> ClassGroup:
    """Find a class within the actor's place.

    :raises NotThere: unknown, elsewhere, or the actor has nothing to do with marks
    """
    if not (actor.may(Permission.MARKS_WRITE) or actor.may(Permission.MARKS_MANAGE)):
        raise NotThere
    rows = ClassGroup.objects.select_related("organisation")
    found = rows.filter(pk=class_id, organisation__path__under=actor.scope or "none").first()
    if found is None:
        raise NotThere
    return found


def amendments_seen_by(actor: Actor) -> QuerySet[Amendment]:
    """Give the amendments of the actor's place: all to who manages marks, else those one asked for."""
    rows = Amendment.objects.filter(path__under=actor.scope or "none").select_related(
        *("mark__learner", "mark__sheet__class_group__organisation"),
        *("rating__learner", "rating__enrolment__class_group", "record__learner", "record__enrolment__class_group"),
    )
    if actor.may(Permission.MARKS_MANAGE):
        return rows
    return rows.filter(asked_by=actor.account_id) if actor.may(Permission.MARKS_WRITE) else rows.none()


def amendment_for(actor: Actor, amendment_id: UUID, *, writing: bool = False) -> Amendment:
    """Find an amendment the actor may decide: of the own place, and asked for by somebody else.

    :raises NotThere: unknown, elsewhere, one's own, or not for this actor to decide
    """
    if not actor.may(Permission.MARKS_MANAGE):
        raise NotThere
    rows = amendments_seen_by(actor)
    rows = rows.select_for_update(of=("self",)) if writing else rows
    found = rows.filter(pk=amendment_id).first()
    if found is None or found.asked_by == actor.account_id:
        raise NotThere
    return found
