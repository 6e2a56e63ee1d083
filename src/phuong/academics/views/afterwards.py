"""What comes after the year of a class: re-tests, conduct after the summer, individual plans; the province's job."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from phuong.academics.actions.yearend import say_afterwards
from phuong.academics.forms import words_of
from phuong.academics.queries.afterwards import After, Due, due_in
from phuong.academics.queries.cards import OUTCOMES
from phuong.academics.queries.homeroom import own_class_for
from phuong.academics.queries.results import schools_with_classes
from phuong.academics.rules.cells import BadCell, read_cell, shown_cell
from phuong.academics.rules.levels import Level
from phuong.kernel.audit import LIST_SEEN, seen
from phuong.kernel.calendar import SchoolYear, school_year_of
from phuong.kernel.codelists import title_of
from phuong.kernel.gates import needs
from phuong.kernel.jobs import later
from phuong.kernel.models import Job, JobState
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.today import today
from phuong.ui.api import shown_job

PROMOTE = "academics.promote"
LEVELS = [(str(int(level)), level.title) for level in reversed(Level)]
_PLANS = {"1": True, "0": False}


@needs(Permission.MARKS_WRITE, Permission.MARKS_MANAGE)
@require_http_methods(["GET", "POST"])
def afterwards(request: Any, class_id: UUID) -> HttpResponse:
    """Show who of a class is due after the year, and take what the principal says of them, all in one form."""
    group, standing = own_class_for(request.actor, class_id)
    may_write = standing.manages and request.actor.as_of is None
    also = _also(request.POST.getlist("l") if request.method == "POST" else request.GET.getlist("them"))
    due, others = due_in(group, also)
    wrong: list[str] = []
    if request.method == "POST":
        if not may_write:
            raise NotThere
        said, wrong = _said(request.POST, due)
        if not wrong:
            count = say_afterwards(group, said, by=request.actor)
            words = _("Đã lưu và xét lại: %d em.") % count if count else _("Không có gì thay đổi.")
            messages.success(request, words)
            return redirect("academics:afterwards", group.pk)
    seen(LIST_SEEN, on_kind="class", on_id=group.pk, path=group.organisation.path)
    typed = request.POST if wrong else {}
    page = {"group": group, "rows": [_shown(each, typed) for each in due], "wrong": wrong, "levels": LEVELS}
    page |= {"may_write": may_write, "others": others, "year": SchoolYear(group.school_year)}
    return render(request, "academics/afterwards.html", page, status=422 if wrong else 200)


def _also(told: list[str]) -> set[UUID]:
    found = set()
    for each in told[:100]:
        try:
            found.add(UUID(each))
        except ValueError:
            continue
    return found


def _shown(due: Due, typed: Any) -> dict[str, Any]:
    """Give what a row shows: what was typed, else what was said before."""
    key, said, result = due.enrolment.learner_id, due.said, due.result
    conduct = "" if said is None or said.summer_conduct is None else str(said.summer_conduct)
    plan = "" if said is None or said.by_plan is None else str(int(said.by_plan))
    subjects = [
        {
            "name": f"t-{key}-{code}",
            "title": title_of("subject", code),
            "was": shown_cell(year, is_scored=is_scored),
            "value": typed.get(f"t-{key}-{code}", shown_cell(new, is_scored=is_scored)),
        }
        for code, is_scored, year, new in due.subjects
    ]
    row = {"learner": due.enrolment.learner, "subjects": subjects, "trains": due.trains, "is_over": due.is_over}
    row |= {"conduct": typed.get(f"c-{key}", conduct), "plan": typed.get(f"p-{key}", plan), "said": said}
    row["outcome"] = OUTCOMES.get(result.outcome, "") if result is not None else ""
    return row


def _said(data: Any, due: list[Due]) -> tuple[dict[UUID, After], list[str]]:
    """Read the form; gives what is said by pupil, and what cannot be read."""
    said, wrong = {}, []
    shown = _also(data.getlist("l"))
    for each in due:
        key, name = each.enrolment.learner_id, each.enrolment.learner.full_name
        if key not in shown or each.is_over:
            continue
        retest: dict[str, int] = {}
        for code, is_scored, _year, _new in each.subjects:
            try:
                value = read_cell(data.get(f"t-{key}-{code}", "")[:20], is_scored=is_scored)
                if value is not None and value < 0:
                    raise BadCell("number" if is_scored else "remark")
            except BadCell as problem:
                wrong.append(f"{name}, {title_of('subject', code)}: {words_of(problem)}")
                continue
            if value is not None:
                retest[code] = value
        conduct = data.get(f"c-{key}", "") if each.trains else ""
        level = int(conduct) if conduct in dict(LEVELS) else None
        said[key] = After(retest or None, level, _PLANS.get(data.get(f"p-{key}", "")))
    return said, wrong


@needs(Permission.YEAR_PROMOTE)
@require_http_methods(["GET", "POST"])
def province(request: Any) -> HttpResponse:
    """Show the last moving up of all schools below, and ask for a dry run or for it to be done."""
    year = SchoolYear(school_year_of(today()).start - (today().month == AUGUST))
    under = request.actor.scope
    if request.method == "POST":
        if request.POST.get("act") not in ("dry", "apply"):
            raise NotThere
        is_dry = request.POST["act"] == "dry"
        title = _("Lên lớp toàn tỉnh: tính thử") if is_dry else _("Lên lớp toàn tỉnh")
        asked = {"under": under, "year": year.start, "dry_run": is_dry, "asked_by": request.actor.name}
        later(PROMOTE, title=title, path=under, **asked)
        return redirect("academics:promote_all")
    job = Job.objects.filter(name=PROMOTE, path=under, arguments__year=year.start).order_by("-id").first()
    is_busy = job is not None and not job.is_over
    page: dict[str, Any] = {"year": year, "job": job and shown_job(job), "is_busy": is_busy}
    page["told"] = job.result if job is not None and job.state == JobState.DONE else {}
    page["schools"] = len(schools_with_classes(under, year.start))
    part = "#run" if "HX-Request" in request.headers else ""
    return render(request, f"academics/promote_all.html{part}", page)


AUGUST = 8
AFTERWARDS_ROUTES = [
    path("so-diem/lop/<uuid:class_id>/sau-nam-hoc/", afterwards, name="afterwards"),
    path("so-diem/len-lop/", province, name="promote_all"),
]
