"""Sheets of preschool groups: a day of weighing and measuring, development, and the measurings of one child."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from phuong.academics.actions.preschool import say_development, say_growth
from phuong.academics.actions.primary import Kept, Wanted
from phuong.academics.models import DEVELOPMENT_PERIODS, GrowthCheck
from phuong.academics.profiles import preschool
from phuong.academics.queries.cards import enrolments_in
from phuong.academics.queries.closing import is_closed
from phuong.academics.queries.growthwords import (
    found_words,
    index_title,
    measured_words,
    shown_height,
    shown_weight,
)
from phuong.academics.queries.homeroom import preschool_group_for
from phuong.academics.queries.preschool import (
    Due,
    checks_of,
    checks_on,
    days_of,
    development_of,
    development_time,
    domains_of,
    due_at,
    group_of,
    may_measure_on,
    preschool_profile,
)
from phuong.academics.queries.primarysheets import Time
from phuong.academics.rules.preschool import due_on, findings_of, months_old
from phuong.academics.rules.profiles import PreschoolProfile
from phuong.academics.views.preschoolreading import (
    read_developed,
    read_measured,
    typed_developed,
    typed_measured,
)
from phuong.academics.views.primaryrows import Field
from phuong.academics.views.wholesheets import Sheet, sheet_page, sheet_taken
from phuong.kernel.audit import SEEN, seen
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.today import today
from phuong.registry.api import ClassGroup, Person

TEMPLATE = "academics/preschool.html"
MARKS = (Permission.MARKS_WRITE, Permission.MARKS_MANAGE)


@needs(*MARKS)
@never_cache
@require_http_methods(["GET", "POST"])
def growth(request: Any, class_id: UUID, day: str) -> HttpResponse:
    """Show a group on a day of weighing and measuring, who is due first, and take its form."""
    group, standing = preschool_group_for(request.actor, class_id, growth=True)
    profile, when = preschool_profile(group), _day(day)
    if request.method == "GET" and request.GET.get("ngay"):
        return redirect("academics:growth", group.pk, _day(request.GET["ngay"]).isoformat())
    if not may_measure_on(group, when):
        raise NotThere
    pupils = enrolments_in(group)
    due = due_at(profile, pupils, when)
    pupils = sorted(pupils, key=lambda each: not due[each.learner_id].is_late)
    fields = [
        Field("age", _("Tháng tuổi"), "age", is_open=False),
        Field("last", _("Lần trước"), "known", is_open=False),
        Field("weight", _("Cân nặng (kg)"), "measure"),
        Field("height", _("Chiều cao (cm)"), "measure"),
        *(Field(each, index_title(each), "choice", [*findings_of(profile, each).items()]) for each in profile.growth),
    ]
    state = Time(0, "late" if is_closed(group.organisation_id, group.school_year) else "open", None)
    sheet = Sheet(
        group,
        state,
        pupils,
        fields,
        checks_on(pupils, when),
        typed_measured([*profile.growth]),
        known={each: _known(one) for each, one in due.items()},
        links={each: reverse("academics:growth_of", args=[each]) for each in due},
        template=TEMPLATE,
    )
    page = {"title": _("Cân đo"), "day": when, "days": days_of(group), "when": when.strftime("%d/%m/%Y")}
    page |= {"late": sum(one.is_late for one in due.values())}

    def say(wanted: Mapping[UUID, Wanted]) -> Kept:
        return say_growth(group, when, wanted, by=request.actor)

    if request.method == "POST":
        return sheet_taken(request, sheet, read_measured([*profile.growth]), say, page)
    return sheet_page(request, sheet, page, may_write=standing.is_homeroom or standing.teaches or standing.cares)


@needs(*MARKS)
@never_cache
@require_http_methods(["GET", "POST"])
def development(request: Any, class_id: UUID, period: int) -> HttpResponse:
    """Show how the children of a group developed by the middle or the end of the year, and take its form."""
    group, standing = preschool_group_for(request.actor, class_id, growth=False)
    domains = domains_of(group)
    if period not in dict(DEVELOPMENT_PERIODS):
        raise NotThere
    results = (("1", _("Đạt")), ("0", _("Chưa đạt")))
    fields = [Field(code, title, "choice", results) for code, title in domains.items()]
    fields.append(Field("remark", _("Nhận xét"), "remark"))
    pupils = enrolments_in(group)
    rows, time = development_of(pupils, period), development_time(group, period)
    sheet = Sheet(group, time, pupils, fields, rows, typed_developed([*domains]), template=TEMPLATE)
    address = [(each, str(title)) for each, title in DEVELOPMENT_PERIODS]
    tabs = [
        (title, reverse("academics:development", args=[group.pk, each]), each == period, "") for each, title in address
    ]
    page = {"title": _("Sự phát triển của trẻ"), "when": dict(address)[period], "tabs": tabs}

    def say(wanted: Mapping[UUID, Wanted]) -> Kept:
        return say_development(group, period, wanted, by=request.actor)

    if request.method == "POST":
        return sheet_taken(request, sheet, read_developed([*domains]), say, page)
    return sheet_page(request, sheet, page, may_write=standing.is_homeroom or standing.teaches)


@needs(Permission.OWN_READ, *MARKS)
@never_cache
@require_safe
def growth_of(request: Any, learner_id: UUID) -> HttpResponse:
    """Show the measurings of one child: to the family, teachers of its group, health worker, who manages marks."""
    group: ClassGroup | None = None
    if learner_id not in request.actor.persons:
        found = group_of(learner_id)
        if found is None:
            raise NotThere
        group, _standing = preschool_group_for(request.actor, found, growth=True)
    child = Person.objects.filter(pk=learner_id).first()
    if child is None:
        raise NotThere
    seen(SEEN, on_kind="person", on_id=child.pk, about=child.pk, path=child.path)
    profile, checks = preschool(), checks_of(child.pk)
    rows = [_row(profile, child, each) for each in checks]
    is_now = group is not None and may_measure_on(group, today())
    page: dict[str, Any] = {
        "child": child,
        "group": group if is_now else None,
        "rows": rows,
        "today": today().isoformat(),
    }
    page["due"] = due_on(profile, child.birth_date, checks[0].day) if checks else None
    return render(request, "academics/growth.html", page)


def _row(profile: PreschoolProfile, child: Person, check: GrowthCheck) -> dict[str, Any]:
    birth = child.birth_date
    return {
        "day": check.day,
        "months": None if birth is None else months_old(birth, check.day),
        "weight": shown_weight(check.weight),
        "height": shown_height(check.height),
        "found": found_words(profile, check),
    }


def _known(due: Due) -> dict[str, str]:
    age = "" if due.months is None else str(due.months)
    if due.last is None:
        return {"age": age, "last": _("Chưa đo lần nào")}
    told = f"{due.last.day:%d/%m/%Y}: {measured_words(due.last)}"
    if due.is_late:
        told += " · " + _("đến hạn %(day)s") % {"day": f"{due.on:%d/%m/%Y}"}
    return {"age": age, "last": told}


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise NotThere from error


def preschool_entries(group: ClassGroup, term: int, *, development: bool) -> list[dict[str, Any]]:
    """Give the sheets of a preschool group for the list of sheets; who only measures has no ``development``."""
    sheets = [(_("Cân đo"), reverse("academics:growth", args=[group.pk, today().isoformat()]))]
    if development:
        sheets.append((_("Sự phát triển của trẻ"), reverse("academics:development", args=[group.pk, term])))
    return [{"title": title, "url": url, "is_mine": False, "progress": None} for title, url in sheets]


PRESCHOOL_ROUTES = (
    path("so-diem/lop/<uuid:class_id>/can-do/<slug:day>/", growth, name="growth"),
    path("so-diem/lop/<uuid:class_id>/phat-trien/<int:period>/", development, name="development"),
    path("so-diem/tre/<uuid:learner_id>/can-do/", growth_of, name="growth_of"),
)
