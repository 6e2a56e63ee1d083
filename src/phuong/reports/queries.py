"""Reads of reports: the figures of a unit on a day, and the report before."""

import datetime as dt
from decimal import Decimal
from typing import Any

from phuong.plans.api import Standing, standings_of
from phuong.registry.api import Organisation
from phuong.reports.models import Report
from phuong.reports.rules import Span, changes_between
from phuong.tasks.api import late_under, tally_under

MOST_LINES = 20
_LATE, _CARE = "behind", "attention"


def facts_of(unit: Organisation, span: Span, *, indicators: Any = None) -> dict[str, Any]:
    """Draft the figures of a unit: indicators that need action, counts by state, tasks; as plain JSON.

    ``unit``: a province's department reports for the province.
    """
    area = unit.parent if unit.kind in ("department", "division") and unit.parent else unit
    standings = [each for each in standings_of(area, year=span.ends_on.year, indicators=indicators) if each.figure]
    standings = [each for each in standings if each.figure and each.figure.denominator]
    by_measure: dict[str, Standing] = {}
    for each in standings:
        by_measure.setdefault(each.indicator.measure, each)
    shown = sorted(by_measure.values(), key=lambda each: (each.status != _LATE, each.indicator.code))
    tally = tally_under(area.path, span.ends_on)
    return {
        "as_of": max((each.figure.as_of for each in standings if each.figure), default=span.ends_on).isoformat(),
        "counts": {
            "total": len(shown),
            "kept": sum(each.status in ("met", "on_track") for each in shown),
            "attention": sum(each.status == _CARE for each in shown),
            "behind": sum(each.status == _LATE for each in shown),
        },
        "figures": {code: _text(each.actual) for code, each in by_measure.items()},
        "lines": [_line(each) for each in shown if each.status in (_LATE, _CARE)][:MOST_LINES],
        "tasks": {"total": tally.total, "done": tally.done, "late": tally.late, "on_time": tally.on_time},
        "late_tasks": [
            {"title": task.title[:200], "unit": task.organisation.name, "due": task.due_on.isoformat()}
            for task in late_under(area.path, span.ends_on, 10)
            if task.due_on
        ],
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
    return None if value is None else str(value.normalize() if value == value.to_integral() else value)


def report_before(report: Report) -> Report | None:
    """Give the report to compare with: the one this restates, else the sent one of the period before."""
    if report.replaces is not None:
        return report.replaces
    rows = Report.objects.filter(organisation=report.organisation, kind=report.kind, state="sent")
    return rows.filter(starts_on__lt=report.starts_on).order_by("-starts_on", "-version").first()


def changes_of(report: Report) -> dict[str, Decimal]:
    """Give by how much each figure differs from the report before."""
    before = report_before(report)
    return changes_between(before.facts.get("figures", {}), report.facts.get("figures", {})) if before else {}


def units_that_report(path: str, kinds: tuple[str, ...]) -> list[Organisation]:
    """Give the open units of some kinds at or below a place."""
    rows = Organisation.objects.filter(path__under=path, kind__in=kinds, closed_on__isnull=True)
    return list(rows.select_related("parent").order_by("name_key", "id"))


def day_of(text: str) -> dt.date:
    """Read a day kept in the facts."""
    return dt.date.fromisoformat(text)
