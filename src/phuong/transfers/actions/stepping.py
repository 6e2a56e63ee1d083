"""Taking a transfer from one state to the next: one row lock, one step kept, both schools and the family told."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from phuong.kernel.audit import record
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import ROOT, Actor, acting
from phuong.kernel.today import today
from phuong.transfers.access import may_act, transfer_for
from phuong.transfers.actions.telling import tell_step
from phuong.transfers.declarations import due_of
from phuong.transfers.errors import LearnerElsewhere, NeedsReason, WrongState
from phuong.transfers.files import made_package, sealed
from phuong.transfers.models import Package, Step, Transfer
from phuong.transfers.queries import present_seat
from phuong.transfers.rules import Move, next_move

COMPLETE = "complete"
MOST_REASON = 1000


@contextmanager
def stepping(transfer_id: UUID, act: str, *, by: Actor) -> Iterator[tuple[Transfer, Move]]:
    """Hold one transfer the actor may take on by ``act`` until the act is over.

    The row concerns two schools, so what is enclosed acts from the root, for the actor.

    :raises NotThere: not a transfer this actor sees, or not theirs to take on
    :raises WrongState: the act does not fit the state (any more)
    """
    seen = transfer_for(by, transfer_id)
    with acting(replace(by, scope=ROOT)):
        rows = Transfer.objects.select_for_update(of=("self",)).select_related("from_school", "to_school", "learner")
        transfer = rows.get(pk=seen.pk)
        move = next_move(transfer.kind, transfer.state, act)
        if move is None:
            raise WrongState
        if not may_act(by, transfer, move.who):
            raise NotThere
        yield transfer, move


@transaction.atomic
def take_step(transfer_id: UUID, *, act: str, reason: str = "", by: Actor) -> Transfer:
    """Accept, refuse, release, object or withdraw; with a release the hand-over package is made.

    :raises NotThere: not a transfer this actor may take on
    :raises WrongState: the act does not fit the state (any more)
    :raises NeedsReason: the act must be explained
    :raises LearnerElsewhere: the learner left the present school meanwhile
    :raises BadPackage: the record cannot be handed over as it is
    """
    if act == COMPLETE:
        raise NotThere
    with stepping(transfer_id, act, by=by) as (transfer, move):
        if move.needs_reason and not reason.strip():
            raise NeedsReason
        if act == "release":
            _hand_over(transfer)
        enter(transfer, act, move.to, by=by, reason=reason.strip()[:MOST_REASON])
    return transfer


def _hand_over(transfer: Transfer) -> None:
    learner = transfer.learner
    seat = present_seat(learner.pk) if learner else None
    if learner is None or seat is None or seat.organisation_id != transfer.from_school_id:
        raise LearnerElsewhere
    transfer.from_class = seat.class_group.name
    transfer.save(update_fields=["from_class"])
    keep_package(transfer, *made_package(transfer, learner, made_at=timezone.localtime()))


def keep_package(transfer: Transfer, name: str, content: bytes) -> None:
    """Keep the package of a transfer, sealed, where both schools find it."""
    Package.objects.create(
        transfer=transfer,
        path=transfer.path,
        to_path=transfer.to_path,
        name=name,
        digest=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content=sealed(content),
    )


def enter(transfer: Transfer, act: str, state: str, *, by: Actor, reason: str = "") -> Step:
    """Put a transfer into a state: its day, the step, the journal of both schools, what everybody is told."""
    day = today()
    transfer.state, transfer.stepped_on = state, day
    transfer.due_on = due_of(transfer.kind, state, day)
    transfer.save()
    step = Step.objects.create(
        path=transfer.path,
        to_path=transfer.to_path,
        transfer=transfer,
        learner=transfer.learner,
        act=act,
        state=state,
        reason=reason,
        by_name=by.name,
        by_unit=by.organisation if by.role != "guardian" else "",
        due_on=transfer.due_on,
    )
    note(transfer, act, reason)
    tell_step(transfer, step)
    return step


def note(transfer: Transfer, act: str, words: str = "") -> None:
    """Keep an act in the journal of both schools; the line of the receiving one is the one a family reads."""
    near = str(transfer.to_path or transfer.path)
    for path in {near, str(transfer.path)}:
        about = transfer.learner_id if path == near else None
        record(f"transfers.{act}", on_kind="transfer", on_id=transfer.pk, about=about, note=words, path=path)
