"""Runs: asked for, followed, and what they found."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.matching.access import run_for, runs_seen_by
from phuong.matching.actions.runs import ask_run, stop_run
from phuong.matching.forms import NewRun
from phuong.matching.queries import job_of
from phuong.ui.api import keyset_page, shown_job


@needs(Permission.PEOPLE_MERGE)
@never_cache
@require_http_methods(["GET", "POST"])
def runs(request: Any) -> HttpResponse:
    """List the runs of the acting place, with the one that is under way; ask for another."""
    form = NewRun(request.POST or None)
    if request.method == "POST" and form.is_valid():
        unit, against = form.units(request.actor)
        ask_run(unit, by=request.actor, against=against)
        messages.success(request, _("Đã đưa vào hàng chờ."))
        return redirect("matching:runs")
    page = keyset_page(runs_seen_by(request.actor), by=("id",), query=request.GET, newest_first=True)
    job = job_of(page.rows[0]) if page.rows else None
    shown = {"page": page, "form": form, "job": shown_job(job) if job and not job.is_over else None}
    shown["running"] = page.rows[0] if shown["job"] else None
    part = "#progress" if "HX-Request" in request.headers else ""
    return render(request, f"matching/runs.html{part}", shown, status=422 if form.errors else 200)


@needs(Permission.PEOPLE_MERGE)
@require_POST
def stop(request: Any, run_id: UUID) -> HttpResponse:
    """Stop a run at its next step."""
    stop_run(run_for(request.actor, run_id))
    return redirect("matching:runs")
