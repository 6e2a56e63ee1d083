"""Snapshots of figures: one value per measure and organisation, at the finest grain."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from phuong.kernel.fields import SortText
from phuong.kernel.keys import uuid7
from phuong.registry.api import Organisation


class Snapshot(models.Model):
    """All measures as they stood at one moment. Readers see it only once it is complete."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    as_of = models.DateField()
    started_at = models.DateTimeField(auto_now_add=True)
    completed_at = models.DateTimeField(null=True)
    batches_done = models.JSONField(default=list)
    is_detailed = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["as_of"], condition=Q(completed_at__isnull=False), name="measures_snapshot_one_a_day"
            )
        ]

    def __str__(self) -> str:
        """Name the day."""
        return str(self.as_of)


class Value(models.Model):
    """Numerator and denominator of one measure at one organisation in one snapshot."""

    pk = models.CompositePrimaryKey("snapshot_id", "measure", "organisation_id")
    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="values", db_index=False)
    measure = SortText()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(numerator__gte=0) & Q(denominator__gte=0), name="measures_value_not_negative"
            )
        ]

    def __str__(self) -> str:
        """Name the value."""
        return str(self.measure)


class Total(models.Model):
    """The roll-up of one measure over one area in one snapshot: what dashboards and series read.

    ``area``: province or commune (territory). Written from ``Value`` when the snapshot completes.
    """

    pk = models.CompositePrimaryKey("snapshot_id", "measure", "area_id")
    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="totals", db_index=False)
    measure = SortText()
    area = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area", "measure"], name="measures_total_series")]

    def __str__(self) -> str:
        """Name the total."""
        return str(self.measure)
