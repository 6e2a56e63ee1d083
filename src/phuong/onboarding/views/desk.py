"""The desk of a school: how far accounts have come, letters, messages, claims."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from phuong.kernel.gates import needs
from phuong.kernel.refusals import BadInput
from phuong.onboarding.access import MAY_KEEP, file_for, kept_class_for, school_for
from phuong.onboarding.actions.claims import decide_claim
from phuong.onboarding.actions.letters import ask_letters, take_file
from phuong.onboarding.actions.sending import CODES, ask_sending, revoke_links
from phuong.onboarding.forms import SendForm, WhomForm
from phuong.onboarding.queries import STAFF, class_progress, files_of, jobs_of, waiting_claims
from phuong.registry.api import organisation_for
from phuong.ui.api import shown_job


@needs(MAY_KEEP)
@require_safe
def own(request: Any) -> HttpResponse:
    """Lead to the own school; who stands above schools chooses one first."""
    unit = organisation_for(request.actor, request.actor.organisation_id)
    return redirect("onboarding:school", unit.pk) if unit.kind == "school" else redirect("registry:schools")


@needs(MAY_KEEP)
@never_cache
@require_safe
def school(request: Any, organisation_id: UUID) -> HttpResponse:
    """Show the classes of a school with their accounts, the letters printed, claims that wait."""
    unit = school_for(request.actor, organisation_id)
    jobs = [shown_job(job) for job in jobs_of(unit)]
    page = {
        "school": unit,
        "classes": list(class_progress(unit)),
        "files": list(files_of(unit, request.actor)),
        "jobs": [job for job in jobs if not job["over"]],
        "claims": list(waiting_claims(unit.path)),
        "send_form": SendForm(),
    }
    return render(request, "onboarding/school.html", page)


def site_of(request: Any) -> str:
    """Give the address of this site as letters and messages name it."""
    return settings.PHUONG_SITE_URL or request.build_absolute_uri("/").rstrip("/")


@needs(MAY_KEEP)
@require_POST
def letters(request: Any, class_id: UUID) -> HttpResponse:
    """Ask for the letters of a class."""
    group = kept_class_for(request.actor, class_id)
    form = WhomForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("Chọn in thư cho học sinh hay phụ huynh."))
    ask_letters(group.organisation, group, whom=form.cleaned_data["whom"], site=site_of(request))
    messages.success(request, _("Đang in thư lớp %s. Tệp hiện ở dưới khi in xong.") % group.name)
    return redirect("onboarding:school", group.organisation_id)


@needs(MAY_KEEP)
@require_POST
def staff_letters(request: Any, organisation_id: UUID) -> HttpResponse:
    """Ask for the letters of a school's staff."""
    unit = school_for(request.actor, organisation_id)
    ask_letters(unit, None, whom=STAFF, site=site_of(request))
    messages.success(request, _("Đang in thư cho cán bộ, giáo viên. Tệp hiện ở dưới khi in xong."))
    return redirect("onboarding:school", unit.pk)


@needs(MAY_KEEP)
@require_POST
def send(request: Any, class_id: UUID) -> HttpResponse:
    """Ask for messages to the guardians of a class."""
    group = kept_class_for(request.actor, class_id)
    form = SendForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("Chọn nội dung và cách gửi."))
    ask_sending(group, what=form.cleaned_data["what"], channel=form.cleaned_data["channel"], site=site_of(request))
    messages.success(request, _("Đang gửi cho phụ huynh lớp %s.") % group.name)
    return redirect("onboarding:school", group.organisation_id)


@needs(MAY_KEEP)
@require_POST
def revoke(request: Any, class_id: UUID) -> HttpResponse:
    """Call back the links given out for a class."""
    group = kept_class_for(request.actor, class_id)
    target = request.POST.get("what", "")
    if target == CODES or target not in dict(SendForm().fields["what"].choices):  # type: ignore[attr-defined]
        raise BadInput(_("Chọn đường dẫn cần thu hồi."))
    count = revoke_links(group, target=target, by=request.actor)
    words = ngettext("Đã thu hồi đường dẫn của %d em.", "Đã thu hồi đường dẫn của %d em.", count)
    messages.success(request, words % count)
    return redirect("onboarding:school", group.organisation_id)


@needs(MAY_KEEP)
@never_cache
@require_safe
def file(request: Any, file_id: UUID) -> HttpResponse:
    """Hand over printed letters to those who keep the class."""
    found = file_for(request.actor, file_id)
    answer = HttpResponse(take_file(found, by=request.actor), content_type="application/pdf")
    name = f"thu-{found.class_group.name if found.class_group else found.organisation.code}-{found.whom}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name.encode("ascii", "ignore").decode()}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@needs(MAY_KEEP)
@require_POST
def decide(request: Any, claim_id: UUID) -> HttpResponse:
    """Accept or refuse a claim."""
    decide_claim(claim_id, accept=request.POST.get("decision") == "accept", by=request.actor)
    messages.success(request, _("Đã trả lời phụ huynh."))
    return redirect("onboarding:own")
