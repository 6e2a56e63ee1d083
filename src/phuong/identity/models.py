"""Accounts, and the roles they hold at an organisation for a period."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.registry.api import Organisation, Person


class Accounts(BaseUserManager["Account"]):
    """Finds accounts by their sign-in name."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Find by sign-in name, upper and lower case alike."""
        return self.get(username=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """A way to sign in for one person. Names are shown from here so that no page needs the person's record."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    username = SortText(unique=True)
    display_name = models.TextField()
    email = SortText(blank=True, default="")
    person = models.OneToOneField(Person, models.CASCADE, null=True, related_name="account")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Accounts] = Accounts()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    PERSONAL: ClassVar = frozenset({"username", "display_name", "email", "person", "password", "last_login"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "is_active", "created_at"})

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(email=Lower(F("email"))), name="identity_email_lower_case")
        ]
        indexes: ClassVar = [GistIndex(fields=["path"], name="identity_account_path")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)

    def natural_key(self) -> tuple[Any, ...]:
        """Give the sign-in name."""
        return (self.username,)


@keep_old_rows
class RoleAssignment(models.Model):
    """A role held at an organisation for a period; its path is the scope it opens."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    account = models.ForeignKey(Account, models.CASCADE, related_name="roles")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = SortText()
    during = DateRangeField()

    PERSONAL: ClassVar = frozenset({"account", "role", "during"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "organisation"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "organisation", "role", "during"], name="identity_role_once"),
            models.CheckConstraint(condition=~Q(role=""), name="identity_role_named"),
        ]
        indexes: ClassVar = [GistIndex(fields=["path"], name="identity_assignment_path")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class FailedTry(models.Model):
    """One failed sign-in under a name (kept as a hash), seen by every web process; cleared when it is over."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name_hash = models.BinaryField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name_hash", "at"], name="identity_tries_of_name")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Link(models.Model):
    """An electronic identity with which an account may sign in; once ended, only linking anew from inside opens it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    provider = SortText()
    subject_hash = models.BinaryField()
    since = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "provider"], condition=Q(until=None), name="identity_one_link_of_account"
            ),
            models.UniqueConstraint(
                fields=["provider", "subject_hash"], condition=Q(until=None), name="identity_one_link_of_subject"
            ),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Proof(models.Model):
    """A provider vouched for a person at a level, from ``since`` to the last time ``at``; a change is a new row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    provider = SortText()
    subject_hash = models.BinaryField()
    level = models.PositiveSmallIntegerField()  # 1, 2
    since = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(level__in=[1, 2]), name="identity_proof_level"),
            models.CheckConstraint(condition=Q(since__lte=F("at")), name="identity_proof_in_order"),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "provider", "-at"], name="identity_latest_proof")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
