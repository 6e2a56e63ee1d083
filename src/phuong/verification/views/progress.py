"""How far the verification is: what was asked and answered, what the quota leaves, what was refused; and a new run."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from phuong.kernel.gates import needs
from phuong.kernel.jobs import later
from phuong.kernel.models import Job
from phuong.kernel.permissions import Permission
from phuong.registry.api import IdentityState, unverified_count
from phuong.ui.api import shown_job
from phuong.verification.actions import answering
from phuong.verification.errors import NotConnected
from phuong.verification.queries import COUNTED, gateway_lacks, last_problem, quota, stuck_dispatches, totals

MOST_JOBS = 4


@needs(Permission.CHECKS_RUN)
@require_safe
def progress(request: Any) -> HttpResponse:
    """Show the figures and the latest runs; renewed by itself while one is under way."""
    jobs = list(Job.objects.filter(name="verification.run").order_by("-id")[:MOST_JOBS])
    counted = totals()
    page = {
        "lacks": gateway_lacks(),
        "problem": last_problem(),
        "left": unverified_count(request.actor.scope),
        "totals": counted,
        "results": [(IdentityState(outcome).label, counted[outcome.value]) for outcome in COUNTED],
        "quota": quota(timezone.now()),
        "stuck": stuck_dispatches(),
        "jobs": [shown_job(job) for job in jobs],
        "busy": any(not job.is_over for job in jobs),
    }
    part = "#progress" if "HX-Request" in request.headers else ""
    answer = render(request, f"verification/progress.html{part}", page)
    answer["Vary"] = "HX-Request"
    return answer


@needs(Permission.CHECKS_RUN)
@require_POST
def run(request: Any) -> HttpResponse:
    """Ask for a run over the actor's place.

    :raises NotConnected: no gateway is set up
    """
    if gateway_lacks():
        raise NotConnected
    later("verification.run", path=request.actor.scope, under=request.actor.scope)
    messages.success(request, _("Đang đối chiếu. Trang này tự cập nhật."))
    return redirect("verification:progress")


@needs(Permission.CHECKS_RUN)
@require_POST
def let_go(request: Any, dispatch_id: UUID) -> HttpResponse:
    """Send a request again that the gateway had refused."""
    answering.let_go(dispatch_id, by=request.actor)
    later("verification.collect", dispatch=str(dispatch_id))
    messages.success(request, _("Đang gửi lại."))
    return redirect("verification:progress")
