"""Classes and who sits in them, over time."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.registry.models.organisations import Organisation
from phuong.registry.models.people import Person


@keep_old_rows
class ClassGroup(models.Model):
    """A class (lớp) of one school year. ``grade``: 0 for preschool groups, 1 to 12."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="classes", db_index=False)
    school_year = models.PositiveSmallIntegerField()
    level = SortText()  # code list school_level
    age_group = models.TextField(blank=True)  # preschool: 3-12m … 5-6y
    grade = models.PositiveSmallIntegerField()
    name = models.TextField()
    name_key = SortText()
    kind = models.TextField(default="single")
    two_sessions = models.BooleanField(default=False)
    homeroom = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="homeroom_of")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "school_year", "name"], name="registry_class_once"),
            models.CheckConstraint(condition=Q(grade__lte=12), name="registry_class_grade_0_to_12"),
        ]

    def __str__(self) -> str:
        """Name the class."""
        return str(self.name)


@keep_old_rows
class Enrolment(models.Model):
    """A learner in a class for some days; no learner is in two classes on one day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    learner = models.ForeignKey(Person, models.CASCADE, related_name="enrolments", db_index=False)
    class_group = models.ForeignKey(ClassGroup, models.PROTECT, related_name="enrolments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="enrolments", db_index=False)
    school_year = models.PositiveSmallIntegerField()
    during = DateRangeField()
    starts_on = models.GeneratedField(
        expression=Func(F("during"), function="lower"), output_field=models.DateField(), db_persist=True
    )
    ends_on = models.GeneratedField(  # the first day no longer in; null while it lasts
        expression=Func(F("during"), function="upper"), output_field=models.DateField(null=True), db_persist=True
    )
    status = models.TextField(default="studying")  # code list enrolment_status
    reason = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset({"learner", "class_group", "during", "status", "reason"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "organisation", "school_year", "starts_on", "ends_on"})

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="registry_enrolment_one_place_a_day",
                expressions=[("learner", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_message="Học sinh đã được xếp vào một lớp khác trong thời gian này.",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation"], condition=Q(ends_on__isnull=True), name="registry_enrolment_sitting")
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
