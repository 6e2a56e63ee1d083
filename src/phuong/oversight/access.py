"""Who may see or decide what."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.oversight.models import EmergencyUse, ExportStop, RoleRequest, SupportAccess


def requests_seen_by(actor: Actor) -> QuerySet[RoleRequest]:
    """Give the requests for roles within the actor's place."""
    return _within(RoleRequest.objects.select_related("organisation"), actor, Permission.ROLES_EDIT)


def emergencies_seen_by(actor: Actor) -> QuerySet[EmergencyUse]:
    """Give the emergencies of the actor's place to those who review them, to others their own."""
    rows = EmergencyUse.objects.select_related("organisation")
    if actor.may(Permission.EMERGENCY_REVIEW):
        return rows.filter(path__under=actor.scope)
    return rows.filter(path__under=actor.scope, account=actor.account_id)


def accesses_seen_by(actor: Actor) -> QuerySet[SupportAccess]:
    """Give the stays of support at the schools of the actor's place."""
    return _within(SupportAccess.objects.select_related("organisation"), actor, Permission.SUPPORT_APPROVE)


def stops_seen_by(actor: Actor) -> QuerySet[ExportStop]:
    """Give the accounts of the actor's place whose exports are stopped."""
    return _within(ExportStop.objects.select_related("organisation"), actor, Permission.EXPORTS_EDIT)


def one_of(rows: QuerySet[Any], key: UUID, *, writing: bool = False) -> Any:
    """Find one row among those that the actor sees.

    :raises NotThere: unknown, or not for this actor
    """
    found = (rows.select_for_update(of=("self",)) if writing else rows).filter(pk=key).first()
    if found is None:
        raise NotThere
    return found


def _within(rows: QuerySet[Any], actor: Actor, permission: str) -> QuerySet[Any]:
    return rows.filter(path__under=actor.scope) if actor.scope and actor.may(permission) else rows.none()
