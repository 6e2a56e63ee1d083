"""Transfers of learners between schools, what happened to them, and the packages that were handed over."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.registry.api import ClassGroup, Organisation, Person
from phuong.transfers.rules import FAMILY, KINDS, OPEN_STATES, PRESENT, RECEIVING, STATES

FAR = dt.date(9999, 12, 31)
_IS_OPEN = Q(state__in=OPEN_STATES)


@keep_old_rows
class Transfer(models.Model):
    """A learner on the way from one school to another (chuyển trường).

    ``path``: place of the present school, or of the receiving one when the learner comes from elsewhere; ``to_path``:
    place of the receiving school beside it. Both schools see the row, so it holds no more of the learner than a
    receiving school needs: name, birth date, class. ``record_cipher``: what came in a package or was typed about
    somebody not known here yet, sealed. A transfer that is over is frozen by the database, but for places and the key
    of the learner.
    """

    class Kind(models.TextChoices):
        """Between whom."""

        WITHIN = "within", _("trong tỉnh, thành phố")
        OUT = "out", _("đi tỉnh, thành phố khác")
        IN = "in", _("đến từ tỉnh, thành phố khác")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    to_path = Path(null=True)
    kind = SortText(choices=Kind.choices)
    state = SortText(default="requested")
    learner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="transfers")
    from_school = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    to_school = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    outside_school = models.TextField(blank=True)
    outside_province = models.TextField(blank=True)
    full_name = models.TextField()
    search_key = SortText()
    birth_date = models.DateField()
    from_class = models.TextField(blank=True)
    grade = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    asked_by = SortText()
    asked_by_name = models.TextField()
    asked_on = models.DateField()
    stepped_on = models.DateField()
    due_on = models.DateField(null=True)
    falls_on = models.GeneratedField(  # the place in the list: those over come last
        expression=Coalesce("due_on", Value(FAR)), output_field=models.DateField(), db_persist=True
    )
    record_cipher = models.BinaryField(null=True)
    number_hash = models.BinaryField(null=True)
    class_group = models.ForeignKey(ClassGroup, models.PROTECT, null=True, related_name="+", db_index=False)
    paper_number = models.TextField(blank=True)
    paper_on = models.DateField(null=True)
    done_on = models.DateField(null=True)

    PERSONAL: ClassVar = frozenset(
        {
            "learner",
            "full_name",
            "search_key",
            "birth_date",
            "from_class",
            "reason",
            "asked_by_name",
            "record_cipher",
            "number_hash",
            "class_group",
            "outside_school",
            "outside_province",
            "paper_number",
        }
    )
    IMPERSONAL: ClassVar = frozenset(
        {
            "id",
            "path",
            "to_path",
            "kind",
            "state",
            "from_school",
            "to_school",
            "grade",
            "asked_by",
            "asked_on",
            "stepped_on",
            "due_on",
            "falls_on",
            "paper_on",
            "done_on",
        }
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="transfers_kind_known"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="transfers_state_known"),
            models.CheckConstraint(
                condition=Q(asked_by__in=[FAMILY, RECEIVING, PRESENT]), name="transfers_asked_by_a_side"
            ),
            models.CheckConstraint(condition=Q(grade__lte=12), name="transfers_grade_0_to_12"),
            models.CheckConstraint(
                condition=Q(
                    Q(kind="within", from_school__isnull=False, to_school__isnull=False, to_path__isnull=False)
                    & Q(learner__isnull=False, outside_school=""),
                )
                | Q(kind="out", from_school__isnull=False, to_school__isnull=True, learner__isnull=False)
                & Q(to_path__isnull=True)
                & ~Q(outside_school="")
                | Q(kind="in", from_school__isnull=True, to_school__isnull=False, to_path__isnull=True)
                & ~Q(outside_school=""),
                name="transfers_sides_of_its_kind",
            ),
            models.CheckConstraint(
                condition=~Q(kind="within") | ~Q(from_school=F("to_school")) | Q(state="withdrawn"),
                name="transfers_between_two_schools",
            ),
            models.CheckConstraint(
                condition=Q(state="completed", learner__isnull=False, done_on__isnull=False)
                | ~Q(state="completed") & Q(done_on__isnull=True),
                name="transfers_completed_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="completed")
                | Q(class_group__isnull=False) & ~Q(kind="out")
                | Q(kind="out", class_group__isnull=True, paper_on__isnull=False) & ~Q(paper_number=""),
                name="transfers_completed_into_a_class_or_by_paper",
            ),
            models.CheckConstraint(condition=_IS_OPEN | Q(due_on__isnull=True), name="transfers_over_is_not_due"),
            models.UniqueConstraint(fields=["learner"], condition=_IS_OPEN, name="transfers_one_under_way"),
            models.UniqueConstraint(
                fields=["number_hash"], condition=_IS_OPEN & Q(kind="in"), name="transfers_one_coming_in"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["to_school", "falls_on", "id"], name="transfers_arriving"),
            models.Index(fields=["from_school", "falls_on", "id"], name="transfers_leaving"),
            models.Index(fields=["due_on", "id"], condition=_IS_OPEN, name="transfers_to_watch"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)

    @property
    def from_name(self) -> str:
        """Name the present school, here or elsewhere."""
        return self.from_school.name if self.from_school else f"{self.outside_school}, {self.outside_province}"

    @property
    def to_name(self) -> str:
        """Name the receiving school, here or elsewhere."""
        return self.to_school.name if self.to_school else f"{self.outside_school}, {self.outside_province}"

    @property
    def is_open(self) -> bool:
        """Say whether it is under way."""
        return self.state in OPEN_STATES


class Step(models.Model):
    """One step of a transfer, as both schools and the family read it; never changed, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    to_path = Path(null=True)
    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="steps")
    learner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    act = SortText()
    state = SortText()  # reached by it
    reason = models.TextField(blank=True)
    by_name = models.TextField(blank=True)  # blank: by the clock
    by_unit = models.TextField(blank=True)
    due_on = models.DateField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    PERSONAL: ClassVar = frozenset({"learner", "reason", "by_name"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "to_path", "transfer", "act", "state", "by_unit", "due_on", "at"})

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="transfers_step_state_known")
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Package(models.Model):
    """The hand-over package of a transfer, as it was made here or came in: sealed, with the digest of the file."""

    transfer = models.OneToOneField(Transfer, models.CASCADE, primary_key=True, related_name="package")
    path = Path()
    to_path = Path(null=True)
    name = models.TextField()
    digest = SortText()  # SHA-256 of the file, hexadecimal
    size = models.PositiveIntegerField()
    content = models.BinaryField()  # AES-GCM over the base64 of the ZIP
    made_at = models.DateTimeField(auto_now_add=True)

    PERSONAL: ClassVar = frozenset({"content", "name"})
    IMPERSONAL: ClassVar = frozenset({"transfer", "path", "to_path", "digest", "size", "made_at"})

    def __str__(self) -> str:
        """Show the digest."""
        return str(self.digest)
