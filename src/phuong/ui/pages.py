"""The pages of the frame: home by role, search, all functions, jobs, help."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from phuong.kernel import jobs
from phuong.kernel.attachments import attachment_for
from phuong.kernel.audit import seen
from phuong.kernel.contributions import Hit, Home, SearchSource, contributions
from phuong.kernel.exports import Leaving, let_leave
from phuong.kernel.gates import needs, signed_in
from phuong.kernel.models import Job, JobState
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import current_actor
from phuong.kernel.text import search_key, sought
from phuong.ui.context import entries_for

HITS_PER_SOURCE = 6
MOST_JOBS = 50
AGAIN = (JobState.FAILED, JobState.CANCELLED)
_SHORTEST_QUERY = 2


@dataclass(frozen=True)
class ShownHit:
    """A hit with the letters that matched."""

    title: str
    detail: str
    url: str
    marks: list[tuple[str, bool]]


@dataclass(frozen=True)
class HitGroup:
    """The hits of one source."""

    title: str
    icon: str
    hits: list[ShownHit]


@signed_in
@require_safe
def home(request: Any) -> HttpResponse:
    """Answer with the first page of the acting role."""
    for entry in contributions(Home):
        if request.actor.role in entry.roles:
            return entry.view(request)  # type: ignore[no-any-return]
    return render(request, "ui/home_empty.html")


@signed_in
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Look through everything the acting person may see; a fragment for the palette, else a page."""
    query = sought(request.GET.get("q", ""), most=100)
    groups = _found(search_key(query)) if len(query) >= _SHORTEST_QUERY else []
    part = "#results" if "HX-Request" in request.headers else ""
    answer = render(request, f"ui/search.html{part}", {"query": query, "groups": groups})
    answer["Vary"] = "HX-Request"
    return answer


def _found(words: str) -> list[HitGroup]:
    groups = []
    for source in contributions(SearchSource):
        hits = source.find(words, HITS_PER_SOURCE)
        if hits:
            shown = [ShownHit(hit.title, hit.detail, hit.url, _marks(hit, words)) for hit in hits]
            groups.append(HitGroup(str(source.title), source.icon, shown))
    return groups


def _marks(hit: Hit, words: str) -> list[tuple[str, bool]]:
    """Split the title into stretches that match and that do not; folding keeps one letter for one letter."""
    folded = search_key(hit.title)
    start = folded.find(words)
    if start < 0 or len(folded) != len(hit.title):
        return [(hit.title, False)]
    end = start + len(words)
    parts = [(hit.title[:start], False), (hit.title[start:end], True), (hit.title[end:], False)]
    return [(text, is_hit) for text, is_hit in parts if text]


def find_functions(words: str, limit: int) -> list[Hit]:
    """Search the pages of the acting role by their title and purpose."""
    hits = []
    for entry in entries_for(current_actor().role):
        if words in search_key(f"{entry.title} {entry.purpose}"):
            hits.append(Hit(str(entry.title), str(entry.purpose), reverse(entry.url_name)))
    return hits[:limit]


@signed_in
@require_safe
def all_functions(request: Any) -> HttpResponse:
    """List every page of the acting role in plain groups."""
    groups: dict[str, list[Any]] = {}
    for entry in entries_for(request.actor.role):
        shown = {"title": entry.title, "url": reverse(entry.url_name), "icon": entry.icon, "purpose": entry.purpose}
        groups.setdefault(str(entry.group), []).append(shown)
    return render(request, "ui/all_functions.html", {"groups": list(groups.items())})


@needs(Permission.JOBS_READ)
@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """List the latest jobs within the acting scope, newest first."""
    rows = [shown_job(job) for job in Job.objects.order_by("-id")[:MOST_JOBS]]
    is_busy = any(not row["over"] for row in rows)
    part = "#jobs" if "HX-Request" in request.headers else ""
    return render(request, f"ui/jobs.html{part}", {"jobs": rows, "busy": is_busy})


def shown_job(job: Job) -> dict[str, Any]:
    """Give what the card of a job shows."""
    can_stop = not job.is_over and not job.cancel_asked
    return {
        "title": job.title,
        "state": job.get_state_display(),
        "code": job.state,
        "over": job.is_over,
        "done": job.done,
        "total": job.total,
        "percent": job.percent,
        "asked_by": job.asked_by_name or _("hệ thống"),
        "asked_at": job.asked_at,
        "message": job.message,
        "cancel_url": reverse("ui:cancel_job", args=[job.pk]) if can_stop else None,
        "again_url": reverse("ui:ask_job_again", args=[job.pk]) if job.state in AGAIN else None,
        "result_url": job.result.get("url"),
    }


@needs(Permission.JOBS_READ)
@require_POST
def cancel_job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Ask one job to stop."""
    del request
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        raise NotThere
    jobs.cancel(job)
    return redirect("ui:jobs")


@needs(Permission.JOBS_READ)
@require_POST
def ask_job_again(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Run a failed or stopped job again."""
    del request
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        raise NotThere
    jobs.ask_again(job)
    return redirect("ui:jobs")


@signed_in
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Show the help page."""
    return render(request, "ui/help.html")


@signed_in
@require_safe
def attachment(request: Any, attachment_id: UUID) -> HttpResponse:
    """Hand over one kept file, for saving: never shown inside our own pages."""
    found = attachment_for(request.actor, attachment_id)
    let_leave(Leaving("attachment"))
    seen("attachment.opened", on_kind=found.on_kind, on_id=found.on_id, about=found.on_id, path=found.path)
    response = HttpResponse(bytes(found.content), content_type=found.media_type)
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=found.name) or "attachment"
    )
    response["Cache-Control"] = "private, no-store"
    return response
