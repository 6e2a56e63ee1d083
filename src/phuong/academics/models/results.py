"""Conduct, absences and what a term and a year come to."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from phuong.academics.models.marks import TERMS
from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.registry.api import Enrolment, Organisation, Person

LEVELS = (0, 3)  # Chưa đạt, Đạt, Khá, Tốt


@keep_old_rows
class TermRecord(models.Model):
    """What the homeroom teacher says of a pupil in a term: conduct (rèn luyện), half-days absent, a remark."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="term_records", db_index=False)
    learner = models.ForeignKey(Person, models.PROTECT, related_name="term_records")
    term = models.PositiveSmallIntegerField(choices=TERMS)
    conduct = models.SmallIntegerField(null=True)
    excused = models.PositiveSmallIntegerField(default=0)  # half-days, with leave (có phép)
    unexcused = models.PositiveSmallIntegerField(default=0)
    remark = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset({"enrolment", "learner", "conduct", "excused", "unexcused", "remark"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "term"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrolment", "term"], name="academics_record_once"),
            models.CheckConstraint(
                condition=Q(conduct__range=LEVELS) | Q(conduct=None), name="academics_record_conduct"
            ),
            models.CheckConstraint(condition=Q(term__in=[1, 2]), name="academics_record_term"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


@keep_old_rows
class Result(models.Model):
    """What a term (``part`` 1, 2) or a year (0) comes to, the rule it follows and the hash of what it rests on.

    Levels: 0 Chưa đạt, 1 Đạt, 2 Khá, 3 Tốt; ``None``: cannot be decided yet. ``averages``: tenths by subject;
    ``remarks``: 1 or 0 by subject.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="results", db_index=False)
    learner = models.ForeignKey(Person, models.PROTECT, related_name="results")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    school_year = models.PositiveSmallIntegerField()
    part = models.PositiveSmallIntegerField()
    averages = models.JSONField(default=dict)
    remarks = models.JSONField(default=dict)
    level = models.SmallIntegerField(null=True)
    before = models.SmallIntegerField(null=True)
    adjusted_by = models.TextField(blank=True)
    conduct = models.SmallIntegerField(null=True)
    honour = SortText(blank=True)
    outcome = SortText(blank=True)
    retest = ArrayField(models.TextField(), default=list)
    rule = SortText()
    inputs_hash = SortText()
    computed_at = models.DateTimeField()

    PERSONAL: ClassVar = frozenset(
        {"enrolment", "learner", "averages", "remarks", "level", "before", "adjusted_by", "conduct", "honour"}
        | {"outcome", "retest", "inputs_hash"}
    )
    IMPERSONAL: ClassVar = frozenset({"id", "path", "organisation", "school_year", "part", "rule", "computed_at"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrolment", "part"], name="academics_result_once"),
            models.CheckConstraint(condition=Q(part__in=[0, 1, 2]), name="academics_result_part"),
            models.CheckConstraint(condition=Q(level__range=LEVELS) | Q(level=None), name="academics_result_level"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "school_year", "part"], name="academics_result_of_unit")
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
