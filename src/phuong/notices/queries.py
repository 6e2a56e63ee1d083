"""Reads of notices: only ever one's own."""

from uuid import UUID

from django.db.models import QuerySet

from phuong.kernel.scope import current_actor
from phuong.notices.models import Notice


def own_notices(account_id: UUID | None) -> QuerySet[Notice]:
    """Give the notices of one account, newest first (call within a scope that holds them)."""
    return Notice.objects.filter(account_id=account_id).order_by("-id")


def unread_count() -> int:
    """Count what the acting person has not read; families are told by other ways."""
    actor = current_actor()
    return Notice.objects.filter(account_id=actor.account_id, read_at__isnull=True).count() if actor.scope else 0
