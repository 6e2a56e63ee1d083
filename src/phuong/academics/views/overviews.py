"""Overviews of a school: how far its sheets are, how marks lie, who is honoured."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from phuong.academics.access import standing_in
from phuong.academics.queries.distributions import VALUES, Asked, Spread, spreads_of, subjects_with_marks
from phuong.academics.queries.honours import honoured_at
from phuong.academics.queries.phrases import school_of
from phuong.academics.queries.progress import sheet_named, sheets_of
from phuong.academics.rules.levels import shown
from phuong.kernel.audit import LIST_SEEN, record, seen
from phuong.kernel.calendar import SchoolYear, school_year_of
from phuong.kernel.codelists import title_of
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.today import today
from phuong.registry.api import class_for
from phuong.ui.api import Column, export_answer

_VALUES = {
    "average": gettext_lazy("Trung bình môn học kì"),
    "midterm": gettext_lazy("Bài giữa kì"),
    "final": gettext_lazy("Bài cuối kì"),
}


FIRST = 2000  # the earliest year asked for


def _term(request: Any, year: SchoolYear) -> int:
    told = request.GET.get("ki")
    return int(told) if told in ("1", "2") else year.term_of(today())


@needs(Permission.MARKS_MANAGE)
@require_safe
def progress(request: Any) -> HttpResponse:
    """Show how far the sheets of a school are, by class and subject; the file says which columns lack marks."""
    school, year = school_of(request.actor), school_year_of(today())
    term = _term(request, year)
    sheets = sheets_of(school, year.start, term)
    if "as" in request.GET:
        name = f"{_('tien-do-diem')}-{year.start}-{term}"
        return export_answer(request.GET["as"], name, _SHEET, sheets, unit_of=lambda _sheet: school.pk)
    subjects = sorted({each.subject for each in sheets}, key=lambda code: title_of("subject", code))
    rows = []
    for (_class_id, name), found in groupby(sheets, key=lambda each: (each.class_id, each.class_name)):
        by_subject = {each.subject: each for each in found}
        rows.append((name, [by_subject.get(code) for code in subjects]))
    behind = sorted((each for each in sheets if each.share < 100), key=lambda each: each.share)[:15]
    page = {"rows": rows, "subjects": [title_of("subject", code) for code in subjects], "behind": behind}
    page |= {"year": year.name, "term": term, "full": sum(each.share == 100 for each in sheets), "all": len(sheets)}
    return render(request, "academics/progress.html", page)


_SHEET: tuple[Column, ...] = (
    Column(gettext_lazy("Lớp"), lambda each: each.class_name, 10),
    Column(gettext_lazy("Môn"), lambda each: each.title, 28),
    Column(gettext_lazy("Giáo viên"), lambda each: each.teacher, 28),
    Column(gettext_lazy("Học sinh"), lambda each: each.pupils, 10),
    Column(gettext_lazy("Đã nhập (%)"), lambda each: each.share, 12),
    Column(gettext_lazy("Còn thiếu (số ô)"), lambda each: each.lacking, 40),
    Column(gettext_lazy("Có nhận xét"), lambda each: each.remarks, 12),
)


@needs(Permission.MARKS_MANAGE)
@require_safe
def distributions(request: Any) -> HttpResponse:
    """Show how the marks of a subject lie by class, beside the year before and the authority's schools."""
    school, year = school_of(request.actor), school_year_of(today())
    term, known = _term(request, year), subjects_with_marks(school, year.start)
    subject = request.GET.get("mon", "")
    subject = subject if subject in known else next(iter(known), "")
    value = request.GET.get("cot", "")
    if value not in VALUES:  # while a term lasts there are hardly any averages
        value = "midterm" if term == year.term_of(today()) else "average"
    page: dict[str, Any] = {"year": year.name, "term": term, "subject": subject, "value": value, "school": school}
    page["subjects"] = sorted(((code, title_of("subject", code)) for code in known), key=lambda pair: pair[1])
    page["values"] = [(code, str(words)) for code, words in _VALUES.items()]
    page["title"] = title_of("subject", subject)
    if subject:
        own, before, around = spreads_of(school, year.start, Asked(subject, term, value))
        page["grades"] = _by_grade(own, before, around)
        page["is_scored"] = known[subject]
    return render(request, "academics/distributions.html", page)


def _by_grade(own: list[Spread], before: list[Spread], around: list[Spread]) -> list[tuple[int, list[Any]]]:
    """Lay out the grades of a school: its classes, the grade together, the year before, the schools around."""
    grades = []
    past, others = ({each.grade: each for each in rows} for rows in (before, around))
    for grade, found in groupby(own, key=lambda each: each.grade):
        classes = list(found)
        count = sum(each.count for each in classes)
        mean = round(sum(each.mean * each.count for each in classes) / count)
        bands = tuple(map(sum, zip(*(each.bands for each in classes), strict=True)))
        whole = Spread(grade, "", count, mean, bands, sum(each.passed for each in classes))
        rows = [("class", each, shown(each.mean)) for each in classes]
        rows.append(("grade", whole, shown(mean)))
        if grade in past:
            rows.append(("before", past[grade], shown(past[grade].mean)))
        if grade in others:
            rows.append(("around", others[grade], shown(others[grade].mean)))
        grades.append((grade, rows))
    return grades


@needs(Permission.MARKS_MANAGE)
@require_safe
def honours(request: Any) -> HttpResponse:
    """List the honoured pupils of a school in a year, by class; also as a file."""
    school, year = school_of(request.actor), school_year_of(today())
    told = request.GET.get("nam", "")
    is_year = told.isascii() and told.isdecimal() and len(told) == 4
    start = min(int(told), year.start) if is_year and int(told) >= FIRST else year.start
    found = honoured_at(school, start)
    if "as" in request.GET:
        name = f"{_('khen-thuong')}-{start}"
        answer = export_answer(request.GET["as"], name, _HONOURED, found, unit_of=lambda _each: school.pk)
        record("academics.honours_taken", on_kind="school", on_id=school.pk, note=f"{start}: {len(found)}")
        return answer
    seen(LIST_SEEN, on_kind="academics.honours", on_id=start, path=school.path)
    counted = [(title, len(list(rows))) for title, rows in groupby(sorted(each.honour for each in found))]
    groups = [(name, list(rows)) for name, rows in groupby(found, key=lambda each: each.class_name)]
    page = {"groups": groups, "counted": counted, "year": SchoolYear(start).name, "start": start, "before": start - 1}
    return render(request, "academics/honours.html", page)


_HONOURED = (
    Column(gettext_lazy("Lớp"), lambda each: each.class_name, 10),
    Column(gettext_lazy("Họ và tên"), lambda each: each.name, 28),
    Column(gettext_lazy("Danh hiệu"), lambda each: each.honour, 28),
)


@needs(Permission.MARKS_MANAGE, Permission.MARKS_WRITE, Permission.PERSONS_READ)
@require_safe
def one_sheet(request: Any, key: UUID) -> HttpResponse:
    """Lead from a line of the statistics to its sheet, or to its class where the reader reads no marks."""
    class_id, subject, term = sheet_named(key)
    group = class_for(request.actor, class_id)
    if standing_in(request.actor, group, subject).sees:
        return redirect("academics:grid", group.pk, subject, term)
    return redirect("registry:class", group.pk)


OVERVIEW_ROUTES = [
    path("so-diem/so/<uuid:key>/", one_sheet, name="one_sheet"),
    path("so-diem/tien-do/", progress, name="progress"),
    path("so-diem/pho-diem/", distributions, name="distributions"),
    path("so-diem/khen-thuong/", honours, name="honours"),
]
