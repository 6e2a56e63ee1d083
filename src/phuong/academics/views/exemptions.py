"""A pupil is made exempt from a subject on the page of the pupil's marks, or no longer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from phuong.academics.access import class_for
from phuong.academics.actions.exemptions import Exemption, set_exemption
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.text import nfc


@needs(Permission.MARKS_MANAGE)
@require_POST
def exempt(request: Any, class_id: UUID, subject: str, term: int, learner_id: UUID, act: str) -> HttpResponse:
    """Make a pupil exempt, or take that back; both with a reason."""
    group = class_for(request.actor, class_id)
    if act not in ("mien", "thoi-mien") or term not in (1, 2):
        raise NotThere
    reason = nfc(request.POST.get("reason", ""))[:500]
    if not reason:
        messages.error(request, _("Ghi lí do."))
    else:
        is_exempt = act == "mien"
        set_exemption(group, subject, term, learner_id, Exemption(is_exempt, reason), by=request.actor)
        messages.success(request, _("Đã cho miễn môn này.") if is_exempt else _("Đã thôi miễn môn này."))
    return redirect("academics:story", class_id, subject, term, learner_id)


_PUPIL = "so-diem/lop/<uuid:class_id>/<slug:subject>/<int:term>/em/<uuid:learner_id>/"
EXEMPTION_ROUTES = [path(f"{_PUPIL}<slug:act>/", exempt, name="exempt")]
