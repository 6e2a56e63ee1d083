"""Pages of reports."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.kernel.attachments import attachments_of
from phuong.kernel.gates import needs
from phuong.kernel.jobs import later
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import BadInput, NotThere
from phuong.kernel.today import today
from phuong.paper.api import to_docx, to_pdf
from phuong.registry.api import organisation_for
from phuong.reports.access import NEEDED, report_for, seen_by
from phuong.reports.actions import FILES, draft_report, restate, take_step, write_words
from phuong.reports.files import NARRATIVE, paper_of, period_name
from phuong.reports.forms import Because, NewReport, WordsForm
from phuong.reports.queries import changes_of, report_before
from phuong.reports.rules import STEPS
from phuong.ui.api import keyset_page

_FILES = {
    "pdf": ("application/pdf", to_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", to_docx),
}


@needs(Permission.REPORTS_READ)
@require_http_methods(["GET", "POST"])
def reports(request: Any) -> HttpResponse:
    """List the reports within the acting scope, latest period first; draft a new one of the own unit."""
    form = NewReport(request.POST or None, initial={"day": today()})
    may_write = request.actor.may(Permission.REPORTS_WRITE)
    if request.method == "POST":
        if not may_write:
            raise NotThere
        if form.is_valid():
            return _drafted(request, form)
    rows = seen_by(request.actor).order_by("-id")
    latest = keyset_page(rows, by=("id",), query=request.GET)
    page = {"form": form, "page": latest, "may_write": may_write, "today": today()}
    return render(request, "reports/reports.html", page, status=422 if form.errors else 200)


def _drafted(request: Any, form: NewReport) -> HttpResponse:
    kind, day = form.cleaned_data["kind"], form.cleaned_data["day"]
    if "all" in request.POST:
        later(
            "reports.draft_all",
            path=request.actor.scope,
            kind=kind,
            day=day.isoformat(),
            asked_by=request.actor.name,
            under=request.actor.scope,
        )
        return redirect("reports:reports")
    unit = organisation_for(request.actor, request.actor.organisation_id)
    return redirect("reports:report", draft_report(unit, kind=kind, day=day, by=request.actor).pk)


@needs(Permission.REPORTS_READ)
@require_http_methods(["GET", "POST"])
def report(request: Any, report_id: UUID) -> HttpResponse:
    """Show one report: figures, what changed, the words; write them while it is a draft."""
    found = report_for(request.actor, report_id)
    form = WordsForm(request.POST or None, initial=found.words)
    if request.method == "POST" and form.is_valid():
        write_words(found.pk, words=form.cleaned_data, by=request.actor)
        return redirect("reports:report", found.pk)
    changes = changes_of(found)
    before = report_before(found)
    acts = [act for (state, act) in STEPS if state == found.state and request.actor.may(NEEDED[act])]
    page = {
        "report": found,
        "period": period_name(found),
        "form": form,
        "lines": [(line, changes.get(line["code"])) for line in found.facts.get("lines", [])],
        "counts": found.facts.get("counts", {}),
        "words": [(title, found.words.get(code, "")) for code, title in NARRATIVE],
        "before": before,
        "restated": found.restated.first(),
        "acts": acts,
        "may_write": request.actor.may(Permission.REPORTS_WRITE) and found.state == "draft",
        "may_restate": request.actor.may(Permission.REPORTS_WRITE) and found.state == "sent",
        "because": Because(),
        "files": list(attachments_of(FILES, [found.pk])),
    }
    return render(request, "reports/report.html", page, status=422 if form.errors else 200)


@needs(Permission.REPORTS_READ)
@require_safe
def paper(request: Any, report_id: UUID, form: str) -> HttpResponse:
    """Hand over the paper as PDF or .docx."""
    found = report_for(request.actor, report_id)
    if form not in _FILES or not found.facts:
        raise NotThere
    media, make = _FILES[form]
    response = HttpResponse(make(paper_of(found)), content_type=media)
    response["Content-Disposition"] = f'attachment; filename="bao-cao-{found.starts_on}-v{found.version}.{form}"'
    response["Cache-Control"] = "private, no-store"
    return response


@needs(Permission.REPORTS_WRITE, Permission.REPORTS_APPROVE, Permission.REPORTS_SEND)
@require_POST
def step(request: Any, report_id: UUID, act: str) -> HttpResponse:
    """Take a report one step on in the chain of approval."""
    take_step(report_id, act=act, by=request.actor)
    return redirect("reports:report", report_id)


@needs(Permission.REPORTS_WRITE)
@require_POST
def correct(request: Any, report_id: UUID) -> HttpResponse:
    """Draft a restatement of a sent report."""
    form = Because(request.POST)
    if not form.is_valid():
        raise BadInput(" ".join(str(each) for each in form.errors["because"]))
    return redirect("reports:report", restate(report_id, because=form.cleaned_data["because"], by=request.actor).pk)
