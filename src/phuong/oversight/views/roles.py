"""The roles desk."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.identity.api import CannotGive, may_end
from phuong.kernel.gates import fresh, needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import is_under
from phuong.oversight.access import requests_seen_by
from phuong.oversight.actions.roles import ask_for_role, check_decision, decide_request, end_one_role, review_roles
from phuong.oversight.forms import Because, GiveRole
from phuong.oversight.models import RoleRequest, State
from phuong.oversight.queries import reviews_due, role_held, roles_at, units_with_reviews
from phuong.registry.api import Organisation, organisation_by_code, organisation_for
from phuong.ui.api import keys_in, keyset_page

ACTS = {"duyet": True, "tu-choi": False}
REVIEWS = {"giu": True, "het": False}


def _unit(request: Any) -> Organisation:
    """Find the unit whose roles are shown: by ``?unit=`` (key) or ``?code=``, else one's own.

    :raises NotThere: unknown, or outside one's place
    """
    if code := request.GET.get("code", "").strip():
        return organisation_for(request.actor, organisation_by_code(code).pk)
    keys = keys_in([request.GET.get("unit", "")])
    return organisation_for(request.actor, keys[0] if keys else request.actor.organisation_id)


@needs(Permission.ROLES_EDIT)
@never_cache
@require_safe
def roles(request: Any) -> HttpResponse:
    """List who holds which role at a unit."""
    unit = _unit(request)
    page = roles_at(unit, request.GET)
    for each in page.rows:
        each.is_mine_to_end = may_end(each, by=request.actor)
    waiting = requests_seen_by(request.actor).filter(state=State.WAITING).count()
    shown = {"unit": unit, "page": page, "waiting": waiting, "q": request.GET.get("q", ""), **_place(request, unit)}
    return render(request, "oversight/roles.html", shown)


def _place(request: Any, unit: Organisation) -> dict[str, Any]:
    return {"is_own_unit": unit.pk == request.actor.organisation_id, "today": timezone.localdate()}


@needs(Permission.ROLES_EDIT)
@fresh(_unit)
@never_cache
@require_http_methods(["GET", "POST"])
def give(request: Any) -> HttpResponse:
    """Give a role at a unit; a wide one waits for a second person."""
    unit = _unit(request)
    form = GiveRole(request.POST or None, unit=unit)
    if request.method == "POST" and form.is_valid():
        try:
            waiting = ask_for_role(form.grant(), by=request.actor)
        except CannotGive as refusal:
            form.add_error(None, refusal.detail)
        else:
            if waiting:
                messages.info(request, _("Vai trò này xem nhiều trường nên chờ một người khác duyệt."))
                return redirect("oversight:requests")
            messages.success(request, _("Đã giao vai trò."))
            return _at("roles", unit.pk)
    page = {
        "form": form,
        "unit": unit,
        "roles": form.offered,
    }
    return render(request, "oversight/give.html", page, status=422 if form.errors else 200)


def _at(name: str, unit: Any) -> HttpResponse:
    """Go to a page of the desk about one unit."""
    return redirect(f"{reverse(f'oversight:{name}')}?unit={unit}")


@needs(Permission.ROLES_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
def end(request: Any, assignment_id: UUID) -> HttpResponse:
    """End somebody's role at once, after saying why."""
    held = role_held(assignment_id)
    if held is None or not is_under(held.path, request.actor.scope) or not may_end(held, by=request.actor):
        raise NotThere
    form = Because(request.POST or None)
    if request.method == "POST" and form.is_valid():
        end_one_role(assignment_id, reason=form.cleaned_data["because"], by=request.actor)
        messages.success(request, _("Đã kết thúc vai trò. Người này không vào được nữa, kể cả phiên đang mở."))
        return _at("roles", held.organisation_id)
    return render(request, "oversight/end.html", {"form": form, "held": held}, status=422 if form.errors else 200)


@needs(Permission.ROLES_EDIT)
@never_cache
@require_safe
def requests(request: Any) -> HttpResponse:
    """List the wide roles that wait for a second person, then those decided."""
    rows = requests_seen_by(request.actor)
    waiting = keyset_page(rows.filter(state=State.WAITING), by=("id",), query=request.GET)
    decided = list(rows.exclude(state=State.WAITING).order_by("-id")[:20])
    for each in waiting.rows:
        each.is_mine = _is_own(each, request.actor.account_id)
    return render(request, "oversight/requests.html", {"page": waiting, "decided": decided})


def _is_own(each: RoleRequest, account_id: Any) -> bool:
    return account_id in (each.asked_by_id, each.account_id)


def _may_decide(request: Any, request_id: UUID, act: str) -> None:
    if act not in ACTS:
        raise NotThere
    check_decision(request_id, approve=ACTS[act], by=request.actor)


@needs(Permission.ROLES_EDIT)
@fresh(_may_decide)
@require_POST
def decide(request: Any, request_id: UUID, act: str) -> HttpResponse:
    """Approve or refuse a wide role somebody else asked for."""
    if act not in ACTS:
        raise NotThere
    decide_request(request_id, approve=ACTS[act], by=request.actor)
    messages.success(request, _("Đã duyệt, có hiệu lực.") if ACTS[act] else _("Đã từ chối."))
    return redirect("oversight:requests")


@needs(Permission.ROLES_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
def review(request: Any) -> HttpResponse:
    """List the roles at a unit that are due for review; keep or end the ticked ones."""
    unit = _unit(request)
    if request.method == "POST":
        _review(request)
        return _at("review", unit.pk)
    page = reviews_due(unit, request.GET)
    for each in page.rows:
        each.is_mine_to_end = may_end(each, by=request.actor)
    shown = {"unit": unit, "page": page, "units": units_with_reviews(request.actor), **_place(request, unit)}
    return render(request, "oversight/review.html", shown)


def _review(request: Any) -> None:
    ticked, act = keys_in(request.POST.getlist("role")), request.POST.get("act")
    if not ticked or act not in REVIEWS:
        messages.warning(request, _("Đánh dấu ít nhất một vai trò, rồi chọn giữ hay kết thúc."))
        return
    count = review_roles(ticked, keep=REVIEWS[act], by=request.actor)
    messages.success(request, ngettext("Đã rà soát %d vai trò.", "Đã rà soát %d vai trò.", count) % count)
