"""Pages of quality: one unit's card and gaps, its schools side by side, who mends what."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import is_under
from phuong.measures.api import Snapshot, latest_snapshot
from phuong.quality.access import may_ask, unit_for
from phuong.quality.actions import ask_fix, drop_fix
from phuong.quality.forms import AskForm
from phuong.quality.models import Fix
from phuong.quality.queries import Scores, gaps_of, rules, scores_of
from phuong.registry.api import Organisation, schools_within

MOST_SCHOOLS = 300


@needs(Permission.TOTALS_READ)
@require_safe
def unit(request: Any, unit_id: UUID | None = None) -> HttpResponse:
    """Show how right, complete, clean and alive the data of a unit are, and what is to be mended."""
    found = unit_for(request.actor, unit_id)
    snapshot = latest_snapshot()
    fixes = Fix.objects.filter(organisation=found).select_related("person").order_by("state", "due_on", "id")
    page = {
        "unit": found,
        "scores": scores_of([found], snapshot)[found.pk],
        "gaps": gaps_of(found, snapshot),
        "fixes": list(fixes[:50]),
        "beside": _beside(request, found, snapshot),
        "snapshot": snapshot,
        "may_ask": may_ask(request.actor, found),
    }
    return render(request, "quality/unit.html", page)


def _beside(request: Any, found: Organisation, snapshot: Snapshot | None) -> list[Scores]:
    """Give the schools of a commune, or of a school's own commune as far as the reader sees them, worst first."""
    commune = found if found.is_commune else found.territory
    if commune is None:
        return []
    schools = [one.organisation for one in schools_within(commune).select_related("organisation")[:MOST_SCHOOLS]]
    mine = [each for each in schools if is_under(each.path, request.actor.scope)]
    scored = [each for each in scores_of(mine, snapshot).values() if each.whole is not None]
    return sorted(scored, key=lambda each: (each.whole, each.unit.name_key))


@needs(Permission.BULK_EDIT)
@require_http_methods(["GET", "POST"])
def ask(request: Any, unit_id: UUID, measure: str) -> HttpResponse:
    """Ask somebody to close one gap by a day."""
    found = unit_for(request.actor, unit_id)
    gap = next((each for each in gaps_of(found) if each.rule.measure == measure), None)
    if not may_ask(request.actor, found) or gap is None:
        raise NotThere
    form = AskForm(found, *([request.POST] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        person = UUID(facts["person"]) if facts["person"] else None
        ask_fix(found, measure, person_id=person, due_on=facts["due_on"], note=facts["note"], by=request.actor)
        messages.success(request, _("Đã giao việc làm sạch."))
        return redirect("quality:unit", found.pk)
    page = {"unit": found, "gap": gap, "form": form}
    return render(request, "quality/ask.html", page, status=422 if form.errors else 200)


@needs(Permission.BULK_EDIT)
@require_POST
def drop(request: Any, fix_id: UUID) -> HttpResponse:
    """Take back what was asked."""
    fix = drop_fix(fix_id, by=request.actor)
    messages.success(request, _("Đã bỏ việc này."))
    return redirect("quality:unit", fix.organisation_id)


def card(request: Any, organisation: Organisation) -> str:
    """Draw the card of a unit's quality for its own page; nothing for readers without totals."""
    if not request.actor.may(Permission.TOTALS_READ) or not rules():
        return ""
    scores = scores_of([organisation])[organisation.pk]
    return render_to_string("quality/card.html", {"scores": scores, "unit": organisation}) if scores.whole else ""
