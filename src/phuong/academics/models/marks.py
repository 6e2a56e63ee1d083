"""Marks: a sheet for a class, subject and term, a row for each pupil, and every change of them.

Marks are whole tenths (0 to 100); of a subject assessed by remarks 1 (Đạt) or 0 (Chưa đạt). ``None``: not there yet,
``ABSENT``: was away when the others were assessed (vắng), may be made up.
"""

from typing import ClassVar, cast

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from phuong.academics.models.primary import PrimaryRating, PrimaryRecord
from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.registry.api import ClassGroup, Enrolment, Organisation, Person

ABSENT = -1
MOST_REGULAR = 10
TERMS = ((1, _("Học kì I")), (2, _("Học kì II")))


class GradeSheet(models.Model):
    """The sheet of a class in a subject and term (sổ theo dõi và đánh giá học sinh).

    ``columns``: how many regular marks it has; ``locks``: who locked a column (``r1`` …, ``midterm``, ``final``) and
    when; ``version`` grows with every change of its marks.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="grade_sheets", db_index=False)
    class_group = models.ForeignKey(ClassGroup, models.PROTECT, related_name="grade_sheets", db_index=False)
    school_year = models.PositiveSmallIntegerField()
    term = models.PositiveSmallIntegerField(choices=TERMS)
    subject = SortText()  # code list subject
    is_scored = models.BooleanField(default=True)
    columns = models.PositiveSmallIntegerField(default=4)
    locks = models.JSONField(default=dict)
    version = models.BigIntegerField(default=0)

    PERSONAL: ClassVar = frozenset({"locks"})  # who locked a column
    IMPERSONAL: ClassVar = frozenset(
        {"id", "path", "organisation", "class_group", "school_year", "term", "subject", "is_scored", "columns"}
        | {"version"}
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["class_group", "subject", "term"], name="academics_sheet_once"),
            models.CheckConstraint(condition=Q(term__in=[1, 2]), name="academics_sheet_term"),
            models.CheckConstraint(condition=Q(columns__range=(0, MOST_REGULAR)), name="academics_sheet_columns"),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "school_year", "term"], name="academics_sheet_unit")]

    def __str__(self) -> str:
        """Name the subject and term."""
        return f"{self.subject} {self.term}"


class Mark(models.Model):
    """The marks of one pupil in one sheet; ``average`` is that of the term, ``None`` while a mark lacks.

    ``midterm_on``, ``final_on``: the day that mark was first written, kept by a trigger; ``None``: loaded in bulk.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    sheet = models.ForeignKey(GradeSheet, models.PROTECT, related_name="marks", db_index=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="marks")
    learner = models.ForeignKey(Person, models.PROTECT, related_name="marks")
    regular = ArrayField(models.SmallIntegerField(null=True), default=list)
    midterm = models.SmallIntegerField(null=True)
    final = models.SmallIntegerField(null=True)
    average = models.SmallIntegerField(null=True)
    midterm_on = models.DateField(null=True, editable=False)
    final_on = models.DateField(null=True, editable=False)
    is_exempt = models.BooleanField(default=False)  # miễn
    remark = models.TextField(blank=True)  # nhận xét
    version = models.BigIntegerField(default=0)  # of the sheet, when the row was last written
    changed_at = models.DateTimeField(null=True)
    changed_by = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset(
        {"enrolment", "learner", "regular", "midterm", "final", "average", "is_exempt", "remark", "changed_by"}
    )
    IMPERSONAL: ClassVar = frozenset({"id", "path", "sheet", "version", "changed_at", "midterm_on", "final_on"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "learner"], name="academics_mark_once"),
            models.CheckConstraint(
                condition=Q(midterm__range=(ABSENT, 100)) | Q(midterm=None), name="academics_mark_midterm"
            ),
            models.CheckConstraint(
                condition=Q(final__range=(ABSENT, 100)) | Q(final=None), name="academics_mark_final"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["sheet"], condition=Q(midterm=ABSENT) | Q(final=ABSENT), name="academics_mark_of_absent"
            )
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class MarkChange(models.Model):
    """One change of one row of marks, written by the database itself, whatever way the change took; never altered.

    ``what``: ``{column: [before, after]}``. In primary school ``mark`` is what was said, ``sheet`` the enrolment.
    """

    id = models.BigAutoField(primary_key=True)
    path = Path()
    at = models.DateTimeField()
    mark = models.UUIDField()
    sheet = models.UUIDField()
    learner = models.UUIDField()
    what = models.JSONField()
    account = models.UUIDField(null=True)
    name = models.TextField(blank=True)
    reason = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset({"learner", "what", "account", "name", "reason"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "at", "mark", "sheet"})

    class Meta:
        indexes: ClassVar = [models.Index(fields=["mark", "id"], name="academics_change_of_mark")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.pk)


@keep_old_rows
class EntryWindow(models.Model):
    """When marks of a kind of column may be entered at a school in a term; without one, any day of the term."""

    class Column(models.TextChoices):
        """A kind of column."""

        REGULAR = "regular", _("Thường xuyên")
        MIDTERM = "midterm", _("Giữa kì")
        FINAL = "final", _("Cuối kì")
        MAKEUP = "makeup", _("Kiểm tra bù")  # midterm and final of who was absent, whatever the other windows say

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    school_year = models.PositiveSmallIntegerField()
    term = models.PositiveSmallIntegerField(choices=TERMS)
    column = SortText(choices=Column.choices)
    opens_on = models.DateField()
    closes_on = models.DateField()  # the last day

    PERSONAL: ClassVar = frozenset[str]()
    IMPERSONAL: ClassVar = frozenset(
        {"id", "path", "organisation", "school_year", "term", "column", "opens_on", "closes_on"}
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "school_year", "term", "column"], name="academics_window_once"
            ),
            models.CheckConstraint(condition=Q(opens_on__lte=models.F("closes_on")), name="academics_window_in_order"),
            models.CheckConstraint(
                condition=Q(column__in=["regular", "midterm", "final", "makeup"]), name="academics_window_column_known"
            ),
        ]

    def __str__(self) -> str:
        """Name the column."""
        return str(self.column)


@keep_old_rows
class Amendment(models.Model):
    """A change of what is locked, asked for with a reason and decided by somebody else (sửa điểm).

    It is about a row of ``mark``, in primary school of ``rating`` or ``record``: one of the three. ``column``: a column
    of the sheet, ``remark``, or the code of a quality or competence. ``before``, ``after``: what stands there as that
    row holds it, tenths or words; ``None``: nothing.
    """

    class State(models.TextChoices):
        """What became of it."""

        ASKED = "asked", _("chờ duyệt")
        APPROVED = "approved", _("đã duyệt")
        REFUSED = "refused", _("không duyệt")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    mark = models.ForeignKey(Mark, models.PROTECT, related_name="amendments", null=True)
    rating = models.ForeignKey(PrimaryRating, models.PROTECT, related_name="amendments", null=True)
    record = models.ForeignKey(PrimaryRecord, models.PROTECT, related_name="amendments", null=True)
    column = SortText()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField()
    state = SortText(choices=State.choices, default=State.ASKED)
    asked_by = models.UUIDField(null=True)
    asked_by_name = models.TextField()
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset(
        {"mark", "rating", "record", "before", "after", "reason", "asked_by", "asked_by_name"}
        | {"decided_by", "decided_by_name", "answer"}
    )
    IMPERSONAL: ClassVar = frozenset({"id", "path", "column", "state", "asked_at", "decided_at"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mark", "column"], condition=Q(state="asked"), name="academics_amendment_one_open"
            ),
            models.UniqueConstraint(
                fields=["rating", "column"], condition=Q(state="asked"), name="academics_amendment_one_rating"
            ),
            models.UniqueConstraint(
                fields=["record", "column"], condition=Q(state="asked"), name="academics_amendment_one_record"
            ),
            models.CheckConstraint(
                condition=Q(mark__isnull=False, rating=None, record=None)
                | Q(mark=None, rating__isnull=False, record=None)
                | Q(mark=None, rating=None, record__isnull=False),
                name="academics_amendment_about_one",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="academics_amendment_reason"),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "approved", "refused"]), name="academics_amendment_state_known"
            ),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)

    @property
    def about(self) -> Mark | PrimaryRating | PrimaryRecord:
        """Give the row it is about."""
        return cast("Mark | PrimaryRating | PrimaryRecord", self.mark or self.rating or self.record)
