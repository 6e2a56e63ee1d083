"""Reads of notices and mails: of persons only ever their own; of all, what is to be mailed."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery

from phuong.identity.api import Account, RoleAssignment
from phuong.kernel.contributions import contributions
from phuong.kernel.prepared import prepared
from phuong.kernel.scope import SYSTEM, acting, current_actor
from phuong.notices.models import Mail, MailState, Notice, Preference
from phuong.notices.rules import DIGEST, NONE, NoticeKind, Pending, Wishes

_WISHES = ("cadence", "digest_hour", "quiet_from", "quiet_to", "language")
_UNREAD = "select count(*) from notices_notice where account_id = %s and read_at is null"
_NEEDED = (("PHUONG_SMTP", "EMAIL_HOST"), ("PHUONG_MAIL_FROM", "DEFAULT_FROM_EMAIL"), ("PHUONG_SITE_URL",) * 2)


def own_notices(account_id: UUID | None) -> QuerySet[Notice]:
    """Give the notices of one account, newest first (call within a scope that holds them)."""
    return Notice.objects.filter(account=account_id).order_by("-id") if account_id else Notice.objects.none()


def unread_count() -> int:
    """Count what the acting person has not read; families are told by other ways."""
    actor = current_actor()
    if not actor.scope or actor.account_id is None:
        return 0
    with prepared() as cursor:
        cursor.execute(_UNREAD, [actor.account_id])
        (count,) = cursor.fetchone()
    return int(count)


def own_wishes(account_id: UUID) -> tuple[str, Wishes]:
    """Give the address of one's own account and how one wants to be told; families read theirs too."""
    with acting(SYSTEM):
        address = Account.objects.filter(pk=account_id).values_list("email", flat=True).get()
        kept = Preference.objects.filter(account=account_id).first()
    return address, kept.wishes if kept else Wishes()


def own_mails(account_id: UUID, most: int) -> list[Mail]:
    """Give the last mails to one's own account, newest first."""
    with acting(SYSTEM):
        return list(Mail.objects.filter(account=account_id).order_by("-id")[:most])


def mail_lacks() -> str:
    """Name the variable without which no mail goes out; empty when mail is on."""
    return next((variable for variable, setting in _NEEDED if not getattr(settings, setting)), "")


def urgent() -> Q:
    """Pick the notices of the kinds that may be mailed at once."""
    wanted = Q(pk__in=[])
    for kind in contributions(NoticeKind):
        if kind.urgent:
            wanted |= Q(kind__startswith=kind.code)
    return wanted


def mailable(today: dt.date) -> QuerySet[Notice]:
    """Give what is neither read nor mailed, for accounts with an address that today still hold the role it was for."""
    held = RoleAssignment.objects.in_force(today).filter(account=OuterRef("account"), path__above=OuterRef("path"))
    pending = Notice.objects.filter(Exists(held), read_at__isnull=True, mail__isnull=True, account__is_active=True)
    return pending.exclude(account__email="").exclude(account__preference__cadence=NONE)


def waiting_people(today: dt.date) -> list[tuple[UUID, str, Wishes, Pending]]:
    """Give each account with something to mail: key, path, how it wants to be told, what is pending. One statement."""
    digests = Mail.objects.filter(account=OuterRef("account"), kind=DIGEST).order_by("-day").values("day")[:1]
    wishes = [f"account__preference__{name}" for name in _WISHES]
    rows = (
        mailable(today)
        .values_list("account_id", "account__path", *wishes)
        .annotate(oldest=Min("at"), urgent=Count("pk", filter=urgent()), last=Subquery(digests))
    )
    return [
        (account, path, _wishes(told), Pending(oldest, bool(count), last))
        for account, path, *told, oldest, count, last in rows
    ]


def mails_to_send(moment: dt.datetime) -> list[tuple[UUID, Wishes]]:
    """Give the mails whose time has come, those that wait longest first, with the wishes of their readers."""
    wishes = [f"account__preference__{name}" for name in _WISHES]
    waiting = Mail.objects.filter(state=MailState.WAITING, next_try_at__lte=moment).order_by("next_try_at", "id")
    return [(key, _wishes(told)) for key, *told in waiting.values_list("pk", *wishes)]


def notices_of(mails: Iterable[Mail]) -> dict[UUID, list[Notice]]:
    """Give what each mail tells and its reader has not read meanwhile, by kind, newest first."""
    found: dict[UUID, list[Notice]] = {}
    for notice in Notice.objects.filter(mail__in=list(mails), read_at__isnull=True).order_by("kind", "-id"):
        if notice.mail_id:
            found.setdefault(notice.mail_id, []).append(notice)
    return found


def _wishes(told: list[Any]) -> Wishes:
    """Read the wishes of a row; all are empty where somebody has none of their own."""
    return Wishes(*told) if told[0] else Wishes()
