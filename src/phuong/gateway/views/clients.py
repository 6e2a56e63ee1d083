"""The clients desk: which systems are connected, with what they may do; keys made, rotated, approved, ended."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.gateway.access import GRANTABLE, client_for, clients_seen_by, holds
from phuong.gateway.actions.clients import (
    approve_client,
    change_client,
    end_client,
    make_client,
    mark_of,
    review_client,
    rotate_key,
)
from phuong.gateway.errors import CannotGrant, KeyChanged
from phuong.gateway.forms import TITLES, NewClientForm, RotateForm, TermsForm
from phuong.gateway.models import ApiClient
from phuong.gateway.queries import dead_counts
from phuong.gateway.rules import Standing, review_day, standing_of
from phuong.kernel.gates import needs
from phuong.kernel.keys import uuid7
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import BadInput, NotThere
from phuong.kernel.today import today
from phuong.registry.api import organisation_by_code, organisations_seen_by
from phuong.ui.api import Cell, Head, Page, Row, Table, keyset_page, write_day

_STATES = {
    Standing.OPEN: ("met", gettext_lazy("Đang dùng")),
    Standing.WAITING: ("waiting", gettext_lazy("Chờ duyệt")),
    Standing.REVIEW: ("care", gettext_lazy("Đến hạn rà soát")),
    Standing.OVER: ("late", gettext_lazy("Hết hạn")),
    Standing.OFF: ("none", gettext_lazy("Đã ngừng")),
}


def _state(client: ApiClient) -> tuple[Standing, str, Any]:
    standing = standing_of(
        is_active=client.is_active,
        is_approved=client.approved_at is not None,
        valid_until=client.valid_until,
        review_on=review_day(client.reviewed_on, client.made_on),
        today=today(),
    )
    return standing, *_STATES[standing]


def _titles(client: ApiClient) -> list[str]:
    return [str(title) for code, title in TITLES.items() if code in client.permissions]


@needs(Permission.CLIENTS_EDIT)
@require_safe
def clients(request: Any) -> HttpResponse:
    """List the clients within the actor's place, by name."""
    page = keyset_page(clients_seen_by(request.actor), by=("name", "id"), query=request.GET)
    return render(request, "gateway/clients.html", {"table": _table(page), "is_empty": not page.rows})


def _table(page: Page) -> Table:
    columns = [
        Head(_("Hệ thống")),
        Head(_("Được làm gì")),
        Head(_("Lần gọi mỗi phút")),
        Head(_("Gọi gần nhất")),
        Head(_("Dùng đến")),
        Head(_("Tình trạng")),
    ]
    return Table(
        _("Hệ thống kết nối"), columns, [_row(each) for each in page.rows], pager=page, stacked=True, hide_caption=True
    )


def _row(client: ApiClient) -> Row:
    _standing, look, word = _state(client)
    where = reverse("gateway:client", args=[client.pk])
    last = client.use.last_on if hasattr(client, "use") else None
    cells = (
        Cell(client.name, where, client.organisation.name),
        Cell("; ".join(_titles(client))),
        Cell(client.rate_per_minute),
        Cell(write_day(last) if last else _("chưa gọi lần nào")),
        Cell(write_day(client.valid_until) if client.valid_until else _("không hạn")),
        Cell(word, state=look),
    )
    return Row(cells)


@needs(Permission.CLIENTS_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Make a client; the answer shows its key, this once."""
    start = {"id": uuid7(), "unit": _own_code(request.actor)}
    form = NewClientForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            return _made(request, form)
        except KeyChanged:
            messages.info(request, _("Hệ thống này đã được tạo. Khóa chỉ hiện một lần; chưa chép thì đổi khóa."))
            return redirect("gateway:client", form.cleaned_data["id"])
        except NotThere:
            form.add_error("unit", _("Không có đơn vị mang mã này trong phạm vi của anh/chị."))
        except BadInput as refusal:
            form.add_error(None, refusal.detail)
    lacks = not holds(request.actor, GRANTABLE)
    return render(
        request, "gateway/new_client.html", {"form": form, "lacks": lacks}, status=422 if form.errors else 200
    )


def _made(request: Any, form: NewClientForm) -> HttpResponse:
    facts = form.cleaned_data
    unit = organisation_by_code(facts["unit"])
    client, key = make_client(
        name=facts["name"], unit=unit, terms=form.terms(), by=request.actor, client_id=facts["id"]
    )
    return _shows_key(request, client, key)


def _shows_key(request: Any, client: ApiClient, key: str) -> HttpResponse:
    return render(request, "gateway/key.html", {"client": client, "key": key, "waits": client.approved_at is None})


def _own_code(actor: Any) -> str:
    """Give the code of the unit at whose place the actor stands."""
    return str(organisations_seen_by(actor).filter(path=actor.scope).values_list("code", flat=True).first() or "")


@needs(Permission.CLIENTS_EDIT)
@require_http_methods(["GET", "POST"])
def client(request: Any, client_id: UUID) -> HttpResponse:
    """Show one client; change what is agreed with it."""
    found = client_for(request.actor, client_id)
    form = TermsForm(request.POST or None, initial=_agreed(found))
    if request.method == "POST" and form.is_valid():
        try:
            change_client(client_id, terms=form.terms(), by=request.actor)
        except CannotGrant as refusal:
            form.add_error("permissions", refusal.detail)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("gateway:client", client_id)
    standing, look, word = _state(found)
    hooks = list(found.hooks.order_by("made_at", "id"))
    page = {
        "hooks": hooks,
        "dead": sum(dead_counts([each.pk for each in hooks]).values()) if hooks else 0,
        "client": found,
        "form": form,
        "look": look,
        "word": word,
        "permissions": _titles(found),
        "last_on": found.use.last_on if hasattr(found, "use") else None,
        "review_on": review_day(found.reviewed_on, found.made_on),
        "may_approve": standing is Standing.WAITING and holds(request.actor, found.permissions),
        "waits": standing is Standing.WAITING,
        "is_old_kept": found.old_until is not None and found.old_until > timezone.now(),
    }
    return render(request, "gateway/client.html", page, status=422 if form.errors else 200)


def _agreed(found: ApiClient) -> dict[str, Any]:
    return {
        "permissions": found.permissions,
        "rate": found.rate_per_minute,
        "valid_until": found.valid_until,
        "networks": "\n".join(found.networks),
        "contact": found.contact,
    }


@needs(Permission.CLIENTS_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
def rotate(request: Any, client_id: UUID) -> HttpResponse:
    """Give a client a new key; the answer shows it, this once."""
    found = client_for(request.actor, client_id)
    form = RotateForm(request.POST or None, initial={"seen": mark_of(found)})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            made, key = rotate_key(client_id, overlap_days=facts["overlap"], seen=facts["seen"], by=request.actor)
        except KeyChanged as refusal:
            messages.warning(request, refusal.detail)
            return redirect("gateway:client", client_id)
        return _shows_key(request, made, key)
    page = {"client": found, "form": form, "waits": not holds(request.actor, found.permissions)}
    return render(request, "gateway/rotate.html", page, status=422 if form.errors else 200)


@needs(Permission.CLIENTS_EDIT)
@require_http_methods(["GET", "POST"])
def end(request: Any, client_id: UUID) -> HttpResponse:
    """Switch a client off, after asking once more."""
    found = client_for(request.actor, client_id)
    if request.method == "POST":
        end_client(client_id, by=request.actor)
        messages.success(request, _("Đã ngừng kết nối."))
        return redirect("gateway:client", client_id)
    return render(request, "gateway/end.html", {"client": found})


@needs(Permission.CLIENTS_EDIT)
@require_POST
def approve(request: Any, client_id: UUID) -> HttpResponse:
    """Let a key work that somebody else made."""
    try:
        approve_client(client_id, by=request.actor)
    except CannotGrant as refusal:
        messages.warning(request, refusal.detail)
    else:
        messages.success(request, _("Đã duyệt, khóa dùng được từ bây giờ."))
    return redirect("gateway:client", client_id)


@needs(Permission.CLIENTS_EDIT)
@require_POST
def review(request: Any, client_id: UUID) -> HttpResponse:
    """Note that somebody looked at the client again."""
    review_client(client_id, by=request.actor)
    messages.success(request, _("Đã ghi. Lần rà soát sau trong một năm."))
    return redirect("gateway:client", client_id)
