"""Bundles: asked for, made by a job, taken away."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from phuong.intake.sheets import EndsTooMany, sheet_named
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.registry.api import Organisation
from phuong.roster.access import SHEETS, bundle_for, may_fill
from phuong.roster.actions.exporting import ask_bundle, take_bundle
from phuong.roster.actions.importing import bring_bundle
from phuong.roster.errors import BadBundle, BundleRefused
from phuong.roster.forms import CHECK, BringForm
from phuong.roster.models import Bundle
from phuong.ui.api import keyset_page

SHOWN_ERRORS = 100


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
    return render(
        request,
        "roster/bundles.html",
        {"rows": page.rows, "place": page, "unit": unit, "may_bring": may_fill(request.actor)},
    )


@needs(Permission.BULK_EDIT)
@require_http_methods(["GET", "POST"])
def bring(request: Any) -> HttpResponse:
    """Take a vendor's bundle into a school, or only say what it would do."""
    form = BringForm(request.actor, *((request.POST, request.FILES) if request.method == "POST" else ()))
    page: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        is_trial = facts["act"] == CHECK
        ways: dict[str, Any] = {"is_trial": is_trial, "confirmed": is_trial or facts["confirmed"]}
        try:
            told = bring_bundle(facts["file"].read(), form.unit, on=facts["effective_on"], by=request.actor, **ways)
        except BadBundle as refusal:
            form.add_error("file", refusal.detail)
        except BundleRefused as refusal:
            errors: Any = refusal.facts["errors"]
            page |= {"errors": errors[:SHOWN_ERRORS], "error_count": len(errors)}
        except EndsTooMany:
            form.add_error("confirmed", _("Hơn một phần năm của một lớp hoặc cả trường sẽ thôi học. Xem lại gói."))
        else:
            page |= {"told": _told(told), "is_trial": is_trial, "unit": form.unit}
    return render(request, "roster/bring.html", page, status=422 if form.errors or "errors" in page else 200)


def _told(done: dict[str, Any]) -> list[dict[str, Any]]:
    """Lay out what was done, or would be, by sheet; an import that was kept has its page."""
    rows = []
    for code in SHEETS:
        if code in done:
            rows.append({"title": sheet_named(code).title, **done[code]})
    return rows


@needs(Permission.EXPORT)
@require_safe
def bundle(request: Any, bundle_id: UUID) -> HttpResponse:
    """Hand a bundle over."""
    found = bundle_for(request.actor, bundle_id)
    answer = HttpResponse(take_bundle(found, by=request.actor), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="oneroster-{found.organisation.code}.zip"'
    answer["Cache-Control"] = "private, no-store"
    return answer
