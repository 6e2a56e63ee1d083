"""Caps of exports, and accounts whose exports are stopped."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from phuong.identity.api import roles_by_code
from phuong.kernel.gates import fresh, needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import BadInput
from phuong.oversight.access import stop_to_release, stops_seen_by
from phuong.oversight.actions.exports import release, set_cap
from phuong.oversight.declarations import limits
from phuong.oversight.forms import Because, SetCap
from phuong.oversight.queries import caps
from phuong.ui.api import keyset_page


@needs(Permission.EXPORTS_EDIT)
@never_cache
@require_safe
def exports(request: Any) -> HttpResponse:
    """Show what each role may take away in a day, and the accounts that are stopped."""
    stops = stops_seen_by(request.actor)
    page = {
        "caps": [(code, roles_by_code()[code].title, cap) for code, cap in caps().items()],
        "page": keyset_page(stops.filter(released_at=None), by=("id",), query=request.GET, newest_first=True),
        "released": list(stops.exclude(released_at=None).order_by("-released_at", "id")[:10]),
        "unusual": limits().unusual,
    }
    return render(request, "oversight/exports.html", page)


@needs(Permission.EXPORTS_EDIT)
@fresh()
@require_POST
def cap(request: Any) -> HttpResponse:
    """Decide what a role may take away in a day."""
    form = SetCap(request.POST)
    if not form.is_valid():
        raise BadInput(_("Số dòng từ 0 đến 1.000.000, số đơn vị từ 0 đến 10.000. Sửa lại rồi lưu."))
    facts = form.cleaned_data
    set_cap(facts["role"], rows=facts["rows"], units=facts["units"], by=request.actor)
    messages.success(request, _("Đã lưu mức mới."))
    return redirect("oversight:exports")


def _may_reopen(request: Any, stop_id: UUID) -> None:
    stop_to_release(request.actor, stop_id)


@needs(Permission.EXPORTS_EDIT)
@fresh(_may_reopen)
@require_POST
def reopen(request: Any, stop_id: UUID) -> HttpResponse:
    """Let the exports of a stopped account go on."""
    form = Because(request.POST)
    if not form.is_valid():
        raise BadInput(_("Ghi lí do mở lại."))
    release(stop_id, because=form.cleaned_data["because"], by=request.actor)
    messages.success(request, _("Đã mở lại việc tải tệp."))
    return redirect("oversight:exports")
