"""Other systems that may call, and the answers kept so that a repeated call is not done twice."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.registry.api import Organisation


@keep_old_rows
class ApiClient(models.Model):
    """Another system with the place it sees, what it may do there, how often, and until when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.TextField()
    key_id = SortText(unique=True)
    secret_hash = models.BinaryField()
    permissions = ArrayField(models.TextField())
    rate_per_minute = models.PositiveIntegerField(default=600)
    valid_until = models.DateField(null=True)
    is_active = models.BooleanField(default=True)
    made_by = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset({"secret_hash", "made_by"})
    IMPERSONAL: ClassVar = frozenset(
        {"id", "path", "organisation", "name", "key_id", "permissions", "rate_per_minute", "valid_until", "is_active"}
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(rate_per_minute__gte=1), name="gateway_rate_at_least_one")
        ]

    def __str__(self) -> str:
        """Name the client."""
        return str(self.name)


class KeptAnswer(models.Model):
    """The answer to a call that carried an ``Idempotency-Key``."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="answers")
    key = SortText()
    asked = models.BinaryField()  # hash of method, address and body
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    PERSONAL: ClassVar = frozenset({"answer"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "client", "key", "asked", "status", "at"})

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["client", "key"], name="gateway_answer_once")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
