"""Who does what by when: assignments of units, what happened to them, their money, and who is told of the late ones."""

import datetime as dt
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.plans.api import Duty, Task
from phuong.registry.api import Organisation, Person

FAR = dt.date(9999, 12, 31)


@keep_old_rows
class Assignment(models.Model):
    """A task given to one unit (nhiệm vụ được giao). ``timing``: the printed words, beside the days read from them.

    ``partners`` keeps the printed words; ``partner_units`` the units among them that could be told for certain.
    """

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
    origin = SortText()  # plan, duty, conclusion, own; or the app that keeps it
    title = models.TextField()
    responsibility = models.TextField(blank=True)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    person_name = models.TextField(blank=True)
    partners = ArrayField(models.TextField(), default=list)
    partner_units = ArrayField(models.UUIDField(), default=list)
    product = models.TextField(blank=True)
    result = models.TextField(blank=True)
    timing = models.TextField(blank=True)
    because = models.TextField(blank=True)
    starts_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    falls_on = models.GeneratedField(  # the place in the list: those without a day come last
        expression=Coalesce("due_on", Value(FAR)), output_field=models.DateField(), db_persist=True
    )
    recurrence = SortText(default="once")
    period = SortText(blank=True)
    state = SortText(choices=State.choices, default=State.OPEN)
    percent = models.PositiveSmallIntegerField(default=0)
    done_on = models.DateField(null=True)
    given_by = models.TextField(blank=True)
    given_path = Path()
    given_at = models.DateTimeField(auto_now_add=True)

    PERSONAL: ClassVar = frozenset({"person", "person_name", "given_by", "result"})
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
            "partner_units",
            "product",
            "timing",
            "because",
            "starts_on",
            "due_on",
            "falls_on",
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
            models.UniqueConstraint(
                fields=["parent", "organisation"], condition=Q(parent__isnull=False), name="tasks_part_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_on", "id"], name="tasks_by_due_day"),
            models.Index(fields=["falls_on", "id"], name="tasks_in_order"),
            GinIndex(fields=["partner_units"], name="tasks_of_partner"),
            models.Index(fields=["organisation", "state"], name="tasks_of_unit"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


@keep_old_rows
class EscalationRule(models.Model):
    """When who is told of a task that is not done: ``days`` after the due day (negative: before it), then ``every``.

    ``every``: days between rounds, 0 for once. ``plans`` and ``origins`` narrow it; empty means all. A rule is put out
    of use, never deleted: what it told stands in the history of tasks.
    """

    class Tell(models.TextChoices):
        """Whom to tell."""

        UNIT = "unit", _("Đơn vị thực hiện")
        PARENT = "parent", _("Đơn vị cấp trên trực tiếp")
        GIVER = "giver", _("Đơn vị giao việc")
        LEADERS = "leaders", _("Lãnh đạo Sở")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    code = SortText(blank=True)  # of the shipped rule; blank for the department's own
    title = models.TextField()
    days = models.SmallIntegerField()
    tell = SortText(choices=Tell.choices)
    every = models.PositiveSmallIntegerField(default=0)
    plans = ArrayField(SortText(), default=list)
    origins = ArrayField(SortText(), default=list)
    is_active = models.BooleanField(default=True)
    source = models.TextField(blank=True)
    doubt = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset[str]()
    IMPERSONAL: ClassVar = frozenset(
        {
            "id",
            "path",
            "organisation",
            "code",
            "title",
            "days",
            "tell",
            "every",
            "plans",
            "origins",
            "is_active",
            "source",
            "doubt",
        }
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(tell__in=["unit", "parent", "giver", "leaders"]), name="tasks_rule_tells_somebody"
            ),
            models.CheckConstraint(condition=Q(days__range=(-365, 365)), name="tasks_rule_within_a_year"),
            models.CheckConstraint(condition=Q(every__lte=365), name="tasks_rule_repeats_within_a_year"),
            models.UniqueConstraint(
                fields=["organisation", "code"], condition=~Q(code=""), name="tasks_shipped_rule_once"
            ),
        ]

    def __str__(self) -> str:
        """Name the rule."""
        return str(self.title)

    @property
    def days_away(self) -> int:
        """Give the days between the due day and the telling, on either side."""
        return abs(self.days)


class Progress(models.Model):
    """One line of what happened: a note, a reminder, a change of state, a step up.

    ``told``, ``rule`` and ``round_on`` belong to a step up (báo cấp trên): whom, by which rule, in which round.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="progress")
    kind = SortText()  # note, reminder, state, escalation
    text = models.TextField(blank=True)
    percent = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField(auto_now_add=True)
    on = models.DateField()
    by_name = models.TextField()
    told = SortText(blank=True, default="")
    rule = models.ForeignKey(EscalationRule, models.PROTECT, null=True, related_name="told_of")
    round_on = models.DateField(null=True)

    PERSONAL: ClassVar = frozenset({"text", "by_name"})
    IMPERSONAL: ClassVar = frozenset(
        {"id", "path", "assignment", "kind", "percent", "at", "on", "told", "rule", "round_on"}
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assignment", "on"], condition=Q(kind="reminder"), name="tasks_one_reminder_a_day"
            ),
            models.UniqueConstraint(
                fields=["assignment", "rule", "told", "round_on"],
                condition=Q(kind="escalation"),
                name="tasks_told_once_a_round",
            ),
            models.CheckConstraint(
                condition=~Q(kind="escalation") | Q(rule__isnull=False, round_on__isnull=False) & ~Q(told=""),
                name="tasks_escalation_names_its_rule",
            ),
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
