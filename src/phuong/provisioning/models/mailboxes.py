"""Mail domains, the mailboxes of staff, and every address that was ever given."""

from typing import ClassVar

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.provisioning.rules.mailboxes import Change, Known
from phuong.registry.api import Organisation, Person


@keep_old_rows
class MailDomain(models.Model):
    """The domain under which a unit (a province) gives mailboxes to its staff.

    ``keep_years``: how long an address that was given up is kept from others. ``is_automatic``: what the plan finds
    is carried out every night.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="+")
    name = SortText(unique=True)
    keep_years = models.PositiveSmallIntegerField(default=10)
    is_automatic = models.BooleanField(default=False)

    PERSONAL: ClassVar = frozenset[str]()
    IMPERSONAL: ClassVar = frozenset({"id", "path", "organisation", "name", "keep_years", "is_automatic"})

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(name=Lower(F("name"))), name="provisioning_domain_lower_case"),
            models.CheckConstraint(condition=Q(keep_years__gte=1), name="provisioning_domain_keeps_a_year"),
        ]

    def __str__(self) -> str:
        """Name the domain."""
        return str(self.name)


@keep_old_rows
class Mailbox(models.Model):
    """The work mailbox of a person: what it should be, what the suite has confirmed, what it answered last.

    ``name``: as it was when the address was made. ``known``, ``known_address``: as confirmed by the suite.
    ``was_tried``: the suite was asked to make it. ``is_recorded``: the address stood in the person's record before.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    domain = models.ForeignKey(MailDomain, models.PROTECT, related_name="mailboxes")
    person = models.OneToOneField(Person, models.PROTECT, related_name="mailbox")
    address = SortText()
    name = models.TextField()
    is_wanted = models.BooleanField(default=True)
    is_recorded = models.BooleanField(default=False)
    known = SortText(default=Known.NONE)
    known_address = SortText(blank=True, default="")
    suite_id = SortText(blank=True, default="")
    change = SortText(blank=True, default=Change.CREATE)
    was_tried = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)  # null while a change waits: given up, somebody must look
    told_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, default="")

    PERSONAL: ClassVar = frozenset({"person", "address", "name", "known_address", "suite_id", "answer"})
    IMPERSONAL: ClassVar = frozenset(
        {
            "id",
            "path",
            "domain",
            "is_wanted",
            "is_recorded",
            "known",
            "change",
            "was_tried",
            "tries",
            "next_try_at",
            "told_at",
        }
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["address"], condition=Q(is_wanted=True), name="provisioning_mailbox_address_once"
            ),
            models.CheckConstraint(condition=Q(known__in=list(Known)), name="provisioning_known_known"),
            models.CheckConstraint(condition=Q(change__in=list(Change)), name="provisioning_change_known"),
            models.CheckConstraint(
                condition=Q(known=Known.NONE, known_address="") | (~Q(known=Known.NONE) & ~Q(known_address="")),
                name="provisioning_known_with_address",
            ),
        ]
        indexes: ClassVar = [
            GistIndex(fields=["path"], name="provisioning_mailbox_path"),
            models.Index(fields=["next_try_at", "id"], condition=~Q(change=""), name="provisioning_mailbox_due"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


@keep_old_rows
class MailAddress(models.Model):
    """An address that is or was somebody's; without a mailbox, the suite says that it belongs to something else.

    ``freed_on``: the day it was given up; only years later may somebody else have it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    domain = models.ForeignKey(MailDomain, models.PROTECT, related_name="+", db_index=False)
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, null=True, related_name="addresses")
    stem = SortText()
    number = models.PositiveIntegerField()
    freed_on = models.DateField(null=True)

    PERSONAL: ClassVar = frozenset({"mailbox", "stem", "number"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "domain", "freed_on"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["domain", "stem", "number"], name="provisioning_address_once")
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
