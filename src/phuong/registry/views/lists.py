"""Lists of schools, learners and staff: filters in the address, keyset pages, exports."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from phuong.kernel.audit import LIST_SEEN, record, seen
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.registry.forms import LearnerFilter, SchoolFilter, StaffFilter
from phuong.registry.queries import learners_matching, present_places, schools_matching, staff_matching
from phuong.registry.tables import (
    LEARNER_COLUMNS,
    SCHOOL_COLUMNS,
    STAFF_COLUMNS,
    learner_table,
    school_table,
    staff_table,
    with_places,
    with_posts,
)
from phuong.ui.api import MOST_ROWS, TooManyRows, export_answer, keyset_page

EXPORTS = ("xlsx", "csv")


@needs(Permission.PERSONS_READ)
@require_safe
def learners(request: Any) -> HttpResponse:
    """List the learners within the acting scope."""
    form = LearnerFilter(request.GET)
    chosen = form.chosen()
    rows = learners_matching(request.actor, chosen)
    if request.GET.get("as") in EXPORTS:
        return _export(request, _("hoc-sinh"), LEARNER_COLUMNS, lambda: with_places(_first(rows)), unit_of=_unit_of)
    seen(LIST_SEEN, on_kind="list", on_id="registry.learners")
    page = keyset_page(rows, by=("search_key", "id") if "q" in chosen else ("name_key", "id"), query=request.GET)
    places = present_places(person.pk for person in page.rows)
    table = learner_table(page, places, request)
    return render(request, "registry/learners.html", {"form": form, "table": table})


@needs(Permission.STAFF_READ)
@require_safe
def staff(request: Any) -> HttpResponse:
    """List the staff within the acting scope."""
    form = StaffFilter(request.GET)
    chosen = form.chosen()
    rows = staff_matching(request.actor, chosen)
    if request.GET.get("as") in EXPORTS:
        return _export(request, _("doi-ngu"), STAFF_COLUMNS, lambda: with_posts(_first(rows)), unit_of=_unit_of)
    seen(LIST_SEEN, on_kind="list", on_id="registry.staff")
    page = keyset_page(rows, by=("name_key", "id"), query=request.GET)
    return render(request, "registry/staff.html", {"form": form, "table": staff_table(page, request)})


@needs(Permission.PLANS_READ, Permission.PERSONS_READ, Permission.STAFF_READ, Permission.FACILITIES_READ)
@require_safe
def schools(request: Any) -> HttpResponse:
    """List the schools within the acting scope."""
    form = SchoolFilter(request.GET)
    chosen = form.chosen()
    rows = schools_matching(request.actor, chosen)
    if request.GET.get("as") in EXPORTS:
        return _export(
            request, _("truong"), SCHOOL_COLUMNS, lambda: _whole(rows.order_by("organisation__name_key", "pk"))
        )
    page = keyset_page(rows, by=("organisation__name_key", "organisation_id"), query=request.GET)
    return render(request, "registry/schools.html", {"form": form, "table": school_table(page, request)})


def _first(rows: Any) -> Any:
    return _whole(rows.select_related("place").order_by("name_key", "id"))


def _whole(rows: Any) -> Any:
    """Give all rows, or refuse: a cut list would pass for a whole one."""
    if rows[MOST_ROWS : MOST_ROWS + 1]:
        raise TooManyRows
    return rows


def _unit_of(row: Any) -> Any:
    """Give the unit that keeps the person of a row."""
    return row[0].place_id


def _export(request: Any, name: str, columns: Any, rows: Any, *, unit_of: Any = None) -> HttpResponse:
    """Answer with a file, and keep in the journal who took how much away."""
    if not request.actor.may(Permission.EXPORT):
        raise NotThere
    record("registry.exported", on_kind=name, note=request.GET.urlencode()[:200])
    return export_answer(request.GET["as"], name, columns, rows(), unit_of=unit_of)


def list_url(name: str, **query: object) -> str:
    """Give the address of a list with filters."""
    pairs = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"registry:{name}") + (f"?{pairs}" if pairs else "")
