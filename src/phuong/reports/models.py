"""Reports of units, and the registers that number them."""

from typing import ClassVar

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
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
    stage = models.PositiveSmallIntegerField(default=0)  # approvals given so far, of the chain of the unit
    facts = models.JSONField(default=dict)
    words = models.JSONField(default=dict)
    written_by = models.TextField(blank=True)
    approved_by = models.TextField(blank=True)
    signer_authority = models.TextField(blank=True)  # TM., KT., TL. … as printed
    signer_title = models.TextField(blank=True)
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
            "stage",
            "signer_authority",
            "signer_title",
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
            models.CheckConstraint(condition=~Q(state="draft") | Q(stage=0), name="reports_draft_is_not_approved"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["starts_on", "id"], name="reports_by_period"),
            GistIndex(fields=["path"], name="reports_report_path"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Step(models.Model):
    """One step a report took: who took it, when, in which form it was signed, and what was said."""

    class Act(models.TextChoices):
        """What was done."""

        SUBMIT = "submit", _("Trình duyệt")
        APPROVE = "approve", _("Duyệt")
        RETURN = "return", _("Trả lại")
        SEND = "send", _("Lấy số và gửi")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    report = models.ForeignKey(Report, models.CASCADE, related_name="steps")
    act = SortText(choices=Act.choices)
    stage = SortText(blank=True)  # code of the stage in the chain
    role = SortText(blank=True)
    account_id = models.UUIDField(null=True)
    by_name = models.TextField(blank=True)
    signed_as = models.TextField(blank=True)
    comment = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    PERSONAL: ClassVar = frozenset({"account_id", "by_name", "comment"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "report", "act", "stage", "role", "signed_as", "at"})

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(act="return") | ~Q(comment=""), name="reports_step_returned_with_a_reason"
            )
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Print(models.Model):
    """The PDF of a report not yet sent, as the job that makes all of them printed it; gone when the report is sent.

    ``printed_from``: SHA-256 of the paper's content, so that nothing unchanged is printed twice. ``job_id``: the job
    that made sure of it last.
    """

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="print")
    path = Path()
    content = models.BinaryField()
    printed_from = SortText()
    job_id = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    PERSONAL: ClassVar = frozenset({"content"})
    IMPERSONAL: ClassVar = frozenset({"report", "path", "printed_from", "job_id", "made_at"})

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.pk)


class Reminder(models.Model):
    """A unit reminded of a report it has not sent; once a day each."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    kind = SortText(choices=Report.Kind.choices)
    on = models.DateField()
    by_name = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset({"by_name"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "organisation", "kind", "on"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "kind", "on"], name="reports_one_reminder_a_day")
        ]

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
