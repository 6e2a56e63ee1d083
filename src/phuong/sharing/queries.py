"""Reads of data sharing: how each service stands, its deliveries, what is due."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from phuong.kernel.calls import lacks
from phuong.kernel.today import today
from phuong.registry.api import Organisation
from phuong.sharing.declarations import DataService, data_services
from phuong.sharing.models import Delivery, Service
from phuong.sharing.rules import Difference, Standing, Terms, may_send, standing_of

MOST_DELIVERIES = 20


def office_lacks(partner: str) -> str:
    """Name the variable without which nothing goes to a partner; empty when it is set up."""
    name = lacks(settings.PHUONG_SHARING["offices"].get(partner, {}))
    return f"PHUONG_SHARING_{partner.upper()}_{name.upper()}" if name else ""


@dataclass(frozen=True)
class Line:
    """One data service of a province: what the catalogue says, and what is kept of it, if anybody dealt with it."""

    about: DataService
    kept: Service | None

    @property
    def standing(self) -> Standing:
        """Say how it stands today."""
        return standing_of(terms_of(self.kept), today())

    @property
    def may_send(self) -> bool:
        """Say whether anything may go out today."""
        return not self.about.carried_by and may_send(terms_of(self.kept), today())

    @property
    def next_on(self) -> dt.date | None:
        """Give the day of the next delivery: none when nothing is due, today when it goes out tonight."""
        if self.kept is None or not self.may_send or self.kept.next_due_at is None:
            return None
        return max(timezone.localtime(self.kept.next_due_at).date(), today())

    @property
    def differences(self) -> list[Difference]:
        """Give the units whose totals differed when they were last compared."""
        return [Difference(*each) for each in self.kept.differences] if self.kept else []


def terms_of(kept: Service | None) -> Terms:
    """Give what decides how a service stands."""
    if kept is None:
        return Terms()
    return Terms(
        is_on=kept.is_on,
        is_paused=kept.is_paused,
        valid_until=kept.valid_until,
        current_until=kept.current_until,
        is_reconciled=kept.is_reconciled,
        is_stuck=kept.is_stuck,
    )


def lines_of(province: Organisation) -> list[Line]:
    """Give every service of the catalogue as it stands in a province, in the order of the catalogue; one statement."""
    kept = {row.code: row for row in Service.objects.filter(path=province.path)}
    return [Line(about, kept.get(code)) for code, about in data_services().items()]


def line_of(province: Organisation, code: str) -> Line:
    """Give one service as it stands in a province."""
    return Line(data_services()[code], Service.objects.filter(path=province.path, code=code).first())


def deliveries_of(kept: Service | None) -> list[Delivery]:
    """Give the latest deliveries of a service, newest first."""
    return list(Delivery.objects.filter(service=kept).order_by("-id")[:MOST_DELIVERIES]) if kept else []


def open_delivery(service: Service) -> Delivery | None:
    """Give the delivery of a service that is under way."""
    return Delivery.objects.filter(service=service, state=Delivery.State.OPEN).first()


def services_due(moment: dt.datetime) -> list[Service]:
    """Give the services whose time has come, or whose totals differ, with an agreement in force; those of this app."""
    own = [code for code, about in data_services().items() if not about.carried_by]
    rows = Service.objects.filter(is_on=True, is_paused=False, code__in=own)
    due = rows.filter(Q(next_due_at__lte=moment) | Q(next_due_at=None) | Q(is_reconciled=False) | Q(is_stuck=True))
    return [row for row in due.order_by("path", "id") if may_send(terms_of(row), today())]


def services_to_go_on(moment: dt.datetime) -> list[Service]:
    """Give the services with a delivery that stopped on its way and whose time has come again."""
    waiting = Delivery.objects.filter(state=Delivery.State.OPEN, next_at__lte=moment)
    return list(Service.objects.filter(pk__in=waiting.values("service")).order_by("path", "id"))


def services_to_compare() -> list[Service]:
    """Give the services that were sent and whose totals could not be compared, with nothing under way."""
    own = [code for code, about in data_services().items() if not about.carried_by]
    rows = Service.objects.filter(is_on=True, is_paused=False, is_reconciled=None, last_sent_at__isnull=False)
    under_way = Delivery.objects.filter(state=Delivery.State.OPEN)
    return list(rows.filter(code__in=own).exclude(pk__in=under_way.values("service")).order_by("path", "id"))


def names_of_units(codes: list[str]) -> Mapping[str, tuple[UUID, str]]:
    """Give key and name of units by their codes, in one statement."""
    rows = Organisation.objects.filter(code__in=codes, closed_on__isnull=True).values_list("code", "pk", "name")
    return {code: (key, name) for code, key, name in rows}


def as_json(line: Line) -> dict[str, Any]:
    """Give one service for machines."""
    kept = line.kept
    return {
        "code": line.about.code,
        "title": line.about.title,
        "partner": line.about.partner.code,
        "direction": line.about.direction,
        "contract": line.about.contract.name if line.about.contract else "",
        "basis": kept.basis if kept and kept.is_on else line.about.basis,
        "agreement": kept.agreement if kept else "",
        "standing": line.standing.value,
        "lacks": "" if line.about.carried_by else office_lacks(line.about.partner.code),
        "last_sent_at": kept.last_sent_at if kept else None,
        "next_due_at": kept.next_due_at if kept else None,
        "ours": kept.ours if kept else None,
        "theirs": kept.theirs if kept else None,
        "differences": len(line.differences),
    }
