"""Comparing what the two sides hold: by commune, then, where that differs, by unit."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import astuple

from django.utils import timezone

from phuong.kernel.audit import record
from phuong.kernel.scope import SYSTEM, acting
from phuong.sharing.actions.delivering import contract_of
from phuong.sharing.declarations import data_services
from phuong.sharing.models import Service
from phuong.sharing.outgoing import Office
from phuong.sharing.records import DATASETS, View, totals_by_unit
from phuong.sharing.rules import MOST_DIFFERENCES, NOTHING, Difference, Total, by_commune, differing
from phuong.verification.api import last_answered_at, stuck_dispatches, totals


def compare(service: Service, office: Office) -> list[Difference]:
    """Compare the totals of both sides as they are now, and keep what differs, down to the unit.

    Rows are cut at the day of the last delivery. What was changed here since then differs too, until the next delivery.

    :raises NotNow: the partner does not tell; nothing is kept
    """
    about = data_services()[service.code]
    if service.day is None or service.school_year is None:
        return []
    view = View(service.path, service.day, service.school_year)
    ours = totals_by_unit(DATASETS[about.records], contract_of(about), view)
    theirs = office.totals()
    found = _differences(ours, theirs, office)
    _keep(service, ours, theirs, found)
    return found


def _differences(
    ours: Mapping[tuple[str, str], Total], theirs: Mapping[str, Total], office: Office
) -> list[Difference]:
    found = []
    for commune in differing(by_commune(ours), theirs):
        here = {unit: total for (place, unit), total in ours.items() if place == commune}
        there = office.totals(commune)
        found += [
            Difference(commune, unit, here.get(unit, NOTHING).rows, there.get(unit, NOTHING).rows)
            for unit in differing(here, there)
        ]
    return found


def _keep(
    service: Service, ours: Mapping[tuple[str, str], Total], theirs: Mapping[str, Total], found: list[Difference]
) -> None:
    with acting(SYSTEM):
        row = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
        row.ours, row.theirs = sum(each.rows for each in ours.values()), sum(each.rows for each in theirs.values())
        row.is_reconciled, row.reconciled_at = not found, timezone.now()
        row.differences = [astuple(each) for each in found[:MOST_DIFFERENCES]]
        row.save(update_fields=["ours", "theirs", "is_reconciled", "reconciled_at", "differences"])
        note = f"{row.code}: {row.ours} – {row.theirs}, {len(found)} đơn vị khác"
        record("sharing.reconciled", on_kind="service", on_id=row.pk, note=note, path=row.path)


def note_carried(service: Service) -> None:
    """Keep how a service stands that verification carries: when it was last answered, whether anything waits for us.

    All asked about and all answered are its two totals; requests refused for good are what differs.
    """
    about = data_services()[service.code]
    with acting(SYSTEM):
        last, counted = last_answered_at(), totals()
        row = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
        row.last_sent_at = last
        row.current_until = last and timezone.localtime(last).date() + dt.timedelta(
            days=about.every_days + about.grace_days
        )
        row.ours, row.theirs = counted["people"], counted["people"] - counted["waiting"]
        row.is_reconciled, row.reconciled_at = (not stuck_dispatches() if last else None), last
        row.save(update_fields=["last_sent_at", "current_until", "ours", "theirs", "is_reconciled", "reconciled_at"])
