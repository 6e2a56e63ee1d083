"""What becomes of transfers when a school goes over into another: they go along; between the two they are needless."""

import datetime as dt
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from phuong.kernel.keys import uuid7
from phuong.kernel.today import today
from phuong.registry.api import Organisation
from phuong.transfers.actions.telling import tell_step
from phuong.transfers.models import Package, Step, Transfer
from phuong.transfers.rules import IN, OPEN_STATES, WITHIN


def hand_over(before: Organisation, after: Organisation, on: dt.date) -> int:
    """Let the successor of a school go on with its transfers, and read those that are over; gives how many are open."""
    del on
    _end_needless(before, after)
    leaving = Transfer.objects.filter(from_school=before)
    arriving = Transfer.objects.filter(to_school=before)
    open_ones = Q(state__in=OPEN_STATES)
    keys = list(Transfer.objects.filter(Q(from_school=before) | Q(to_school=before)).values_list("pk", flat=True))
    leaving.update(path=after.path)
    arriving.filter(kind=IN).update(path=after.path)
    arriving.filter(kind=WITHIN).update(to_path=after.path)
    moved = leaving.filter(open_ones).update(from_school=after) + arriving.filter(open_ones).update(to_school=after)
    _move_parts(keys)
    return moved


def _end_needless(before: Organisation, after: Organisation) -> None:
    both = [before.pk, after.pk]
    rows = Transfer.objects.filter(state__in=OPEN_STATES, kind=WITHIN, from_school__in=both, to_school__in=both)
    needless = list(rows.select_related("from_school", "to_school"))
    words = _("Hai trường đã sáp nhập.")
    steps = [
        Step(
            id=uuid7(),
            path=each.path,
            to_path=each.to_path,
            transfer=each,
            learner_id=each.learner_id,
            act="withdraw",
            state="withdrawn",
            reason=words,
        )
        for each in needless
    ]
    Step.objects.bulk_create(steps)
    rows.update(state="withdrawn", stepped_on=today(), due_on=None)
    for each, step in zip(needless, steps, strict=True):
        each.state, each.due_on = "withdrawn", None
        tell_step(each, step)


def _move_parts(keys: list[UUID]) -> None:
    """Let steps and packages lie where their transfers lie, a statement for each place."""
    places = Transfer.objects.filter(pk__in=keys).values_list("path", "to_path").distinct()
    for path, to_path in places:
        here = Transfer.objects.filter(pk__in=keys, path=path, to_path=to_path)
        if to_path is None:
            here = Transfer.objects.filter(pk__in=keys, path=path, to_path__isnull=True)
        for model in (Step, Package):
            model.objects.filter(transfer__in=here).update(path=path, to_path=to_path)
