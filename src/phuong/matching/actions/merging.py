"""Two records become one: every reference moves over, nothing is lost, and all of it can be undone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.kernel.audit import record
from phuong.kernel.changes import tell_key
from phuong.kernel.models import Attachment
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import ROOT, Actor, acting
from phuong.matching.actions.conflicts import clear
from phuong.matching.actions.ledger import Ledger
from phuong.matching.actions.references import attachments_of, is_placed_by, loose_rows, references
from phuong.matching.errors import CannotMerge
from phuong.matching.models import WAITING, Merge, Pair, PairState
from phuong.matching.values import columns_of
from phuong.registry.api import FormerKey, Guardianship, Person

PEOPLE = "registry_person"
_VERIFIED = "matched"


def merge_people(
    keep_id: UUID,
    drop_id: UUID,
    values: Mapping[str, str],
    *,
    by: Actor,
    reason: str = "",
    proposed_by: str = "",
) -> Merge:
    """Make two records of one person one, in one transaction. ``values``: field to «keep» or «drop», else by default.

    Whoever calls has checked that the actor sees both and may do it.

    :raises NotThere: one of them is no more
    :raises CannotMerge: they are known to be two people, or something in the way must be settled by people first
    """
    with acting(replace(by, scope=ROOT), reason=reason or _("gộp hồ sơ trùng")):
        keep, drop = _locked(keep_id, drop_id)
        pair = _pair(keep_id, drop_id)
        _check(keep, drop, pair)
        merge = Merge.objects.create(
            path=common_place(str(keep.path), str(drop.path)),
            kept=keep.pk,
            dropped=drop.pk,
            choices=dict(values),
            reason=reason,
            merged_at=timezone.now(),
            merged_by=by.account_id,
            merged_by_name=by.name,
            proposed_by_name=proposed_by,
        )
        try:
            with transaction.atomic():
                _carry_out(Ledger(merge), keep, drop, values, pair)
        except IntegrityError as error:
            raise CannotMerge(_("Dữ liệu hai hồ sơ vướng nhau: %s.") % _constraint(error)) from error
        note = f"{drop.pk} → {keep.pk}"
        record("matching.merged", on_kind="person", on_id=keep.pk, about=keep.pk, note=note, path=keep.path)
    return merge


def _locked(keep_id: UUID, drop_id: UUID) -> tuple[Person, Person]:
    rows = Person.objects.select_for_update(of=("self",)).filter(pk__in=[keep_id, drop_id]).order_by("id")
    found = {row.pk: row for row in rows}
    if len(found) != 2:
        raise NotThere
    return found[keep_id], found[drop_id]


def _pair(one: UUID, two: UUID) -> Pair | None:
    rows = Pair.objects.select_for_update(of=("self",))
    return rows.filter(one=min(one, two), two=max(one, two)).first()


def _check(keep: Person, drop: Person, pair: Pair | None) -> None:
    if pair is not None and pair.state == PairState.DIFFERENT:
        raise CannotMerge(_("Đã có người quyết định đây là hai người khác nhau. Mở lại cặp này trước."))
    numbers = [bytes(each.number_hash or b"") for each in (keep, drop)]
    if all(each.identity_state == _VERIFIED for each in (keep, drop)) and numbers[0] != numbers[1]:
        raise CannotMerge(_("Hai số định danh khác nhau đều đã xác thực với CSDL dân cư: đây là hai người."))
    kin = Q(guardian=keep, learner=drop) | Q(guardian=drop, learner=keep)
    if Guardianship.objects.filter(kin).exists():
        raise CannotMerge(_("Người này là phụ huynh của người kia: đây là hai người."))


def _carry_out(ledger: Ledger, keep: Person, drop: Person, values: Mapping[str, str], pair: Pair | None) -> None:
    _close_pairs(ledger, drop, pair)
    for reference in references():
        clear(ledger, reference, keep=keep.pk, drop=drop.pk)
        rows = reference.model._base_manager.filter(**{reference.name: drop.pk})
        ledger.change(reference.model, list(rows.values_list("pk", flat=True)), {reference.name: keep.pk})
    columns = columns_of(keep, drop, values)
    place, path = columns.get("place_id", keep.place_id), str(columns.get("path", keep.path))
    _follow(ledger, keep, place, path)
    _lie_at(ledger, keep, path, before={str(keep.path), str(drop.path)} - {path})
    _carry_loose(ledger, keep, drop, path)
    if columns:
        ledger.change(Person, [keep.pk], {_field(column): value for column, value in columns.items()})
    ledger.made(FormerKey.objects.create(id=drop.pk, person=keep, since=timezone.now()))
    ledger.remove(Person, [drop.pk])
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")
    ledger.close()
    for where in {path, str(drop.path)}:
        tell_key(PEOPLE, path=where, before=drop.pk, after=keep.pk)


def _field(column: str) -> str:
    return "place" if column == "place_id" else column


def _close_pairs(ledger: Ledger, drop: Person, pair: Pair | None) -> None:
    """Close the pair that was decided, and those of the record that is no more."""
    merge = ledger.merge
    if pair is not None:
        who = {"decided_at": merge.merged_at, "decided_by_name": merge.merged_by_name}
        ledger.change(Pair, [pair.pk], {"state": PairState.SAME, "merge": merge.pk, **who})
    others = Pair.objects.filter(Q(one=drop.pk) | Q(two=drop.pk), state__in=WAITING)
    others = others.exclude(pk=pair.pk) if pair else others
    keys = list(others.values_list("pk", flat=True))
    ledger.change(Pair, keys, {"state": PairState.GONE, "merge": merge.pk})


def _follow(ledger: Ledger, keep: Person, place: Any, path: str) -> None:
    """Let what is placed by the person lie where the person is: guardianships, and guardians no other child holds."""
    wards = Guardianship.objects.filter(learner=keep.pk, ends_on__isnull=True)
    ledger.change(Guardianship, list(wards.exclude(path=path).values_list("pk", flat=True)), {"path": path})
    guardians = list(wards.values_list("guardian_id", flat=True))
    held = Guardianship.objects.filter(guardian__in=guardians, ends_on__isnull=True).exclude(learner=keep.pk)
    going = set(guardians) - set(held.values_list("guardian_id", flat=True)) - {keep.pk}
    people = Person.objects.filter(pk__in=going).exclude(is_staff=True, is_learner=False).exclude(path=path)
    ledger.change(Person, list(people.values_list("pk", flat=True)), {"place": place, "path": path})


def _lie_at(ledger: Ledger, keep: Person, path: str, *, before: set[str]) -> None:
    """Let rows that lie where their person lies lie there, if they lay at one of the two records before."""
    for reference in references():
        if before and is_placed_by(reference):
            rows = reference.model._base_manager.filter(**{reference.name: keep.pk}, path__in=before)
            ledger.change(reference.model, list(rows.values_list("pk", flat=True)), {"path": path})


def _carry_loose(ledger: Ledger, keep: Person, drop: Person, path: str) -> None:
    """Carry over what names a person without a foreign key, files beside the record too; a double is kept once."""
    for model, field, keys in loose_rows(drop.pk):
        ledger.change(model, keys, {field: keep.pk})
    known = set(attachments_of([keep.pk]).values_list("on_kind", "digest"))
    doubles: list[UUID] = []
    others: list[UUID] = []
    for key, kind, digest in attachments_of([drop.pk]).values_list("pk", "on_kind", "digest"):
        (doubles if (kind, digest) in known else others).append(key)
    ledger.remove(Attachment, doubles)
    ledger.change(Attachment, others, {"on_id": keep.pk, "path": path})


def common_place(one: str, two: str) -> str:
    """Give the lowest place under which two places lie."""
    labels = []
    for left, right in zip(one.split("."), two.split("."), strict=False):
        if left != right:
            break
        labels.append(left)
    return ".".join(labels) or ROOT


def _constraint(error: IntegrityError) -> str:
    cause = getattr(error.__cause__, "diag", None)
    return str(getattr(cause, "constraint_name", "") or error)
