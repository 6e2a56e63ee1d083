"""Reads of reports: the figures of many units for a period, what they compare with, and who has not sent."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import add
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, DateField, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from phuong.kernel.text import search_key
from phuong.kernel.today import today
from phuong.measures.api import Snapshot, figures_of_many, is_territory, latest_snapshot, snapshot_near
from phuong.plans.api import Standing, standings_of_many
from phuong.registry.api import Organisation
from phuong.reports.declarations import chains
from phuong.reports.models import Print, Reminder, Report
from phuong.reports.rules import Span, changes_between, span_before, spans_owed
from phuong.tasks.api import Tally, late_under_each, tallies_under

MOST_LINES = 20
MOST_LATE_TASKS = 10
PERIODS_OWED = 3
_LATE, _CARE = "behind", "attention"


@dataclass(frozen=True)
class _Period:
    """What the figures of a period are taken from: its snapshot, and the one of the period before."""

    kind: str
    span: Span
    snapshot: Snapshot | None
    before: Snapshot | None


def facts_of_many(
    units: Sequence[Organisation], kind: str, span: Span, *, is_restated: bool = False
) -> dict[UUID, dict[str, Any]]:
    """Draft the figures of many units for a period: indicators that need action, counts by state, tasks; plain JSON.

    A handful of statements, however many units. The figures are those known at the end of the period; ``as_of`` says of
    which day they are. A restatement takes the latest ones, because the old ones were wrong. A department or division
    reports for its province.
    """
    areas = {unit.pk: _area_of(unit) for unit in units}
    facts: dict[UUID, dict[str, Any]] = {}
    for whole in (True, False):
        alike = [unit for unit in units if is_territory(areas[unit.pk]) is whole]
        if alike:
            period = _period(kind, span, whole=whole, is_restated=is_restated)
            facts |= _facts(alike, areas, period)
    return facts


def _area_of(unit: Organisation) -> Organisation:
    above = unit.parent
    while above is not None and unit.kind in ("department", "division") and above.kind != "province":
        above = above.parent
    return above if above is not None and unit.kind in ("department", "division") else unit


def _period(kind: str, span: Span, *, whole: bool, is_restated: bool) -> _Period:
    is_open = span.ends_on >= today()
    snapshot = latest_snapshot() if is_open or is_restated else snapshot_near(span.ends_on, detailed=not whole)
    before = snapshot_near(span_before(kind, span).ends_on, detailed=not whole)
    if before is not None and (snapshot is None or before.as_of >= snapshot.as_of or before.as_of > span.ends_on):
        before = None
    return _Period(kind, span, snapshot, before)


def _facts(units: list[Organisation], areas: dict[UUID, Organisation], period: _Period) -> dict[UUID, dict[str, Any]]:
    places = list({area.pk: area for area in areas.values()}.values())
    span, snapshot = period.span, period.snapshot
    standings = standings_of_many(places, year=span.ends_on.year, snapshot=snapshot) if snapshot else {}
    day = min(span.ends_on, today())
    keys = [area.pk for area in places]
    tallies, late = tallies_under(keys, day), late_under_each(keys, day, MOST_LATE_TASKS)
    codes = {each.indicator.measure for each in next(iter(standings.values()), []) if each.indicator.measure}
    before = _before(units, areas, period, codes)
    return {
        unit.pk: {
            "as_of": snapshot.as_of.isoformat() if snapshot else "",
            "tasks_on": day.isoformat(),
            "before": before.get(unit.pk, {}),
            **_indicator_facts(standings.get(areas[unit.pk].pk, [])),
            **_task_facts(tallies.get(areas[unit.pk].pk, Tally()), late.get(areas[unit.pk].pk, [])),
        }
        for unit in units
    }


def _indicator_facts(standings: list[Standing]) -> dict[str, Any]:
    by_measure: dict[str, Standing] = {}
    for each in standings:
        if each.figure and each.figure.denominator:
            by_measure.setdefault(each.indicator.measure, each)
    shown = sorted(by_measure.values(), key=lambda each: (each.status != _LATE, each.indicator.code))
    return {
        "counts": {
            "total": len(shown),
            "kept": sum(each.status in ("met", "on_track") for each in shown),
            "attention": sum(each.status == _CARE for each in shown),
            "behind": sum(each.status == _LATE for each in shown),
        },
        "figures": {code: _text(each.actual) for code, each in by_measure.items()},
        "lines": [_line(each) for each in shown if each.status in (_LATE, _CARE)][:MOST_LINES],
    }


def _task_facts(tally: Tally, late: list[tuple[str, str, dt.date]]) -> dict[str, Any]:
    return {
        "tasks": {"total": tally.total, "done": tally.done, "late": tally.late, "on_time": tally.on_time},
        "late_tasks": [{"title": title[:200], "unit": unit, "due": due.isoformat()} for title, unit, due in late],
    }


def _line(standing: Standing) -> dict[str, Any]:
    return {
        "code": standing.indicator.measure,
        "title": standing.indicator.title,
        "actual": _text(standing.actual),
        "target": _text(standing.binding.value if standing.binding else None),
        "unit": standing.unit_sign,
        "status": standing.status.value,
    }


def _text(value: Decimal | None) -> str | None:
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _before(
    units: list[Organisation], areas: dict[UUID, Organisation], period: _Period, codes: set[str]
) -> dict[UUID, dict[str, Any]]:
    """Give what each unit's figures compare with: its report of the period before, else the snapshot of that time."""
    earlier = span_before(period.kind, period.span)
    sent = Report.objects.filter(organisation__in=units, kind=period.kind, starts_on=earlier.starts_on, state="sent")
    found = {row.organisation_id: compared_with(row) for row in sent.order_by("version")}
    others = [unit for unit in units if unit.pk not in found]
    if others and period.before is not None:
        as_of = period.before.as_of.isoformat()
        figures = figures_of_many(list({areas[unit.pk] for unit in others}), codes, snapshot=period.before)
        for unit in others:
            values = {code: _text(figure.value) for code, figure in figures[areas[unit.pk].pk].items()}
            found[unit.pk] = {"as_of": as_of, "figures": values}
    return found


def compared_with(report: Report) -> dict[str, Any]:
    """Keep of a sent report what a later one compares with."""
    facts = report.facts
    told = {"report": str(report.pk), "number": report.number, "starts_on": report.starts_on.isoformat()}
    return {"as_of": facts.get("as_of", ""), "figures": facts.get("figures", {}), **told}


def report_before(report: Report) -> Report | None:
    """Give the report to compare with: the one this restates, else the sent one of the period before."""
    if report.replaces is not None:
        return report.replaces
    rows = Report.objects.filter(organisation=report.organisation, kind=report.kind, state="sent")
    return rows.filter(starts_on__lt=report.starts_on).order_by("-starts_on", "-version").first()


def changes_of(report: Report) -> dict[str, Decimal]:
    """Give by how much each figure differs from what the report compares with.

    Reports drafted before the comparison was kept in their facts look for the report before.
    """
    before = report.facts.get("before")
    if before is None:
        earlier = report_before(report)
        before = compared_with(earlier) if earlier else {}
    return changes_between(before.get("figures", {}), report.facts.get("figures", {}))


def latest_reports(units: Iterable[Organisation], kind: str, starts_on: dt.date) -> dict[UUID, Report]:
    """Give the latest version of each unit's report of a period, with what its paper names."""
    rows = Report.objects.filter(organisation__in=units, kind=kind, starts_on=starts_on)
    rows = rows.select_related("organisation__parent", "organisation__territory", "replaces")
    return {row.organisation_id: row for row in rows.order_by("version")}


def matching(rows: QuerySet[Report], chosen: Mapping[str, Any]) -> QuerySet[Report]:
    """Narrow reports by the filters of the list."""
    if "q" in chosen:
        rows = rows.filter(organisation__search_key__contains=search_key(chosen["q"]))
    return rows.filter(**{name: chosen[name] for name in ("kind", "state") if name in chosen})


def collectable(rows: QuerySet[Report], path: str, kind: str, starts_on: dt.date) -> list[UUID]:
    """Give the reports of a period at or below a place that have a printed file, unit by unit."""
    printed = Q(state="sent") | Exists(Print.objects.filter(report=OuterRef("pk")))
    chosen = rows.filter(printed, path__under=path, kind=kind, starts_on=starts_on)
    return list(chosen.order_by("path", "version").values_list("pk", flat=True))


def schools_that_report(path: str) -> list[Organisation]:
    """Give the open schools at or below a place."""
    rows = Organisation.objects.filter(path__under=path, kind="school", closed_on__isnull=True)
    return list(rows.select_related("parent", "territory").order_by("path", "id"))


def lacking_reports(path: str, kind: str, starts_on: dt.date) -> list[tuple[UUID, str]]:
    """Name (key, name) the open schools at or below a place that have no printed report of the period."""
    own = Report.objects.filter(organisation=OuterRef("pk"), kind=kind, starts_on=starts_on)
    ready = own.filter(Q(state="sent") | Exists(Print.objects.filter(report=OuterRef("pk"))))
    rows = Organisation.objects.filter(path__under=path, kind="school", closed_on__isnull=True)
    return list(rows.exclude(Exists(ready)).order_by("name_key", "id").values_list("pk", "name"))


def owed_by(path: str, kind: str, day: dt.date) -> QuerySet[Any]:
    """Give the open units below a place that owe a report of the last periods.

    ``oldest_due``: last day of the oldest report owed; ``missing``: how many; ``is_reminded``: reminded
    today. Order by ``oldest_due`` to see late ones first. A unit owes only periods that it saw the end of.
    """
    rows = _reporting(path)
    spans = spans_owed(kind, day, PERIODS_OWED)
    first = Report.objects.filter(kind=kind, path__under=path).order_by("starts_on").values_list("starts_on", flat=True)
    begun = first.first() or spans[-1].starts_on
    spans = [span for span in spans if span.starts_on >= begun] or spans[-1:]
    lacks = [(span, _lacks(kind, span)) for span in spans]
    oldest = Case(*[When(lack, then=Value(span.due_on)) for span, lack in lacks], output_field=DateField())
    missing = reduce(add, [Case(When(lack, then=1), default=0, output_field=IntegerField()) for _span, lack in lacks])
    reminded = Reminder.objects.filter(organisation=OuterRef("pk"), kind=kind, on=day)
    return rows.annotate(oldest_due=oldest, missing=missing, is_reminded=Exists(reminded)).filter(
        oldest_due__isnull=False
    )


def _reporting(path: str) -> QuerySet[Organisation]:
    kinds = [kind for kind in chains() if kind != "division"]
    rows = Organisation.objects.filter(path__under=path, kind__in=kinds, closed_on__isnull=True)
    return rows.exclude(path=path)


def _lacks(kind: str, span: Span) -> Q:
    sent = Report.objects.filter(organisation=OuterRef("pk"), kind=kind, starts_on=span.starts_on, state="sent")
    existed = Q(opened_on__isnull=True) | Q(opened_on__lte=span.ends_on)
    return Q(~Exists(sent)) & existed


def owed_counts(path: str, kind: str, day: dt.date) -> dict[str, int]:
    """Count the units below a place that report, those that owe a report, and those that are late."""
    owing = owed_by(path, kind, day)
    counted = owing.aggregate(owing=Count("pk"), late=Count("pk", filter=Q(oldest_due__lt=day)))
    return {"units": _reporting(path).count(), **counted}


def day_of(text: str) -> dt.date:
    """Read a day kept in the facts."""
    return dt.date.fromisoformat(text)
