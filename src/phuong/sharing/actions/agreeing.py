"""What is agreed with a partner: recorded, paused, taken up again; and asking for a delivery."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from phuong.kernel.audit import record
from phuong.kernel.jobs import later
from phuong.kernel.models import Job
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.registry.api import Organisation, department_of
from phuong.sharing.access import may_change, province_for
from phuong.sharing.declarations import DataService, data_services
from phuong.sharing.errors import CarriedElsewhere, NotAgreed, NotConnected
from phuong.sharing.models import Service
from phuong.sharing.queries import Line, office_lacks


@dataclass(frozen=True)
class Agreement:
    """The paper by which a partner gets data; ``valid_until`` none: without end."""

    number: str
    agreed_on: dt.date
    valid_until: dt.date | None = None


def ensure_services(province: Organisation) -> int:
    """Keep a row for every service of the catalogue in a province, named as the catalogue names it; gives how many."""
    department = department_of(province.code) or province
    rows = [_row(about, province, department) for about in data_services().values()]
    Service.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["path", "code"],
        update_fields=["title", "is_city", "is_national"],
    )
    return len(rows)


def _row(about: DataService, province: Organisation, department: Organisation) -> Service:
    return Service(
        path=province.path,
        organisation=department,
        code=about.code,
        title=f"{about.names[0]} → {about.partner.names[0]}",
        is_city=about.partner.is_city,
        is_national=about.partner.is_national,
    )


@transaction.atomic
def record_agreement(about: DataService, agreement: Agreement, *, by: Actor) -> Service:
    """Record the agreement of a service with its legal basis, as of now; from then on it is sent by its schedule.

    :raises NotThere: not the actor's to say
    """
    row = _locked(about, by)
    row.is_on, row.is_paused = True, False
    row.agreement, row.agreed_on, row.valid_until = agreement.number, agreement.agreed_on, agreement.valid_until
    row.basis, row.approved_by_name, row.approved_at = about.basis, by.name, timezone.now()
    row.next_due_at = row.next_due_at or timezone.now()
    row.save()
    until = f", đến {row.valid_until:%d/%m/%Y}" if row.valid_until else ""
    record("sharing.agreed", on_kind="service", on_id=row.pk, note=f"{row.code}: {row.agreement}{until}; {row.basis}")
    return row


@transaction.atomic
def set_paused(about: DataService, *, is_paused: bool, by: Actor) -> None:
    """Pause a service, or take it up again; what is under way stops at its next batch.

    :raises NotThere: not the actor's to say, or it was never agreed on
    """
    row = _locked(about, by)
    if not row.is_on:
        raise NotThere
    row.is_paused = is_paused
    row.save(update_fields=["is_paused"])
    record("sharing.paused" if is_paused else "sharing.resumed", on_kind="service", on_id=row.pk, note=row.code)


@transaction.atomic
def ask_for_delivery(about: DataService, *, everything: bool, by: Actor) -> Job:
    """Ask for a delivery now: of what changed, or of everything anew.

    :raises NotThere: not the actor's to say
    :raises CarriedElsewhere: another app sends it
    :raises NotConnected: the partner is not set up
    :raises NotAgreed: there is no agreement in force, or it is paused
    """
    row = _locked(about, by)
    check_ready(about, row)
    act = "sharing.asked_for_all" if everything else "sharing.asked"
    record(act, on_kind="service", on_id=row.pk, note=row.code)
    title = f"{about.names[0]} → {about.partner.names[0]}"
    return later("sharing.send", title=title, path=str(row.path), service=str(row.pk), everything=everything)


def check_ready(about: DataService, row: Service) -> None:
    """Make sure that something may go out.

    :raises CarriedElsewhere: another app sends it
    :raises NotConnected: the partner is not set up
    :raises NotAgreed: there is no agreement in force, or it is paused
    """
    if about.carried_by:
        raise CarriedElsewhere
    if lacking := office_lacks(about.partner.code):
        raise NotConnected(lacks=lacking)
    if not Line(about, row).may_send:
        raise NotAgreed


def _locked(about: DataService, by: Actor) -> Service:
    province = province_for(by)
    if not may_change(by):
        raise NotThere
    ensure_services(province)
    return Service.objects.select_for_update(of=("self",)).get(path=province.path, code=about.code)
