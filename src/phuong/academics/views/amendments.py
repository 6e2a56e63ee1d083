"""Changes of locked marks, and the windows in which marks are entered."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.academics.access import amendments_seen_by
from phuong.academics.actions.amendments import Wish, ask_amendment, decide_amendment, set_windows
from phuong.academics.errors import NothingToAmend
from phuong.academics.forms import AmendForm, WindowsForm, words_of
from phuong.academics.models import Amendment, EntryWindow
from phuong.academics.queries.opening import opened
from phuong.academics.rules.cells import BadCell, Row, columns_of, read_cell, shown_cell
from phuong.academics.views.gradebook import MARKS
from phuong.kernel.calendar import school_year_of
from phuong.kernel.codelists import title_of
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.today import today
from phuong.registry.api import Organisation
from phuong.ui.api import keyset_page


@needs(*MARKS)
@require_safe
def amendments(request: Any) -> HttpResponse:
    """List the changes that wait, then those decided."""
    page = keyset_page(amendments_seen_by(request.actor), by=("id",), query=request.GET, newest_first=True)
    rows = [(each, shown(each.before, each), shown(each.after, each), _may_decide(request, each)) for each in page.rows]
    return render(request, "academics/amendments.html", {"rows": rows, "place": page})


def shown(value: int | None, amendment: Amendment) -> str:
    """Show a value as its sheet does."""
    return shown_cell(value, is_scored=amendment.mark.sheet.is_scored) or "∅"


def _may_decide(request: Any, amendment: Amendment) -> bool:
    is_open = amendment.state == Amendment.State.ASKED and amendment.asked_by != request.actor.account_id
    return bool(is_open and request.actor.may(Permission.MARKS_MANAGE))


@needs(*MARKS)
@require_http_methods(["GET", "POST"])
def amend(request: Any, class_id: UUID, subject: str, term: int, learner_id: UUID, column: str) -> HttpResponse:
    """Ask for a change of one mark of a closed column."""
    found = opened(request.actor, class_id, subject, term)
    group, standing, sheet = found.group, found.standing, found.sheet
    mark = sheet.marks.select_related("learner").filter(learner=learner_id).first() if sheet.pk else None
    if mark is None or not standing.teaches or column not in columns_of(sheet.columns):
        raise NotThere
    form = AmendForm(*([request.POST] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        try:
            value = read_cell(form.cleaned_data["value"], is_scored=sheet.is_scored)
            wish = Wish(learner_id, column, value, form.cleaned_data["reason"])
            ask_amendment(group, subject, term, wish, by=request.actor)
        except BadCell as problem:
            form.add_error("value", words_of(problem))
        except NothingToAmend as refusal:
            form.add_error("value", refusal.detail)
        else:
            messages.success(request, _("Đã gửi đề nghị. Điểm đổi khi được duyệt."))
            return redirect("academics:story", class_id, subject, term, learner_id)
    now = Row(tuple(mark.regular), mark.midterm, mark.final).cell(column)
    page = {"form": form, "group": group, "title": title_of("subject", subject), "learner": mark.learner}
    page |= {
        "column": column,
        "now": shown_cell(now, is_scored=sheet.is_scored) or "∅",
        "subject": subject,
        "term": term,
    }
    return render(request, "academics/amend.html", page, status=422 if form.errors else 200)


@needs(Permission.MARKS_MANAGE)
@require_POST
def decide(request: Any, amendment_id: UUID, act: str) -> HttpResponse:
    """Approve or refuse a change."""
    if act not in ("duyet", "tu-choi"):
        raise NotThere
    answer = request.POST.get("answer", "").strip()[:500]
    decide_amendment(amendment_id, approves=act == "duyet", answer=answer, by=request.actor)
    messages.success(request, _("Đã duyệt, điểm đã sửa.") if act == "duyet" else _("Đã trả lời không duyệt."))
    return redirect("academics:amendments")


@needs(Permission.MARKS_MANAGE)
@require_http_methods(["GET", "POST"])
def windows(request: Any) -> HttpResponse:
    """Say when marks are entered at the own school: by kind of column, for one term."""
    school = Organisation.objects.filter(path=request.actor.scope or "none", kind__in=("school", "campus")).first()
    if school is None:
        raise NotThere
    year = school_year_of(today())
    term = 2 if request.GET.get("ki") == "2" else 1
    kept = EntryWindow.objects.filter(organisation=school, school_year=year.start, term=term)
    form = WindowsForm({each.column: each for each in kept}, *([request.POST] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        set_windows(school, year.start, term, form.windows(), by=request.actor)
        messages.success(request, _("Đã lưu thời hạn nhập điểm."))
        return redirect(f"{request.path}?ki={term}")
    page = {"form": form, "term": term, "year": year, "school": school}
    return render(request, "academics/windows.html", page, status=422 if form.errors else 200)
