"""Data services as they are agreed on and as they stand, their deliveries, the batches of these."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from phuong.kernel.fields import Path, SortText
from phuong.kernel.keys import uuid7
from phuong.registry.api import Organisation
from phuong.sharing.rules import Kind


class Service(models.Model):
    """A data service of the catalogue in one province (dịch vụ dữ liệu): what was agreed, how far it is, what differs.

    ``basis``: the legal basis as it stood when the agreement was recorded. ``cursor``: the transaction up to which
    changes were delivered (empty: everything must be sent); ``day`` and ``school_year``: those the rows were cut at.
    ``differences``: (commune, unit, ours, theirs) of units whose totals differed when they were last compared.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    code = SortText()
    title = models.TextField()
    is_city = models.BooleanField(default=False)
    is_national = models.BooleanField(default=False)
    is_on = models.BooleanField(default=False)
    is_paused = models.BooleanField(default=False)
    agreement = models.TextField(blank=True, default="")
    agreed_on = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    basis = models.TextField(blank=True, default="")
    approved_by_name = models.TextField(blank=True, default="")
    approved_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    current_until = models.DateField(null=True)
    cursor = SortText(blank=True, default="")
    cursor_at = models.DateTimeField(null=True)
    contract_digest = SortText(blank=True, default="")
    day = models.DateField(null=True)
    school_year = models.PositiveSmallIntegerField(null=True)
    ours = models.PositiveIntegerField(null=True)
    theirs = models.PositiveIntegerField(null=True)
    is_reconciled = models.BooleanField(null=True)
    reconciled_at = models.DateTimeField(null=True)
    differences = models.JSONField(default=list)
    wants_all = models.BooleanField(default=False)
    is_stuck = models.BooleanField(default=False)

    PERSONAL: ClassVar = frozenset({"approved_by_name"})
    IMPERSONAL: ClassVar = frozenset(
        {
            *("id", "path", "organisation", "code", "title", "is_city", "is_national", "is_on", "is_paused"),
            *("agreement", "agreed_on", "valid_until", "basis", "approved_at", "next_due_at", "last_sent_at"),
            *("current_until", "cursor", "cursor_at", "contract_digest", "day", "school_year", "ours", "theirs"),
            *("is_reconciled", "reconciled_at", "differences", "wants_all", "is_stuck"),
        }
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["path", "code"], name="sharing_service_once_a_province"),
            models.CheckConstraint(
                condition=Q(is_on=False) | ~Q(agreement="") & ~Q(basis="") & Q(approved_at__isnull=False),
                name="sharing_service_on_by_agreement",
            ),
        ]

    def __str__(self) -> str:
        """Name the service."""
        return str(self.code)


class Delivery(models.Model):
    """One delivery (đợt gửi): what, why, when, which changes. Its key is the id under which the partner knows it.

    ``since`` and ``until``: transactions between which changes are told. ``after``: the last key that was put into a
    batch. ``next_at``: when to go on; whoever has it in hand (``held_by``) puts this off, so that what a killed worker
    held comes up again.
    """

    class State(models.TextChoices):
        """Where it stands; stuck: the partner refused it for good; dropped: given up by us."""

        OPEN = "open"
        SENT = "sent"
        STUCK = "stuck"
        DROPPED = "dropped"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    service = models.ForeignKey(Service, models.CASCADE, related_name="deliveries")
    kind = SortText(choices=[(each.value, each.value) for each in Kind])
    why = models.TextField()
    asked_by_name = models.TextField(blank=True, default="")
    state = SortText(choices=State.choices, default=State.OPEN)
    since = SortText(blank=True, default="")
    until = SortText()
    until_at = models.DateTimeField()
    since_day = models.DateField(null=True)
    day = models.DateField()
    school_year = models.PositiveSmallIntegerField()
    units = ArrayField(SortText(), default=list)
    contract = SortText()
    contract_digest = SortText()
    after = models.UUIDField(null=True)
    is_cut = models.BooleanField(default=False)  # every batch is made
    batches_made = models.PositiveIntegerField(default=0)
    batches_sent = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    digest = SortText(blank=True, default="")  # SHA-256 over the digests of the batches, in order
    tries = models.PositiveSmallIntegerField(default=0)  # since it last went well
    next_at = models.DateTimeField(null=True)
    held_by = models.UUIDField(null=True)
    problem = models.TextField(blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar = frozenset({"asked_by_name"})
    IMPERSONAL: ClassVar = frozenset(
        {
            *("id", "path", "service", "kind", "why", "state", "since", "until", "until_at", "since_day", "day"),
            *("school_year", "units", "contract", "contract_digest", "after", "is_cut", "batches_made"),
            *("batches_sent", "rows", "removed", "digest", "tries", "next_at", "held_by", "problem", "made_at"),
            *("opened_at", "closed_at"),
        }
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["service"], condition=Q(state="open"), name="sharing_one_open_delivery_a_service"
            ),
            models.CheckConstraint(
                condition=Q(state="open", next_at__isnull=False) | ~Q(state="open") & Q(next_at__isnull=True),
                name="sharing_delivery_goes_on",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "sent", "stuck", "dropped"]), name="sharing_delivery_state_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["service", "-id"], name="sharing_deliveries_of"),
            models.Index(fields=["next_at", "id"], condition=Q(state="open"), name="sharing_delivery_due"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Batch(models.Model):
    """A part of a delivery (lô). Its key is the request id, by which bringing it again changes nothing.

    ``body``: what is sent, sealed and fixed, kept until the partner has it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="batches", db_index=False)
    number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    removed = models.PositiveIntegerField(default=0)
    digest = SortText()  # SHA-256 of the body
    body = models.BinaryField(null=True)
    sent_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar = frozenset({"body"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "delivery", "number", "rows", "removed", "digest", "sent_at"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delivery", "number"], name="sharing_batch_once"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, body__isnull=False) | Q(sent_at__isnull=False, body__isnull=True),
                name="sharing_batch_kept_until_sent",
            ),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
