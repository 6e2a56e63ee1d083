"""Pages of a whole class: conduct and absences said by its homeroom teacher, the summary, why, computing."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.academics.actions.records import Said, say_records
from phuong.academics.models import PERIODS, TermRecord
from phuong.academics.queries.cards import PARTS, enrolments_in
from phuong.academics.queries.closing import is_closed
from phuong.academics.queries.homeroom import ASSESSED, LEVELS, own_class_for, own_classes
from phuong.academics.queries.primarycards import has_part
from phuong.academics.queries.primarysheets import present_period
from phuong.academics.queries.primarysummaries import primary_reasons_of, primary_stale_in, primary_summary_of
from phuong.academics.queries.summaries import Line, Summary, reasons_of, stale_in, standings_of, summary_of
from phuong.academics.rules.levels import Level
from phuong.academics.rules.parts import YEAR
from phuong.academics.views import cards
from phuong.kernel.audit import LIST_SEEN, SEEN, record, seen
from phuong.kernel.calendar import school_year_of
from phuong.kernel.gates import needs
from phuong.kernel.jobs import later
from phuong.kernel.models import Job, JobState
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import BadInput, NotThere
from phuong.kernel.today import today
from phuong.records.api import Words
from phuong.registry.api import ClassGroup
from phuong.ui.api import Column, export_answer, shown_job

COMPUTE = "academics.results"
MOST_DAYS = 400
MOST_ROWS = 200
MOST_CLASSES = 200
CONDUCTS = [(str(int(level)), level.title) for level in reversed(Level)]
_REMARK = Words(required=False, max_length=500)
_PART_TITLES = {1: gettext_lazy("Học kì I"), 2: gettext_lazy("Học kì II"), YEAR: gettext_lazy("Cả năm")}


def part_titles() -> list[tuple[int, str]]:
    """Name the parts of a year in their order."""
    return [(part, str(title)) for part, title in _PART_TITLES.items()]


@needs(Permission.MARKS_WRITE, Permission.MARKS_MANAGE)
@require_safe
def classes(request: Any) -> HttpResponse:
    """List the classes whose results are the actor's to look after, with how many pupils are decided."""
    year = school_year_of(today())
    rows = standings_of(list(own_classes(request.actor, year.start, ASSESSED)[:MOST_CLASSES]))
    page: dict[str, Any] = {"rows": rows, "year": year.name, "term": year.term_of(today())}
    page["period"] = present_period(year, year.term_of(today()))
    page["manages"] = request.actor.may(Permission.MARKS_MANAGE)
    return render(request, "academics/results_classes.html", page)


@needs(Permission.MARKS_WRITE, Permission.MARKS_MANAGE)
@require_http_methods(["GET", "POST"])
def records(request: Any, class_id: UUID, term: int) -> HttpResponse:
    """Show what is said of each pupil of a class in a term; the homeroom teacher writes it, all in one form."""
    group, standing = own_class_for(request.actor, class_id)
    if term not in (1, 2) or group.level not in LEVELS:
        raise NotThere
    pupils = enrolments_in(group)
    may_write = standing.is_homeroom and request.actor.as_of is None
    typed: dict[UUID, tuple[str, ...]] = {}
    wrong: list[str] = []
    if request.method == "POST":
        if not may_write:
            raise NotThere
        typed = _typed(request.POST)
        said, wrong = _said(typed, {each.learner_id: each.learner.full_name for each in pupils})
        if not wrong:
            count = say_records(group, term, said, by=request.actor)
            messages.success(request, _("Đã lưu: sửa %d em.") % count if count else _("Không có gì thay đổi."))
            return redirect("academics:records", group.pk, term)
    seen(LIST_SEEN, on_kind="class", on_id=group.pk, path=group.organisation.path)
    kept = {each.enrolment_id: each for each in TermRecord.objects.filter(enrolment__in=pupils, term=term)}
    rows = [(each, typed.get(each.learner_id) or _shown(kept.get(each.pk))) for each in pupils]
    page = {**_frame(group, standing), "term": term, "rows": rows, "levels": CONDUCTS, "wrong": wrong}
    may_write = may_write and not is_closed(group.organisation_id, group.school_year)
    page |= {"may_write": may_write, "here": _("Rèn luyện, chuyên cần"), "tabs": _record_tabs(group, term)}
    return render(request, "academics/results_records.html", page, status=422 if wrong else 200)


def _frame(group: ClassGroup, standing: Any) -> dict[str, Any]:
    """Give what every page of a class shows."""
    year = group.school_year
    return {"group": group, "standing": standing, "year": f"{year}–{year + 1}"}


def _record_tabs(group: ClassGroup, term: int) -> list[tuple[str, str, bool, str]]:
    """Give the pages of a class as tabs: terms of records, then parts of the summary."""
    told = [
        (f"{_('Rèn luyện')}: {title}", reverse("academics:records", args=[group.pk, part]), part == term, "")
        for part, title in part_titles()
        if part != YEAR
    ]
    return told + _summary_tabs(group, None)


def _summary_tabs(group: ClassGroup, part: int | None) -> list[tuple[str, str, bool, str]]:
    return [
        (f"{_('Tổng hợp')}: {title}", reverse("academics:summary", args=[group.pk, each]), each == part, "")
        for each, title in part_titles()
        if has_part(group, each)
    ]


def _young_tabs(group: ClassGroup) -> list[tuple[str, str, bool, str]]:
    year = school_year_of(today())
    period = present_period(year, year.term_of(today())) if year.start == group.school_year else len(PERIODS)
    return [
        (_("Phẩm chất, năng lực"), reverse("academics:primary_records", args=[group.pk, period]), False, ""),
        (_("Đánh giá bổ sung"), reverse("academics:primary_again", args=[group.pk]), False, ""),
    ]


def _typed(data: Any) -> dict[UUID, tuple[str, ...]]:
    """Read the rows of the form: a value a row of each of four columns.

    :raises BadInput: rows and values do not go together
    """
    keys = data.getlist("l")
    columns = [data.getlist(name) for name in ("conduct", "excused", "unexcused", "remark")]
    if len(keys) > MOST_ROWS or any(len(column) != len(keys) for column in columns):
        raise BadInput
    try:
        return {UUID(key): tuple(each) for key, *each in zip(keys, *columns, strict=True)}
    except ValueError as error:
        raise BadInput from error


def _said(typed: dict[UUID, tuple[str, ...]], names: dict[UUID, str]) -> tuple[dict[UUID, Said], list[str]]:
    """Understand the rows of this class's pupils; gives them, and what is wrong with whose."""
    said, wrong = {}, []
    for learner, (conduct, excused, unexcused, remark) in typed.items():
        if learner not in names:
            continue
        try:
            level = int(conduct) if conduct in dict(CONDUCTS) else None
            said[learner] = Said(level, _days(excused), _days(unexcused), _REMARK.clean(remark))
        except ValidationError as error:
            wrong.append(f"{names[learner]}: {' '.join(error.messages)}")
    return said, wrong


def _days(text: str) -> int:
    told = text.strip() or "0"
    if not (told.isascii() and told.isdigit()) or len(told) > len(str(MOST_DAYS)) or int(told) > MOST_DAYS:
        raise ValidationError(_("Số buổi nghỉ là số nguyên từ 0 đến 400."))
    return int(told)


def _shown(kept: TermRecord | None) -> tuple[str, ...]:
    if kept is None:
        return "", "", "", ""
    conduct = "" if kept.conduct is None else str(kept.conduct)
    return conduct, str(kept.excused or ""), str(kept.unexcused or ""), kept.remark


@needs(Permission.MARKS_WRITE, Permission.MARKS_MANAGE)
@require_safe
def summary(request: Any, class_id: UUID, part: int) -> HttpResponse:
    """Show what a term or the year comes to for each pupil of a class, in the order of the list; also as a file."""
    group, standing = own_class_for(request.actor, class_id)
    if not has_part(group, part):
        raise NotThere
    is_young = group.level not in LEVELS
    found = primary_summary_of(group, part) if is_young else summary_of(group, part)
    seen(LIST_SEEN, on_kind="class", on_id=group.pk, path=group.organisation.path)
    if "as" in request.GET:
        return _file(request.GET["as"], group, part, found)
    job = _job_of(group)
    page = {**_frame(group, standing), "part": part, "is_year": part == YEAR, "found": found}
    tabs = _young_tabs(group) if is_young else _record_tabs(group, 0)[:2]
    page |= {"tabs": [*tabs, *_summary_tabs(group, part)], "title": _PART_TITLES[part], "is_young": is_young}
    page |= {"job": job and shown_job(job), "is_busy": job is not None and not job.is_over}
    page |= {"told": job.result if job is not None and job.state == JobState.DONE else {}}
    page |= {"stale": (primary_stale_in if is_young else stale_in)(group, part, found)}
    page |= {"may_compute": standing.manages and request.actor.as_of is None}
    part_of = "#computing" if "HX-Request" in request.headers else ""
    return render(request, f"academics/results_summary.html{part_of}", page)


def _job_of(group: ClassGroup) -> Job | None:
    """Give the latest computing of the class's school."""
    rows = Job.objects.filter(name=COMPUTE, path=group.organisation.path, arguments__year=group.school_year)
    return rows.order_by("-id").first()


def _cell(place: int, line: Line) -> str:
    return line.cells[place]


def _file(form: str, group: ClassGroup, part: int, found: Summary) -> HttpResponse:
    subjects = [Column(title, partial(_cell, place), 12) for place, (_code, title) in enumerate(found.subjects)]
    columns = [Column(_("Họ và tên"), lambda line: line.name, 28), *subjects]
    is_young = group.level not in LEVELS
    columns += [
        Column(_("Kết quả") if is_young else _("Học tập"), lambda line: line.level, 12),
        Column(_("Phẩm chất, năng lực") if is_young else _("Rèn luyện"), lambda line: line.conduct, 12),
    ]
    if not is_young:
        columns.append(Column(_("Số buổi nghỉ"), lambda line: line.absences, 12))
    if part == YEAR:
        columns.append(Column(_("Danh hiệu"), lambda line: line.honour, 22))
        columns.append(Column(_("Kết luận"), lambda line: line.outcome, 30))
    name = f"{_('tong-hop')}-{group.name}-{group.school_year}-{part}"
    answer = export_answer(form, name, columns, found.lines, unit_of=lambda _line: group.organisation_id)
    note = f"{group.school_year} {part}: {len(found.lines)}"
    record("academics.summary_taken", on_kind="class", on_id=group.pk, note=note, path=group.organisation.path)
    return answer


@needs(Permission.MARKS_WRITE, Permission.MARKS_MANAGE)
@require_safe
def why(request: Any, class_id: UUID, part: int, learner_id: UUID) -> HttpResponse:
    """Say why a pupil's term or year comes to what it does, article by article, from the marks as they stand."""
    group, standing = own_class_for(request.actor, class_id)
    pupils = enrolments_in(group, [learner_id])
    if not has_part(group, part) or not pupils:
        raise NotThere
    seen(SEEN, on_kind="person", on_id=learner_id, about=learner_id, path=group.organisation.path)
    page = {**_frame(group, standing), "part": part, "title": _PART_TITLES[part], "pupil": pupils[0].learner}
    page["reasons"] = (reasons_of if group.level in LEVELS else primary_reasons_of)(group, learner_id, part)
    return render(request, "academics/results_why.html", page)


@needs(Permission.MARKS_MANAGE)
@require_POST
def compute(request: Any, class_id: UUID, part: int) -> HttpResponse:
    """Ask for the results of the whole school to be computed; afterwards the page shows how far it is."""
    group, _standing = own_class_for(request.actor, class_id)
    if part not in PARTS:
        raise NotThere
    place = str(group.organisation.path)
    later(COMPUTE, path=place, under=place, year=group.school_year, asked_by=request.actor.name)
    return redirect("academics:summary", group.pk, part)


_CLASS = "so-diem/lop/<uuid:class_id>"
RESULT_ROUTES = [  # before the sheets: their addresses would take these for subjects
    path("so-diem/tong-hop/", classes, name="classes"),
    path(f"{_CLASS}/ren-luyen/<int:term>/", records, name="records"),
    path(f"{_CLASS}/tong-hop/<int:part>/", summary, name="summary"),
    path(f"{_CLASS}/tong-hop/<int:part>/tinh/", compute, name="compute"),
    path(f"{_CLASS}/tong-hop/<int:part>/em/<uuid:learner_id>/", why, name="why"),
    path(f"{_CLASS}/phieu/<int:part>/", cards.of_class, name="cards"),
    path(f"{_CLASS}/phieu/<int:part>/ca-truong/", cards.ask_school, name="ask_cards"),
    path("so-diem/phieu/<uuid:job_id>/", cards.run, name="cards_run"),
    path("so-diem/phieu/em/<uuid:learner_id>/<int:year>/<int:part>/", cards.of_pupil, name="card"),
]
