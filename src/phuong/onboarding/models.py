"""Codes given out on paper, the files they were printed in, claims of guardians, messages sent, links called back."""

from typing import ClassVar

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from phuong.identity.api import Account
from phuong.kernel.fields import Path, SortText
from phuong.kernel.keys import uuid7
from phuong.registry.api import ClassGroup, Organisation, Person


class Purpose(models.TextChoices):
    """What a code opens."""

    ACTIVATE = "activate", _("kích hoạt tài khoản")
    RENEW = "renew", _("đặt lại mật khẩu")
    CLAIM = "claim", _("gắn phụ huynh")


class LetterCode(models.Model):
    """The one code in force of a person for a purpose, as a keyed hash; a new letter writes over the old one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    purpose = SortText(choices=Purpose.choices)
    code_hash = models.BinaryField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar = frozenset({"person", "code_hash", "used_at"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "purpose", "issued_at", "expires_at", "tries"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "purpose"], name="onboarding_one_code_in_force"),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="onboarding_purpose_known"),
        ]
        indexes: ClassVar = [GistIndex(fields=["path"], name="onboarding_code_path")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class LetterFile(models.Model):
    """The letters of one class, school or person as one job printed them: sealed, and gone after some days.

    ``asked_by``: the account that alone may take new codes for accounts in use; none for activation.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    class_group = models.ForeignKey(ClassGroup, models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    whom = SortText()
    purpose = SortText(choices=Purpose.choices, default=Purpose.ACTIVATE)
    job_id = models.UUIDField(unique=True)
    asked_by = models.UUIDField(null=True)
    asked = models.PositiveIntegerField()
    made = models.PositiveIntegerField()
    content = models.BinaryField()  # AES-GCM: it holds the codes themselves
    made_at = models.DateTimeField(auto_now_add=True)

    PERSONAL: ClassVar = frozenset({"person", "asked_by", "content"})
    IMPERSONAL: ClassVar = frozenset(
        {"id", "path", "organisation", "class_group", "whom", "purpose", "job_id", "asked", "made", "made_at"}
    )

    class Meta:
        indexes: ClassVar = [GistIndex(fields=["path"], name="onboarding_file_path")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Claim(models.Model):
    """A guardian says that a child is theirs; the school decides where the facts agree only partly."""

    class State(models.TextChoices):
        """Where a claim stands."""

        WAITING = "waiting", _("chờ trường xem")
        ACCEPTED = "accepted", _("đã gắn")
        REFUSED = "refused", _("không gắn")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()  # of the child
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    learner = models.ForeignKey(Person, models.CASCADE, related_name="+")
    relation = models.TextField()  # code list guardian_relation
    agrees = models.JSONField(default=list)  # which facts agreed
    state = SortText(choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset({"account", "learner", "relation", "agrees", "state", "decided_by_name"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "asked_at", "decided_at"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "learner"], condition=Q(state="waiting"), name="onboarding_one_claim_waiting"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "accepted", "refused"]), name="onboarding_claim_state_known"
            ),
        ]
        indexes: ClassVar = [GistIndex(fields=["path"], name="onboarding_claim_path")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Delivery(models.Model):
    """One message of one job to one guardian about one child: noted before it goes, so that none goes twice."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    job_id = models.UUIDField()
    guardian = models.ForeignKey(Person, models.CASCADE, related_name="+")
    learner = models.ForeignKey(Person, models.CASCADE, related_name="+")
    channel = SortText()  # sms, email
    reason = models.TextField(blank=True)  # what the gateway said when it would not
    sent_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar = frozenset({"guardian", "learner", "reason"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "job_id", "channel", "sent_at"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job_id", "guardian", "learner"], name="onboarding_sent_once")
        ]
        indexes: ClassVar = [GistIndex(fields=["path"], name="onboarding_delivery_path")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class RevokedLink(models.Model):
    """All links of a person to one thing that end by ``until`` are called back; forgotten when they are over."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    target = SortText()
    until = models.DateTimeField()

    PERSONAL: ClassVar = frozenset({"person"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "target", "until"})

    class Meta:
        indexes: ClassVar = [models.Index(fields=["until"], name="onboarding_revoked_until")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
