"""Sheets of primary classes: a subject at one time of the year, qualities and competences by the homeroom teacher."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from phuong.academics.access import class_for, standing_in
from phuong.academics.actions.primary import Kept, Wanted, say_again, say_primary_records, say_ratings
from phuong.academics.models import PERIODS
from phuong.academics.queries.cards import enrolments_in
from phuong.academics.queries.homeroom import own_class_for
from phuong.academics.queries.primary import primary_profile
from phuong.academics.queries.primarysheets import Time, helped_in, rating_sheet, records_of, time_of
from phuong.academics.views.primaryreading import (
    Sent,
    read_again,
    read_rated,
    read_recorded,
    sent_rows,
    typed_again,
    typed_rated,
    typed_recorded,
    understood,
)
from phuong.academics.views.primaryrows import Field, Shown, sheet_rows
from phuong.kernel.audit import LIST_SEEN, seen
from phuong.kernel.codelists import title_of
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.registry.api import ClassGroup, Enrolment

MARKS = (Permission.MARKS_WRITE, Permission.MARKS_MANAGE)
YEAR_END = 4


class Sheet:
    """A sheet that is being shown or written: its pupils, columns and rows, and how a row is typed and read."""

    def __init__(
        self,
        group: ClassGroup,
        time: Time,
        pupils: Sequence[Enrolment],
        fields: Sequence[Field],
        rows: Mapping[UUID, Any],
        typed: Callable[[Any], dict[str, str]],
    ) -> None:
        """Keep what the sheet is."""
        self.group, self.time, self.pupils, self.fields, self.rows, self.typed = (
            group,
            time,
            pupils,
            fields,
            rows,
            typed,
        )
        self.names = {each.learner_id: each.learner.full_name for each in pupils}

    def shown(self, sent: Sent | None, states: Mapping[UUID, str]) -> dict[UUID, Shown]:
        """Give what stands in each row; where a row was not taken, what was typed."""
        told = {}
        for learner in self.names:
            row = self.rows.get(learner)
            texts, state = self.typed(row), states.get(learner, "")
            if sent is not None and state and learner in sent.rows:
                texts = texts | sent.rows[learner][1]
            told[learner] = Shown(texts, row.version if row else 0, state)
        return told


@needs(*MARKS)
@never_cache
@require_http_methods(["GET", "POST"])
def ratings(request: Any, class_id: UUID, subject: str, period: int) -> HttpResponse:
    """Show a primary class in a subject at a time of the year, and take its form; to a script it answers in JSON."""
    group = class_for(request.actor, class_id)
    standing = standing_in(request.actor, group, subject)
    if not standing.sees or period not in dict(PERIODS):
        raise NotThere
    found = rating_sheet(group, subject, period)
    fields = [Field("level", _("Mức đạt được"), "level")]
    if found.has_test:
        fields.append(Field("test", _("Điểm kiểm tra"), "test"))
    fields.append(Field("remark", _("Nhận xét"), "remark"))
    sheet = Sheet(group, found.time, found.pupils, fields, found.rows, typed_rated)
    page = {"title": title_of("subject", subject), "subject": subject, "has_test": found.has_test}
    page |= {"tabs": _tabs(period, lambda each: reverse("academics:primary", args=[group.pk, subject, each]))}

    def say(wanted: Mapping[UUID, Wanted]) -> Kept:
        return say_ratings(group, subject, period, wanted, by=request.actor)

    if request.method == "POST":
        return _taken(request, sheet, read_rated, say, page)
    return _page(request, sheet, page, may_write=standing.teaches)


@needs(*MARKS)
@never_cache
@require_http_methods(["GET", "POST"])
def records(request: Any, class_id: UUID, period: int) -> HttpResponse:
    """Show qualities and competences of a primary class at a time of the year; its homeroom teacher writes them."""
    group, standing = own_class_for(request.actor, class_id)
    if period not in dict(PERIODS):
        raise NotThere
    profile = primary_profile(group)
    named = {**profile.qualities, **profile.competences}
    fields = [Field(code, title, "rating") for code, title in named.items()]
    if period == YEAR_END:
        fields.append(Field("outstanding", _("Tiêu biểu, lớp đồng ý"), "choice", (("1", _("có")),)))
    fields.append(Field("remark", _("Nhận xét"), "remark"))
    pupils = enrolments_in(group)
    sheet = Sheet(group, time_of(group, period), pupils, fields, records_of(pupils, period), typed_recorded([*named]))
    page = {"title": _("Phẩm chất, năng lực"), "qualities": len(profile.qualities)}
    page |= {"competences": len(profile.competences), "is_last": period == YEAR_END}
    page |= {"tabs": _tabs(period, lambda each: reverse("academics:primary_records", args=[group.pk, each]))}

    def say(wanted: Mapping[UUID, Wanted]) -> Kept:
        return say_primary_records(group, period, wanted, by=request.actor)

    if request.method == "POST":
        return _taken(request, sheet, read_recorded([*named]), say, page)
    return _page(request, sheet, page, may_write=standing.is_homeroom)


@needs(*MARKS)
@never_cache
@require_http_methods(["GET", "POST"])
def again(request: Any, class_id: UUID) -> HttpResponse:
    """Show who did not complete the year, and take what came of help and what the principal decides."""
    group, standing = own_class_for(request.actor, class_id)
    pupils = helped_in(group)
    results = (("hoan_thanh", _("Hoàn thành")), ("chua_hoan_thanh", _("Chưa hoàn thành")))
    decisions = (("1", _("Cho lên lớp")), ("0", _("Ở lại lớp")))
    fields = [
        Field("again", _("Đánh giá bổ sung"), "choice", results, standing.is_homeroom),
        Field("decided", _("Hiệu trưởng quyết định"), "choice", decisions, standing.manages),
    ]
    sheet = Sheet(group, Time(YEAR_END, "open", None), pupils, fields, records_of(pupils, YEAR_END), typed_again)

    def say(wanted: Mapping[UUID, Wanted]) -> Kept:
        return say_again(group, wanted, by=request.actor)

    page = {"title": _("Đánh giá bổ sung"), "is_again": True}
    if request.method == "POST":
        return _taken(request, sheet, read_again, say, page)
    return _page(request, sheet, page, may_write=True)


def _tabs(period: int, address: Callable[[int], str]) -> list[tuple[str, str, bool, str]]:
    return [(str(title), address(each), each == period, "") for each, title in PERIODS]


def _page(
    request: Any,
    sheet: Sheet,
    page: dict[str, Any],
    *,
    may_write: bool,
    sent: Sent | None = None,
    told: Mapping[UUID, tuple[str, str]] | None = None,
) -> HttpResponse:
    """Show a sheet. ``told``: of rows that were not taken the state and the words why."""
    group, told = sheet.group, told or {}
    seen(LIST_SEEN, on_kind="class", on_id=group.pk, path=group.organisation.path)
    is_open = may_write and sheet.time.state == "open" and request.actor.as_of is None
    shown = sheet.shown(sent, {learner: state for learner, (state, _words) in told.items()})
    facts = {"group": group, "year": f"{group.school_year}–{group.school_year + 1}", "time": sheet.time}
    facts |= {"when": dict(PERIODS)[sheet.time.period], "fields": sheet.fields, "count": len(sheet.pupils)}
    facts |= {"rows": sheet_rows(sheet.pupils, sheet.fields, shown, may_write=is_open), "is_open": is_open}
    facts |= {
        "may_write": may_write,
        "wrong": [f"{sheet.names[key]}: {words}" for key, (_state, words) in told.items()],
    }
    return render(request, "academics/primary.html", {**facts, **page}, status=422 if told else 200)


def _taken(
    request: Any, sheet: Sheet, read: Callable[[Any], Any], say: Callable[[Any], Kept], page: dict[str, Any]
) -> HttpResponse:
    """Write the rows of a form; what was not taken stays typed, with the words why."""
    names = [each.name for each in sheet.fields if each.is_open]
    sent = sent_rows(request.POST, names)
    wanted, wrong = understood(sent, sheet.names, read)
    kept = say(wanted)
    told = {learner: ("bad", words) for learner, words in wrong.items()}
    told |= {row.learner_id: ("clash", _clash(sheet, row)) for row in kept.clashes}
    if "application/json" in request.headers.get("Accept", ""):
        rows = [{"l": str(row.learner_id), "v": row.version} for row in (*kept.rows, *kept.clashes)]
        refused = [{"l": str(key), "state": state, "words": words} for key, (state, words) in told.items()]
        return JsonResponse({"at": timezone.localtime().strftime("%H:%M"), "rows": rows, "refused": refused})
    if told:
        sheet.rows = {**sheet.rows, **{row.learner_id: row for row in (*kept.rows, *kept.clashes)}}
        return _page(request, sheet, page, may_write=True, sent=sent, told=told)
    messages.success(request, _("Đã lưu %d em.") % len(kept.rows) if kept.rows else _("Không có gì thay đổi."))
    return redirect(request.path)


def _clash(sheet: Sheet, row: Any) -> str:
    """Say what somebody else wrote meanwhile."""
    texts = sheet.typed(row)
    theirs = ", ".join(texts[each.name] for each in sheet.fields if texts[each.name]) or "∅"
    at = timezone.localtime(row.changed_at).strftime("%H:%M %d/%m") if row.changed_at else ""
    return _("%(by)s vừa ghi «%(theirs)s» lúc %(at)s. Ô của anh/chị chưa lưu; lưu lần nữa thì thay.") % {
        "by": row.changed_by,
        "theirs": theirs,
        "at": at,
    }
