"""Who may see or decide what."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from phuong.identity.api import NeedsAnother, giver_of, may_approve
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.oversight.errors import NeedsOther
from phuong.oversight.models import EmergencyUse, ExportStop, RoleRequest, State, SupportAccess


def requests_seen_by(actor: Actor) -> QuerySet[RoleRequest]:
    """Give the requests for roles within the actor's place."""
    return _within(RoleRequest.objects.select_related("organisation"), actor, Permission.ROLES_EDIT)


def request_to_decide(actor: Actor, request_id: UUID, *, approve: bool, writing: bool = False) -> RoleRequest:
    """Find a request that waits for the actor's word.

    :raises NotThere: unknown, elsewhere, or decided already
    :raises NeedsAnother: the one who asked, or who receives, approves
    """
    waiting = requests_seen_by(actor).filter(state=State.WAITING)
    found: RoleRequest = one_of(waiting, request_id, writing=writing)
    is_other = may_approve(giver_of(actor), asked_by=str(found.asked_by_id), receiver=str(found.account_id))
    if approve and not is_other:
        raise NeedsAnother
    return found


def emergencies_seen_by(actor: Actor) -> QuerySet[EmergencyUse]:
    """Give the emergencies of the actor's place to those who review them, to others their own."""
    rows = EmergencyUse.objects.select_related("organisation")
    if actor.may(Permission.EMERGENCY_REVIEW):
        return rows.filter(path__under=actor.scope)
    return rows.filter(path__under=actor.scope, account=actor.account_id)


def emergency_of_another(actor: Actor, use_id: UUID, *, writing: bool = False, **facts: object) -> EmergencyUse:
    """Find an emergency of somebody else that the actor answers or looks at; ``facts``: how it must stand.

    :raises NotThere: unknown, elsewhere, or it stands otherwise
    :raises NeedsOther: one's own
    """
    if not actor.may(Permission.EMERGENCY_REVIEW):
        raise NotThere
    found: EmergencyUse = one_of(emergencies_seen_by(actor).filter(**facts), use_id, writing=writing)
    if found.account_id == actor.account_id:
        raise NeedsOther
    return found


def accesses_seen_by(actor: Actor) -> QuerySet[SupportAccess]:
    """Give the stays of support at the schools of the actor's place."""
    return _within(SupportAccess.objects.select_related("organisation"), actor, Permission.SUPPORT_APPROVE)


def accesses_waiting(actor: Actor) -> QuerySet[SupportAccess]:
    """Give the stays that wait for the word of a school of the actor's place."""
    return accesses_seen_by(actor).filter(state=State.WAITING)


def accesses_running(actor: Actor) -> QuerySet[SupportAccess]:
    """Give the stays that go on now at the schools of the actor's place."""
    return accesses_seen_by(actor).filter(state=State.APPROVED, ends_at__gt=timezone.now())


def stops_seen_by(actor: Actor) -> QuerySet[ExportStop]:
    """Give the accounts of the actor's place whose exports are stopped."""
    return _within(ExportStop.objects.select_related("organisation"), actor, Permission.EXPORTS_EDIT)


def stop_to_release(actor: Actor, stop_id: UUID, *, writing: bool = False) -> ExportStop:
    """Find a stop that the actor may lift.

    :raises NotThere: unknown, elsewhere, or released already
    :raises NeedsOther: one's own account
    """
    found: ExportStop = one_of(stops_seen_by(actor).filter(released_at=None), stop_id, writing=writing)
    if found.account_id == actor.account_id:
        raise NeedsOther
    return found


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
