"""Reads of notices: only ever one's own."""

from uuid import UUID

from django.db.models import QuerySet

from phuong.kernel.scope import current_actor
from phuong.notices.models import Notice


def own_notices(account_id: UUID | None) -> QuerySet[Notice]:
    """Give the notices of one account, newest first (call within a scope that holds them)."""
    return Notice.objects.filter(account=account_id).order_by("-id") if account_id else Notice.objects.none()


def unread_count() -> int:
    """Count what the acting person has not read; families are told by other ways."""
    actor = current_actor()
    if not actor.scope or actor.account_id is None:
        return 0
    return Notice.objects.filter(account=actor.account_id, read_at__isnull=True).count()
