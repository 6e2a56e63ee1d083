"""Pages of webhooks: where a client is told of changes, what was sent, what could not be delivered."""

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

from phuong.gateway.access import actor_of, client_for, hook_for
from phuong.gateway.actions.hooks import (
    change_hook,
    make_hook,
    mark_of_hook,
    pause_hook,
    remove_hook,
    resume_hook,
    rotate_secret,
    send_again,
    try_hook,
)
from phuong.gateway.declarations import followed, followed_by
from phuong.gateway.errors import BadAddress, KeyChanged, TooManyHooks
from phuong.gateway.forms import HookForm, RotateForm, sentence
from phuong.gateway.models import ApiClient, Delivery, Hook
from phuong.gateway.models.hooks import DeliveryState, HookState, Lane
from phuong.gateway.queries import dead_counts
from phuong.gateway.rules import Trouble
from phuong.kernel.gates import needs
from phuong.kernel.keys import uuid7
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import BadInput, NotThere
from phuong.ui.api import Cell, Head, Row, Table, keyset_page

_LOOKS = {HookState.ON: "met", HookState.PAUSED: "none", HookState.FAILING: "late", HookState.GONE: "late"}
_DELIVERY_LOOKS = {DeliveryState.WAITING: "waiting", DeliveryState.TAKEN: "met", DeliveryState.DEAD: "late"}
_TROUBLES: dict[str, Any] = {
    Trouble.STATUS: gettext_lazy("trả lời không phải 2xx"),
    Trouble.REDIRECT: gettext_lazy("chuyển hướng, không đi theo"),
    Trouble.GONE: gettext_lazy("không nhận nữa"),
    Trouble.TIMEOUT: gettext_lazy("quá 15 giây chưa trả lời xong"),
    Trouble.CONNECTION: gettext_lazy("không kết nối được"),
    Trouble.CERTIFICATE: gettext_lazy("chứng thư TLS không đúng"),
    Trouble.ADDRESS: gettext_lazy("tên máy chủ dẫn tới mạng nội bộ"),
    Trouble.NAME: gettext_lazy("không có máy chủ tên này"),
}
_DEAD = "dead"


@needs(Permission.CLIENTS_EDIT)
@require_safe
def hooks(request: Any, client_id: UUID) -> HttpResponse:
    """List where a client is told."""
    client = client_for(request.actor, client_id)
    rows = list(client.hooks.order_by("made_at", "id"))
    page = {"client": client, "table": _table(rows), "is_empty": not rows}
    return render(request, "gateway/hooks.html", page)


def _table(rows: list[Hook]) -> Table:
    dead = dead_counts([each.pk for each in rows])
    columns = [Head(_("Địa chỉ nhận")), Head(_("Báo thay đổi của")), Head(_("Không gửi được")), Head(_("Tình trạng"))]
    lines = [
        Row(
            (
                Cell(each.url, reverse("gateway:hook", args=[each.pk])),
                Cell(_titles(each)),
                Cell(dead.get(each.pk, 0)),
                Cell(HookState(each.state).label, state=_LOOKS[HookState(each.state)]),
            )
        )
        for each in rows
    ]
    return Table(_("Nơi nhận thay đổi"), columns, lines, stacked=True, hide_caption=True)


def _titles(hook: Hook) -> str:
    names = [str(each.title) for each in followed() if each.name in hook.kinds]
    return sentence(", ".join(names)) if names else _("Mọi loại khóa được đọc")


def _offered(client: ApiClient) -> list[tuple[str, Any]]:
    return [(each.name, each.title) for each in followed_by(actor_of(client))]


@needs(Permission.CLIENTS_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: Any, client_id: UUID) -> HttpResponse:
    """Add an address; the answer shows its secret, this once."""
    client = client_for(request.actor, client_id)
    if not client.is_active:
        raise NotThere
    form = HookForm(request.POST or None, followed=_offered(client), initial={"id": uuid7()})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            made, secret = make_hook(
                client_id, url=facts["url"], kinds=facts["kinds"], by=request.actor, hook_id=facts["id"]
            )
            return _shows_secret(request, made, secret)
        except KeyChanged:
            messages.info(request, _("Nơi nhận này đã được thêm. Khóa kí chỉ hiện một lần; chưa chép thì đổi khóa kí."))
            return redirect("gateway:hook", facts["id"])
        except (BadAddress, TooManyHooks) as refusal:
            form.add_error("url", refusal.detail)
        except BadInput as refusal:
            form.add_error("kinds", refusal.detail)
    page = {"client": client, "form": form}
    return render(request, "gateway/new_hook.html", page, status=422 if form.errors else 200)


def _shows_secret(request: Any, hook: Hook, secret: str) -> HttpResponse:
    return render(request, "gateway/hook_secret.html", {"hook": hook, "secret": secret})


@needs(Permission.CLIENTS_EDIT)
@require_http_methods(["GET", "POST"])
def hook(request: Any, hook_id: UUID) -> HttpResponse:
    """Show one address with what was sent; change it."""
    found = hook_for(request.actor, hook_id)
    agreed = {"url": found.url, "kinds": found.kinds, "id": found.pk}
    form = HookForm(request.POST or None, followed=_offered(found.client), initial=agreed)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            change_hook(hook_id, url=facts["url"], kinds=facts["kinds"], by=request.actor)
        except BadAddress as refusal:
            form.add_error("url", refusal.detail)
        except BadInput as refusal:
            form.add_error("kinds", refusal.detail)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("gateway:hook", hook_id)
    return render(request, "gateway/hook.html", _page(request, found, form), status=422 if form.errors else 200)


def _page(request: Any, found: Hook, form: HookForm) -> dict[str, Any]:
    state = HookState(found.state)
    is_dead_only = request.GET.get("xem") == _DEAD
    rows = found.deliveries.defer("body")
    rows = rows.filter(state=DeliveryState.DEAD) if is_dead_only else rows
    sent = keyset_page(rows, by=("id",), query=request.GET, newest_first=True)
    dead = dead_counts([found.pk]).get(found.pk, 0)
    here = reverse("gateway:hook", args=[found.pk])
    return {
        "hook": found,
        "client": found.client,
        "form": form,
        "look": _LOOKS[state],
        "word": state.label,
        "is_on": state == HookState.ON,
        "titles": _titles(found),
        "is_old_kept": found.old_until is not None and found.old_until > timezone.now(),
        "dead": dead,
        "sent": sent,
        "lines": [_line(each) for each in sent.rows],
        "tabs": [
            (_("Tất cả"), here, not is_dead_only),
            (_("Không gửi được"), f"{here}?xem={_DEAD}", is_dead_only, dead),
        ],
    }


def _line(delivery: Delivery) -> dict[str, Any]:
    state = DeliveryState(delivery.state)
    why = _TROUBLES.get(delivery.trouble, "")
    return {
        "row": delivery,
        "lane": Lane(delivery.lane).label,
        "look": _DELIVERY_LOOKS[state],
        "word": state.label,
        "why": f"{delivery.status}, {why}" if delivery.status and why else delivery.status or why,
        "is_dead": state == DeliveryState.DEAD and delivery.lane != Lane.TEST,
    }


@needs(Permission.CLIENTS_EDIT)
@never_cache
@require_http_methods(["GET", "POST"])
def rotate(request: Any, hook_id: UUID) -> HttpResponse:
    """Give an address a new secret; the answer shows it, this once."""
    found = hook_for(request.actor, hook_id)
    form = RotateForm(request.POST or None, initial={"seen": mark_of_hook(found)})
    form.fields["overlap"].label = _("Khóa kí cũ còn kí kèm")
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            made, secret = rotate_secret(hook_id, overlap_days=facts["overlap"], seen=facts["seen"], by=request.actor)
        except KeyChanged as refusal:
            messages.warning(request, refusal.detail)
            return redirect("gateway:hook", hook_id)
        return _shows_secret(request, made, secret)
    page = {"hook": found, "form": form}
    return render(request, "gateway/rotate_hook.html", page, status=422 if form.errors else 200)


@needs(Permission.CLIENTS_EDIT)
@require_POST
def act(request: Any, hook_id: UUID, act: str) -> HttpResponse:
    """Send a trial, pause, or go on."""
    if act == "gui-thu":
        try_hook(hook_id, by=request.actor)
        messages.success(request, _("Đã xếp một tin thử. Mở lại trang sau vài giây để xem nơi nhận trả lời gì."))
    elif act == "tam-dung":
        pause_hook(hook_id, by=request.actor)
        messages.success(request, _("Đã tạm dừng. Thay đổi từ nay được giữ lại, gửi tiếp sau không sót."))
    elif act == "gui-tiep":
        resume_hook(hook_id, by=request.actor)
        messages.success(request, _("Đang gửi tiếp từ chỗ đã dừng."))
    else:
        raise NotThere
    return redirect("gateway:hook", hook_id)


@needs(Permission.CLIENTS_EDIT)
@require_http_methods(["GET", "POST"])
def remove(request: Any, hook_id: UUID) -> HttpResponse:
    """Delete an address with what was to be sent there, after asking once more."""
    found = hook_for(request.actor, hook_id)
    if request.method == "POST":
        remove_hook(hook_id, by=request.actor)
        messages.success(request, _("Đã xóa nơi nhận."))
        return redirect("gateway:hooks", found.client_id)
    page = {"hook": found, "dead": dead_counts([found.pk]).get(found.pk, 0)}
    return render(request, "gateway/remove_hook.html", page)


@needs(Permission.CLIENTS_EDIT)
@require_POST
def resend(request: Any, hook_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Send again what could not be delivered."""
    send_again(hook_id, delivery_id, by=request.actor)
    messages.success(request, _("Đã xếp để gửi lại."))
    return redirect("gateway:hook", hook_id)
