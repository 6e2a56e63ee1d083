"""Tables of the kernel: official code lists, jobs, the journal of acts."""

from typing import ClassVar

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from phuong.kernel.fields import Path, SortText, TransactionId
from phuong.kernel.keys import uuid7


class CodeEntry(models.Model):
    """One entry of an official code list (danh mục dùng chung)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    list = SortText()
    code = SortText()
    title = models.TextField()
    title_en = models.TextField()
    rank = models.IntegerField(default=0)
    attributes = models.JSONField(default=dict)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    source = models.TextField()
    doubt = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["list", "code"], name="kernel_code_once_per_list")]

    def __str__(self) -> str:
        """Name the entry."""
        return f"{self.list}:{self.code}"


class JobState(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting", _("đang chờ")
    RUNNING = "running", _("đang chạy")
    DONE = "done", _("đã xong")
    FAILED = "failed", _("không xong")
    CANCELLED = "cancelled", _("đã dừng")


class Job(models.Model):
    """Long work that a person asked for: progress, cancelling, result."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    name = models.TextField()
    title = models.TextField()
    arguments = models.JSONField(default=dict)
    state = models.TextField(choices=JobState.choices, default=JobState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    message = models.TextField(blank=True)
    result = models.JSONField(default=dict)
    cancel_asked = models.BooleanField(default=False)
    asked_by = models.UUIDField(null=True)
    asked_by_name = models.TextField(blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar = frozenset({"asked_by", "asked_by_name"})
    IMPERSONAL: ClassVar = frozenset(
        {
            "id",
            "path",
            "name",
            "title",
            "arguments",
            "state",
            "done",
            "total",
            "attempts",
            "message",
            "result",
            "cancel_asked",
            "asked_at",
            "started_at",
            "finished_at",
        }
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=JobState.values), name="kernel_job_state_known"),
            models.UniqueConstraint(
                fields=["name", "arguments"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="kernel_job_once_at_a_time",
            ),
        ]
        indexes: ClassVar = [GistIndex(fields=["path"], name="kernel_job_path")]

    def __str__(self) -> str:
        """Name the job."""
        return f"{self.name} {self.state}"

    @property
    def percent(self) -> int:
        """Give the share done, 0 to 100."""
        return 100 * self.done // self.total if self.total else 0

    @property
    def is_over(self) -> bool:
        """Say whether nothing more will happen."""
        return self.state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class AuditEntry(models.Model):
    """One act of one person: what was done, or refused, on which record."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    at = models.DateTimeField(auto_now_add=True)
    account_id = models.UUIDField(null=True)
    actor_name = models.TextField(blank=True)
    role = models.TextField(blank=True)
    unit = models.TextField(blank=True, default="")
    did = SortText()
    refused = models.BooleanField(default=False)
    on_kind = models.TextField(blank=True)
    on_id = models.TextField(blank=True)
    about = models.UUIDField(null=True)  # whose record it was: the key of a person, who may read the line
    note = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset({"account_id", "actor_name", "on_id", "about", "note"})
    IMPERSONAL: ClassVar = frozenset(
        {
            "id",
            "path",
            "at",
            "role",
            "unit",
            "did",
            "refused",
            "on_kind",
        }
    )

    class Meta:
        indexes: ClassVar = [
            GistIndex(fields=["path"], name="kernel_audit_path"),
            models.Index(fields=["on_id", "id"], name="kernel_audit_on"),
            models.Index(fields=["about", "id"], condition=models.Q(about__isnull=False), name="kernel_audit_about"),
            models.Index(fields=["account_id", "id"], name="kernel_audit_by"),
        ]

    def __str__(self) -> str:
        """Name the act."""
        return str(self.did)


class AuditLink(models.Model):
    """One link of the chain of the journal: an entry's place, and the hash over it and the link before."""

    place = models.BigIntegerField(primary_key=True)  # 1, 2, 3, … without a gap
    entry_id = models.UUIDField(unique=True)  # no foreign key: a deleted entry must leave its link behind
    hash = models.BinaryField()

    def __str__(self) -> str:
        """Show the place."""
        return str(self.place)


class AuditHead(models.Model):
    """A link that the installation signed: nothing up to there can be changed or cut off unnoticed."""

    place = models.BigIntegerField(primary_key=True)
    hash = models.BinaryField()
    covers = models.DateTimeField()  # all that was written well before this moment stands in the chain
    signed_at = models.DateTimeField()
    key = SortText()  # which key signed: the beginning of the hash of the public one
    signature = models.BinaryField()

    def __str__(self) -> str:
        """Show the place."""
        return str(self.place)


class Attachment(models.Model):
    """A file kept beside a record as proof; ``permission`` is what a reader must hold over its place."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    on_kind = SortText()
    on_id = models.UUIDField()
    permission = SortText()
    name = models.TextField()
    media_type = models.TextField()
    size = models.PositiveIntegerField()
    digest = SortText()  # SHA-256, hexadecimal
    content = models.BinaryField()
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.UUIDField(null=True)
    added_by_name = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset({"name", "content", "added_by", "added_by_name"})
    IMPERSONAL: ClassVar = frozenset(
        {"id", "path", "on_kind", "on_id", "permission", "media_type", "size", "digest", "added_at"}
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["on_kind", "on_id", "digest"], name="kernel_attachment_once")
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Change(models.Model):
    """One line of the log of changes, written by triggers alone (see ``changes.py``)."""

    class Act(models.TextChoices):
        """What happened to the record."""

        MADE = "made", _("tạo")
        CHANGED = "changed", _("sửa")
        MOVED = "moved", _("chuyển đi")  # seen from the place it left
        REMOVED = "removed", _("xóa")

    id = models.BigAutoField(primary_key=True)
    txid = TransactionId()
    at = models.DateTimeField()
    path = Path()
    on_kind = SortText()  # table
    on_id = models.UUIDField()
    act = models.TextField(choices=Act.choices)
    key_before = models.TextField(null=True)
    key_after = models.TextField(null=True)

    PERSONAL: ClassVar = frozenset({"on_id", "key_before", "key_after"})
    IMPERSONAL: ClassVar = frozenset({"id", "txid", "at", "path", "on_kind", "act"})

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["on_kind", "txid", "id"], name="kernel_change_feed"),
            models.Index(fields=["on_kind", "at"], name="kernel_change_at"),
        ]

    def __str__(self) -> str:
        """Name the line."""
        return f"{self.on_kind} {self.act}"
