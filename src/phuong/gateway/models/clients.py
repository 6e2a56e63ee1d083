"""Other systems that may call, and the answers kept so that a repeated call is not done twice."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.kernel.today import today
from phuong.registry.api import Organisation


@keep_old_rows
class ApiClient(models.Model):
    """Another system with the place it sees, what it may do there, how often, from where, and until when.

    The key is kept as a hash; after a rotation the old one opens until ``old_until``. A key works once somebody who
    holds its permissions has approved it (``approved_at``).
    """

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
    made_on = models.DateField(default=today)
    contact = models.TextField(blank=True)
    networks = ArrayField(models.TextField(), default=list)  # CIDR; none: from anywhere
    old_secret_hash = models.BinaryField(null=True)
    old_until = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.TextField(blank=True)
    reviewed_on = models.DateField(null=True)

    PERSONAL: ClassVar = frozenset({"secret_hash", "old_secret_hash", "made_by", "approved_by", "contact"})
    IMPERSONAL: ClassVar = frozenset(
        {
            "id",
            "path",
            "organisation",
            "name",
            "key_id",
            "permissions",
            "rate_per_minute",
            "valid_until",
            "is_active",
            "made_on",
            "networks",
            "old_until",
            "approved_at",
            "reviewed_on",
        }
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(rate_per_minute__gte=1), name="gateway_rate_at_least_one"),
            models.CheckConstraint(
                condition=Q(old_secret_hash__isnull=True, old_until__isnull=True)
                | Q(old_secret_hash__isnull=False, old_until__isnull=False),
                name="gateway_old_key_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        """Name the client."""
        return str(self.name)


class ClientUse(models.Model):
    """The last day on which a client called; written once a day, not once a call."""

    client = models.OneToOneField(ApiClient, models.CASCADE, primary_key=True, related_name="use")
    last_on = models.DateField()

    def __str__(self) -> str:
        """Name the day."""
        return f"{self.last_on}"


class KeptAnswer(models.Model):
    """The answer to a call that carried an ``Idempotency-Key``; forgotten after a week."""

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
        indexes: ClassVar = [models.Index(fields=["at"], name="gateway_answer_age")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
