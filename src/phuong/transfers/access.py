"""Who sees a transfer and who may take it on: both schools, those above them, the family; one rule for all pages."""

from uuid import UUID

from django.db.models import Q, QuerySet

from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.registry.api import ClassGroup, Guardianship, Person, class_for, people_seen_by
from phuong.transfers.models import Transfer
from phuong.transfers.rules import ASKER, FAMILY, PRESENT, PRESENT_HEAD, RECEIVING, RECEIVING_HEAD

READ, WORK, DECIDE = Permission.TRANSFERS_READ, Permission.TRANSFERS_WORK, Permission.TRANSFERS_DECIDE
GUARDIAN = "guardian"
MAY_ASK = ("full", "shared")  # code list custody


def arriving(actor: Actor) -> QuerySet[Transfer]:
    """Give the transfers to schools within the actor's place."""
    return _rows().filter(to_school__path__under=actor.scope or "none") if actor.may(READ) else _rows().none()


def leaving(actor: Actor) -> QuerySet[Transfer]:
    """Give the transfers away from schools within the actor's place."""
    return _rows().filter(from_school__path__under=actor.scope or "none") if actor.may(READ) else _rows().none()


def transfers_seen_by(actor: Actor) -> QuerySet[Transfer]:
    """Give the transfers from or to schools within the actor's place; a family's are those of its children."""
    if not actor.scope:
        return _rows().filter(learner__in=actor.persons) if actor.may(Permission.OWN_READ) else _rows().none()
    near = Q(from_school__path__under=actor.scope) | Q(to_school__path__under=actor.scope)
    return _rows().filter(near) if actor.may(READ) else _rows().none()


def transfer_for(actor: Actor, transfer_id: UUID, *, writing: bool = False) -> Transfer:
    """Find one transfer the actor sees; with ``writing`` locked until the act is over.

    :raises NotThere: unknown, or between other schools
    """
    rows = transfers_seen_by(actor).filter(pk=transfer_id)
    found = (rows.select_for_update(of=("self",)) if writing else rows).first()
    if found is None:
        raise NotThere
    return found


def may_act(actor: Actor, transfer: Transfer, who: str) -> bool:
    """Say whether the actor is who a move asks for: stands in that school, heads it, or asked for the transfer."""
    if who == ASKER:
        return _has_asked(actor, transfer)
    place = {RECEIVING: transfer.to_school_id, RECEIVING_HEAD: transfer.to_school_id}
    place |= {PRESENT: transfer.from_school_id, PRESENT_HEAD: transfer.from_school_id}
    permission = DECIDE if who in (RECEIVING_HEAD, PRESENT_HEAD) else WORK
    return actor.may(permission) and place.get(who) is not None and place[who] == actor.organisation_id


def _has_asked(actor: Actor, transfer: Transfer) -> bool:
    """Whoever asked may withdraw; of their own child a family may always."""
    if actor.role == GUARDIAN:
        return transfer.learner_id is not None and may_ask_for(actor, transfer.learner_id)
    return transfer.asked_by != FAMILY and may_act(actor, transfer, transfer.asked_by)


def may_ask_for(actor: Actor, learner_id: UUID) -> bool:
    """Say whether the actor is a guardian who raises this child: custody full or shared, in force."""
    if actor.role != GUARDIAN or learner_id not in actor.persons:
        return False
    ties = Guardianship.objects.filter(learner=learner_id, guardian__in=actor.persons, custody__in=MAY_ASK)
    return ties.filter(ends_on__isnull=True).exists()


def child_for(actor: Actor, learner_id: UUID) -> Person:
    """Find a child for whom the actor may ask.

    :raises NotThere: another family's child, or one the actor does not raise
    """
    found = people_seen_by(actor).filter(pk=learner_id, is_learner=True).first()
    if found is None or not may_ask_for(actor, learner_id):
        raise NotThere
    return found


def class_of_arrival(actor: Actor, transfer: Transfer, class_id: UUID) -> ClassGroup:
    """Find a class of the receiving school.

    :raises NotThere: unknown, or of another school
    """
    group = class_for(actor, class_id)
    if group.organisation_id != transfer.to_school_id:
        raise NotThere
    return group


def _rows() -> QuerySet[Transfer]:
    return Transfer.objects.select_related("from_school", "to_school", "class_group").defer("record_cipher")
