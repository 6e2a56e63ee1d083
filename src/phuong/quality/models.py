"""Who mends what by when."""

from typing import ClassVar

from django.db import models
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
