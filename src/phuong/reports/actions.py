"""Writes of reports: draft, write, approve, number and send, restate; and all units' at once."""

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from phuong.kernel.attachments import keep_file
from phuong.kernel.audit import record
from phuong.kernel.jobs import Progress
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, acting
from phuong.kernel.today import today
from phuong.paper.api import Press, document_number
from phuong.registry.api import Organisation
from phuong.reports.access import report_for
from phuong.reports.errors import WrongStep
from phuong.reports.files import NARRATIVE, paper_of
from phuong.reports.models import Register, Report
from phuong.reports.queries import facts_of, units_that_report
from phuong.reports.rules import STEPS, span_of

FILES, ABBREVIATION, BATCH = "report", "BC", 50


class _Printed(io.BytesIO):
    """A paper as a file that can be kept."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(content)
        self.name, self.size = name, len(content)


@transaction.atomic
def draft_report(unit: Organisation, *, kind: str, day: dt.date, by: Actor, indicators: Any = None) -> Report:
    """Draft the report of a unit for the period of ``day``, or bring an open draft up to date; what is sent stays.

    :raises NotThere: the actor may not write reports
    """
    if not by.may(Permission.REPORTS_WRITE):
        raise NotThere
    span = span_of(kind, day)
    rows = Report.objects.filter(organisation=unit, kind=kind, starts_on=span.starts_on)
    found = rows.select_for_update(of=("self",)).order_by("-version").first()
    if found is not None and found.state != "draft":
        return found
    facts = facts_of(unit, span, indicators=indicators)
    if found is None:
        found = Report(organisation=unit, path=unit.path, kind=kind, starts_on=span.starts_on)
        found.ends_on, found.due_on, found.written_by = span.ends_on, span.due_on, by.name
        record("reports.drafted", on_kind="report", on_id=found.pk, path=unit.path)
    found.facts = facts
    found.save()
    return found


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
def take_step(report_id: UUID, *, act: str, by: Actor) -> Report:
    """Take a report one step on: submit, approve, return, send. Sending numbers it and freezes its paper.

    :raises NotThere: not a step of this actor
    :raises WrongStep: the step does not fit
    """
    if act not in {step for _state, step in STEPS}:
        raise NotThere
    report = report_for(by, report_id, act=act)
    to = STEPS.get((report.state, act))
    if to is None:
        raise WrongStep
    report.state = to
    if act == "approve":
        report.approved_by = by.name
    if act == "send":
        report.sent_on = today()
        report.number = _next_number(report)
    report.save(update_fields=["state", "approved_by", "sent_on", "number"])
    if act == "send":
        printed = _Printed(f"bao-cao-{report.starts_on}-v{report.version}.pdf", Press().pdf(paper_of(report)))
        keep_file(printed, on_kind=FILES, on_id=report.pk, path=report.path, permission=Permission.REPORTS_READ, by=by)
    record(f"reports.{act}", on_kind="report", on_id=report.pk, note=report.number, path=report.path)
    return report


def _next_number(report: Report) -> str:
    """Take the next number of the unit's register of this year; two at once wait for each other."""
    unit, year = report.organisation, (report.sent_on or today()).year
    Register.objects.get_or_create(
        organisation=unit, year=year, abbreviation=ABBREVIATION, defaults={"path": report.path}
    )
    register = Register.objects.select_for_update().get(organisation=unit, year=year, abbreviation=ABBREVIATION)
    register.last += 1
    register.save(update_fields=["last"])
    return document_number(register.last, ABBREVIATION, issuer_of(unit))


def issuer_of(unit: Organisation) -> str:
    """Give the letters of the issuer in a number: SGDĐT of a department, else the official code."""
    return "SGDĐT" if unit.kind == "department" else unit.code


@transaction.atomic
def restate(report_id: UUID, *, because: str, by: Actor) -> Report:
    """Draft a restatement of a sent report with today's figures; the sent one stays as it was.

    :raises NotThere: not a report this actor writes
    :raises WrongStep: it was not sent, or is being restated already
    """
    report = report_for(by, report_id, act="restate")
    if report.state != "sent" or report.restated.exists():
        raise WrongStep
    made = Report.objects.create(
        path=report.path,
        organisation=report.organisation,
        kind=report.kind,
        starts_on=report.starts_on,
        ends_on=report.ends_on,
        due_on=report.due_on,
        version=report.version + 1,
        replaces=report,
        restated_because=because,
        facts=facts_of(report.organisation, span_of(report.kind, report.starts_on)),
        words=report.words,
        written_by=by.name,
    )
    record("reports.restated", on_kind="report", on_id=made.pk, note=because[:200], path=report.path)
    return made


def draft_all(progress: Progress, kind: str, day: str, under: str, asked_by: str) -> Mapping[str, Any]:
    """Draft the reports of every school at or below a place; each stands by itself, so it can be stopped and go on."""
    by = Actor(scope=under, name=asked_by, permissions=frozenset({Permission.REPORTS_WRITE, Permission.RECORDS_READ}))
    on = dt.date.fromisoformat(day)
    with acting(by):
        units = units_that_report(under, ("school",))
    for start in range(0, len(units), BATCH):
        progress.step(start, len(units))
        with acting(by):
            for unit in units[start : start + BATCH]:
                draft_report(unit, kind=kind, day=on, by=by)
    progress.step(len(units), len(units))
    return {"asked": len(units), "drafted": len(units), "url": "/bao-cao/"}
