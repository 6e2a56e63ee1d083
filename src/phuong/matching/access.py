"""Who may see a pair, a run or a merge, and decide on it: whoever sees both persons, and may merge."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.matching.models import Merge, Pair, Run


def pairs_seen_by(actor: Actor) -> QuerySet[Pair]:
    """Give the pairs whose both persons lie within the actor's place."""
    return _within(Pair.objects.all(), actor)


def pair_for(actor: Actor, pair_id: UUID, *, writing: bool = False) -> Pair:
    """Find one pair; with ``writing`` locked until the act is over.

    :raises NotThere: unknown, or one of the two lies elsewhere
    """
    found: Pair = _one(pairs_seen_by(actor), pair_id, writing=writing)
    return found


def merges_seen_by(actor: Actor) -> QuerySet[Merge]:
    """Give the merges of records that both lay within the actor's place."""
    return _within(Merge.objects.all(), actor)


def merge_for(actor: Actor, merge_id: UUID, *, writing: bool = False) -> Merge:
    """Find one merge.

    :raises NotThere: unknown, or elsewhere
    """
    found: Merge = _one(merges_seen_by(actor), merge_id, writing=writing)
    return found


def runs_seen_by(actor: Actor) -> QuerySet[Run]:
    """Give the runs asked for within the actor's place."""
    return _within(Run.objects.select_related("organisation", "against"), actor)


def run_for(actor: Actor, run_id: UUID) -> Run:
    """Find one run.

    :raises NotThere: unknown, or elsewhere
    """
    found: Run = _one(runs_seen_by(actor), run_id, writing=False)
    return found


def _within(rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    return rows.filter(path__under=actor.scope) if actor.scope and actor.may(Permission.PEOPLE_MERGE) else rows.none()


def _one(rows: QuerySet[Any], key: UUID, *, writing: bool) -> Any:
    found = (rows.select_for_update(of=("self",)) if writing else rows).filter(pk=key).first()
    if found is None:
        raise NotThere
    return found
