"""Staff: the posts people hold over time, and what they are qualified for."""

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
class StaffPosition(models.Model):
    """A post of a person at a unit for some time; one main post on any day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    person = models.ForeignKey(Person, models.CASCADE, related_name="positions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="positions")
    position = models.TextField()  # code list staff_position
    group = models.TextField()  # code list staff_group: manager, teacher, staff
    subject = models.TextField(blank=True)  # code list subject
    contract = models.TextField(blank=True)  # code list contract_kind
    is_main = models.BooleanField(default=True)
    during = DateRangeField()
    starts_on = models.GeneratedField(
        expression=Func(F("during"), function="lower"), output_field=models.DateField(), db_persist=True
    )
    ends_on = models.GeneratedField(  # the first day no longer in; null while it lasts
        expression=Func(F("during"), function="upper"), output_field=models.DateField(null=True), db_persist=True
    )

    PERSONAL: ClassVar = frozenset({"person", "position", "group", "subject", "contract", "during"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "organisation", "is_main", "starts_on", "ends_on"})

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="registry_position_one_main_post",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(is_main=True),
            ),
            models.CheckConstraint(
                condition=Q(group__in=["manager", "teacher", "staff"]), name="registry_position_group_known"
            ),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


@keep_old_rows
class TeachingAssignment(models.Model):
    """Who teaches a subject to a class for some time (phân công giảng dạy); one teacher a subject on any day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="teaching")
    class_group = models.ForeignKey("registry.ClassGroup", models.CASCADE, related_name="teaching", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="teaching")
    subject = SortText()  # code list subject
    periods = models.PositiveSmallIntegerField(null=True)  # a week
    during = DateRangeField()
    starts_on = models.GeneratedField(
        expression=Func(F("during"), function="lower"), output_field=models.DateField(), db_persist=True
    )
    ends_on = models.GeneratedField(  # the first day no longer; null while it lasts
        expression=Func(F("during"), function="upper"), output_field=models.DateField(null=True), db_persist=True
    )

    PERSONAL: ClassVar = frozenset({"person", "subject", "periods", "during"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "organisation", "class_group", "starts_on", "ends_on"})

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="registry_teaching_one_a_subject",
                expressions=[
                    ("class_group", RangeOperators.EQUAL),
                    ("subject", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


@keep_old_rows
class Qualification(models.Model):
    """A degree or certificate of a person. ``rank`` orders levels (code list qualification_level)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    person = models.ForeignKey(Person, models.CASCADE, related_name="qualifications")
    level = models.TextField()
    rank = models.PositiveSmallIntegerField(default=0)
    field = models.TextField(blank=True)
    awarded_by = models.TextField(blank=True)
    awarded_on = models.DateField(null=True)

    PERSONAL: ClassVar = frozenset({"person", "level", "rank", "field", "awarded_by", "awarded_on"})
    IMPERSONAL: ClassVar = frozenset({"id", "path"})

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
