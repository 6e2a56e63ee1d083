"""Open, rename, move, merge, split and close units: each act is shown with what follows before it is done."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from phuong.kernel.calendar import school_year_of
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere, Refused
from phuong.kernel.today import today
from phuong.registry.access import organisation_for
from phuong.registry.actions import network
from phuong.registry.forms import CloseForm, MergeForm, MoveForm, OpenForm, OrderForm, RenameForm, SplitForm
from phuong.registry.models import Organisation
from phuong.registry.queries import consequences_of, organisation_url


def _open(unit: Organisation, form: Any, by: Any) -> Organisation:
    facts = form.cleaned_data
    territory = unit if unit.is_commune else facts["territory"]
    return network.open_school(manager=unit, territory=territory, facts=form.school(), order=_order(form), by=by)


def _rename(unit: Organisation, form: Any, by: Any) -> Organisation:
    network.rename_unit(unit, name=form.cleaned_data["name"], order=_order(form), by=by)
    return unit


def _move(unit: Organisation, form: Any, by: Any) -> Organisation:
    facts = form.cleaned_data
    network.move_unit(unit, manager=facts["manager"], territory=facts["territory"], order=_order(form), by=by)
    return unit


def _merge(unit: Organisation, form: Any, by: Any) -> Organisation:
    into: Organisation = form.cleaned_data["into"]
    network.merge_units(unit, into=into, order=_order(form), by=by)
    return into


def _split(unit: Organisation, form: Any, by: Any) -> Organisation:
    classes = form.cleaned_data["classes"]
    return network.split_school(unit, facts=form.school(), classes=classes, order=_order(form), by=by)


def _close(unit: Organisation, form: Any, by: Any) -> Organisation:
    network.close_unit(unit, order=_order(form), by=by)
    return unit


def _order(form: OrderForm) -> network.Order:
    return network.Order(form.cleaned_data["on"], form.cleaned_data["decision"])


Act = tuple[str, str, type[OrderForm], Callable[[Organisation, Any, Any], Organisation], Callable[[Organisation], bool]]


def _acts() -> dict[str, Act]:
    def is_school(unit: Organisation) -> bool:
        return unit.kind == "school"

    def may_hold_schools(unit: Organisation) -> bool:
        return unit.is_commune or unit.kind == "department"

    def can_merge(unit: Organisation) -> bool:
        return is_school(unit) or unit.is_commune

    return {
        "mo-truong": (_("Mở trường mới ở đây"), _("Mở trường"), OpenForm, _open, may_hold_schools),
        "doi-ten": (_("Đổi tên"), _("Đổi tên"), RenameForm, _rename, lambda unit: True),
        "chuyen": (_("Chuyển đơn vị quản lí hoặc địa bàn"), _("Chuyển"), MoveForm, _move, is_school),
        "sap-nhap": (_("Sáp nhập vào đơn vị khác"), _("Sáp nhập"), MergeForm, _merge, can_merge),
        "tach": (_("Tách một phần thành trường mới"), _("Tách trường"), SplitForm, _split, is_school),
        "dong": (_("Giải thể, đóng"), _("Giải thể"), CloseForm, _close, lambda unit: True),
    }


@needs(Permission.UNITS_EDIT)
@require_safe
def choose(request: Any, organisation_id: UUID) -> HttpResponse:
    """Show what can be done with a unit."""
    unit = organisation_for(request.actor, organisation_id)
    acts = [(code, title) for code, (title, _verb, _form, _do, fits) in _acts().items() if fits(unit)]
    page = {"unit": unit, "acts": acts, "back": organisation_url(unit)}
    return render(request, "registry/restructure.html", page)


@needs(Permission.UNITS_EDIT)
@require_http_methods(["GET", "POST"])
def carry_out(request: Any, organisation_id: UUID, act: str) -> HttpResponse:
    """Ask for the facts of an act, show what follows from it, then do it."""
    unit = organisation_for(request.actor, organisation_id)
    title, verb, form_type, do, fits = _acts().get(act) or (None, None, None, None, None)
    if form_type is None or do is None or fits is None or not fits(unit):
        raise NotThere
    form = form_type(request.POST or None, unit=unit, actor=request.actor)
    page: dict[str, Any] = {
        "unit": unit,
        "title": title,
        "verb": verb,
        "form": form,
        "back": organisation_url(unit),
        "act": act,
    }
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                result = do(unit, form, request.actor)
                if "confirmed" not in request.POST:
                    transaction.set_rollback(True)
        except Refused as refusal:
            form.add_error(None, refusal.detail)
        else:
            if "confirmed" in request.POST:
                messages.success(request, _("Đã sắp xếp xong. Số học sinh, cán bộ toàn tỉnh không đổi."))
                return redirect(organisation_url(result))
            page["follows"] = [row for row in consequences_of(unit, school_year_of(today()).start) if row[1]]
    return render(request, "registry/carry_out.html", page, status=422 if form.errors else 200)
