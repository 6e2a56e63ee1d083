"""The desk of systems that keep accounts here: make, rotate, end."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from phuong.kernel.gates import fresh, needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.provisioning.access import client_for, clients_seen_by
from phuong.provisioning.actions.clients import end_scim_client, make_scim_client, rotate_scim_key
from phuong.provisioning.forms import SystemForm
from phuong.registry.api import organisation_by_code
from phuong.ui.api import keyset_page


@needs(Permission.CLIENTS_EDIT)
@require_safe
def systems(request: Any) -> HttpResponse:
    """List the systems within the actor's place, by name."""
    page = keyset_page(clients_seen_by(request.actor), by=("name", "id"), query=request.GET)
    return render(request, "provisioning/systems.html", {"page": page, "today": timezone.localdate()})


@needs(Permission.CLIENTS_EDIT)
@fresh()
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Let a system keep accounts; the answer shows its key, this once."""
    form = SystemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            unit = organisation_by_code(form.cleaned_data["unit"])
            client, key = make_scim_client(form.system(), unit=unit, by=request.actor)
        except NotThere:
            form.add_error("unit", _("Không có đơn vị mang mã này trong phạm vi của anh/chị."))
        else:
            return _shown(request, client, key)
    return render(request, "provisioning/new_system.html", {"form": form}, status=422 if form.errors else 200)


@needs(Permission.CLIENTS_EDIT)
@require_safe
def system(request: Any, client_id: UUID) -> HttpResponse:
    """Show one system."""
    return _shown(request, client_for(request.actor, client_id), "")


def _may_act(request: Any, client_id: UUID, act: str) -> None:
    if act not in ("doi-khoa", "ngung"):
        raise NotThere
    client_for(request.actor, client_id)


@needs(Permission.CLIENTS_EDIT)
@fresh(_may_act)
@never_cache
@require_http_methods(["GET", "POST"])
def act(request: Any, client_id: UUID, act: str) -> HttpResponse:
    """Say what a new key, or ending a system, brings about; then do it."""
    _may_act(request, client_id, act)
    if request.method == "GET":
        page = {"client": client_for(request.actor, client_id), "act": act}
        return render(request, "provisioning/act.html", page)
    if act == "doi-khoa":
        return _shown(request, *rotate_scim_key(client_id, by=request.actor))
    end_scim_client(client_id, by=request.actor)
    messages.success(request, _("Đã ngừng. Tài khoản đã cấp vẫn còn như cũ."))
    return redirect("provisioning:system", client_id)


def _shown(request: Any, client: Any, key: str) -> HttpResponse:
    page = {
        "client": client,
        "key": key,
        "address": request.build_absolute_uri("/scim/v2"),
        "is_over": not client.is_active or client.valid_until < timezone.localdate(),
        "role_map": sorted(client.role_map.items()),
    }
    return render(request, "provisioning/system.html", page)
