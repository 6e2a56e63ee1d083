"""Breaking glass, and looking at it afterwards."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from phuong.kernel.gates import fresh, needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.oversight.access import emergencies_seen_by, emergency_of_another
from phuong.oversight.actions.emergency import TO_ANSWER, TO_REVIEW, Need, break_glass, decide_emergency, note_reviewed
from phuong.oversight.forms import Emergency
from phuong.oversight.models import State
from phuong.ui.api import keyset_page

_DECIDED = {"da-xem": TO_REVIEW, "duyet": TO_ANSWER, "tu-choi": TO_ANSWER}


def _may_use(request: Any) -> None:
    if request.method == "POST" and not request.actor.may(Permission.EMERGENCY_USE):
        raise NotThere


def _may_decide(request: Any, use_id: UUID, act: str) -> None:
    if act not in _DECIDED:
        raise NotThere
    emergency_of_another(request.actor, use_id, **_DECIDED[act])


@needs(Permission.EMERGENCY_USE, Permission.EMERGENCY_REVIEW)
@fresh(_may_use)
@never_cache
@require_http_methods(["GET", "POST"])
def emergency(request: Any) -> HttpResponse:
    """Take a wide role for hours; list what was taken, those not looked at yet among them."""
    may_use = request.actor.may(Permission.EMERGENCY_USE)
    form = Emergency(request.POST or None) if may_use else None
    _may_use(request)
    if request.method == "POST" and form is not None and form.is_valid():
        use = break_glass(Need(**form.cleaned_data), by=request.actor)
        if use.state == State.WAITING:
            messages.info(request, _("Đã dùng quyền khẩn cấp trong 24 giờ qua nên lần này chờ người khác duyệt."))
        else:
            messages.success(request, _("Quyền khẩn cấp đã mở. Đổi vai trò ở góc trên để dùng."))
        return redirect("oversight:emergency")
    page = keyset_page(emergencies_seen_by(request.actor), by=("id",), query=request.GET, newest_first=True)
    for each in page.rows:
        each.is_mine = each.account_id == request.actor.account_id
    shown = {
        "form": form,
        "page": page,
        "now": timezone.now(),
        "may_review": request.actor.may(Permission.EMERGENCY_REVIEW),
    }
    return render(request, "oversight/emergency.html", shown, status=422 if form and form.errors else 200)


@needs(Permission.EMERGENCY_REVIEW)
@fresh(_may_decide)
@require_POST
def decide(request: Any, use_id: UUID, act: str) -> HttpResponse:
    """Answer a further request in a day, or note that an emergency was looked at."""
    if act == "da-xem":
        note_reviewed(use_id, by=request.actor)
        messages.success(request, _("Đã ghi: đã xem lại."))
    elif act in _DECIDED:
        decide_emergency(use_id, approve=act == "duyet", by=request.actor)
        messages.success(request, _("Đã duyệt, có hiệu lực.") if act == "duyet" else _("Đã từ chối."))
    else:
        raise NotThere
    return redirect("oversight:emergency")
