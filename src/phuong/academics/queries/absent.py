"""Who was absent at a midterm or final test and has not made it up."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from phuong.academics.access import lessons_of, person_of
from phuong.academics.models import ABSENT, GradeSheet, Mark
from phuong.academics.rules.cells import FINAL, MIDTERM
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import Actor
from phuong.registry.api import ClassGroup

ORDER = (
    *("sheet__term", "sheet__class_group__grade", "sheet__class_group__name_key", "sheet__subject"),
    *("learner__name_key", "id"),
)


@dataclass(frozen=True)
class Missed:
    """A pupil who missed tests of a sheet."""

    mark: Mark
    tests: tuple[str, ...]

    @property
    def sheet(self) -> GradeSheet:
        """Give the sheet."""
        return self.mark.sheet


def missed_tests(actor: Actor, year: int) -> QuerySet[Mark]:
    """Give whom the actor has to do with: of the school to who manages marks, else of one's sheets and own class.

    To be cut into pages by ``ORDER``: by terms, classes, subjects and lists.
    """
    rows = Mark.objects.filter(Q(midterm=ABSENT) | Q(final=ABSENT), is_exempt=False, sheet__school_year=year)
    return rows.filter(sheet__in=_sheets(actor, year)).select_related("learner", "sheet__class_group")


def missed_of(mark: Mark) -> Missed:
    """Say which tests a pupil missed."""
    return Missed(mark, tuple(code for code in (MIDTERM, FINAL) if getattr(mark, code) == ABSENT))


def _sheets(actor: Actor, year: int) -> QuerySet[GradeSheet]:
    rows = GradeSheet.objects.filter(path__under=actor.scope or "none", school_year=year)
    if actor.may(Permission.MARKS_MANAGE):
        return rows
    person = person_of(actor)
    taught = Q(pk__in=[])
    for group, subject in lessons_of(person):
        taught |= Q(class_group=group, subject=subject)
    homeroom = ClassGroup.objects.filter(pk=OuterRef("class_group"), homeroom=person)
    return rows.filter(taught | Exists(homeroom)) if person else rows.none()
