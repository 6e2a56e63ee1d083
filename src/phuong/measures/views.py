"""Pages of a figure: its parts, its cuts, its lineage, and the records behind it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from phuong.kernel.audit import LIST_SEEN, record, seen
from phuong.kernel.contributions import contributions
from phuong.kernel.gates import needs
from phuong.kernel.jobs import later
from phuong.kernel.language import is_english
from phuong.kernel.measures import Measure
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.measures.access import area_for, may_read_records, reads_every_record
from phuong.measures.cuts import commune_rows, cut_rows, school_rows
from phuong.measures.queries import figures_of, latest_snapshot, measure_named, series_of
from phuong.measures.records import is_key, records_of
from phuong.ui.api import MOST_ROWS, Column, TooManyRows, export_answer

RECORDS_PER_PAGE = 50
LOWEST_SHOWN = 30


@needs(Permission.TOTALS_READ)
@require_safe
def measures(request: Any) -> HttpResponse:
    """List everything the platform counts, with its definition."""
    rows = [{"measure": each, "title": title_of_measure(each)} for each in contributions(Measure)]
    page = {"rows": rows, "snapshot": latest_snapshot(), "may_run": request.actor.may(Permission.MEASURES_RUN)}
    return render(request, "measures/measures.html", page)


@needs(Permission.MEASURES_RUN)
@require_POST
def refresh(request: Any) -> HttpResponse:
    """Ask for all measures to be counted anew."""
    del request
    later("measures.refresh")
    record("measures.refresh_asked")
    return redirect("ui:jobs")


@needs(Permission.TOTALS_READ)
@require_safe
def figure(request: Any, code: str, area_id: UUID) -> HttpResponse:
    """Show one figure over one area: by commune or school, by cuts, as a series."""
    measure = measure_named(code)
    area = area_for(request.actor, area_id)
    now = figures_of(area, [code]).get(code)
    reads_records = may_read_records(request.actor, area)
    page = {
        "measure": measure,
        "title": title_of_measure(measure),
        "area": area,
        "figure": now,
        "missing": max(now.denominator - now.numerator, 0) if now and measure.lists_missing else 0,
        "series": series_of(area, [code]).get(code, []),
        "rows": _parts(request, measure, area),
        "cuts": cut_rows(measure, area, actor=request.actor),
        "may_read_records": reads_records,
        "may_show_all": area.kind == "province" and not request.GET.get("all"),
        "shows_count": reads_every_record(request.actor, area),
        "snapshot": latest_snapshot(),
    }
    return render(request, "measures/figure.html", page)


def _parts(request: Any, measure: Measure, area: Any) -> list[Any]:
    if area.kind == "province":
        rows = commune_rows(measure, area, actor=request.actor)
        return rows if request.GET.get("all") else rows[:LOWEST_SHOWN]
    return school_rows(measure, area, actor=request.actor)


@needs(Permission.RECORDS_READ)
@require_safe
def records(request: Any, code: str, area_id: UUID) -> HttpResponse:
    """List the records still missing (or, with ``?met=1``, those that meet), live, with why."""
    measure = measure_named(code)
    area = area_for(request.actor, area_id)
    if not may_read_records(request.actor, area):
        raise NotThere
    met = request.GET.get("met") == "1"
    if request.GET.get("as") in ("xlsx", "csv"):
        return _export(request, measure, area, met=met)
    if measure.population.personal:
        seen(LIST_SEEN, on_kind="measure", on_id=measure.code)
    found, after = records_of(measure, area, met=met, limit=RECORDS_PER_PAGE, after=_after(request))
    page = {
        "measure": measure,
        "title": title_of_measure(measure),
        "area": area,
        "records": found,
        "after": after,
        "met": met,
        "may_export": request.actor.may(Permission.EXPORT),
    }
    return render(request, "measures/records.html", page)


def _export(request: Any, measure: Measure, area: Any, *, met: bool) -> HttpResponse:
    if not request.actor.may(Permission.EXPORT):
        raise NotThere
    record("measures.records_exported", on_kind="measure", on_id=measure.code, note=area.path)
    found, rest = records_of(measure, area, met=met, limit=MOST_ROWS)
    if rest:
        raise TooManyRows
    columns = [
        Column(_("Hồ sơ"), lambda row: row.label, 36),
        Column(_("Đơn vị"), lambda row: row.organisation, 36),
        Column(_("Vì sao còn thiếu"), lambda row: row.why, 40),
    ]
    unit_of = _unit_of if measure.population.personal else None
    return export_answer(request.GET["as"], measure.code, columns, found, unit_of=unit_of)


def _unit_of(row: Any) -> UUID:
    return row.organisation_id  # type: ignore[no-any-return]


def _after(request: Any) -> str:
    """Read where to go on from; nonsense in the address means the first page."""
    after = request.GET.get("after", "")
    return after if is_key(after) else ""


def title_of_measure(measure: Measure) -> str:
    """Give the title in the reader's language."""
    return measure.title_en if is_english() else measure.title
