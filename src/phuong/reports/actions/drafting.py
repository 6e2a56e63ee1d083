"""Drafting reports, writing their words, restating a sent one."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from phuong.kernel.audit import record
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.registry.api import Organisation
from phuong.reports.access import chain_of, report_for
from phuong.reports.errors import WrongStep
from phuong.reports.files import NARRATIVE
from phuong.reports.models import Report
from phuong.reports.queries import compared_with, facts_of_many, latest_reports
from phuong.reports.rules import Span, span_of


@transaction.atomic
def draft_report(unit: Organisation, *, kind: str, day: Any, by: Actor) -> Report:
    """Draft the report of a unit for the period of ``day``, or bring an open draft up to date; what is sent stays.

    :raises NotThere: the actor may not write reports, or units of this kind do not report
    """
    chain_of(unit)
    return draft_many([unit], kind=kind, span=span_of(kind, day), by=by)[unit.pk]


@transaction.atomic
def draft_many(units: Sequence[Organisation], *, kind: str, span: Span, by: Actor) -> dict[UUID, Report]:
    """Draft the reports of many units for a period in a handful of statements; gives the latest report of each.

    An open draft gets the figures known now; what is under way or sent stays as it is.

    :raises NotThere: the actor may not write reports
    """
    if not by.may(Permission.REPORTS_WRITE):
        raise NotThere
    rows = Report.objects.filter(organisation__in=units, kind=kind, starts_on=span.starts_on)
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    found = latest_reports(units, kind, span.starts_on)
    fresh = [_new(unit, kind, span, by) for unit in units if unit.pk not in found]
    open_ones = [each for each in found.values() if each.state == "draft"]
    _take_figures([*fresh, *[each for each in open_ones if each.replaces_id is None]], kind, span)
    restated = [each for each in open_ones if each.replaces_id is not None]
    _take_figures(restated, kind, span, is_restated=True)
    Report.objects.bulk_update(open_ones, ["facts"])
    Report.objects.bulk_create(fresh)
    if len(fresh) == 1:
        record("reports.drafted", on_kind="report", on_id=fresh[0].pk, path=fresh[0].path)
    elif fresh:
        record("reports.drafted", on_kind="report", note=f"{len(fresh)} {kind} {span.starts_on}")
    return {**found, **{each.organisation_id: each for each in fresh}}


def _new(unit: Organisation, kind: str, span: Span, by: Actor) -> Report:
    days = {"starts_on": span.starts_on, "ends_on": span.ends_on, "due_on": span.due_on}
    return Report(organisation=unit, path=unit.path, kind=kind, written_by=by.name, **days)


def _take_figures(reports: list[Report], kind: str, span: Span, *, is_restated: bool = False) -> None:
    facts = facts_of_many([each.organisation for each in reports], kind, span, is_restated=is_restated)
    for each in reports:
        each.facts = facts[each.organisation_id]
        if each.replaces is not None:
            each.facts["before"] = compared_with(each.replaces)


@transaction.atomic
def write_words(report_id: UUID, *, words: Mapping[str, str], by: Actor) -> Report:
    """Write the narrative blocks of a draft.

    :raises NotThere: not a report this actor writes
    :raises WrongStep: it is not a draft any more
    """
    report = report_for(by, report_id, act="write")
    if report.state != "draft":
        raise WrongStep
    report.words = {code: words.get(code, "") for code, _title in NARRATIVE}
    report.written_by = by.name
    report.save(update_fields=["words", "written_by"])
    record("reports.written", on_kind="report", on_id=report.pk)
    return report


@transaction.atomic
def restate(report_id: UUID, *, because: str, by: Actor) -> Report:
    """Draft a restatement of a sent report with the latest figures; the sent one stays as it was.

    :raises NotThere: not a report this actor writes
    :raises WrongStep: it was not sent, or is being restated already
    """
    report = report_for(by, report_id, act="restate")
    if report.state != "sent" or report.restated.exists():
        raise WrongStep
    span = span_of(report.kind, report.starts_on)
    made = _new(report.organisation, report.kind, span, by)
    made.version, made.replaces, made.restated_because, made.words = (
        report.version + 1,
        report,
        because,
        report.words,
    )
    _take_figures([made], report.kind, span, is_restated=True)
    made.save()
    record("reports.restated", on_kind="report", on_id=made.pk, note=because[:200], path=report.path)
    return made
