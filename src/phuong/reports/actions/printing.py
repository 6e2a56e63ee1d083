"""All schools' reports in one job: drafted and printed in batches, each batch whole or not at all."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.kernel.audit import record
from phuong.kernel.jobs import Progress
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import Actor, acting
from phuong.paper.api import Paper, Press
from phuong.registry.api import Organisation
from phuong.reports.actions.drafting import draft_many
from phuong.reports.files import paper_of, trace_of
from phuong.reports.models import Print, Report
from phuong.reports.queries import lacking_reports, schools_that_report
from phuong.reports.rules import Span, span_of

BATCH = 100
MOST_FAILURES_TOLD = 500
_MAY = frozenset({Permission.REPORTS_WRITE, Permission.RECORDS_READ})


def draft_all(progress: Progress, kind: str, day: str, under: str, asked_by: str) -> Mapping[str, Any]:
    """Draft and print the reports of every open school at or below a place.

    Each batch is one transaction: a killed worker leaves whole batches behind, and taken up again the same job passes
    over what it has made. A school whose paper cannot be printed is named, the others are made. In the end what is
    there is counted against what was asked.
    """
    by = Actor(scope=under, name=asked_by, permissions=_MAY)
    span = span_of(kind, dt.date.fromisoformat(day))
    with acting(by):
        units = schools_that_report(under)
    reasons: dict[UUID, str] = {}
    with Press() as press:
        for start in range(0, len(units), BATCH):
            progress.step(start, len(units))
            with acting(by):
                reasons |= _make(units[start : start + BATCH], kind, span, _Work(by, press, progress.job_id))
    with acting(by):
        lacking = lacking_reports(under, kind, span.starts_on)
        record("reports.made_all", note=f"{len(units) - len(lacking)}/{len(units)} {kind} {span.starts_on}", path=under)
    progress.step(len(units), len(units))
    told = [{"unit": name, "why": reasons.get(key, _("Chưa lập được"))} for key, name in lacking[:MOST_FAILURES_TOLD]]
    url = reverse("reports:run", args=[progress.job_id]) if progress.job_id else reverse("reports:reports")
    return {"asked": len(units), "made": len(units) - len(lacking), "failed": told, "url": url}


class _Work:
    """What the batches of one job share: who asks, the press, the job."""

    def __init__(self, by: Actor, press: Press, job_id: UUID | None) -> None:
        self.by, self.press, self.job_id = by, press, job_id


def _make(units: Sequence[Organisation], kind: str, span: Span, work: _Work) -> dict[UUID, str]:
    """Draft and print one batch, in one transaction; gives why some could not be printed."""
    done: set[UUID] = set()
    if work.job_id:
        made = Print.objects.filter(job_id=work.job_id, report__organisation__in=units)
        done = set(made.values_list("report__organisation_id", flat=True))
    todo = [unit for unit in units if unit.pk not in done]
    if not todo:
        return {}
    with transaction.atomic():
        reports = draft_many(todo, kind=kind, span=span, by=work.by)
        return print_reports([each for each in reports.values() if each.state != "sent"], work.press, work.job_id)


def print_reports(reports: Sequence[Report], press: Press, job_id: UUID | None = None) -> dict[UUID, str]:
    """Print reports not yet sent and keep the files; what is unchanged since its last print is not printed again.

    Gives why some could not be printed, by unit.
    """
    kept = dict(Print.objects.filter(report__in=reports).values_list("report_id", "printed_from"))
    reasons: dict[UUID, str] = {}
    prints, same = [], []
    for report, paper, trace in _papers(reports):
        if kept.get(report.pk) == trace:
            same.append(report.pk)
            continue
        try:
            content = press.pdf(paper)
        except ValueError as error:
            reasons[report.organisation_id] = str(error)[:300]
            continue
        facts = {"path": report.path, "content": content, "printed_from": trace}
        prints.append(Print(report=report, job_id=job_id, made_at=timezone.now(), **facts))
    fields = ["path", "content", "printed_from", "job_id", "made_at"]
    Print.objects.bulk_create(prints, update_conflicts=True, unique_fields=["report"], update_fields=fields)
    Print.objects.filter(report__in=same).update(job_id=job_id)
    unprinted = [each.pk for each in reports if each.organisation_id in reasons]
    Print.objects.filter(report__in=unprinted).delete()
    return reasons


def _papers(reports: Sequence[Report]) -> Iterator[tuple[Report, Paper, str]]:
    for report in reports:
        paper = paper_of(report)
        yield report, paper, trace_of(paper)
