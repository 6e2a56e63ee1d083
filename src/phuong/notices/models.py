"""What somebody is told."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from phuong.identity.api import Account
from phuong.kernel.fields import Path, SortText
from phuong.kernel.keys import uuid7


class Notice(models.Model):
    """One thing one account is told; ``key`` keeps the same thing from being told twice."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    account = models.ForeignKey(Account, models.CASCADE, related_name="notices")
    kind = SortText()
    title = models.TextField()
    detail = models.TextField(blank=True)
    url = models.TextField(blank=True)
    key = SortText(blank=True)
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar = frozenset({"account", "title", "detail", "url", "read_at"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "kind", "key", "at"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "kind", "key"], condition=~Q(key=""), name="notices_told_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "id"], condition=Q(read_at__isnull=True), name="notices_unread")
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
