"""Changes of many records at once, kept so that they can be looked at first and undone afterwards."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from phuong.kernel.fields import Path, SortText
from phuong.kernel.keys import uuid7


class BulkChange(models.Model):
    """One field of many records set to one value. ``records`` were chosen when it was asked for, and no others."""

    class State(models.TextChoices):
        """Where a bulk change stands."""

        CHECKING = "checking", _("đang thử")
        CHECKED = "checked", _("đã thử, chưa áp dụng")
        APPLYING = "applying", _("đang áp dụng")
        APPLIED = "applied", _("đã áp dụng")
        UNDOING = "undoing", _("đang hoàn tác")
        UNDONE = "undone", _("đã hoàn tác")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    kind = SortText()
    field = SortText()
    value = models.JSONField(null=True)
    records = ArrayField(models.UUIDField())
    filters = models.TextField(blank=True)
    reason = models.TextField()
    effective_on = models.DateField(null=True)
    state = models.TextField(choices=State.choices, default=State.CHECKING)
    to_change = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    restored = models.PositiveIntegerField(default=0)
    left_alone = models.PositiveIntegerField(default=0)  # changed by somebody else since: not undone
    context_id = models.UUIDField(null=True)  # under which the old rows are kept
    asked_by = models.UUIDField(null=True)
    asked_by_name = models.TextField()
    asked_at = models.DateTimeField(auto_now_add=True)

    PERSONAL: ClassVar = frozenset({"records", "value", "filters", "reason", "asked_by", "asked_by_name"})
    IMPERSONAL: ClassVar = frozenset(
        {
            "id",
            "path",
            "kind",
            "field",
            "effective_on",
            "state",
            "to_change",
            "same",
            "changed",
            "restored",
            "left_alone",
            "context_id",
            "asked_at",
        }
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["checking", "checked", "applying", "applied", "undoing", "undone"]),
                name="records_bulk_state_known",
            )
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
