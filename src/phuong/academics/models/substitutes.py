"""Who teaches a class in a subject in place of its teacher, for some days (dạy thay)."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.registry.api import ClassGroup, Organisation, Person


@keep_old_rows
class Substitution(models.Model):
    """A substitute: writes the sheet for these days, beside the teacher whose assignment stays as it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    class_group = models.ForeignKey(ClassGroup, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    subject = SortText()  # code list subject
    during = DateRangeField()
    reason = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset({"person", "subject", "during", "reason"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "organisation", "class_group"})

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="academics_substitute_one_a_subject",
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
