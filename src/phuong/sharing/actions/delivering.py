"""A delivery from its plan to its end. Every step is kept before the partner hears of it.

A batch goes out under its own id whoever brings it, with the very body that was kept for it. So whoever takes up a
delivery after an outage, or after a kill, brings exactly what the partner lacks.
"""

import datetime as dt
import hashlib
import zlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.kernel.audit import record
from phuong.kernel.calendar import school_year_of
from phuong.kernel.calls import try_after
from phuong.kernel.changes import KEPT_DAYS, horizon
from phuong.kernel.keys import uuid7
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.vault import seal_bytes, unseal_bytes
from phuong.sharing.declarations import Contract, DataService, data_services
from phuong.sharing.models import Batch, Delivery, Service
from phuong.sharing.queries import open_delivery
from phuong.sharing.records import DATASETS, NO_KEY, View, lines_since, next_part
from phuong.sharing.rules import MOST_DIFFERENCES, Kind, Why, Window, kind_to_send, next_due

State = Delivery.State
KEPT_BATCH_DAYS = 90


class Lost(Exception):
    """Somebody else has the delivery in hand, or it was given up meanwhile."""


@dataclass(frozen=True)
class Reason:
    """Why a delivery is made; ``mends``: the units whose totals differ come first."""

    why: Why
    everything: bool = False
    mends: bool = True
    asked_by: str = ""


def plan_delivery(service: Service, reason: Reason) -> Delivery:
    """Decide what goes next and keep it; one that is under way is given back, unless everything is wanted instead."""
    about = data_services()[service.code]
    contract = contract_of(about)
    with acting(SYSTEM):
        row = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
        under_way = open_delivery(row)
        if under_way is not None and (not reason.everything or under_way.kind == Kind.FULL):
            return under_way
        if under_way is not None:
            _give_up(under_way, State.DROPPED, _("Thay bằng đợt gửi lại toàn bộ"))
        txid, now = horizon()
        day = timezone.localtime(now).date()
        facts: dict[str, Any] = {"until": txid, "until_at": now, "day": day, "school_year": school_year_of(day).start}
        facts |= {"contract": contract.name, "contract_digest": contract.digest, "asked_by_name": reason.asked_by}
        facts |= _what(row, about, contract, facts, reason)
        return Delivery.objects.create(path=row.path, service=row, next_at=now, **facts)


def _what(
    row: Service, about: DataService, contract: Contract, facts: dict[str, Any], reason: Reason
) -> dict[str, Any]:
    """Choose the kind of a delivery, with the changes or the units it tells of."""
    units = sorted({unit for _commune, unit, _ours, _theirs in row.differences}) if row.is_reconciled is False else []
    all_asked = reason.everything or row.wants_all or len(units) >= MOST_DIFFERENCES
    window = _window(row, about, contract, facts)
    kind = kind_to_send(window, is_followed=DATASETS[about.records].is_followed, all_asked=all_asked)
    if reason.mends and units and kind == Kind.CHANGES:
        return {"kind": Kind.MEND, "why": Why.MEND, "units": units}
    if kind == Kind.FULL:
        return {"kind": kind, "why": Why.ALL if reason.everything else reason.why}
    return {"kind": kind, "why": reason.why, "since": row.cursor, "since_day": row.day}


def _window(row: Service, about: DataService, contract: Contract, facts: dict[str, Any]) -> Window:
    kept_from = facts["until_at"] - dt.timedelta(days=KEPT_DAYS)
    is_kept = row.cursor_at is not None and row.cursor_at > kept_from and int(row.cursor or 0) <= int(facts["until"])
    dataset = DATASETS[about.records]
    can_follow = bool(row.cursor) and is_kept and dataset.is_followed
    view = View(row.path, facts["day"], facts["school_year"], Kind.CHANGES, row.cursor, facts["until"], row.day)
    return Window(
        has_start=bool(row.cursor),
        is_same_contract=row.contract_digest == contract.digest,
        is_same_year=row.school_year == facts["school_year"],
        is_log_kept=is_kept,
        lines=lines_since(dataset, view) if can_follow else 0,
    )


def contract_of(about: DataService) -> Contract:
    """Give the contract of a service.

    :raises LookupError: it is carried by another app
    """
    if about.contract is None:
        raise LookupError(about.code)
    return about.contract


def view_of(delivery: Delivery) -> View:
    """Give what a delivery looks at."""
    window = (delivery.since, delivery.until, delivery.since_day)
    kind = Kind(delivery.kind)
    return View(delivery.path, delivery.day, delivery.school_year, kind, *window, list(delivery.units))


def take_in_hand(delivery_id: UUID) -> UUID:
    """Take a delivery in hand, unless somebody has it; gives the token by which it is held.

    :raises Lost: somebody has it, or it is over
    """
    token, now = uuid7(), timezone.now()
    free = Q(held_by=None) | Q(next_at__lte=now)
    with acting(SYSTEM):
        rows = Delivery.objects.filter(free, pk=delivery_id, state=State.OPEN)
        if not rows.update(held_by=token, next_at=now + lease()):
            raise Lost
    return token


def lease() -> dt.timedelta:
    """Give how long a delivery stays with whoever has it in hand: longer than a batch can take to cut and to bring."""
    return dt.timedelta(seconds=2 * settings.PHUONG_SHARING["timeout"] + 30)


def _held(delivery_id: UUID, token: UUID) -> Delivery:
    """Lock a delivery that we still have in hand, of a service that is not paused.

    :raises Lost: it is not ours any more
    """
    rows = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id, held_by=token, state=State.OPEN)
    found = rows.select_related("service").first()
    if found is None or found.service.is_paused:
        raise Lost
    return found


def note_opened(delivery_id: UUID, token: UUID) -> None:
    """Keep that the partner expects the delivery."""
    with acting(SYSTEM):
        row = _held(delivery_id, token)
        row.opened_at, row.next_at = timezone.now(), timezone.now() + lease()
        row.save(update_fields=["opened_at", "next_at"])


@dataclass(frozen=True)
class ToBring:
    """A batch that the partner lacks."""

    id: UUID
    number: int
    body: bytes


def next_to_bring(delivery_id: UUID, token: UUID) -> ToBring | None:
    """Give the next batch the partner lacks: one that was kept, else one cut anew; none when all is brought.

    :raises Lost: the delivery is not ours any more
    """
    with acting(SYSTEM):
        delivery = _held(delivery_id, token)
        kept = Batch.objects.filter(delivery=delivery, sent_at=None).order_by("number").first()
    if kept is not None:
        return ToBring(kept.pk, kept.number, zlib.decompress(unseal_bytes(bytes(kept.body or b""))))
    while not delivery.is_cut:
        made = _cut(delivery, token)
        if made is not None:
            return made
    return None


def _cut(delivery: Delivery, token: UUID) -> ToBring | None:
    """Cut a batch behind the last one and keep it; none when what was looked at holds nothing to send."""
    about = data_services()[delivery.service.code]
    most = settings.PHUONG_SHARING["batch"]
    after = delivery.after or NO_KEY
    part = next_part(DATASETS[about.records], contract_of(about), view_of(delivery), after=after, most=most)
    with acting(SYSTEM):
        row = _held(delivery.pk, token)
        row.after, row.is_cut, row.next_at = part.last or row.after, part.keys < most, timezone.now() + lease()
        made = _keep(row, part.rows, part.removed, part.body) if part.rows or part.removed else None
        row.save()
    delivery.after, delivery.is_cut = row.after, row.is_cut
    return made


def _keep(row: Delivery, rows: int, removed: int, body: bytes) -> ToBring:
    digest = hashlib.sha256(body).hexdigest()
    row.batches_made += 1
    row.rows += rows
    row.removed += removed
    row.digest = hashlib.sha256(f"{row.digest}{digest}".encode()).hexdigest()
    facts = {"path": row.path, "delivery": row, "number": row.batches_made, "rows": rows, "removed": removed}
    batch = Batch.objects.create(**facts, digest=digest, body=seal_bytes(zlib.compress(body, 1)))
    return ToBring(batch.pk, batch.number, body)


def note_brought(delivery_id: UUID, token: UUID, batch: UUID) -> Delivery:
    """Keep that the partner has a batch; its body is not needed any more."""
    with acting(SYSTEM):
        row = _held(delivery_id, token)
        row.batches_sent += Batch.objects.filter(pk=batch, sent_at=None).update(sent_at=timezone.now(), body=None)
        row.tries, row.problem, row.next_at = 0, "", timezone.now() + lease()
        row.save(update_fields=["batches_sent", "tries", "problem", "next_at"])
        return row


def note_later(delivery_id: UUID, token: UUID, problem: str, wait: float = 0) -> dt.timedelta:
    """Put a delivery off: the partner did not answer. Gives for how long."""
    with acting(SYSTEM):
        row = _held(delivery_id, token)
        row.tries += 1
        pause = try_after(row.tries, wait)
        row.problem, row.next_at, row.held_by = problem, timezone.now() + pause, None
        row.save(update_fields=["tries", "problem", "next_at", "held_by"])
    return pause


def note_stuck(delivery_id: UUID, problem: str) -> None:
    """End a delivery that the partner refused: the records, or the contract, must be mended first."""
    with acting(SYSTEM):
        row = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
        _give_up(row, State.STUCK, problem)
        Service.objects.filter(pk=row.service_id).update(is_stuck=True)


def drop_delivery(delivery_id: UUID, problem: str, *, forgotten: bool = False) -> None:
    """Give a delivery up. ``forgotten``: the partner lost what it had of it, so everything must be sent anew."""
    with acting(SYSTEM):
        row = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
        _give_up(row, State.DROPPED, problem)
        if forgotten:
            Service.objects.filter(pk=row.service_id).update(wants_all=True)


def _give_up(row: Delivery, state: str, problem: str) -> None:
    Batch.objects.filter(delivery=row, sent_at=None).delete()
    row.state, row.problem, row.next_at, row.held_by = state, problem, None, None
    row.save(update_fields=["state", "problem", "next_at", "held_by"])


def close_delivery(delivery_id: UUID, token: UUID) -> Service:
    """Keep that the partner has everything; what comes next goes on from here. Totals are to be compared anew."""
    with acting(SYSTEM):
        row = _held(delivery_id, token)
        now = timezone.now()
        service = Service.objects.select_for_update(of=("self",)).get(pk=row.service_id)
        about = data_services()[service.code]
        row.state, row.closed_at, row.next_at, row.held_by, row.problem = State.SENT, now, None, None, ""
        row.save()
        service.last_sent_at, service.is_reconciled, service.is_stuck = now, None, False
        service.current_until = timezone.localdate() + dt.timedelta(days=about.every_days + about.grace_days)
        if row.kind != Kind.MEND:
            service.cursor, service.cursor_at, service.day = row.until, row.until_at, row.day
            service.school_year, service.contract_digest = row.school_year, row.contract_digest
            service.wants_all, service.next_due_at = False, next_due(timezone.localtime(now), about.every_days)
        service.save()
        note = f"{service.code}: {row.kind}, {row.rows} dòng, {row.removed} bỏ, {row.batches_made} lô; {service.basis}"
        record("sharing.delivered", on_kind="delivery", on_id=row.pk, note=note, path=service.path)
    return service


def forget_old() -> int:
    """Forget the batches of deliveries long over; the deliveries themselves stay. Gives how many."""
    before = timezone.now() - dt.timedelta(days=KEPT_BATCH_DAYS)
    return Batch.objects.filter(sent_at__lt=before).exclude(delivery__state=State.OPEN).delete()[0]
