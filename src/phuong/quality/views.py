"""Pages of quality: one unit's card and gaps, its schools side by side, who mends what; what each rule weighs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import is_under
from phuong.measures.api import Snapshot, latest_snapshot
from phuong.quality.access import may_ask, province_for, unit_for
from phuong.quality.actions import ask_fix, drop_fix, weigh
from phuong.quality.forms import AskForm, WeighForm
from phuong.quality.models import Fix, Weighing
from phuong.quality.queries import (
    Scores,
    Weighed,
    dimension_title,
    gaps_of,
    rules,
    scores_of,
    story_of,
    weighed_in,
    weighings,
)
from phuong.registry.api import Organisation, schools_within
from phuong.ui.api import Cell, Head, Row, Table, write_number

MOST_SCHOOLS = 300


@needs(Permission.TOTALS_READ)
@require_safe
def unit(request: Any, unit_id: UUID | None = None) -> HttpResponse:
    """Show how right, complete, clean and alive the data of a unit are, and what is to be mended."""
    found = unit_for(request.actor, unit_id)
    snapshot, decided = latest_snapshot(), weighings()
    fixes = Fix.objects.filter(organisation=found).select_related("person").order_by("state", "due_on", "id")
    page = {
        "unit": found,
        "scores": scores_of([found], snapshot, decided)[found.pk],
        "gaps": gaps_of(found, snapshot, decided),
        "fixes": list(fixes[:50]),
        "beside": _beside(request, found, snapshot, decided),
        "snapshot": snapshot,
        "may_ask": may_ask(request.actor, found),
        "may_weigh": request.actor.may(Permission.QUALITY_EDIT),
    }
    return render(request, "quality/unit.html", page)


def _beside(request: Any, found: Organisation, snapshot: Snapshot | None, decided: list[Weighing]) -> list[Scores]:
    """Give the schools of a commune, or of a school's own commune as far as the reader sees them, worst first."""
    commune = found if found.is_commune else found.territory
    if commune is None:
        return []
    schools = [one.organisation for one in schools_within(commune).select_related("organisation")[:MOST_SCHOOLS]]
    mine = [each for each in schools if is_under(each.path, request.actor.scope)]
    scored = [each for each in scores_of(mine, snapshot, decided).values() if each.whole is not None]
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


@needs(Permission.QUALITY_EDIT)
@require_safe
def weights(request: Any) -> HttpResponse:
    """Show what each rule weighs in the province."""
    rows = weighed_in(province_for(request.actor))
    columns = [Head(_("Quy tắc")), Head(_("Nhóm")), Head(_("Trọng số")), Head(_("Đạt toàn tỉnh"))]
    lines = [_weight_line(each) for each in rows]
    table = Table(_("Quy tắc và trọng số"), columns, lines, stacked=True, hide_caption=True)
    return render(request, "quality/weights.html", {"table": table})


def _weight_line(each: Weighed) -> Row:
    words = _("không tính") if not each.rule.weight else str(each.rule.weight)
    if each.rule.weight != each.usual:
        words = _("%(now)s (mặc định %(usual)d)") % {"now": words, "usual": each.usual}
    figure = each.figure
    met = f"{write_number(figure.numerator)} / {write_number(figure.denominator)}" if figure else "∅"
    where = reverse("quality:weight", args=[each.rule.measure])
    return Row((Cell(each.rule.title, where), Cell(dimension_title(each.rule.dimension)), Cell(words), Cell(met)))


@needs(Permission.QUALITY_EDIT)
@require_http_methods(["GET", "POST"])
def weight(request: Any, measure: str) -> HttpResponse:
    """Change what a rule weighs, or switch it off; show every decision before."""
    province = province_for(request.actor)
    found = next((each for each in weighed_in(province) if each.rule.measure == measure), None)
    if found is None:
        raise NotThere
    form = WeighForm(request.POST if request.method == "POST" else None, initial={"weight": found.rule.weight})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        if weigh(measure, facts["weight"], reason=facts["reason"], by=request.actor):
            messages.success(request, _("Đã lưu. Điểm chất lượng tính theo trọng số mới từ bây giờ."))
        else:
            messages.info(request, _("Trọng số vẫn như cũ, không có gì thay đổi."))
        return redirect("quality:weights")
    page = {"each": found, "form": form, "story": story_of(province, measure)}
    page["dimension"] = dimension_title(found.rule.dimension)
    return render(request, "quality/weight.html", page, status=422 if form.errors else 200)


def card(request: Any, organisation: Organisation) -> str:
    """Draw the card of a unit's quality for its own page; nothing for readers without totals."""
    if not request.actor.may(Permission.TOTALS_READ) or not rules():
        return ""
    scores = scores_of([organisation])[organisation.pk]
    return render_to_string("quality/card.html", {"scores": scores, "unit": organisation}) if scores.whole else ""
