"""Requests to the gateway, and one check for each person and version of the facts."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from phuong.kernel.fields import Path, SortText
from phuong.kernel.keys import uuid7
from phuong.registry.api import Person
from phuong.verification.rules import Outcome


class Dispatch(models.Model):
    """One request to the gateway (một lần gửi). Its key is the request id, by which sending again changes nothing.

    ``body``: what is sent, sealed, kept until all is answered. ``next_at``: when it is to be sent or asked for; whoever
    takes it in hand puts this off, so that a killed worker's request comes up again. ``problem``: why not yet.
    """

    class State(models.TextChoices):
        """Where it stands; what is stuck was refused for good and waits for somebody to look."""

        MADE = "made"
        TAKEN = "taken"
        ANSWERED = "answered"
        STUCK = "stuck"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    state = SortText(choices=State.choices, default=State.MADE)
    ticket = SortText(blank=True, default="")
    people = models.PositiveIntegerField()
    body = models.BinaryField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)  # since it last went well
    next_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True, default="")
    matched = models.PositiveIntegerField(default=0)
    mismatched = models.PositiveIntegerField(default=0)
    not_found = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)

    PERSONAL: ClassVar = frozenset({"body"})
    IMPERSONAL: ClassVar = frozenset(
        {
            "id",
            "path",
            "state",
            "ticket",
            "people",
            "tries",
            "next_at",
            "made_at",
            "sent_at",
            "answered_at",
            "problem",
            "matched",
            "mismatched",
            "not_found",
            "duplicate",
        }
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["made", "taken", "answered", "stuck"]), name="verification_dispatch_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="answered", body__isnull=True, next_at__isnull=True)
                | Q(state="stuck", body__isnull=False, next_at__isnull=True)
                | Q(state__in=["made", "taken"], body__isnull=False, next_at__isnull=False),
                name="verification_dispatch_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_at", "id"], condition=Q(next_at__isnull=False), name="verification_dispatch_due"
            ),
            models.Index(fields=["made_at"], name="verification_dispatch_made"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Check(models.Model):
    """A person's facts as they were asked about (một lần đối chiếu), and what was answered.

    ``facts``: hash of number, name, birth date and sex. ``round``: a person may have the same facts asked again, after
    the civil registry was corrected. Without ``dispatch`` nothing was sent: the same facts had been sent for another
    record, whose answer holds here too, or the person's own record took over the other side's values. ``theirs``: the
    other side's values where they differ, sealed.
    """

    class Decision(models.TextChoices):
        """What somebody decided about a difference."""

        NONE = ""
        KEPT = "kept"
        TAKEN = "taken"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    person = models.ForeignKey(Person, models.CASCADE, related_name="checks", db_index=False)
    facts = models.BinaryField()
    round = models.PositiveSmallIntegerField(default=1)
    dispatch = models.ForeignKey(Dispatch, models.PROTECT, null=True, related_name="checks", db_index=False)
    state = SortText(default=Outcome.SENDING)
    fields = ArrayField(SortText(), default=list)
    theirs = models.BinaryField(null=True)
    answered_at = models.DateTimeField(null=True)
    is_current = models.BooleanField(default=True)
    decision = SortText(choices=Decision.choices, blank=True, default=Decision.NONE)
    reason = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.TextField(blank=True, default="")

    PERSONAL: ClassVar = frozenset(
        {"person", "facts", "state", "fields", "theirs", "decision", "reason", "decided_by_name"}
    )
    IMPERSONAL: ClassVar = frozenset({"id", "path", "round", "dispatch", "answered_at", "is_current", "decided_at"})

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(Outcome)), name="verification_outcome_known"),
            models.UniqueConstraint(fields=["person", "facts", "round"], name="verification_facts_once_a_person"),
            models.UniqueConstraint(
                fields=["facts", "round"], condition=Q(dispatch__isnull=False), name="verification_facts_sent_once"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(is_current=True), name="verification_one_current_check"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["dispatch"], condition=Q(state="sending"), name="verification_check_awaited"),
            models.Index(
                fields=["facts"], condition=Q(state="sending", dispatch__isnull=True), name="verification_check_riding"
            ),
            models.Index(
                fields=["person"],
                condition=Q(is_current=True, state__in=["mismatched", "not_found", "duplicate"]),
                name="verification_check_open",
            ),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
