"""Primary school (TT 27/2020): what is said of a pupil at the four times of the year; rows are never deleted.

``period``: 1 giữa học kì I, 2 cuối học kì I, 3 giữa học kì II, 4 cuối năm.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from phuong.kernel.fields import Path, SortText
from phuong.kernel.keys import uuid7
from phuong.registry.api import Enrolment, Person

MID_1, END_1, MID_2, END_2 = 1, 2, 3, 4
PERIODS = (
    (MID_1, _("Giữa học kì I")),
    (END_1, _("Cuối học kì I")),
    (MID_2, _("Giữa học kì II")),
    (END_2, _("Cuối năm")),
)
_WHEN = Q(period__in=[period for period, _title in PERIODS])


class PrimaryRating(models.Model):
    """What the teacher of a subject says of a pupil at one time of the year.

    ``level``: T Hoàn thành tốt, H Hoàn thành, C Chưa hoàn thành, blank: not yet; ``test``: whole mark of the periodic
    test, 1 to 10; ``version`` grows with each write.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="primary_ratings", db_index=False)
    learner = models.ForeignKey(Person, models.PROTECT, related_name="primary_ratings")
    subject = SortText()  # code list subject
    period = models.PositiveSmallIntegerField(choices=PERIODS)
    level = SortText(blank=True)
    test = models.PositiveSmallIntegerField(null=True)
    remark = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset({"enrolment", "learner", "level", "test", "remark", "changed_by"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "subject", "period", "version", "changed_at"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrolment", "subject", "period"], name="academics_rating_once"),
            models.CheckConstraint(condition=_WHEN, name="academics_rating_period"),
            models.CheckConstraint(condition=Q(level__in=["", "T", "H", "C"]), name="academics_rating_level"),
            models.CheckConstraint(condition=Q(test__range=(1, 10)) | Q(test=None), name="academics_rating_test"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class PrimaryRecord(models.Model):
    """What the homeroom teacher says of a pupil at one time of the year.

    ``ratings``: T Tốt, D Đạt, C Cần cố gắng by quality and competence of the profile; ``is_outstanding``: outstanding
    in a subject or clearly better in a quality or competence, and the class agrees (for the honour of the year);
    ``again``: the result after help and another assessment; ``decided``: whether the principal let the pupil go on when
    that was not enough either. All three of the last time alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="primary_records", db_index=False)
    learner = models.ForeignKey(Person, models.PROTECT, related_name="primary_records")
    period = models.PositiveSmallIntegerField(choices=PERIODS)
    ratings = models.JSONField(default=dict)
    is_outstanding = models.BooleanField(default=False)
    again = SortText(blank=True)  # code of a result
    decided = models.BooleanField(null=True)
    remark = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset(
        {"enrolment", "learner", "ratings", "is_outstanding", "again", "decided", "remark", "changed_by"}
    )
    IMPERSONAL: ClassVar = frozenset({"id", "path", "period", "version", "changed_at"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrolment", "period"], name="academics_primary_record_once"),
            models.CheckConstraint(condition=_WHEN, name="academics_primary_record_period"),
            models.CheckConstraint(
                condition=Q(again__in=["", "hoan_thanh", "chua_hoan_thanh"]), name="academics_primary_record_again"
            ),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
