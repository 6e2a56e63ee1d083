"""Accounts, and the roles they hold at an organisation for a period."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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


class Kind(models.TextChoices):
    """How somebody came to a role; all but the own ones are lent, end by themselves and are not passed on."""

    OWN = "own", _("chính thức")
    DELEGATED = "delegated", _("được ủy quyền")
    SUBSTITUTE = "substitute", _("làm thay")
    EMERGENCY = "emergency", _("khẩn cấp")
    SUPPORT = "support", _("hỗ trợ kĩ thuật")


class Assignments(models.QuerySet["RoleAssignment"]):
    """Finds roles by time."""

    def in_force(self, day: dt.date | None = None) -> "Assignments":
        """Keep the roles that open something on ``day`` (today): neither over by the day nor by the hour."""
        today = timezone.localdate()
        found = self.filter(_running(), during__contains=day or today)  # what holds today is not over by the day
        return found if day is None or day == today else found.not_over()

    def not_over(self) -> "Assignments":
        """Keep the roles that open something now or will."""
        return self.filter(_running(), Q(during__upper_inf=True) | Q(during__endswith__gt=timezone.localdate()))


def _running() -> Q:
    return Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now())


@keep_old_rows
class RoleAssignment(models.Model):
    """A role held at an organisation for a period; its path is the scope it opens.

    ``ends_at``: the moment at which it is over whatever ``during`` says: lent for hours, or ended at once.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    account = models.ForeignKey(Account, models.CASCADE, related_name="roles")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = SortText()
    during = DateRangeField()
    kind = SortText(choices=Kind.choices, default=Kind.OWN, db_default=Kind.OWN)
    reason = models.TextField(blank=True, default="", db_default="")
    ends_at = models.DateTimeField(null=True)

    objects = Assignments.as_manager()

    PERSONAL: ClassVar = frozenset({"account", "role", "during", "kind", "reason", "ends_at"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "organisation"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "organisation", "role", "during", "ends_at"],
                nulls_distinct=False,
                name="identity_role_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="identity_role_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=Kind.OWN) | Q(during__upper_inf=False), name="identity_role_lent_ends"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[Kind.EMERGENCY, Kind.SUPPORT]) | Q(ends_at__isnull=False),
                name="identity_role_for_hours_ends",
            ),
            models.CheckConstraint(condition=~Q(role=""), name="identity_role_named"),
        ]
        indexes: ClassVar = [GistIndex(fields=["path"], name="identity_assignment_path")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)

    @property
    def last_day(self) -> dt.date | None:
        """Give the last day; none for a role without end."""
        end: dt.date | None = self.during.upper
        return end - dt.timedelta(days=1) if end else None


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


class NameStem(models.Model):
    """How many sign-in names begin with one stem: the next of that stem gets the next number."""

    stem = SortText(primary_key=True)
    used = models.PositiveIntegerField()

    def __str__(self) -> str:
        """Show the stem."""
        return str(self.stem)


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
