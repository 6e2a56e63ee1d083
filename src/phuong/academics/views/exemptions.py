"""What is said about a sheet beside its marks: who is exempt, and whether the class takes the study topics."""

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
from phuong.academics.actions.topics import set_topic_column
from phuong.academics.queries.opening import opened
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


@needs(Permission.MARKS_WRITE, Permission.MARKS_MANAGE)
@require_POST
def topic(request: Any, class_id: UUID, subject: str, term: int, act: str) -> HttpResponse:
    """Give a sheet the column of its study topics, or take it away."""
    group = opened(request.actor, class_id, subject, term).group
    if act not in ("co", "khong"):
        raise NotThere
    set_topic_column(group, subject, term, is_there=act == "co", by=request.actor)
    messages.success(request, _("Đã thêm cột chuyên đề.") if act == "co" else _("Đã bỏ cột chuyên đề."))
    return redirect("academics:grid", class_id, subject, term)


_PUPIL = "so-diem/lop/<uuid:class_id>/<slug:subject>/<int:term>/em/<uuid:learner_id>/"
EXEMPTION_ROUTES = [
    path(f"{_PUPIL}<slug:act>/", exempt, name="exempt"),
    path("so-diem/lop/<uuid:class_id>/<slug:subject>/<int:term>/chuyen-de/<slug:act>/", topic, name="topic"),
]
