"""Changes of locked marks, and the windows in which marks are entered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.academics.access import amendments_seen_by
from phuong.academics.actions.amendments import Value, Wish, ask_amendment, decide_amendment, set_windows, value_of
from phuong.academics.errors import NothingToAmend
from phuong.academics.forms import AmendForm, WindowsForm, words_of
from phuong.academics.models import PERIODS, Amendment, EntryWindow, Mark
from phuong.academics.queries.opening import opened
from phuong.academics.queries.primarystories import QUALITIES
from phuong.academics.rules.cells import REMARK, BadCell, columns_of, read_cell, shown_cell
from phuong.academics.views.gradebook import MARKS, column_name
from phuong.academics.views.saidwords import shown_said, subject_title, titles_in
from phuong.kernel.calendar import school_year_of
from phuong.kernel.codelists import title_of
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.today import today
from phuong.registry.api import Organisation
from phuong.ui.api import keyset_page


@dataclass(frozen=True)
class Line:
    """An amendment as the list shows it."""

    amendment: Amendment
    learner: str
    where: str
    before: str
    after: str
    may_decide: bool


@needs(*MARKS)
@require_safe
def amendments(request: Any) -> HttpResponse:
    """List the changes that wait, then those decided."""
    page = keyset_page(amendments_seen_by(request.actor), by=("id",), query=request.GET, newest_first=True)
    lines = [_line(each, may_decide=_may_decide(request, each)) for each in page.rows]
    return render(request, "academics/amendments.html", {"rows": lines, "place": page})


def _line(amendment: Amendment, *, may_decide: bool) -> Line:
    about = amendment.about
    if isinstance(about, Mark):
        group, subject = about.sheet.class_group, title_of("subject", about.sheet.subject)
        when, column = str(about.sheet.get_term_display()), column_name(amendment.column)

        def told(value: Any) -> str:
            if amendment.column == REMARK:
                return value or "∅"
            return shown_cell(value, is_scored=about.sheet.is_scored) or "∅"
    else:
        group, code = about.enrolment.class_group, getattr(about, "subject", QUALITIES)
        subject, when = subject_title(code), str(dict(PERIODS)[about.period])
        column = titles_in(group, code).get(amendment.column, amendment.column)

        def told(value: Any) -> str:
            return shown_said(amendment.column, value)

    where = f"{group.name}, {subject}, {when}, {column}"
    before, after = told(amendment.before), told(amendment.after)
    return Line(amendment, about.learner.full_name, where, before, after, may_decide)


def _may_decide(request: Any, amendment: Amendment) -> bool:
    is_open = amendment.state == Amendment.State.ASKED and amendment.asked_by != request.actor.account_id
    return bool(is_open and request.actor.may(Permission.MARKS_MANAGE))


@needs(*MARKS)
@require_http_methods(["GET", "POST"])
def amend(request: Any, class_id: UUID, subject: str, term: int, learner_id: UUID, column: str) -> HttpResponse:
    """Ask for a change of one mark, or of the remark, in a closed column."""
    found = opened(request.actor, class_id, subject, term)
    group, standing, sheet = found.group, found.standing, found.sheet
    mark = sheet.marks.select_related("learner").filter(learner=learner_id).first() if sheet.pk else None
    if mark is None or not standing.teaches or column not in (*columns_of(sheet.columns), REMARK):
        raise NotThere
    is_words = column == REMARK
    standing_now: Any = value_of(mark, column)
    now = standing_now if is_words else shown_cell(standing_now, is_scored=sheet.is_scored)

    def ask(value: str, reason: str) -> None:
        wanted: Value = " ".join(value.split())
        if not is_words:
            try:
                wanted = read_cell(value, is_scored=sheet.is_scored)
            except BadCell as problem:
                raise ValidationError(words_of(problem)) from problem
        ask_amendment(group, subject, term, Wish(learner_id, column, wanted, reason), by=request.actor)

    label = _("Nhận xét đúng") if is_words else _("Điểm đúng")
    form = AmendForm(*([request.POST] if request.method == "POST" else []), label=label, now=now, is_long=is_words)
    page = {"group": group, "title": title_of("subject", subject), "learner": mark.learner, "now": now or "∅"}
    page |= {"up": reverse("academics:story", args=[class_id, subject, term, learner_id])}
    page |= {"column": column_name(column)}
    return asked_page(request, form, ask, page)


def asked_page(request: Any, form: AmendForm, ask: Callable[[str, str], object], page: dict[str, Any]) -> HttpResponse:
    """Show the form of an amendment, and take it: ``ask`` reads the value and asks; back to ``page["up"]`` when done.

    ``ask`` raises :class:`ValidationError` for a value that is none.
    """
    if request.method == "POST" and form.is_valid():
        try:
            ask(form.cleaned_data["value"], form.cleaned_data["reason"])
        except ValidationError as problem:
            form.add_error("value", problem)
        except NothingToAmend as refusal:
            form.add_error("value", refusal.detail)
        else:
            messages.success(request, _("Đã gửi đề nghị. Sổ đổi khi được duyệt."))
            return redirect(page["up"])
    return render(request, "academics/amend.html", {**page, "form": form}, status=422 if form.errors else 200)


@needs(Permission.MARKS_MANAGE)
@require_POST
def decide(request: Any, amendment_id: UUID, act: str) -> HttpResponse:
    """Approve or refuse a change."""
    if act not in ("duyet", "tu-choi"):
        raise NotThere
    answer = request.POST.get("answer", "").strip()[:500]
    decide_amendment(amendment_id, approves=act == "duyet", answer=answer, by=request.actor)
    messages.success(request, _("Đã duyệt, sổ đã sửa.") if act == "duyet" else _("Đã trả lời không duyệt."))
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
