"""Bundles: asked for, made by a job, taken away."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.registry.api import Organisation
from phuong.roster.access import bundle_for
from phuong.roster.actions.exporting import ask_bundle, take_bundle
from phuong.roster.models import Bundle
from phuong.ui.api import keyset_page


@needs(Permission.EXPORT)
@require_http_methods(["GET", "POST"])
def bundles(request: Any) -> HttpResponse:
    """List the bundles made for one's place; a POST asks for a new one."""
    unit = Organisation.objects.filter(path=request.actor.scope).first()
    if request.method == "POST" and unit is not None:
        ask_bundle(unit, with_demographics=bool(request.POST.get("demographics")), by=request.actor)
        return redirect("roster:bundles")
    rows = Bundle.objects.filter(path__under=request.actor.scope or "none").select_related("organisation")
    page = keyset_page(rows.defer("content").order_by("-id"), by=("id",), query=request.GET, newest_first=True)
    return render(request, "roster/bundles.html", {"rows": page.rows, "place": page, "unit": unit})


@needs(Permission.EXPORT)
@require_safe
def bundle(request: Any, bundle_id: UUID) -> HttpResponse:
    """Hand a bundle over."""
    found = bundle_for(request.actor, bundle_id)
    answer = HttpResponse(take_bundle(found, by=request.actor), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="oneroster-{found.organisation.code}.zip"'
    answer["Cache-Control"] = "private, no-store"
    return answer
