"""Reads of transfers: lists, what is late, who a learner is to a school that may receive them, schools to ask."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from phuong.kernel.calendar import school_year_of
from phuong.kernel.scope import ROOT, Actor, acting
from phuong.kernel.text import search_key
from phuong.kernel.today import today
from phuong.registry.api import (
    ClassGroup,
    Enrolment,
    Guardianship,
    Organisation,
    Person,
    classes_of,
    people_by_number,
    people_seen_by,
)
from phuong.transfers.models import Package, Step, Transfer
from phuong.transfers.rules import FINAL_STATES, OPEN_STATES, levels_of, may_enter

MOST_SCHOOLS = 30
MOST_OWN = 20


@dataclass(frozen=True)
class Told:
    """What somebody knows of a learner: the exact personal number and the birth date."""

    number: str
    birth_date: dt.date


@dataclass(frozen=True)
class Found:
    """All that a school may learn of somebody else's learner before that school lets go."""

    learner_id: UUID
    path: str
    full_name: str
    birth_date: dt.date
    school: Organisation
    class_name: str
    grade: int
    sat_since: dt.date


def sitting_learner(told: Told, *, by: Actor) -> Found | None:
    """Find the learner who has this number and birth date and sits in a class; nothing else is told apart.

    Read as the house: the learner is another school's. The caller counts tries and keeps the journal.
    """
    with acting(replace(by, scope=ROOT)):
        people = people_by_number(told.number).filter(is_learner=True, birth_date=told.birth_date)
        rows = Enrolment.objects.filter(learner__in=people, ends_on__isnull=True)
        found = list(rows.select_related("learner", "class_group", "organisation")[:2])
    return as_found(found[0]) if len(found) == 1 else None


def present_seat(learner_id: UUID) -> Enrolment | None:
    """Give the class a learner sits in today."""
    rows = Enrolment.objects.filter(learner=learner_id, ends_on__isnull=True)
    return rows.select_related("learner", "class_group", "organisation").first()


def as_found(row: Enrolment) -> Found:
    """Give of a seat what another school may know."""
    learner = row.learner
    return Found(
        learner.pk,
        str(row.path),
        learner.full_name,
        learner.birth_date or dt.date.min,
        row.organisation,
        row.class_group.name,
        row.class_group.grade,
        row.during.lower,
    )


def matching(rows: QuerySet[Transfer], chosen: Mapping[str, Any]) -> QuerySet[Transfer]:
    """Narrow transfers by the filters of the list; without a state those under way."""
    states = {
        "late": Q(state__in=OPEN_STATES, due_on__lt=today()),
        "completed": Q(state="completed"),
        "over": Q(state__in=FINAL_STATES),
    }
    rows = rows.filter(states.get(chosen.get("state", ""), Q(state__in=OPEN_STATES)))
    if "q" in chosen:
        rows = rows.filter(search_key__contains=search_key(chosen["q"]))
    return rows


def steps_of(transfer: Transfer) -> list[Step]:
    """Give the time line of a transfer, oldest first."""
    return list(transfer.steps.order_by("id"))


def package_of(transfer: Transfer) -> Package | None:
    """Give the package of a transfer without its content; ``None`` before the present school lets go."""
    return Package.objects.filter(transfer=transfer).defer("content").first()


def transfers_of_children(children: Sequence[UUID]) -> list[Transfer]:
    """Give the latest transfers of some learners, newest first, with their steps; two statements."""
    rows = Transfer.objects.filter(learner__in=children).select_related("from_school", "to_school")
    return list(rows.defer("record_cipher").prefetch_related("steps").order_by("-id")[:MOST_OWN])


def schools_to_ask(words: str, *, present: Organisation, grade: int) -> list[Organisation]:
    """Give open schools of the same province whose name holds the words and that teach a grade, by name."""
    province = ".".join(str(present.path).split(".")[:2])
    rows = Organisation.objects.filter(kind="school", closed_on__isnull=True, path__under=province)
    rows = rows.filter(search_key__contains=search_key(words), school__levels__overlap=list(levels_of(grade)))
    return list(rows.exclude(pk=present.pk).select_related("territory").order_by("name_key", "id")[:MOST_SCHOOLS])


def school_teaching(school_id: UUID | None, grade: int) -> Organisation | None:
    """Find an open school that teaches a grade."""
    if school_id is None:
        return None
    rows = Organisation.objects.filter(pk=school_id, kind="school", closed_on__isnull=True)
    return rows.filter(school__levels__overlap=list(levels_of(grade))).first()


def classes_to_enter(transfer: Transfer) -> list[ClassGroup]:
    """Give the classes of this school year that a learner may enter, with ``learners``; the smallest first."""
    if transfer.to_school is None:
        return []
    year, asked = school_year_of(today()).start, school_year_of(transfer.asked_on).start
    rows: Any = classes_of(transfer.to_school, year)
    fitting = [group for group in rows if may_enter(transfer.grade, group.grade, years=year - asked)]
    return sorted(fitting, key=lambda group: (group.learners, group.name_key))


def own_learners(actor: Actor, words: str) -> list[Person]:
    """Give learners who sit in the actor's own school and whose name holds the words."""
    rows = people_seen_by(actor).filter(is_learner=True, place=actor.organisation_id)
    sitting = Enrolment.objects.filter(learner=OuterRef("pk"), organisation=actor.organisation_id, ends_on__isnull=True)
    rows = rows.filter(Exists(sitting), search_key__contains=search_key(words))
    return list(rows.order_by("name_key", "id")[:MOST_SCHOOLS])


def enrolments_told(learner: Person) -> Iterable[Enrolment]:
    """Give the classes a learner sat in, oldest first."""
    return learner.enrolments.select_related("class_group", "organisation").order_by("starts_on", "id")


def guardians_told(learner: Person) -> QuerySet[Guardianship]:
    """Give the guardians of a learner in force, in contact order."""
    return learner.guardians.filter(ends_on__isnull=True).select_related("guardian").order_by("contact_order", "id")


def news_of_children(children: Sequence[UUID]) -> list[Transfer]:
    """Give what is under way for some learners; one statement."""
    rows = Transfer.objects.filter(learner__in=list(children), state__in=OPEN_STATES)
    return list(rows.select_related("from_school", "to_school").defer("record_cipher").order_by("id"))


def under_way_at(unit: Organisation) -> int:
    """Count the transfers under way from or to a unit."""
    rows = Transfer.objects.filter(Q(from_school=unit) | Q(to_school=unit), state__in=OPEN_STATES)
    return rows.count()
