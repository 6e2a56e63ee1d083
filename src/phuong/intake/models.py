"""Imports: the file as it came, what was read of it, and what each unit's rows became."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from phuong.kernel.fields import Path, SortText
from phuong.kernel.keys import uuid7


class Batch(models.Model):
    """One file brought in (lần nạp). ``content``, ``rows`` and ``problems`` are sealed: they hold personal numbers."""

    class State(models.TextChoices):
        """Where an import stands."""

        MAPPING = "mapping", _("chờ ghép cột")
        CHECKING = "checking", _("đang kiểm tra")
        CHECKED = "checked", _("đã kiểm tra, chưa áp dụng")
        UNREADABLE = "unreadable", _("không đọc được")
        APPLYING = "applying", _("đang áp dụng")
        APPLIED = "applied", _("đã áp dụng")
        UNDOING = "undoing", _("đang hoàn tác")
        UNDONE = "undone", _("đã hoàn tác")
        DROPPED = "dropped", _("đã bỏ")

    class Mode(models.TextChoices):
        """What a file says of those it does not name."""

        ADD = "add", _("bổ sung, sửa: ai không có trong tệp thì giữ nguyên")
        WHOLE = "whole", _("danh sách đầy đủ: ai không có trong tệp thì thôi học ở đây")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    kind = SortText()
    name = models.TextField()
    digest = SortText()
    size = models.PositiveIntegerField()
    content = models.BinaryField(null=True)  # forgotten after a while
    sheet = models.TextField(blank=True)
    heading_row = models.PositiveIntegerField(default=0)
    mapping = models.JSONField(default=dict)  # place of a column: name
    unit = models.UUIDField(null=True)  # of rows that name none
    unit_path = models.TextField(blank=True)
    mode = models.TextField(choices=Mode.choices, default=Mode.ADD)
    effective_on = models.DateField()
    reason = models.TextField(blank=True)
    state = models.TextField(choices=State.choices, default=State.MAPPING)
    wrong = models.TextField(blank=True)  # why the file cannot be read
    read = models.PositiveIntegerField(default=0)
    to_create = models.PositiveIntegerField(default=0)
    to_change = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    to_end = models.PositiveIntegerField(default=0)
    held = models.JSONField(default=list)  # [{unit, group, ends, of}] of which too large a part would end
    held_confirmed_by = models.TextField(blank=True)
    notices = models.JSONField(default=list)
    rows = models.BinaryField(null=True)
    problems = models.BinaryField(null=True)
    asked_by = models.UUIDField(null=True)
    asked_by_name = models.TextField()
    is_own = models.BooleanField(default=False)  # by somebody who writes only some such records, and brings in those
    asked_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar = frozenset(
        {"name", "content", "rows", "problems", "notices", "reason", "wrong", "asked_by", "asked_by_name", "held"}
        | {"held_confirmed_by", "digest"}
    )
    IMPERSONAL: ClassVar = frozenset(
        {"id", "path", "kind", "size", "sheet", "heading_row", "mapping", "unit", "unit_path", "mode", "effective_on"}
        | {"state", "read", "to_create", "to_change", "same", "refused", "to_end", "asked_at", "applied_at", "is_own"}
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["path", "-id"], name="intake_batch_of_place")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["mapping", "checking", "checked", "unreadable", "applying", "applied", "undoing"]
                    + ["undone", "dropped"]
                ),
                name="intake_batch_state_known",
            ),
            models.CheckConstraint(condition=models.Q(mode__in=["add", "whole"]), name="intake_batch_mode_known"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Part(models.Model):
    """The rows of one unit, kept in one transaction: what they became, and under which context old rows are kept."""

    class State(models.TextChoices):
        """What became of the rows."""

        APPLIED = "applied", _("đã áp dụng")
        FAILED = "failed", _("không ghi được")
        UNDONE = "undone", _("đã hoàn tác")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="parts", db_index=False)
    path = Path()
    unit = models.UUIDField()
    state = models.TextField(choices=State.choices, default=State.APPLIED)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    made = models.JSONField(default=dict)  # table: keys of the rows made
    context_id = models.UUIDField()
    wrong = models.TextField(blank=True)  # the rule of the database that refused these rows
    refused = models.PositiveIntegerField(default=0)  # rows that were right when checked, and no longer when applied
    restored = models.PositiveIntegerField(default=0)
    left_alone = models.PositiveIntegerField(default=0)
    applied_at = models.DateTimeField(auto_now_add=True)

    PERSONAL: ClassVar = frozenset({"made"})
    IMPERSONAL: ClassVar = frozenset(
        {"id", "batch", "path", "unit", "state", "created", "changed", "ended", "context_id", "restored", "wrong"}
        | {"left_alone", "applied_at", "refused"}
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "unit"], name="intake_part_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["applied", "failed", "undone"]), name="intake_part_state_known"
            ),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Mapping(models.Model):
    """How the headings of one kind of file are read, saved under the name of who makes such files (phần mềm)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    kind = SortText()
    name = models.TextField()
    columns = models.JSONField(default=dict)  # heading: name of the column
    saved_by_name = models.TextField()
    saved_at = models.DateTimeField(auto_now=True)

    PERSONAL: ClassVar = frozenset({"saved_by_name"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "kind", "name", "columns", "saved_at"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["path", "kind", "name"], name="intake_mapping_name_once")
        ]

    def __str__(self) -> str:
        """Name the mapping."""
        return str(self.name)
