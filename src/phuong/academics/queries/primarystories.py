"""What changed on a sheet of a primary class: who wrote what when, of all its pupils or of one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from phuong.academics.access import Standing, class_for, standing_in
from phuong.academics.models import PERIODS, MarkChange, PrimaryRating, PrimaryRecord
from phuong.academics.models.primary import END_2
from phuong.academics.queries.closing import is_closed
from phuong.academics.queries.homeroom import own_class_for
from phuong.academics.queries.primary import primary_profile, primary_subject
from phuong.academics.queries.primarysheets import takes_test, time_of
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.registry.api import ClassGroup, Enrolment, Person

OUTSTANDING = "is_outstanding"
QUALITIES = "pham-chat"  # in the place of a subject: the sheet of qualities and competences


@dataclass(frozen=True)
class SaidSheet:
    """A sheet of a primary class somebody may read. ``subject``: a code, or ``QUALITIES``."""

    group: ClassGroup
    subject: str
    period: int
    standing: Standing

    @property
    def is_of_subject(self) -> bool:
        """Say whether it is the sheet of a subject."""
        return self.subject != QUALITIES

    @property
    def writes(self) -> bool:
        """Say whether its reader is who writes it."""
        return self.standing.teaches if self.is_of_subject else self.standing.is_homeroom


def said_sheet_for(actor: Actor, class_id: UUID, subject: str, period: int) -> SaidSheet:
    """Find a sheet of a primary class for who may read it.

    :raises NotThere: unknown, elsewhere, or not theirs
    :raises NoProfile: the subject is not taught there, or it is no primary class
    """
    if subject == QUALITIES:
        group, standing = own_class_for(actor, class_id)
        primary_profile(group)
    else:
        group = class_for(actor, class_id)
        standing = standing_in(actor, group, subject)
        if standing.sees:
            primary_subject(group, subject)
    if not standing.sees or period not in dict(PERIODS):
        raise NotThere
    return SaidSheet(group, subject, period, standing)


def said_columns(sheet: SaidSheet) -> tuple[str, ...]:
    """Give the columns of a sheet that its writer writes, qualities and competences by code."""
    if sheet.is_of_subject:
        test = ("test",) if takes_test(sheet.group, sheet.subject, sheet.period) else ()
        return ("level", *test, "remark")
    profile = primary_profile(sheet.group)
    last = (OUTSTANDING,) if sheet.period == END_2 else ()
    return (*profile.qualities, *profile.competences, *last, "remark")


def is_over(sheet: SaidSheet) -> bool:
    """Say whether the time of a sheet is over, or the school has closed the year: it changes by amendment."""
    group = sheet.group
    return time_of(group, sheet.period).state == "late" or is_closed(group.organisation_id, group.school_year)


def said_rows(sheet: SaidSheet) -> QuerySet[Any]:
    """Give the rows of a sheet, also those of pupils who have left."""
    where: dict[str, Any] = {"enrolment__class_group": sheet.group, "period": sheet.period}
    if sheet.is_of_subject:
        return PrimaryRating.objects.filter(**where, subject=sheet.subject)
    return PrimaryRecord.objects.filter(**where)


def changes_said(sheet: SaidSheet, learner: UUID | None = None) -> tuple[QuerySet[MarkChange], dict[UUID, str]]:
    """Give the changes of a sheet, or of one pupil's row in it, and the names of the pupils by ``mark``."""
    rows = said_rows(sheet) if learner is None else said_rows(sheet).filter(learner=learner)
    names: dict[UUID, str] = dict(rows.values_list("pk", "learner__full_name"))
    return MarkChange.objects.filter(mark__in=list(names)), names


def pupil_of(group: ClassGroup, learner: UUID) -> Person:
    """Find a pupil who sits in a class, or sat there.

    :raises NotThere: nobody of this class
    """
    rows = Enrolment.objects.filter(class_group=group, learner=learner).select_related("learner")
    found = rows.order_by("-starts_on").first()
    if found is None:
        raise NotThere
    return found.learner
