"""Support just in time: the side that asks, and the school that answers and looks on."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.kernel.gates import fresh, needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.oversight.access import accesses_running, accesses_seen_by, accesses_waiting, one_of
from phuong.oversight.actions.support import Wanted, answer_access, ask_for_access, revoke_access
from phuong.oversight.forms import AskAccess
from phuong.oversight.queries import own_accesses, seen_during
from phuong.ui.api import keyset_page


@needs(Permission.SUPPORT_ASK)
@never_cache
@require_http_methods(["GET", "POST"])
def support(request: Any) -> HttpResponse:
    """Ask a school to let support in; list one's own requests and stays."""
    form = AskAccess(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_for_access(Wanted(**form.cleaned_data), by=request.actor)
        except NotThere:
            form.add_error("school_code", _("Không có trường nào mang mã này. Hỏi lại trường."))
        else:
            messages.success(request, _("Đã gửi. Hiệu trưởng, văn thư của trường được báo và trả lời."))
            return redirect("oversight:support")
    page = {"form": form, "page": own_accesses(request.actor, request.GET), "now": timezone.now()}
    return render(request, "oversight/support.html", page, status=422 if form.errors else 200)


@needs(Permission.SUPPORT_APPROVE)
@never_cache
@require_safe
def school_access(request: Any) -> HttpResponse:
    """List who asked to come into the school, who is in, and who was."""
    page = keyset_page(accesses_seen_by(request.actor), by=("id",), query=request.GET, newest_first=True)
    return render(request, "oversight/school_access.html", {"page": page, "now": timezone.now()})


@needs(Permission.SUPPORT_APPROVE)
@never_cache
@require_safe
def seen(request: Any, access_id: UUID) -> HttpResponse:
    """List what support opened and did during a stay: which record, when."""
    access = one_of(accesses_seen_by(request.actor), access_id)
    page = {"access": access, "page": seen_during(access, request.GET)}
    return render(request, "oversight/seen.html", page)


_ANSWERED = {"duyet": accesses_waiting, "tu-choi": accesses_waiting, "thu-hoi": accesses_running}


def _may_answer(request: Any, access_id: UUID, act: str) -> None:
    if act not in _ANSWERED:
        raise NotThere
    one_of(_ANSWERED[act](request.actor), access_id)


@needs(Permission.SUPPORT_APPROVE)
@fresh(_may_answer)
@require_POST
def answer(request: Any, access_id: UUID, act: str) -> HttpResponse:
    """Let support in, say no, or throw it out at once."""
    if act == "thu-hoi":
        revoke_access(access_id, by=request.actor)
        messages.success(request, _("Đã thu hồi. Người hỗ trợ không xem được gì nữa."))
    elif act in _ANSWERED:
        may_write = request.POST.get("may_write") == "1"
        answer_access(access_id, approve=act == "duyet", may_write=may_write, by=request.actor)
        messages.success(request, _("Đã cho vào.") if act == "duyet" else _("Đã từ chối."))
    else:
        raise NotThere
    return redirect("oversight:school_access")
