"""The end of a year at a school: seen before anything is done, closed, pupils moved up and back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.academics.actions.closing import close_year, reopen_year
from phuong.academics.actions.promotion import promote_school, targets_of, undo_promotion
from phuong.academics.errors import NamesClash
from phuong.academics.queries.closing import closing_of, is_early, year_to_end
from phuong.academics.queries.homeroom import LEVELS
from phuong.academics.queries.promotion import WHY, Names, Plan, left_over, plan_of, promotions_of
from phuong.academics.queries.yearend import due_counts, ending_classes, not_going_on, onward_of
from phuong.kernel.audit import LIST_SEEN, record, seen
from phuong.kernel.calendar import SchoolYear, school_year_of
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.kernel.today import today
from phuong.registry.api import Organisation
from phuong.ui.api import Column, export_answer

MOST_NAME = 30
YEARS = range(2000, 2100)
_NAMED = (
    Column(gettext_lazy("Lớp"), lambda each: each.class_name, 10),
    Column(gettext_lazy("Họ và tên"), lambda each: each.name, 28),
    Column(gettext_lazy("Kết luận"), lambda each: each.outcome, 34),
    Column(gettext_lazy("Môn kiểm tra lại"), lambda each: each.subjects, 40),
)
_LEFT = (
    Column(gettext_lazy("Lớp"), lambda each: each.class_name, 10),
    Column(gettext_lazy("Họ và tên"), lambda each: each.name, 28),
    Column(gettext_lazy("Vì sao"), lambda each: each.why, 44),
)


def school_of(actor: Actor) -> Organisation | None:
    """Give the school the actor answers for."""
    return Organisation.objects.filter(path=actor.scope or "none", kind__in=("school", "campus")).first()


def own_school(actor: Actor, year: int) -> Organisation:
    """Give the school the actor answers for, in a year there is.

    :raises NotThere: it is none, or there is no such year
    """
    school = school_of(actor)
    if school is None or year not in YEARS:
        raise NotThere
    return school


@needs(Permission.MARKS_MANAGE)
@require_safe
def year_end(request: Any) -> HttpResponse:
    """Show what becomes of the pupils of a school at the end of the year, whether it is closed, what comes next."""
    school, told = school_of(request.actor), request.GET.get("nam", "")
    present = school_year_of(today())
    year = year_to_end(school.pk if school else None, today(), present)
    if told.isascii() and told.isdecimal() and len(told) == len("2026"):
        year = SchoolYear(int(told))
    groups = ending_classes(request.actor.scope, year.start)
    named = not_going_on(groups)
    if "as" in request.GET:
        place = request.actor.organisation_id
        answer = export_answer(request.GET["as"], _("cuoi-nam"), _NAMED, named, unit_of=lambda _each: place)
        record("academics.summary_taken", note=f"{year.start}: {len(named)}", path=request.actor.scope)
        return answer
    seen(LIST_SEEN, on_kind="academics.year_end", on_id=year.start, path=request.actor.scope)
    rows, due = onward_of(groups), due_counts(groups)
    page = {
        "rows": [(row, due.get(row.group.pk, 0), row.group.level in LEVELS) for row in rows],
        "named": named,
        "year": year,
        "school": school,
    }
    page |= {"going_on": sum(row.going_on for row in rows), "undecided": sum(row.undecided for row in rows)}
    page |= {"pupils": sum(row.pupils for row in rows), "due": sum(due.values())}
    page |= {"closing": closing_of(school.pk, year.start) if school else None, "early": is_early(year.start, today())}
    page |= {"others": [SchoolYear(year.start + step) for step in (-1, 1) if year.start + step <= present.start]}
    return render(request, "academics/results_yearend.html", page)


@needs(Permission.MARKS_MANAGE)
@require_POST
def close(request: Any, year: int) -> HttpResponse:
    """Close the year of the own school; long before its end only when that is meant."""
    school = own_school(request.actor, year)
    if is_early(year, today()) and request.POST.get("early") != "1":
        messages.error(request, _("Năm học chưa hết: đánh dấu ô xác nhận rồi bấm lại."))
    else:
        close_year(school, year, by=request.actor)
        messages.success(request, _("Đã kết thúc năm học. Máy đang tính lại kết quả cả năm của trường."))
    return redirect(f"{reverse('academics:year_end')}?nam={year}")


@needs(Permission.MARKS_MANAGE)
@require_POST
def reopen(request: Any, year: int) -> HttpResponse:
    """Open a closed year of the own school again, with a reason."""
    school = own_school(request.actor, year)
    reason = " ".join(request.POST.get("reason", "").replace("\x00", "").split())[:500]
    if not reason:
        messages.error(request, _("Ghi lí do mở lại năm học."))
    else:
        reopen_year(school, year, reason=reason, by=request.actor)
        messages.success(request, _("Đã mở lại năm học."))
    return redirect(f"{reverse('academics:year_end')}?nam={year}")


@needs(Permission.MARKS_MANAGE)
@require_http_methods(["GET", "POST"])
def promotion(request: Any, year: int) -> HttpResponse:
    """Show which classes follow and who goes where; with other names tried or, on «Lên lớp», done."""
    school = own_school(request.actor, year)
    names = _names(request.POST) if request.method == "POST" else {}
    plan = plan_of(school.pk, year, names)
    wrong = ""
    try:
        targets_of(plan)
        if request.POST.get("act") == "apply":
            applied = promote_school(school, year, by=request.actor, names=names)
            words = _("Đã xếp lớp năm sau: %(promoted)d em lên lớp, %(retained)d ở lại, %(completed)d hoàn thành.")
            messages.success(request, words % dict(applied.counts))
            return redirect("academics:promotion", year)
    except NamesClash as refusal:
        wrong = f"{refusal.detail} {refusal.facts.get('name', '')}".strip()
    return _plan_page(request, school, SchoolYear(year), plan, wrong)


def _plan_page(request: Any, school: Organisation, year: SchoolYear, plan: Plan, wrong: str) -> HttpResponse:
    left = left_over(plan)
    if "as" in request.GET:
        answer = export_answer(request.GET["as"], _("chua-xep-lop"), _LEFT, left, unit_of=lambda _each: school.pk)
        record("academics.summary_taken", note=f"{year.start}: {len(left)}", path=school.path)
        return answer
    seen(LIST_SEEN, on_kind="academics.promotion", on_id=year.start, path=school.path)
    done = promotions_of(school.pk, year.start)
    counts = plan.counts
    page = {"school": school, "year": year, "next": SchoolYear(year.start + 1), "wrong": wrong, "counts": counts}
    page |= {"steps": [step for step in plan.steps if step.pupils], "left": left, "done": done}
    page |= {"closing": closing_of(school.pk, year.start), "moving": counts["pupils"] - counts["left"]}
    page["whys"] = [(WHY[why], count) for why, count in plan.whys.items()]
    page["last"] = next((each for each in done if each.undone_at is None), None)
    return render(request, "academics/promotion.html", page, status=422 if wrong else 200)


@needs(Permission.MARKS_MANAGE)
@require_POST
def undo(request: Any, year: int) -> HttpResponse:
    """Undo the last moving up of the own school."""
    undo_promotion(own_school(request.actor, year), year, by=request.actor)
    messages.success(request, _("Đã hoàn tác: lớp và học sinh trở lại đúng như trước khi lên lớp."))
    return redirect("academics:promotion", year)


def _names(data: Any) -> Names:
    """Read the names of the classes that follow: ``g`` a row, ``up`` and ``stay`` of each; others are left out."""
    rows = zip(data.getlist("g"), data.getlist("up"), data.getlist("stay"), strict=False)
    found: dict[Any, tuple[str, str]] = {}
    for told, *names in rows:
        try:
            key = UUID(told)
        except ValueError:
            continue
        up, stay = (" ".join(name.replace("\x00", "").split())[:MOST_NAME] for name in names)
        found[key] = (up, stay)
    return found


YEAREND_ROUTES = [
    path("so-diem/cuoi-nam/", year_end, name="year_end"),
    path("so-diem/cuoi-nam/<int:year>/ket-thuc/", close, name="close_year"),
    path("so-diem/cuoi-nam/<int:year>/mo-lai/", reopen, name="reopen_year"),
    path("so-diem/cuoi-nam/<int:year>/len-lop/", promotion, name="promotion"),
    path("so-diem/cuoi-nam/<int:year>/hoan-tac/", undo, name="undo_promotion"),
]
