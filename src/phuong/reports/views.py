"""Pages of reports."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.kernel.attachments import attachments_of
from phuong.kernel.audit import record
from phuong.kernel.exports import Leaving, let_leave
from phuong.kernel.gates import needs
from phuong.kernel.jobs import ask_again, cancel, later
from phuong.kernel.language import is_english
from phuong.kernel.models import JobState
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import BadInput, NotThere
from phuong.kernel.today import today
from phuong.paper.api import to_docx, to_pdf
from phuong.registry.api import communes_of, organisation_for
from phuong.reports.access import (
    RUN,
    acts_for,
    area_for_download,
    chain_of,
    is_above_units,
    may_draft_all,
    may_take,
    post_of,
    report_for,
    run_for,
    runs_of,
    seen_by,
)
from phuong.reports.actions.approving import Word, take_step
from phuong.reports.actions.drafting import draft_report, restate, write_words
from phuong.reports.actions.reminding import remind
from phuong.reports.errors import RemindedToday
from phuong.reports.files import (
    FILES,
    NARRATIVE,
    archive,
    compared_to,
    figures_caution,
    file_name,
    frozen_print,
    paper_of,
    period_name,
)
from phuong.reports.forms import Because, Collected, NewReport, OwedFilter, ReportFilter, StepForm, WordsForm
from phuong.reports.models import Report
from phuong.reports.queries import changes_of, collectable, matching, owed_by, owed_counts, report_before
from phuong.reports.rules import is_late, span_of
from phuong.ui.api import keys_in, keyset_page, shown_job

_FILES = {
    "pdf": ("application/pdf", to_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", to_docx),
}
_OVER = (JobState.FAILED, JobState.CANCELLED)


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
    chosen = ReportFilter(request.GET)
    rows = matching(seen_by(request.actor), chosen.chosen())
    page = {
        "form": form,
        "filter": chosen,
        "page": keyset_page(rows, by=("starts_on", "id"), query=request.GET, newest_first=True),
        "may_write": may_write,
        "may_all": may_draft_all(request.actor),
        "is_above": is_above_units(request.actor),
        "runs": runs_of(request.actor),
        "today": today(),
    }
    return render(request, "reports/reports.html", page, status=422 if form.errors else 200)


def _drafted(request: Any, form: NewReport) -> HttpResponse:
    kind, day = form.cleaned_data["kind"], form.cleaned_data["day"]
    actor = request.actor
    if "all" in request.POST:
        if not may_draft_all(actor):
            raise NotThere
        first = span_of(kind, day).starts_on.isoformat()
        facts = {"kind": kind, "day": first, "asked_by": actor.name, "under": actor.scope}
        return redirect("reports:run", later(RUN, path=actor.scope, **facts).pk)
    unit = organisation_for(actor, actor.organisation_id)
    return redirect("reports:report", draft_report(unit, kind=kind, day=day, by=actor).pk)


@needs(Permission.REPORTS_READ)
@require_http_methods(["GET", "POST"])
def report(request: Any, report_id: UUID) -> HttpResponse:
    """Show one report: figures, what changed, the words; write them while it is a draft."""
    found = report_for(request.actor, report_id)
    form = WordsForm(request.POST or None, initial=found.words)
    if request.method == "POST" and form.is_valid():
        write_words(found.pk, words=form.cleaned_data, by=request.actor)
        return redirect("reports:report", found.pk)
    page = _report_page(request, found, StepForm()) | {"form": form}
    return render(request, "reports/report.html", page, status=422 if form.errors else 200)


def _report_page(request: Any, found: Report, step_form: StepForm) -> dict[str, Any]:
    actor = request.actor
    acts = acts_for(actor, found)
    chain = chain_of(found.organisation)
    if "approve" in acts:
        step_form.offer(chain.stage_at(found.stage), post_of(actor))
    changes = changes_of(found)
    restated = found.restated.first()
    return {
        "report": found,
        "period": period_name(found),
        "form": WordsForm(initial=found.words),
        "step_form": step_form,
        "lines": [(line, changes.get(line["code"])) for line in found.facts.get("lines", [])],
        "counts": found.facts.get("counts", {}),
        "words": [(title, found.words.get(code, "")) for code, title in NARRATIVE],
        "before": report_before(found),
        "compared": compared_to(found),
        "caution": figures_caution(found),
        "restated": restated,
        "acts": acts,
        "stages": _stages(found),
        "steps": list(found.steps.order_by("id")),
        "is_late": is_late(found.sent_on, found.due_on, today()),
        "may_write": found.state == "draft" and may_take(actor, found, "write"),
        "may_restate": found.state == "sent" and restated is None and may_take(actor, found, "restate"),
        "because": Because(),
        "files": list(attachments_of(FILES, [found.pk])),
    }


def _stages(found: Report) -> list[dict[str, str]]:
    """Give each stage of the chain with how it stands: given, waited for, still to come."""
    shown = []
    for place, stage in enumerate(chain_of(found.organisation).stages):
        title = stage.title_en if is_english() else stage.title
        if place < found.stage or found.state in ("approved", "sent"):
            shown.append({"title": title, "state": "good", "word": _("Đã duyệt")})
        elif found.state == "submitted" and place == found.stage:
            shown.append({"title": title, "state": "waiting", "word": _("Chờ duyệt")})
        else:
            shown.append({"title": title, "state": "none", "word": _("Chưa đến")})
    return shown


@needs(Permission.REPORTS_READ)
@require_safe
def paper(request: Any, report_id: UUID, form: str) -> HttpResponse:
    """Hand over the paper as PDF or .docx; the PDF of a sent report is the very file that was sent."""
    found = report_for(request.actor, report_id)
    if form not in _FILES or not found.facts:
        raise NotThere
    let_leave(Leaving("report"))
    media, make = _FILES[form]
    frozen = frozen_print(found) if form == "pdf" else None
    response = HttpResponse(frozen or make(paper_of(found)), content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{file_name(found, form)}"'
    response["Cache-Control"] = "private, no-store"
    return response


@needs(Permission.REPORTS_WRITE, Permission.REPORTS_APPROVE, Permission.REPORTS_SEND)
@require_POST
def step(request: Any, report_id: UUID, act: str) -> HttpResponse:
    """Take a report one step on in the chain of approval."""
    found = report_for(request.actor, report_id)
    form = StepForm(request.POST)
    if form.is_valid():
        word = Word(form.cleaned_data["comment"] or "", form.cleaned_data["signer"] or 0)
        try:
            take_step(report_id, act=act, by=request.actor, word=word)
        except BadInput as refusal:
            form.add_error("comment", refusal.detail)
        else:
            return redirect("reports:report", report_id)
    return render(request, "reports/report.html", _report_page(request, found, form), status=422)


@needs(Permission.REPORTS_WRITE)
@require_POST
def correct(request: Any, report_id: UUID) -> HttpResponse:
    """Draft a restatement of a sent report."""
    report_for(request.actor, report_id, act="restate")
    form = Because(request.POST)
    if not form.is_valid():
        raise BadInput(" ".join(str(each) for each in form.errors["because"]))
    return redirect("reports:report", restate(report_id, because=form.cleaned_data["because"], by=request.actor).pk)


@needs(Permission.REPORTS_READ)
@require_safe
def owed(request: Any) -> HttpResponse:
    """List the units whose report is missing, late ones first."""
    form = OwedFilter(request.GET)
    kind, actor = form.chosen(), request.actor
    rows = owed_by(actor.scope, kind, today()).select_related("parent")
    page = {
        "form": form,
        "kind": kind,
        "kind_title": Report.Kind(kind).label,
        "page": keyset_page(rows, by=("oldest_due", "name_key", "id"), query=request.GET),
        "counts": owed_counts(actor.scope, kind, today()),
        "may_remind": actor.may(Permission.TASKS_ASSIGN) and is_above_units(actor),
        "today": today(),
    }
    return render(request, "reports/owed.html", page)


@needs(Permission.TASKS_ASSIGN)
@require_POST
def reminders(request: Any) -> HttpResponse:
    """Remind the ticked units, or all that owe a report."""
    form = OwedFilter(request.POST)
    kind = form.chosen()
    units = None if "all" in request.POST else keys_in(request.POST.getlist("unit"))
    try:
        count = remind(kind, by=request.actor, units=units)
    except RemindedToday as refusal:
        messages.warning(request, refusal.detail)
    else:
        messages.success(request, _("Đã nhắc %d đơn vị.") % count)
    return redirect(f"{reverse('reports:owed')}?kind={kind}")


@needs(Permission.REPORTS_READ)
@require_safe
def run(request: Any, job_id: UUID) -> HttpResponse:
    """Show a job that makes all reports: how far it is, what came of it, what could not be made."""
    job = run_for(request.actor, job_id)
    may_steer = may_draft_all(request.actor)
    area = area_for_download(request.actor, None)
    form = Collected(initial={"kind": job.arguments["kind"], "starts_on": job.arguments["day"]})
    form.offer(communes_of(area) if area.kind == "province" else [])
    page = {
        "job": {
            **shown_job(job),
            "cancel_url": reverse("reports:stop", args=[job.pk]) if may_steer and not job.is_over else None,
            "again_url": reverse("reports:again", args=[job.pk]) if may_steer and job.state in _OVER else None,
            "result_url": None,
        },
        "result": job.result if job.state == JobState.DONE else {},
        "is_busy": not job.is_over,
        "kind": job.arguments["kind"],
        "form": form,
    }
    part = "#run" if "HX-Request" in request.headers else ""
    return render(request, f"reports/run.html{part}", page)


@needs(Permission.REPORTS_WRITE)
@require_POST
def stop(request: Any, job_id: UUID) -> HttpResponse:
    """Stop a job that makes all reports; what it has made stays."""
    if not may_draft_all(request.actor):
        raise NotThere
    cancel(run_for(request.actor, job_id))
    return redirect("reports:run", job_id)


@needs(Permission.REPORTS_WRITE)
@require_POST
def again(request: Any, job_id: UUID) -> HttpResponse:
    """Let a stopped or failed job go on where it stopped."""
    if not may_draft_all(request.actor):
        raise NotThere
    ask_again(run_for(request.actor, job_id))
    return redirect("reports:run", job_id)


@needs(Permission.REPORTS_READ)
@require_safe
def collected(request: Any) -> HttpResponseBase:
    """Hand over all reports of a period below a unit as one ZIP, made while it is sent."""
    form = Collected(request.GET)
    if not form.is_valid():
        raise BadInput(_("Chọn lại loại và kì báo cáo."))
    facts, actor = form.cleaned_data, request.actor
    area = area_for_download(actor, facts["area"])
    keys = collectable(seen_by(actor), area.path, facts["kind"], facts["starts_on"])
    if not keys:
        raise BadInput(_("Kì này chưa có báo cáo nào để tải. Lập báo cáo cho mọi trường trước."))
    let_leave(Leaving("reports"))
    record("reports.collected", on_kind="organisation", on_id=area.pk, note=f"{len(keys)} {facts['kind']}")
    response = StreamingHttpResponse(archive(actor, keys), content_type="application/zip")
    name = f"bao-cao-{area.code.lower()}-{facts['starts_on']}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
