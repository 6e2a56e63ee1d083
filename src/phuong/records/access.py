"""Which records of a kind somebody may open, and which they may change."""

from typing import Any
from uuid import UUID

from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import LooksBack, NotThere
from phuong.kernel.scope import Actor
from phuong.records.declarations import RecordKind, kind_named
from phuong.records.models import BulkChange


def may_write(actor: Actor, kind: RecordKind) -> bool:
    """Say whether the actor may write records of this kind within the own place."""
    return bool(actor.scope) and actor.may(kind.write)


def record_for(actor: Actor, kind: RecordKind, record_id: UUID, *, writing: bool = False) -> Any:
    """Find a record the actor may open; with ``writing`` one that may be changed, locked until the act is over.

    :raises NotThere: unknown, elsewhere, or not for this actor
    :raises LooksBack: to be changed, while the actor looks back to a past day
    """
    if not actor.may(kind.read) or (writing and not may_write(actor, kind)):
        raise NotThere
    if writing and actor.as_of:
        raise LooksBack
    found = _row(actor, kind, record_id, writing=writing)
    if found is None and kind.key_today and (key := kind.key_today(record_id)):
        found = _row(actor, kind, key, writing=writing)
    if found is None:
        raise NotThere
    return found


def _row(actor: Actor, kind: RecordKind, record_id: UUID, *, writing: bool) -> Any:
    rows = kind.rows(actor).filter(pk=record_id)
    return (rows.select_for_update(of=("self",)) if writing else rows).first()


def owner_for(actor: Actor, kind: RecordKind, owner_id: UUID | None) -> Any:
    """Find the record to which a new record would belong.

    :raises NotThere: unknown, elsewhere, the actor may not write records of this kind, or they belong to none: units
        are not made at the desk
    """
    if not may_write(actor, kind) or not kind.owner:
        raise NotThere
    owners = kind_named(kind.owner_kind)
    found = owners.rows(actor).filter(pk=owner_id).first() if owner_id else None
    if found is None:
        raise NotThere
    return found


def bulk_for(actor: Actor, bulk_id: UUID, *, writing: bool = False) -> BulkChange:
    """Find a bulk change within the actor's place.

    :raises NotThere: unknown, elsewhere, or the actor may change none
    """
    rows = BulkChange.objects.select_for_update() if writing else BulkChange.objects.all()
    found = rows.filter(pk=bulk_id, path__under=actor.scope or "none").first()
    if found is None or not actor.may(Permission.BULK_EDIT) or not may_write(actor, kind_named(found.kind)):
        raise NotThere
    return found
