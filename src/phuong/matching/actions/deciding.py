"""What people decide about a pair: one person or two, or later. A wide merge takes two people."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.kernel.audit import record
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting, depth
from phuong.matching.access import pair_for
from phuong.matching.actions.merging import merge_people
from phuong.matching.errors import DecidedAlready, NeedsAnother
from phuong.matching.models import Merge, Pair, PairState
from phuong.matching.queries import standings
from phuong.matching.rules import DROP, KEEP, is_wide
from phuong.matching.values import COLUMNS
from phuong.notices.api import Message, tell_units
from phuong.registry.api import Organisation, department_of, person_for, province_of

TOLD = "matching.waits"


@dataclass(frozen=True)
class Wish:
    """Which of the two records stays, and which record each field is taken from (keep, drop)."""

    keep: UUID
    choices: Mapping[str, str]


@transaction.atomic
def decide_same(pair_id: UUID, wish: Wish, *, by: Actor) -> Merge | None:
    """Say that both are one person: merged at once, or, where that is wide, proposed to a second person (``None``).

    :raises NotThere: not a pair this actor sees whole
    :raises DecidedAlready: somebody else was quicker
    :raises CannotMerge: they are known to be two people, or something in the way must be settled first
    """
    pair = _open_pair(pair_id, by)
    drop = _other(pair, wish.keep)
    choices = {name: side for name, side in wish.choices.items() if name in COLUMNS and side in (KEEP, DROP)}
    if is_wide(*standings(pair.one, pair.two)):
        _propose(pair, Wish(wish.keep, choices), by)
        return None
    return merge_people(wish.keep, drop, choices, by=by)


def _open_pair(pair_id: UUID, by: Actor) -> Pair:
    pair = pair_for(by, pair_id, writing=True)
    if pair.state not in (PairState.OPEN, PairState.LATER):
        raise DecidedAlready
    for key in (pair.one, pair.two):
        person_for(by, key)
    return pair


def _other(pair: Pair, keep: UUID) -> UUID:
    if keep not in (pair.one, pair.two):
        raise NotThere
    return pair.two if keep == pair.one else pair.one


def _propose(pair: Pair, wish: Wish, by: Actor) -> None:
    pair.state, pair.keep, pair.choices = PairState.PROPOSED, wish.keep, dict(wish.choices)
    pair.proposed_at, pair.proposed_by, pair.proposed_by_name = timezone.now(), by.account_id, by.name
    pair.save(update_fields=["state", "keep", "choices", "proposed_at", "proposed_by", "proposed_by_name"])
    record("matching.proposed", on_kind="pair", on_id=pair.pk, path=pair.path)
    message = Message(
        TOLD,
        _("Một lần gộp hồ sơ chờ người thứ hai duyệt"),
        _("%s đề nghị gộp hai hồ sơ.") % by.name,
        reverse("matching:pair", args=[pair.pk]),
        key=f"gop:{pair.pk}:{pair.proposed_at:%Y%m%d%H%M%S}",
    )
    with acting(SYSTEM):
        tell_units([(unit, message) for unit in _desks(str(pair.path))], permission=Permission.PEOPLE_MERGE)


def _desks(path: str) -> set[UUID]:
    """Give the units whose people see both records: the lowest such unit, and the department of the province."""
    units = set(Organisation.objects.filter(path=path, closed_on__isnull=True).values_list("id", flat=True))
    province = province_of(path) if depth(path) > 1 else None
    department = department_of(province.code) if province else None
    return units | ({department.pk} if department else set())


@transaction.atomic
def approve(pair_id: UUID, *, by: Actor) -> Merge:
    """Carry out a wide merge that somebody else proposed.

    :raises NotThere: not a pair this actor sees whole
    :raises DecidedAlready: it does not wait for a second person
    :raises NeedsAnother: the second person is the first
    :raises CannotMerge: something in the way must be settled first
    """
    pair = _proposed(pair_id, by)
    if by.account_id is None or by.account_id == pair.proposed_by:
        raise NeedsAnother
    if pair.keep is None:
        raise NotThere
    drop = _other(pair, pair.keep)
    return merge_people(pair.keep, drop, pair.choices, by=by, proposed_by=pair.proposed_by_name)


def _proposed(pair_id: UUID, by: Actor) -> Pair:
    pair = pair_for(by, pair_id, writing=True)
    if pair.state != PairState.PROPOSED:
        raise DecidedAlready
    for key in (pair.one, pair.two):
        person_for(by, key)
    return pair


@transaction.atomic
def turn_down(pair_id: UUID, *, by: Actor) -> Pair:
    """Give a proposed merge back to the queue: it is looked at once more, by anybody.

    :raises NotThere: not a pair this actor sees whole
    :raises DecidedAlready: it does not wait for a second person
    """
    pair = _proposed(pair_id, by)
    _set(pair, PairState.LATER, by)
    record("matching.turned_down", on_kind="pair", on_id=pair.pk, path=pair.path)
    return pair


@transaction.atomic
def decide_different(pair_id: UUID, *, by: Actor) -> Pair:
    """Say that both are two people: no run asks again, also not under keys that both get later.

    :raises NotThere: not a pair this actor sees whole
    :raises DecidedAlready: somebody else was quicker
    """
    pair = _open_pair(pair_id, by)
    _set(pair, PairState.DIFFERENT, by)
    record("matching.kept_apart", on_kind="pair", on_id=pair.pk, path=pair.path)
    return pair


@transaction.atomic
def decide_later(pair_id: UUID, *, by: Actor) -> Pair:
    """Put a pair at the back of the queue.

    :raises NotThere: not a pair this actor sees whole
    :raises DecidedAlready: somebody else was quicker
    """
    pair = _open_pair(pair_id, by)
    _set(pair, PairState.LATER, by)
    return pair


@transaction.atomic
def reopen(pair_id: UUID, *, by: Actor) -> Pair:
    """Take back that both are two people.

    :raises NotThere: not a pair this actor sees whole, or not decided so
    """
    pair = pair_for(by, pair_id, writing=True)
    if pair.state != PairState.DIFFERENT:
        raise NotThere
    _set(pair, PairState.OPEN, by)
    record("matching.reopened", on_kind="pair", on_id=pair.pk, path=pair.path)
    return pair


def _set(pair: Pair, state: str, by: Actor) -> None:
    pair.state, pair.keep, pair.choices = state, None, {}
    pair.proposed_at, pair.proposed_by, pair.proposed_by_name = None, None, ""
    pair.decided_at, pair.decided_by_name = timezone.now(), by.name
    pair.save()
