"""Who wrote what when on a sheet of a primary class, and asking for a change when its time is over."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from phuong.academics.actions.amendments import Value, Wish, ask_said_amendment, value_of
from phuong.academics.forms import AmendForm
from phuong.academics.models import PERIODS
from phuong.academics.queries.primarystories import (
    OUTSTANDING,
    SaidSheet,
    changes_said,
    is_over,
    pupil_of,
    said_columns,
    said_rows,
    said_sheet_for,
)
from phuong.academics.views.amendments import asked_page
from phuong.academics.views.primaryreading import read_test
from phuong.academics.views.saidwords import shown_said, subject_title, titles_in
from phuong.kernel.audit import LIST_SEEN, seen
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.ui.api import keyset_page

MARKS = (Permission.MARKS_WRITE, Permission.MARKS_MANAGE)


@needs(*MARKS)
@require_safe
def story(request: Any, class_id: UUID, subject: str, period: int) -> HttpResponse:
    """Show every change of a sheet, newest first: who, when, before, after, why."""
    sheet = said_sheet_for(request.actor, class_id, subject, period)
    seen(LIST_SEEN, on_kind="class", on_id=sheet.group.pk, path=sheet.group.organisation.path)
    return _page(request, sheet, None, {"learner": None, "columns": []})


@needs(*MARKS)
@require_safe
def pupil(request: Any, class_id: UUID, subject: str, period: int, learner_id: UUID) -> HttpResponse:
    """Show every change of one pupil's row in a sheet."""
    sheet = said_sheet_for(request.actor, class_id, subject, period)
    page = {"learner": pupil_of(sheet.group, learner_id)}
    titles = titles_in(sheet.group, sheet.subject)
    asked = said_columns(sheet) if sheet.writes and is_over(sheet) else ()
    where = [class_id, subject, period, learner_id]
    columns = [(reverse("academics:primary_amend", args=[*where, code]), titles[code]) for code in asked]
    return _page(request, sheet, learner_id, {**page, "columns": columns})


def _page(request: Any, sheet: SaidSheet, learner: UUID | None, page: dict[str, Any]) -> HttpResponse:
    changes, names = changes_said(sheet, learner)
    place = keyset_page(changes, by=("id",), query=request.GET, newest_first=True)
    titles = titles_in(sheet.group, sheet.subject)
    steps = [
        ({"pupil": names[each.mark], "name": each.name, "at": each.at, "reason": each.reason}, _told(each, titles))
        for each in place.rows
    ]
    page |= {"group": sheet.group, "title": subject_title(sheet.subject), "up": sheet_address(sheet), "steps": steps}
    page |= {"when": dict(PERIODS)[sheet.period], "place": place}
    return render(request, "academics/primary_story.html", page)


def sheet_address(sheet: SaidSheet) -> str:
    """Give the address of a sheet."""
    if sheet.is_of_subject:
        return reverse("academics:primary", args=[sheet.group.pk, sheet.subject, sheet.period])
    return reverse("academics:primary_records", args=[sheet.group.pk, sheet.period])


def _told(change: Any, titles: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Lay out a change: column, before, after; ratings one by one."""
    lines = []
    for name, (was, now) in change.what.items():
        if name == "ratings":
            before, after = was or {}, now or {}
            changed = [code for code in {**before, **after} if before.get(code) != after.get(code)]
            lines += [(code, before.get(code), after.get(code)) for code in changed]
        else:
            lines.append((name, was, now))
    return [(titles.get(name, name), shown_said(name, was), shown_said(name, now)) for name, was, now in lines]


_LEVELS = (("T", _("Hoàn thành tốt")), ("H", _("Hoàn thành")), ("C", _("Chưa hoàn thành")))
_RATINGS = (("T", _("Tốt")), ("D", _("Đạt")), ("C", _("Cần cố gắng")))
_OUTSTANDING = (("1", _("có")),)


@needs(*MARKS)
@require_http_methods(["GET", "POST"])
def amend(request: Any, class_id: UUID, subject: str, period: int, learner_id: UUID, column: str) -> HttpResponse:
    """Ask for a change of what is said of a pupil at a time that is over."""
    sheet = said_sheet_for(request.actor, class_id, subject, period)
    if not sheet.writes or column not in said_columns(sheet):
        raise NotThere
    learner, row = pupil_of(sheet.group, learner_id), said_rows(sheet).filter(learner=learner_id).first()
    now = "" if row is None else value_of(row, column)

    def ask(typed: str, reason: str) -> None:
        wish = Wish(learner_id, column, _value(column, typed), reason)
        ask_said_amendment(sheet.group, subject, period, wish, by=request.actor)

    given = [request.POST] if request.method == "POST" else []
    title, words = titles_in(sheet.group, subject)[column], str(now) if column == "remark" else ""
    form = AmendForm(*given, label=title, now=words, options=_options(column), is_long=column == "remark")
    about = f"{subject_title(subject)}, {dict(PERIODS)[period]}"
    page = {"group": sheet.group, "title": about, "learner": learner, "column": title}
    page |= {"up": reverse("academics:primary_pupil", args=[class_id, subject, period, learner_id])}
    return asked_page(request, form, ask, page | {"now": shown_said(column, now)})


def _options(column: str) -> Sequence[tuple[str, Any]]:
    if column in ("test", "remark"):
        return ()
    return {"level": _LEVELS, OUTSTANDING: _OUTSTANDING}.get(column, _RATINGS)


def _value(column: str, typed: str) -> Value:
    """Read what is asked for as the row holds it; raises :class:`ValidationError` for a mark that is none."""
    if column == "test":
        return read_test(typed)
    return typed == "1" if column == OUTSTANDING else " ".join(typed.split())


STORY = "so-diem/lop/<uuid:class_id>/<slug:subject>/dot/<int:period>/"
PRIMARY_STORY_ROUTES = (
    path(f"{STORY}lich-su/", story, name="primary_story"),
    path(f"{STORY}em/<uuid:learner_id>/", pupil, name="primary_pupil"),
    path(f"{STORY}em/<uuid:learner_id>/sua/<slug:column>/", amend, name="primary_amend"),
)
