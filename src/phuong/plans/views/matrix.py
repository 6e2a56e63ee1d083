"""The page on which plans stand side by side."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from phuong.kernel.audit import record
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.plans.access import province_for
from phuong.plans.forms import MatrixFilter
from phuong.plans.tables import COLUMNS, lines, plan_matrix, rows_chosen, shown
from phuong.ui.api import Export, export_answer

EXPORTS = ("xlsx", "csv")


@needs(Permission.PLANS_READ)
@require_safe
def matrix(request: Any) -> HttpResponse:
    """Show which plans ask the same, where they contradict each other, and who answers."""
    province = province_for(request.actor)
    whole = plan_matrix(province.code)
    form = MatrixFilter(request.GET, plans=whole.plans, units=whole.units)
    rows = shown(whole, rows_chosen(whole, **form.chosen()))
    if request.GET.get("as") in EXPORTS:
        record("plans.matrix_exported", note=request.GET.urlencode()[:200])
        return export_answer(request.GET["as"], _("doi-chieu-ke-hoach"), COLUMNS, lines(rows))
    query = request.GET.copy()
    query.pop("as", None)
    page = {
        "matrix": whole,
        "rows": rows,
        "form": form,
        "clashing": sum(row.clashes for row in whole.rows),
        "differing": sum(bool(row.conflicts) and not row.clashes for row in whole.rows),
        "exports": [Export(way.upper(), f"?{query.urlencode()}&as={way}") for way in EXPORTS],
    }
    return render(request, "plans/matrix.html", page)
