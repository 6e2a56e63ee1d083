"""The end of a year: what came of re-tests and summer training, that a school's year is closed, and who moved up."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from phuong.academics.models.results import LEVELS
from phuong.kernel.fields import Path
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.registry.api import Enrolment, Organisation, Person


@keep_old_rows
class YearEndRecord(models.Model):
    """What a school says of a pupil after the year: re-test (đánh giá lại), summer training, individual plan.

    ``retest``: new results by subject, tenths or 1 and 0 of a remark; ``None`` while there was no re-test.
    ``summer_conduct``: after training in the summer (rèn luyện trong hè). ``by_plan``: of a pupil with a disability,
    whether the principal found the individual plan fulfilled; ``None`` for everybody else.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="year_end_record")
    learner = models.ForeignKey(Person, models.PROTECT, related_name="year_end_records")
    retest = models.JSONField(null=True)
    summer_conduct = models.SmallIntegerField(null=True)
    by_plan = models.BooleanField(null=True)
    said_by = models.UUIDField(null=True)
    said_by_name = models.TextField(blank=True)
    said_at = models.DateTimeField()

    PERSONAL: ClassVar = frozenset(
        {"enrolment", "learner", "retest", "summer_conduct", "by_plan", "said_by", "said_by_name"}
    )
    IMPERSONAL: ClassVar = frozenset({"id", "path", "said_at"})

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(summer_conduct__range=LEVELS) | Q(summer_conduct=None), name="academics_yearend_conduct"
            ),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class ClosedYear(models.Model):
    """A closing of a school's year (kết thúc năm học), and its re-opening when there was one; one may be in force."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    school_year = models.PositiveSmallIntegerField()
    closed_at = models.DateTimeField()
    closed_by = models.UUIDField(null=True)
    closed_by_name = models.TextField(blank=True)
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.UUIDField(null=True)
    reopened_by_name = models.TextField(blank=True)
    reason = models.TextField(blank=True)  # why it was opened again

    PERSONAL: ClassVar = frozenset({"closed_by", "closed_by_name", "reopened_by", "reopened_by_name", "reason"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "organisation", "school_year", "closed_at", "reopened_at"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "school_year"],
                condition=Q(reopened_at=None),
                name="academics_year_closed_once",
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None) | ~Q(reason=""), name="academics_year_reopened_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        """Name the year."""
        return str(self.school_year)


class Promotion(models.Model):
    """One moving up of a school's pupils into the next year's classes, with what it takes to undo it exactly.

    ``counts``: pupils before, promoted, retained, completed, left over; ``context``: under which the old rows of the
    enrolments it ended are kept; ``entered``, ``classes``: the enrolments and classes it made.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    school_year = models.PositiveSmallIntegerField()  # the year that ended
    counts = models.JSONField(default=dict)
    context = models.UUIDField()
    entered = ArrayField(models.UUIDField(), default=list)
    classes = ArrayField(models.UUIDField(), default=list)
    applied_at = models.DateTimeField()
    applied_by = models.UUIDField(null=True)
    applied_by_name = models.TextField(blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)
    undone_by_name = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset(
        {"entered", "context", "applied_by", "applied_by_name", "undone_by", "undone_by_name"}
    )
    IMPERSONAL: ClassVar = frozenset(
        {"id", "path", "organisation", "school_year", "counts", "classes", "applied_at", "undone_at"}
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "school_year"], name="academics_promotion_of_unit")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
