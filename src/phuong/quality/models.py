"""Who mends what by when; what a rule weighs in a province."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.registry.api import Organisation, Person


@keep_old_rows
class Fix(models.Model):
    """A gap in the data of a unit that somebody was asked to close by a day (việc làm sạch)."""

    class State(models.TextChoices):
        """Whether the gap is closed."""

        OPEN = "open", _("đang làm")
        DONE = "done", _("đã sạch")
        DROPPED = "dropped", _("đã bỏ")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    measure = SortText()
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    due_on = models.DateField()
    missing_then = models.PositiveIntegerField()
    note = models.TextField(blank=True)
    state = models.TextField(choices=State.choices, default=State.OPEN)
    asked_by_name = models.TextField()
    asked_at = models.DateTimeField(auto_now_add=True)
    done_on = models.DateField(null=True)

    PERSONAL: ClassVar = frozenset({"person", "note", "asked_by_name"})
    IMPERSONAL: ClassVar = frozenset(
        {"id", "path", "organisation", "measure", "due_on", "missing_then", "state", "asked_at", "done_on"}
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "measure"], condition=models.Q(state="open"), name="quality_fix_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "done", "dropped"]), name="quality_fix_state_known"
            ),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Weighing(models.Model):
    """What a province lets a rule weigh from a moment on, and why (trọng số); 0: it does not count.

    The newest of a rule is in force, the others are its history; without one the catalog is. Rows are only added.
    """

    MOST: ClassVar[int] = 10

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    measure = SortText()
    weight = models.PositiveSmallIntegerField()
    reason = models.TextField()
    set_by = models.TextField()
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(weight__range=(0, 10)), name="quality_weight_in_range"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="quality_weight_has_a_reason"),
        ]
        indexes: ClassVar = [models.Index(fields=["province", "measure", "-id"], name="quality_weight_newest")]

    def __str__(self) -> str:
        """Name the rule."""
        return str(self.measure)
