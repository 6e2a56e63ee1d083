"""Plans with their indicators, targets, tasks and duties; every target keeps its versions."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.registry.api import Organisation


@keep_old_rows
class Plan(models.Model):
    """A plan (kế hoạch) as issued; ``digest`` is the hash of the file last read."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = SortText(unique=True)
    number = models.TextField(blank=True)
    title = models.TextField()
    title_en = models.TextField(blank=True)
    issuer = models.TextField()
    province_code = SortText()
    issued_on = models.DateField(null=True)
    starts = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()
    source = models.TextField(blank=True)
    note = models.TextField(blank=True)
    doubts = ArrayField(models.TextField(), default=list)
    digest = models.TextField()
    version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends__gte=models.F("starts")), name="plans_plan_ends_after_start")
        ]

    def __str__(self) -> str:
        """Name the plan."""
        return str(self.code)

    @property
    def short_title(self) -> str:
        """Give what fits on a tab: number or code, and who issued it."""
        return f"{self.number or self.code}, {self.issuer}"


@keep_old_rows
class Indicator(models.Model):
    """An indicator (chỉ tiêu) of a plan; ``decision`` says how its figure is had."""

    class Decision(models.TextChoices):
        """How the figure is had."""

        COUNTED = "counted", _("đếm từ hồ sơ")
        PLANNED = "planned", _("sẽ đếm khi có phân hệ")
        REPORTED = "reported", _("đơn vị báo cáo")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="indicators")
    code = SortText()
    rank = models.PositiveSmallIntegerField()
    group = models.TextField(blank=True)
    title = models.TextField()
    title_en = models.TextField(blank=True)
    unit = models.TextField()
    direction = models.TextField(default="up")
    lead = models.TextField(blank=True)
    reporting = models.TextField(blank=True)
    scope = models.TextField(blank=True)
    numerator = models.TextField(blank=True)
    denominator = models.TextField(blank=True)
    system = SortText(blank=True)
    same_as = ArrayField(models.TextField(), default=list)
    note = models.TextField(blank=True)
    decision = models.TextField(choices=Decision.choices, default=Decision.REPORTED)
    measure = SortText(blank=True)
    app = SortText(blank=True)
    because = models.TextField(blank=True)
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "code"], name="plans_indicator_once"),
            models.CheckConstraint(condition=Q(direction__in=["up", "down"]), name="plans_indicator_direction_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["measure"], name="plans_indicator_measure")]

    def __str__(self) -> str:
        """Name the indicator."""
        return str(self.code)


class Target(models.Model):
    """The target of an indicator for a year. A changed target is a new version; version 1 is the baseline."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets", db_index=False)
    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    comparator = models.TextField(blank=True)  # >= > = <= <, blank for words
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    text = models.TextField(blank=True)
    written_at = models.DateTimeField(auto_now_add=True)
    reason = models.TextField(blank=True)
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["indicator", "year", "version"], name="plans_target_version_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, text="", comparator__in=[">=", ">", "=", "<=", "<"])
                | Q(value__isnull=True, comparator="") & ~Q(text=""),
                name="plans_target_number_or_words",
            ),
        ]

    def __str__(self) -> str:
        """Name the target."""
        return f"{self.year} {self.comparator}{self.value or self.text}"


@keep_old_rows
class Doubt(models.Model):
    """A doubt of the scan, shown to the reader. ``about``: plan, indicator or task code; settled, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="open_doubts")
    about_kind = models.TextField()  # indicator, task
    about_code = SortText()
    text = models.TextField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.TextField(blank=True)
    settlement = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "about_kind", "about_code", "text"], name="plans_doubt_once")
        ]

    def __str__(self) -> str:
        """Name the doubt."""
        return str(self.about_code)


@keep_old_rows
class Task(models.Model):
    """A task (nhiệm vụ) of a plan, as printed; its desk is an app's of its own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks")
    code = SortText()
    rank = models.PositiveSmallIntegerField()
    group = models.TextField(blank=True)
    title = models.TextField()
    title_en = models.TextField(blank=True)
    lead = ArrayField(models.TextField(), default=list)
    partners = ArrayField(models.TextField(), default=list)
    timing = models.TextField(blank=True)
    product = models.TextField(blank=True)
    note = models.TextField(blank=True)
    state = models.TextField(default="open")
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "code"], name="plans_task_once")]

    def __str__(self) -> str:
        """Name the task."""
        return str(self.code)


@keep_old_rows
class Duty(models.Model):
    """A reporting duty or deadline that a plan lays on somebody."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="duties")
    code = SortText()
    who = models.TextField()
    what = models.TextField()
    when = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "code"], name="plans_duty_once")]

    def __str__(self) -> str:
        """Name the duty."""
        return str(self.code)


@keep_old_rows
class Reported(models.Model):
    """What a unit reported officially for an indicator and a month; never mixed with what is counted.

    An accepted row is frozen: a correction is a row of the next ``version`` with its ``reason``.
    """

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft", _("Bản nháp")
        SUBMITTED = "submitted", _("Chờ duyệt")
        ACCEPTED = "accepted", _("Đã duyệt")
        RETURNED = "returned", _("Trả lại")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="reports")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    period = models.DateField()  # the first day of the month
    version = models.PositiveSmallIntegerField(default=1)
    as_of = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=4)
    numerator = models.BigIntegerField(null=True)
    denominator = models.BigIntegerField(null=True)
    source = models.TextField(blank=True)
    comment = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    state = SortText(choices=State.choices, default=State.DRAFT)
    written_at = models.DateTimeField(auto_now_add=True)
    submitted_by = models.UUIDField(null=True)
    submitted_by_name = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True)
    reviewed_by = models.UUIDField(null=True)
    reviewed_by_name = models.TextField(blank=True)
    reviewed_at = models.DateTimeField(null=True)
    review_comment = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset({"submitted_by", "submitted_by_name", "reviewed_by", "reviewed_by_name"})
    IMPERSONAL: ClassVar = frozenset(
        {
            "id",
            "path",
            "indicator",
            "organisation",
            "period",
            "version",
            "as_of",
            "value",
            "numerator",
            "denominator",
            "source",
            "comment",
            "reason",
            "state",
            "written_at",
            "submitted_at",
            "reviewed_at",
            "review_comment",
        }
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["indicator", "organisation", "period", "version"], name="plans_reported_version_once"
            ),
            models.UniqueConstraint(
                fields=["indicator", "organisation", "period"],
                condition=~Q(state="accepted"),
                name="plans_reported_one_in_hand",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "accepted", "returned"]), name="plans_reported_state_known"
            ),
            models.CheckConstraint(condition=Q(period__day=1), name="plans_reported_period_is_a_month"),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(numerator__gte=0, numerator__isnull=False, denominator__gt=0, denominator__isnull=False),
                name="plans_reported_both_parts_or_none",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_at__isnull=False) & ~Q(submitted_by_name=""),
                name="plans_reported_has_submitter",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted"]) | Q(reviewed_at__isnull=False) & ~Q(reviewed_by_name=""),
                name="plans_reported_has_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(submitted_by__isnull=True)
                | Q(reviewed_by__isnull=True)
                | ~Q(submitted_by=models.F("reviewed_by")),
                name="plans_reported_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(review_comment=""), name="plans_reported_return_says_why"
            ),
            models.CheckConstraint(condition=Q(version=1) | ~Q(reason=""), name="plans_reported_correction_says_why"),
        ]
        indexes: ClassVar = [
            GistIndex(fields=["path"], name="plans_reported_path"),
            models.Index(fields=["submitted_at", "id"], condition=Q(state="submitted"), name="plans_reported_waiting"),
            models.Index(fields=["organisation", "period"], name="plans_reported_of_unit"),
            models.Index(fields=["period", "indicator"], name="plans_reported_of_period"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="accepted_is_frozen",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="accepted"),
            )
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
