"""Who does what by when: assignments of units, what happened to them, and their money."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.plans.api import Duty, Task
from phuong.registry.api import Organisation


@keep_old_rows
class Assignment(models.Model):
    """A task given to one unit (nhiệm vụ được giao). ``timing``: the printed words, beside the days read from them."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("Chưa làm")
        DOING = "doing", _("Đang làm")
        SUBMITTED = "submitted", _("Chờ xác nhận")
        DONE = "done", _("Đã xong")
        CANCELLED = "cancelled", _("Không làm nữa")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    plan_task = models.ForeignKey(Task, models.CASCADE, null=True, related_name="+")
    duty = models.ForeignKey(Duty, models.CASCADE, null=True, related_name="+")
    origin = SortText()  # plan, duty, conclusion, own
    title = models.TextField()
    responsibility = models.TextField(blank=True)
    person_name = models.TextField(blank=True)
    partners = ArrayField(models.TextField(), default=list)
    product = models.TextField(blank=True)
    result = models.TextField(blank=True)
    timing = models.TextField(blank=True)
    because = models.TextField(blank=True)
    starts_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    recurrence = SortText(default="once")
    period = SortText(blank=True)
    state = SortText(choices=State.choices, default=State.OPEN)
    percent = models.PositiveSmallIntegerField(default=0)
    done_on = models.DateField(null=True)
    given_by = models.TextField(blank=True)
    given_path = Path()
    given_at = models.DateTimeField(auto_now_add=True)

    PERSONAL: ClassVar = frozenset({"person_name", "given_by", "result"})
    IMPERSONAL: ClassVar = frozenset(
        {
            "id",
            "path",
            "organisation",
            "parent",
            "plan_task",
            "duty",
            "origin",
            "title",
            "responsibility",
            "partners",
            "product",
            "timing",
            "because",
            "starts_on",
            "due_on",
            "recurrence",
            "period",
            "state",
            "percent",
            "done_on",
            "given_path",
            "given_at",
        }
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "doing", "submitted", "done", "cancelled"]), name="tasks_state_known"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="tasks_percent_0_to_100"),
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False) | ~Q(state="done"), name="tasks_done_has_its_day"
            ),
            models.UniqueConstraint(
                fields=["organisation", "plan_task"],
                condition=Q(parent=None, plan_task__isnull=False),
                name="tasks_plan_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "duty", "period"], condition=Q(duty__isnull=False), name="tasks_duty_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_on", "id"], name="tasks_by_due_day"),
            models.Index(fields=["organisation", "state"], name="tasks_of_unit"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Progress(models.Model):
    """One line of what happened: a note, a reminder, a change of state."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="progress")
    kind = SortText()  # note, reminder, state
    text = models.TextField(blank=True)
    percent = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField(auto_now_add=True)
    on = models.DateField()
    by_name = models.TextField()

    PERSONAL: ClassVar = frozenset({"text", "by_name"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "assignment", "kind", "percent", "at", "on"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assignment", "on"], condition=Q(kind="reminder"), name="tasks_one_reminder_a_day"
            )
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


@keep_old_rows
class Budget(models.Model):
    """The money of a task in a year from one source, in whole đồng."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="budgets")
    year = models.PositiveSmallIntegerField()
    source = models.TextField()
    planned = models.PositiveBigIntegerField(default=0)
    allotted = models.PositiveBigIntegerField(default=0)
    spent = models.PositiveBigIntegerField(default=0)

    PERSONAL: ClassVar = frozenset[str]()
    IMPERSONAL: ClassVar = frozenset({"id", "path", "assignment", "year", "source", "planned", "allotted", "spent"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assignment", "year", "source"], name="tasks_budget_once")
        ]

    def __str__(self) -> str:
        """Name the line."""
        return f"{self.year} {self.source}"
