"""Requests for roles, reviews, emergencies, support at schools, and what left as files."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from phuong.identity.api import Account, Kind, RoleAssignment
from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.registry.api import Organisation


class State(models.TextChoices):
    """Where a request stands."""

    WAITING = "waiting", _("chờ duyệt")
    APPROVED = "approved", _("đã duyệt")
    REFUSED = "refused", _("không duyệt")
    REVOKED = "revoked", _("đã thu hồi")


def _decided(prefix: str) -> models.CheckConstraint:
    """Demand that what is decided says when and by whom."""
    is_open = Q(state=State.WAITING, decided_at__isnull=True, decided_by="")
    is_decided = ~Q(state=State.WAITING) & Q(decided_at__isnull=False) & ~Q(decided_by="")
    return models.CheckConstraint(condition=is_open | is_decided, name=f"oversight_{prefix}_decided")


@keep_old_rows
class RoleRequest(models.Model):
    """A wide role somebody wants to give; another person approves it before it is in force."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    account_name = models.TextField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = SortText()
    kind = SortText(default=Kind.OWN)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    reason = models.TextField()
    state = SortText(choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(Account, models.CASCADE, related_name="+")
    asked_by_name = models.TextField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset({"account", "account_name", "reason", "asked_by", "asked_by_name", "decided_by"})
    IMPERSONAL: ClassVar = frozenset(
        {"id", "path", "organisation", "role", "kind", "starts_on", "ends_on", "state", "asked_at", "decided_at"}
    )

    class Meta:
        constraints: ClassVar = [
            _decided("request"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="oversight_request_state_known"),
            models.UniqueConstraint(
                fields=["account", "organisation", "role"],
                condition=Q(state=State.WAITING),
                name="oversight_request_once",
            ),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class RoleReview(models.Model):
    """By when a role must be looked at again; ``told_on``: when its unit was first told so."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    assignment = models.OneToOneField(RoleAssignment, models.CASCADE, related_name="review")
    due_on = models.DateField()
    told_on = models.DateField(null=True)
    kept_on = models.DateField(null=True)
    kept_by = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset({"assignment", "kept_by"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "due_on", "told_on", "kept_on"})

    class Meta:
        indexes: ClassVar = [models.Index(fields=["due_on"], name="oversight_review_due")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


@keep_old_rows
class EmergencyUse(models.Model):
    """A wide role taken for hours in an emergency; a second one in a day waits for another person."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    account_name = models.TextField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = SortText()
    hours = models.PositiveSmallIntegerField()
    reason = models.TextField()
    state = SortText(choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True)
    assignment = models.ForeignKey(RoleAssignment, models.SET_NULL, null=True, related_name="+")
    ends_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset({"account", "account_name", "reason", "decided_by", "assignment", "reviewed_by"})
    IMPERSONAL: ClassVar = frozenset(
        {
            "id",
            "path",
            "organisation",
            "role",
            "hours",
            "state",
            "asked_at",
            "decided_at",
            "ends_at",
            "reviewed_at",
        }
    )

    class Meta:
        constraints: ClassVar = [
            _decided("emergency"),
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=4), name="oversight_emergency_four_hours"),
            models.CheckConstraint(condition=~Q(reason=""), name="oversight_emergency_reason"),
            models.CheckConstraint(
                condition=~Q(state=State.APPROVED) | Q(ends_at__isnull=False), name="oversight_emergency_ends"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "asked_at"], name="oversight_emergency_last")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


@keep_old_rows
class SupportAccess(models.Model):
    """A support person's stay at one school: asked for, answered by the school, over by the hour or when revoked.

    ``noted_under``: where the school stood when it let support in; the journal's lines of the stay lie there for ever.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    account_name = models.TextField()
    reason = models.TextField()
    hours = models.PositiveSmallIntegerField()
    may_write = models.BooleanField(default=False)
    state = SortText(choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True)
    assignment = models.ForeignKey(RoleAssignment, models.SET_NULL, null=True, related_name="+")
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    noted_under = SortText(blank=True, default="")

    PERSONAL: ClassVar = frozenset({"account", "account_name", "reason", "decided_by", "assignment"})
    IMPERSONAL: ClassVar = frozenset(
        {
            "id",
            "path",
            "organisation",
            "hours",
            "may_write",
            "state",
            "asked_at",
            "decided_at",
            "starts_at",
            "ends_at",
            "noted_under",
        }
    )

    class Meta:
        constraints: ClassVar = [
            _decided("support"),
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=8), name="oversight_support_eight_hours"),
            models.CheckConstraint(condition=~Q(reason=""), name="oversight_support_reason"),
            models.CheckConstraint(
                condition=Q(state__in=[State.WAITING, State.REFUSED])
                | Q(starts_at__isnull=False, ends_at__gte=F("starts_at")),
                name="oversight_support_ends",
            ),
            models.UniqueConstraint(
                fields=["account", "organisation"], condition=Q(state=State.WAITING), name="oversight_support_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "asked_at"], name="oversight_support_at_school"),
            models.Index(fields=["account", "asked_at"], name="oversight_support_of"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


@keep_old_rows
class ExportCap(models.Model):
    """What a role may take away in a day, where that differs from the catalog."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    role = SortText(unique=True)
    rows = models.PositiveIntegerField()
    units = models.PositiveIntegerField()
    set_by = models.TextField()

    def __str__(self) -> str:
        """Name the role."""
        return str(self.role)


class ExportDay(models.Model):
    """What an account took away in files on one day; ``role``: the one it began the day with."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    role = SortText()
    day = models.DateField()
    files = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    units = ArrayField(models.UUIDField())

    PERSONAL: ClassVar = frozenset({"account"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "role", "day", "files", "rows", "units"})

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "day"], name="oversight_export_day_once")]
        indexes: ClassVar = [models.Index(fields=["role", "day"], name="oversight_export_of_role")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


@keep_old_rows
class ExportStop(models.Model):
    """An account whose exports are stopped until somebody lets them go on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    account_name = models.TextField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = SortText()
    rows = models.PositiveIntegerField()
    units = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.TextField(blank=True)
    because = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset({"account", "account_name", "released_by", "because"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "organisation", "role", "rows", "units", "at", "released_at"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(released_at__isnull=True), name="oversight_stopped_once"
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | ~Q(released_by=""), name="oversight_released_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
