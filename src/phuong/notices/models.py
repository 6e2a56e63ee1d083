"""What somebody is told, how they want to be told, and the mails that tell it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from phuong.identity.api import Account
from phuong.kernel.fields import Path, SortText
from phuong.kernel.keys import uuid7
from phuong.notices import rules


class Preference(models.Model):
    """How one account wants to be told by e-mail; without a row the defaults of ``rules.Wishes`` hold."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    account = models.OneToOneField(Account, models.CASCADE, related_name="preference")
    cadence = SortText(default=rules.Wishes.cadence)
    digest_hour = models.PositiveSmallIntegerField(default=rules.Wishes.digest_hour)
    quiet_from = models.TimeField(default=rules.Wishes.quiet_from)
    quiet_to = models.TimeField(default=rules.Wishes.quiet_to)
    language = SortText(default=rules.Wishes.language)

    PERSONAL: ClassVar = frozenset({"account", "cadence", "digest_hour", "quiet_from", "quiet_to", "language"})
    IMPERSONAL: ClassVar = frozenset({"id", "path"})

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(cadence__in=rules.CADENCES), name="notices_cadence_known"),
            models.CheckConstraint(condition=Q(digest_hour__lt=24), name="notices_digest_hour_of_a_day"),
            models.CheckConstraint(condition=Q(language__in=rules.LANGUAGES), name="notices_language_known"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)

    @property
    def wishes(self) -> rules.Wishes:
        """Give what the rules need."""
        return rules.Wishes(self.cadence, self.digest_hour, self.quiet_from, self.quiet_to, self.language)


class MailState(models.TextChoices):
    """Where a mail stands."""

    WAITING = "waiting", _("chờ gửi")
    SENDING = "sending", _("đang gửi")
    SENT = "sent", _("đã gửi")
    FAILED = "failed", _("thôi không gửi nữa")
    UNSURE = "unsure", _("không rõ đã đến chưa")
    NEEDLESS = "needless", _("không cần gửi nữa")


class Mail(models.Model):
    """One mail to one account: a digest of a day, or urgent things at once. Its text is made when it is sent.

    ``attempts`` counts answers of the mail server; ``reason`` is its last refusal.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    account = models.ForeignKey(Account, models.CASCADE, related_name="mails")
    kind = SortText()
    day = models.DateField()
    state = SortText(choices=MailState.choices, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset({"account", "reason"})
    IMPERSONAL: ClassVar = frozenset(
        {"id", "path", "kind", "day", "state", "attempts", "next_try_at", "claimed_at", "sent_at"}
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "day"], condition=Q(kind=rules.DIGEST), name="notices_one_digest_a_day"
            ),
            models.CheckConstraint(condition=Q(kind__in=[rules.DIGEST, rules.URGENT]), name="notices_mail_kind_known"),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="notices_mail_state_known"),
            models.CheckConstraint(
                condition=Q(state=MailState.SENT, sent_at__isnull=False)
                | (~Q(state=MailState.SENT) & Q(sent_at__isnull=True)),
                name="notices_mail_sent_at_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=[MailState.WAITING, MailState.SENDING]),
                name="notices_mail_to_send",
            )
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Notice(models.Model):
    """One thing one account is told; ``key`` keeps the same thing from being told twice.

    ``mail`` is the one mail that tells it too: set once, so that nothing is mailed twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    account = models.ForeignKey(Account, models.CASCADE, related_name="notices")
    kind = SortText()
    title = models.TextField()
    detail = models.TextField(blank=True)
    url = models.TextField(blank=True)
    key = SortText(blank=True)
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mail = models.ForeignKey(Mail, models.RESTRICT, null=True, related_name="notices")

    PERSONAL: ClassVar = frozenset({"account", "title", "detail", "url", "read_at"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "kind", "key", "at", "mail"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "kind", "key"], condition=~Q(key=""), name="notices_told_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "id"], condition=Q(read_at__isnull=True), name="notices_unread"),
            models.Index(
                fields=["account", "kind", "at"],
                condition=Q(read_at__isnull=True, mail__isnull=True),
                name="notices_to_mail",
            ),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
