"""Preschool: weighing and measuring, development by domains; rows are never deleted.

``GrowthCheck`` is health data: read by the homeroom teacher of the group, who manages marks at the school, the family.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from phuong.kernel.fields import Path
from phuong.kernel.keys import uuid7
from phuong.registry.api import Enrolment, Person

LEVELS = ("nursery", "kindergarten")  # a group names its age band
LIGHTEST, HEAVIEST = 1_000, 60_000  # grams
SHORTEST, TALLEST = 300, 1_500  # millimetres
MIDDLE, END = 1, 2
DEVELOPMENT_PERIODS = ((MIDDLE, _("Giữa năm")), (END, _("Cuối năm")))


class GrowthCheck(models.Model):
    """One weighing and measuring of a child.

    ``weight``: grams, ``height``: millimetres, either may lack; ``findings``: what a health worker found, by index of
    the profile (``normal`` or a finding of that index); ``version`` grows with each write.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="growth_checks", db_index=False)
    learner = models.ForeignKey(Person, models.PROTECT, related_name="growth_checks")
    day = models.DateField()
    weight = models.PositiveIntegerField(null=True)
    height = models.PositiveSmallIntegerField(null=True)
    findings = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset({"enrolment", "learner", "weight", "height", "findings", "changed_by"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "day", "version", "changed_at"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrolment", "day"], name="academics_growth_once"),
            models.CheckConstraint(
                condition=Q(weight__range=(LIGHTEST, HEAVIEST)) | Q(weight=None), name="academics_growth_weight"
            ),
            models.CheckConstraint(
                condition=Q(height__range=(SHORTEST, TALLEST)) | Q(height=None), name="academics_growth_height"
            ),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class DevelopmentRecord(models.Model):
    """How a child developed by the middle or the end of the year.

    ``results``: 1 Đạt, 0 Chưa đạt by domain of the age band; there is no overall result.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="development_records", db_index=False)
    learner = models.ForeignKey(Person, models.PROTECT, related_name="development_records")
    period = models.PositiveSmallIntegerField(choices=DEVELOPMENT_PERIODS)
    results = models.JSONField(default=dict)
    remark = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset({"enrolment", "learner", "results", "remark", "changed_by"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "period", "version", "changed_at"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrolment", "period"], name="academics_development_once"),
            models.CheckConstraint(condition=Q(period__in=[MIDDLE, END]), name="academics_development_period"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
