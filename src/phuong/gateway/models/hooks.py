"""Where clients are told of changes, and every message that was made for them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from phuong.gateway.models.clients import ApiClient
from phuong.kernel.fields import Path, SortText
from phuong.kernel.keys import uuid7


class HookState(models.TextChoices):
    """Whether a hook is told."""

    ON = "on", _("Đang báo")
    PAUSED = "paused", _("Tạm dừng")  # by a person
    FAILING = "failing", _("Đã ngừng: không nhận được nhiều ngày")
    GONE = "gone", _("Đã ngừng: nơi nhận trả lời 410")


class DeliveryState(models.TextChoices):
    """What became of a message."""

    WAITING = "waiting", _("Chờ gửi")
    TAKEN = "taken", _("Đã nhận")
    DEAD = "dead", _("Không gửi được")


class Lane(models.TextChoices):
    """Why a message goes out: one of the feed waits for the one before it, the others for nothing."""

    FEED = "feed", _("Thay đổi")
    AGAIN = "again", _("Gửi lại")
    TEST = "test", _("Gửi thử")


class Hook(models.Model):
    """An address that is told of what changes for a client (webhook).

    ``cursor``: up to here the feed has been cut into messages. ``kinds``: names of resources; none: all that the client
    may read. Secrets are sealed; after a rotation the old one signs too until ``old_until``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="hooks")
    url = models.TextField()
    kinds = ArrayField(models.TextField(), default=list)
    secret = models.BinaryField()
    old_secret = models.BinaryField(null=True)
    old_until = models.DateTimeField(null=True)
    cursor = SortText()
    state = models.TextField(choices=HookState.choices, default=HookState.ON)
    failing_since = models.DateTimeField(null=True)
    made_by = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    PERSONAL: ClassVar = frozenset({"secret", "old_secret", "made_by"})
    IMPERSONAL: ClassVar = frozenset(
        {"id", "path", "client", "url", "kinds", "old_until", "cursor", "state", "failing_since", "made_at"}
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "url"], name="gateway_hook_once"),
            models.CheckConstraint(
                condition=Q(old_secret__isnull=True, old_until__isnull=True)
                | Q(old_secret__isnull=False, old_until__isnull=False),
                name="gateway_old_hook_secret_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        """Name the address."""
        return str(self.url)


class Delivery(models.Model):
    """A message to a hook: made once, with what it says, and sent until it is taken or given up.

    ``id`` is the ``webhook-id``, the same each time it is sent. ``attempts`` counts those of the present round.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    hook = models.ForeignKey(Hook, models.CASCADE, related_name="deliveries")
    lane = models.TextField(choices=Lane.choices, default=Lane.FEED)
    state = models.TextField(choices=DeliveryState.choices, default=DeliveryState.WAITING)
    body = models.TextField()
    events = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)  # of the last answer
    trouble = SortText(blank=True)  # why the last attempt failed, a code of ``rules``
    made_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(null=True)

    PERSONAL: ClassVar = frozenset({"body"})
    IMPERSONAL: ClassVar = frozenset(
        {
            *("id", "path", "hook", "lane", "state", "events", "attempts", "next_at", "status", "trouble"),
            *("made_at", "last_at"),
        }
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hook"],
                condition=Q(state=DeliveryState.WAITING, lane=Lane.FEED),
                name="gateway_one_window_under_way",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.WAITING) | Q(next_at__isnull=False),
                name="gateway_what_waits_has_its_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["hook", "id"], name="gateway_delivery_list"),
            models.Index(fields=["next_at"], condition=Q(state=DeliveryState.WAITING), name="gateway_delivery_due"),
        ]

    def __str__(self) -> str:
        """Name the message."""
        return str(self.id)
