"""Long work of data sharing: one service sent and compared; what is due at night; what stopped on its way.

Every step is kept before the partner hears of it, so a run may be killed anywhere, and goes on by the clock.
"""

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.kernel.calls import NotNow
from phuong.kernel.jobs import Cancelled, JobKind, Progress
from phuong.kernel.models import Job
from phuong.kernel.refusals import Refused
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.api import Organisation
from phuong.sharing.actions.agreeing import check_ready, ensure_services
from phuong.sharing.actions.delivering import (
    Lost,
    Reason,
    close_delivery,
    contract_of,
    drop_delivery,
    forget_old,
    next_to_bring,
    note_brought,
    note_later,
    note_opened,
    note_stuck,
    plan_delivery,
    take_in_hand,
    view_of,
)
from phuong.sharing.actions.reconciling import compare, note_carried
from phuong.sharing.actions.telling import tell_of_trouble
from phuong.sharing.declarations import data_services
from phuong.sharing.models import Delivery, Service
from phuong.sharing.outgoing import NeverTaken, NotKnown, Office
from phuong.sharing.queries import services_due, services_to_compare, services_to_go_on
from phuong.sharing.records import DATASETS, count_keys
from phuong.sharing.rules import Kind, Why

log = structlog.get_logger()
PATIENCE_SECONDS = 30.0  # without any news: the rest is left to the clock
NAP_SECONDS = 0.5
MOST_ROUNDS = 3  # a mend, then what changed; or all anew for a partner who forgot


def send(
    progress: Progress,
    *,
    service: str,
    everything: bool = False,
    why: str = Why.ASKED,
    patience: float = PATIENCE_SECONDS,
) -> Mapping[str, Any]:
    """Send one service, or go on with what is under way, and compare the totals.

    Gives ``rows``, ``removed`` and ``batches`` brought by this run, ``differing`` units (none: not compared), and
    ``because`` of what it stopped early: outage, refused, stuck, busy; or ``off`` when nothing may go out.
    """
    with acting(SYSTEM):
        row = Service.objects.get(pk=service)
        about = data_services()[row.code]
        try:
            check_ready(about, row)
        except Refused as refusal:
            return {"off": refusal.code, **refusal.facts}
    office = Office(about)
    try:
        run = _Run(progress, row, office, patience)
        told = run.to_the_end(Reason(Why(why), everything, asked_by=_asked_by(progress)))
    finally:
        office.close()
    return {**told, "url": reverse("sharing:service", args=[row.code])}


def nightly(progress: Progress) -> Mapping[str, Any]:
    """Bring the catalogue up to date, send every service that is due, note what other apps carry."""
    with acting(SYSTEM):
        for province in Organisation.objects.filter(kind="province", closed_on__isnull=True):
            ensure_services(province)
        carried = [code for code, about in data_services().items() if about.carried_by]
        for row in Service.objects.filter(code__in=carried, is_on=True):
            note_carried(row)
        due = services_due(timezone.now())
        forgotten = forget_old()
    came: dict[str, str] = {}
    for row in due:
        told = send(progress, service=str(row.pk), why=Why.SCHEDULE)
        tell_of_trouble(row, told)
        came[f"{row.code} {row.path}"] = _because(told)
    return {"services": came, "forgotten": forgotten}


def go_on(progress: Progress) -> Mapping[str, Any]:
    """Go on with deliveries that stopped on their way, and compare what could not be compared."""
    with acting(SYSTEM):
        now = timezone.now()
        stopped, uncompared = services_to_go_on(now), services_to_compare()
    told = {row.code: _because(send(progress, service=str(row.pk), why=Why.SCHEDULE, patience=0)) for row in stopped}
    for row in uncompared:
        told[row.code] = _because(compare_again(str(row.pk)))
    return {"services": told}


def compare_again(service: str) -> Mapping[str, Any]:
    """Compare the totals of one service without sending anything.

    Gives ``ours``, ``theirs`` and how many units are ``differing``; ``because`` or ``off`` as ``send`` does.
    """
    with acting(SYSTEM):
        row = Service.objects.get(pk=service)
        try:
            check_ready(data_services()[row.code], row)
        except Refused as refusal:
            return {"off": refusal.code, **refusal.facts}
    office = Office(data_services()[row.code])
    try:
        found = compare(row, office)
    except NotNow as later:
        return {"because": "refused" if later.is_ours else "outage", "problem": str(later)}
    except (NeverTaken, NotKnown) as refused:
        return {"because": "stuck", "problem": str(refused)}
    finally:
        office.close()
    with acting(SYSTEM):
        row.refresh_from_db()
    return {"because": "", "ours": row.ours, "theirs": row.theirs, "differing": len(found)}


def _asked_by(progress: Progress) -> str:
    if progress.job_id is None:
        return ""
    with acting(SYSTEM):
        return Job.objects.values_list("asked_by_name", flat=True).filter(pk=progress.job_id).first() or ""


def _because(told: Mapping[str, Any]) -> str:
    return str(told.get("off") or told.get("because") or "done")


class _Run:
    """One run over one service."""

    def __init__(self, progress: Progress, service: Service, office: Office, patience: float) -> None:
        self.progress, self.service, self.office, self.patience = progress, service, office, patience
        self.basis = service.basis
        self.told: dict[str, Any] = {"rows": 0, "removed": 0, "batches": 0, "because": "", "problem": ""}
        self.expected = service.ours or 0
        self.went_well_at = time.monotonic()

    def to_the_end(self, reason: Reason) -> dict[str, Any]:
        """Deliver what is to be delivered, then compare."""
        because = ""
        for _round in range(MOST_ROUNDS):
            delivery = plan_delivery(self.service, reason)
            because = self._deliver(delivery)
            if because == "forgotten":
                reason = Reason(Why.FORGOTTEN, mends=False)
            elif because or delivery.kind != Kind.MEND:
                break
            else:
                reason = Reason(reason.why, mends=False, asked_by=reason.asked_by)
        self.told["because"] = because
        return self.told if because else self._compare()

    def _compare(self) -> dict[str, Any]:
        self.progress.step(self.told["rows"], max(self.told["rows"], 1), _("Đang đối soát số liệu"))
        told = compare_again(str(self.service.pk))
        return {**self.told, **told}

    def _deliver(self, delivery: Delivery) -> str:
        """Bring one delivery to its end; gives why it stopped before that."""
        try:
            return self._bring_patiently(delivery)
        except Lost:
            return "paused" if self._is_paused() else "busy"
        except NotKnown as gone:
            drop_delivery(delivery.pk, str(gone), forgotten=True)
            return "forgotten"
        except NeverTaken as refused:
            self.told["problem"] = str(refused)
            note_stuck(delivery.pk, str(refused))
            log.error("sharing.stuck", service=self.service.code, problem=str(refused))
            return "stuck"
        except Cancelled:
            drop_delivery(delivery.pk, _("Đã dừng theo yêu cầu"))
            raise

    def _bring_patiently(self, delivery: Delivery) -> str:
        while True:
            token = take_in_hand(delivery.pk)
            try:
                self._bring_all(delivery, token)
            except NotNow as later:
                if because := self._put_off(delivery, token, later):
                    return because
            else:
                return ""

    def _is_paused(self) -> bool:
        with acting(SYSTEM):
            return Service.objects.filter(pk=self.service.pk, is_paused=True).exists()

    def _bring_all(self, delivery: Delivery, token: UUID) -> None:
        about = data_services()[self.service.code]
        if delivery.kind == Kind.FULL and not self.expected:
            self.expected = count_keys(DATASETS[about.records], view_of(delivery))
        if delivery.opened_at is None:
            self.office.announce(delivery, contract_of(about), self.basis)
            note_opened(delivery.pk, token)
            delivery.opened_at = timezone.now()
        while batch := next_to_bring(delivery.pk, token):
            self._step(delivery)
            self.office.bring(delivery.pk, batch.number, batch.id, batch.body)
            delivery = note_brought(delivery.pk, token, batch.id)
            self.went_well_at = time.monotonic()
            self.told["batches"] += 1
        with acting(SYSTEM):
            delivery = Delivery.objects.get(pk=delivery.pk)
        self.office.end(delivery)
        close_delivery(delivery.pk, token)
        self.told["rows"] += delivery.rows
        self.told["removed"] += delivery.removed

    def _step(self, delivery: Delivery, message: str = "") -> None:
        total = max(self.expected, delivery.rows, 1) if delivery.kind == Kind.FULL else max(delivery.rows, 1)
        self.progress.step(delivery.rows, total, message)

    def _put_off(self, delivery: Delivery, token: UUID, later: NotNow) -> str:
        """Wait a little, if there is patience left; gives why not."""
        self.told["problem"] = str(later)
        log.warning("sharing.office", service=self.service.code, problem=str(later))
        pause = note_later(delivery.pk, token, str(later), later.wait).total_seconds()
        if later.is_ours:
            return "refused"
        if time.monotonic() + pause - self.went_well_at > self.patience:
            return "outage"
        until = time.monotonic() + pause
        while time.monotonic() < until:
            self._step(delivery, _("Bên nhận chưa trả lời, đang đợi: %s") % later)
            time.sleep(NAP_SECONDS)
        return ""


SEND = JobKind("sharing.send", gettext_lazy("Gửi dữ liệu cho bên nhận"), send)
NIGHTLY = JobKind("sharing.nightly", gettext_lazy("Gửi các dịch vụ dữ liệu đến hạn"), nightly, nightly=True)
GO_ON = JobKind("sharing.go_on", gettext_lazy("Gửi tiếp dữ liệu còn dở"), go_on, every=5)
ALL = (SEND, NIGHTLY, GO_ON)
