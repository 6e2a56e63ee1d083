"""Systems that keep accounts here over SCIM, and what each of them said."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from phuong.identity.api import Account
from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.kernel.today import today
from phuong.registry.api import Organisation


@keep_old_rows
class ScimClient(models.Model):
    """A system that keeps the accounts of a unit. ``role_map``: which role each of its words for groups gives."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.TextField()
    contact = models.TextField(blank=True)
    key_id = SortText(unique=True)
    secret_hash = models.BinaryField()
    role_map = models.JSONField(default=dict)
    valid_until = models.DateField()
    is_active = models.BooleanField(default=True)
    made_by = models.TextField(blank=True)
    made_on = models.DateField(default=today)
    last_on = models.DateField(null=True)  # the last day on which it called
    rate_per_minute = models.PositiveIntegerField(default=600)

    PERSONAL: ClassVar = frozenset({"secret_hash", "made_by", "contact"})
    IMPERSONAL: ClassVar = frozenset(
        {
            "id",
            "path",
            "organisation",
            "name",
            "key_id",
            "role_map",
            "valid_until",
            "is_active",
            "made_on",
            "last_on",
            "rate_per_minute",
        }
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="provisioning_client_named"),
            models.CheckConstraint(condition=Q(rate_per_minute__gte=1), name="provisioning_rate_at_least_one"),
        ]

    def __str__(self) -> str:
        """Name the system."""
        return str(self.name)


@keep_old_rows
class ScimUser(models.Model):
    """What a system said of an account; ``removed_at``: it deleted the account, which is shut and kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    client = models.ForeignKey(ScimClient, models.CASCADE, related_name="users", db_index=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="scim")
    external_id = SortText(blank=True, default="")
    user_type = models.TextField(blank=True, default="")
    says_active = models.BooleanField(null=True, default=True)  # null: it says nothing, the account stays as it is
    changed_at = models.DateTimeField(auto_now=True)
    removed_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar = frozenset({"account", "external_id", "user_type", "says_active"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "client", "changed_at", "removed_at"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "account"], name="provisioning_user_once"),
            models.UniqueConstraint(
                fields=["client", "external_id"], condition=~Q(external_id=""), name="provisioning_external_id_once"
            ),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


@keep_old_rows
class ScimGroup(models.Model):
    """A group of a system; its name gives a role where the map of the system knows the word."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    client = models.ForeignKey(ScimClient, models.CASCADE, related_name="groups", db_index=False)
    name = models.TextField()
    external_id = SortText(blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    PERSONAL: ClassVar = frozenset[str]()
    IMPERSONAL: ClassVar = frozenset({"id", "path", "client", "name", "external_id", "made_at", "changed_at"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "external_id"], condition=~Q(external_id=""), name="provisioning_group_id_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["client", "id"], name="provisioning_groups")]

    def __str__(self) -> str:
        """Name the group."""
        return str(self.name)


@keep_old_rows
class ScimMember(models.Model):
    """An account in a group."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    group = models.ForeignKey(ScimGroup, models.CASCADE, related_name="members", db_index=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")

    PERSONAL: ClassVar = frozenset({"account"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "group"})

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["group", "account"], name="provisioning_member_once")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
