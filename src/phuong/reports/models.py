"""Reports of units, and the registers that number them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.registry.api import Organisation


@keep_old_rows
class Report(models.Model):
    """A report of a unit for a period. ``facts``: the figures as they stood; ``words``: what people wrote."""

    class Kind(models.TextChoices):
        """How long the period is."""

        MONTHLY = "monthly", _("Báo cáo tháng")
        HALF_YEARLY = "half_yearly", _("Báo cáo 6 tháng")
        YEARLY = "yearly", _("Báo cáo năm")
        FIVE_YEARLY = "five_yearly", _("Sơ kết 5 năm")

    class State(models.TextChoices):
        """Where it stands in the chain of approval."""

        DRAFT = "draft", _("Bản thảo")
        SUBMITTED = "submitted", _("Chờ duyệt")
        APPROVED = "approved", _("Đã duyệt, chưa gửi")
        SENT = "sent", _("Đã gửi")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = SortText(choices=Kind.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()
    due_on = models.DateField()
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="restated")
    restated_because = models.TextField(blank=True)
    state = SortText(choices=State.choices, default=State.DRAFT)
    facts = models.JSONField(default=dict)
    words = models.JSONField(default=dict)
    written_by = models.TextField(blank=True)
    approved_by = models.TextField(blank=True)
    number = models.TextField(blank=True)
    sent_on = models.DateField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)

    PERSONAL: ClassVar = frozenset({"words", "written_by", "approved_by"})
    IMPERSONAL: ClassVar = frozenset(
        {
            "id",
            "path",
            "organisation",
            "kind",
            "starts_on",
            "ends_on",
            "due_on",
            "version",
            "replaces",
            "restated_because",
            "state",
            "facts",
            "number",
            "sent_on",
            "made_at",
        }
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "starts_on", "version"], name="reports_report_version_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "approved"], number="")
                | Q(state="sent", sent_on__isnull=False) & ~Q(number=""),
                name="reports_sent_is_numbered",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-starts_on", "id"], name="reports_latest")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Register(models.Model):
    """The last number given by a unit in a year, by kind of paper."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    abbreviation = SortText()
    last = models.PositiveIntegerField(default=0)

    PERSONAL: ClassVar = frozenset[str]()
    IMPERSONAL: ClassVar = frozenset({"id", "path", "organisation", "year", "abbreviation", "last"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "year", "abbreviation"], name="reports_register_once")
        ]

    def __str__(self) -> str:
        """Name the register."""
        return f"{self.abbreviation} {self.year}"
