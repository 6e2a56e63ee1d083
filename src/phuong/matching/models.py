"""Runs, the pairs they found, merges, and every row that a merge touched."""

from typing import ClassVar

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from phuong.kernel.fields import Path, SortText
from phuong.kernel.keys import uuid7
from phuong.registry.api import Organisation


class RunState(models.TextChoices):
    """Where a run stands."""

    WAITING = "waiting", _("đang chờ")
    RUNNING = "running", _("đang chạy")
    DONE = "done", _("xong")
    FAILED = "failed", _("lỗi")
    CANCELLED = "cancelled", _("đã dừng")


class Run(models.Model):
    """One search for people known twice: inside a unit, or between two units that know each person once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    against = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    state = SortText(choices=RunState.choices, default=RunState.WAITING)
    figures = models.JSONField(default=dict)  # counts and seconds, nobody's data
    asked_by = models.UUIDField(null=True)
    asked_by_name = models.TextField()
    asked_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar = frozenset({"asked_by", "asked_by_name"})
    IMPERSONAL: ClassVar = frozenset(
        {"id", "path", "organisation", "against", "state", "figures", "asked_at", "finished_at"}
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="matching_run_state_known")
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Merge(models.Model):
    """Two records made one: which stayed, which went, on whose word; undone or not.

    The two are keys without reference: the record that went is gone, the one that stayed may go in a later merge.
    ``path``: the lowest place under which both lay.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    kept = models.UUIDField()
    dropped = models.UUIDField()
    choices = models.JSONField(default=dict)  # which record each field was taken from: keep, drop
    reason = models.TextField(blank=True)
    merged_at = models.DateTimeField()
    merged_by = models.UUIDField(null=True)
    merged_by_name = models.TextField()
    proposed_by_name = models.TextField(blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by_name = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset(
        {"kept", "dropped", "choices", "reason", "merged_by", "merged_by_name", "proposed_by_name", "undone_by_name"}
    )
    IMPERSONAL: ClassVar = frozenset({"id", "path", "merged_at", "undone_at"})

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(kept=F("dropped")), name="matching_merge_of_two"),
            models.UniqueConstraint(
                fields=["dropped"], condition=Q(undone_at__isnull=True), name="matching_merged_away_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kept"], name="matching_merge_kept"),
            GistIndex(fields=["path"], name="matching_merge_path"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Touched(models.Model):
    """One row that a merge touched, as it was before and after: all that undoing needs.

    ``before``, ``after``: of a changed row the columns that changed; of a removed row everything (and null); of a made
    row null (and its columns). Values as PostgreSQL writes them in JSON; sealed numbers stay sealed.
    """

    class Act(models.TextChoices):
        """What was done to the row."""

        CHANGED = "changed", _("đổi")
        REMOVED = "removed", _("cất đi")
        MADE = "made", _("thêm")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    merge = models.ForeignKey(Merge, models.CASCADE, related_name="touched", db_index=False)
    rank = models.PositiveIntegerField()  # order in which it happened
    model = SortText()  # app.Model
    row = models.TextField()  # its key
    act = SortText(choices=Act.choices)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    PERSONAL: ClassVar = frozenset({"row", "before", "after"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "merge", "rank", "model", "act"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merge", "rank"], name="matching_touched_in_order"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class PairState(models.TextChoices):
    """Where a pair stands."""

    OPEN = "open", _("chưa xem")
    LATER = "later", _("để sau")
    PROPOSED = "proposed", _("chờ người thứ hai")
    SAME = "same", _("đã gộp")
    DIFFERENT = "different", _("hai người khác nhau")
    GONE = "gone", _("không còn giống nhau")


WAITING = (PairState.OPEN, PairState.LATER, PairState.PROPOSED)


class Pair(models.Model):
    """Two records that may be one person's. What speaks for it is kept as levels of agreement, never as values.

    ``one`` < ``two`` are keys without reference: after a merge they must stay readable. ``path``: the lowest place
    under which both lie, kept by a trigger, so that the ordinary policy says: who sees both sees the pair.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="pairs")
    one = models.UUIDField()
    two = models.UUIDField()
    weight = models.FloatField()  # bits; the queue's order
    probability = models.FloatField()  # 0 to 1
    is_sure = models.BooleanField()
    guard = SortText(blank=True)  # what keeps it from being sure
    evidence = models.JSONField()  # field: level
    group = models.UUIDField(null=True)  # the smallest key of the records that surely belong together
    state = SortText(choices=PairState.choices, default=PairState.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.TextField(blank=True)
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.UUIDField(null=True)
    proposed_by_name = models.TextField(blank=True)
    keep = models.UUIDField(null=True)  # proposed: which of the two stays
    choices = models.JSONField(default=dict)  # proposed: which record each field is taken from: keep, drop
    merge = models.ForeignKey(Merge, models.SET_NULL, null=True, related_name="pairs")

    PERSONAL: ClassVar = frozenset(
        {
            "one",
            "two",
            "evidence",
            "group",
            "decided_by_name",
            "proposed_by",
            "proposed_by_name",
            "keep",
            "choices",
            "guard",
        }
    )
    IMPERSONAL: ClassVar = frozenset(
        {
            "id",
            "path",
            "run",
            "weight",
            "probability",
            "is_sure",
            "state",
            "decided_at",
            "proposed_at",
            "merge",
        }
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "two"], name="matching_pair_once"),
            models.CheckConstraint(condition=Q(one__lt=F("two")), name="matching_pair_in_order"),
            models.CheckConstraint(condition=Q(state__in=PairState.values), name="matching_pair_state_known"),
            models.CheckConstraint(
                condition=~Q(state=PairState.PROPOSED) | Q(keep__isnull=False, proposed_at__isnull=False),
                name="matching_proposed_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "-weight", "-id"], name="matching_pair_queue"),
            models.Index(fields=["two"], name="matching_pair_two"),
            GistIndex(fields=["path"], name="matching_pair_path"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
