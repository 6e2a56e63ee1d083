"""Telling people."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from phuong.identity.api import RoleAssignment
from phuong.kernel.contributions import Role, contributions
from phuong.kernel.keys import uuid7
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.notices.models import Notice
from phuong.notices.queries import own_notices


@dataclass(frozen=True)
class Message:
    """What is told: ``key`` keeps one kind of message from being told twice to the same account."""

    kind: str
    title: str
    detail: str = ""
    url: str = ""
    key: str = ""


@transaction.atomic
def tell_units(messages: Iterable[tuple[UUID, Message]], *, permission: str) -> int:
    """Tell each unit its message: every account that today holds a role with ``permission`` exactly there.

    Two statements, however many units; gives how many notices were written.
    """
    of_unit: dict[UUID, list[Message]] = {}
    for unit, message in messages:
        of_unit.setdefault(unit, []).append(message)
    roles = [role.code for role in contributions(Role) if permission in role.permissions]
    today = timezone.localdate()
    held = RoleAssignment.objects.filter(organisation__in=of_unit, role__in=roles, during__contains=today)
    told = [
        Notice(
            id=uuid7(),
            path=path,
            account_id=account,
            kind=message.kind,
            title=message.title,
            detail=message.detail,
            url=message.url,
            key=message.key,
        )
        for account, unit, path in held.values_list("account_id", "organisation_id", "path").distinct()
        for message in of_unit[unit]
    ]
    return len(Notice.objects.bulk_create(told, ignore_conflicts=True))


@transaction.atomic
def open_notice(notice_id: UUID, *, by: Actor) -> str:
    """Mark one of one's own notices as read; gives where it leads.

    :raises NotThere: somebody else's, or unknown
    """
    found = own_notices(by.account_id).filter(pk=notice_id).first()
    if found is None:
        raise NotThere
    Notice.objects.filter(pk=found.pk, read_at__isnull=True).update(read_at=timezone.now())
    return found.url if found.url.startswith("/") and not found.url.startswith("//") else "/"


@transaction.atomic
def read_all(*, by: Actor) -> int:
    """Mark all of one's own notices as read."""
    return own_notices(by.account_id).filter(read_at__isnull=True).update(read_at=timezone.now())
