"""Remarks a script sends, and the phrase bank."""

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.academics.access import class_for, lessons_of, must_write, person_of
from phuong.academics.actions.marks import MOST_CELLS
from phuong.academics.actions.phrases import add_phrase, remove_phrase
from phuong.academics.actions.remarks import LONGEST, Remark, save_remarks, told_at
from phuong.academics.models import Mark
from phuong.academics.queries.phrases import HOMEROOM, phrases_for, school_of
from phuong.academics.queries.sheets import as_json
from phuong.kernel.codelists import entries_of, title_of
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import BadInput, NotThere
from phuong.records.api import Words

MARKS = (Permission.MARKS_WRITE, Permission.MARKS_MANAGE)
_TEXT = Words(required=False, max_length=LONGEST)


def remarks_of_form(data: Any) -> tuple[list[Remark], list[str]]:
    """Read the remarks of the plain form: one a row, in the order of its pupils; and what is wrong.

    :raises BadInput: rows and values do not go together
    """
    learners, typed = data.getlist("l"), data.getlist("remark")
    if not typed:
        return [], []
    if len(typed) != len(learners):
        raise BadInput
    found, wrong = [], []
    for row, (learner, text) in enumerate(zip(learners, typed, strict=True), start=1):
        try:
            found.append(Remark(UUID(learner), _TEXT.clean(text)))
        except ValidationError as problem:
            wrong.append(_("Dòng %(row)d: %(words)s") % {"row": row, "words": " ".join(problem.messages)})
        except ValueError as error:
            raise BadInput from error
    return found, wrong


def remark_clash(mark: Mark) -> str:
    """Say whose words stand where two wrote at once."""
    told = {"by": mark.changed_by, "theirs": mark.remark or "∅", "at": told_at(mark)}
    return _("%(by)s đã ghi nhận xét «%(theirs)s» lúc %(at)s; nhận xét ấy được giữ.") % told


def _sent(body: bytes) -> tuple[list[Remark], list[dict[str, str]]]:
    """Read ``{"remarks": [{"l", "v", "w"}]}``.

    :raises BadInput: it is not written like that
    """
    found, wrong = [], []
    try:
        sent = json.loads(body)["remarks"]
        if not isinstance(sent, list) or len(sent) > MOST_CELLS:
            raise ValueError
        for each in sent:
            learner, typed, was = UUID(each["l"]), each["v"], each["w"]
            if not isinstance(typed, str) or not isinstance(was, str):
                raise ValueError
            try:
                found.append(Remark(learner, _TEXT.clean(typed), was))
            except ValidationError as problem:
                wrong.append({"l": str(learner), "message": " ".join(problem.messages)})
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError) as error:
        raise BadInput from error
    return found, wrong


@needs(*MARKS)
@never_cache
@require_POST
def say(request: Any, class_id: UUID, subject: str, term: int) -> HttpResponse:
    """Take the remarks a script sends; answers with the rows as they are now, and what was not taken."""
    group = class_for(request.actor, class_id)
    if term not in (1, 2):
        raise NotThere
    try:
        remarks, wrong = _sent(request.body)
    except BadInput:
        must_write(request.actor, group, subject)
        raise
    said = save_remarks(group, subject, term, remarks, by=request.actor)
    clashes = [
        {"l": str(each.learner), "theirs": mark.remark, "by": mark.changed_by, "at": told_at(mark)}
        for each, mark in said.conflicts
    ]
    told = {"version": said.sheet.version, "at": timezone.localtime().strftime("%H:%M"), "rows": as_json(said.rows)}
    closed = [str(each.learner) for each in said.closed]
    return JsonResponse({**told, "wrong": wrong, "closed": closed, "conflicts": clashes})


class PhraseForm(forms.Form):
    """A phrase for the bank, and for which remarks it is."""

    text = Words(
        label=gettext_lazy("Câu nhận xét"),
        max_length=300,
        help_text=gettext_lazy("Ví dụ: Nắm chắc kiến thức, trình bày rõ; cần đọc kĩ đề hơn."),
    )
    subject = forms.ChoiceField(label=gettext_lazy("Dùng cho"), required=False)
    is_shared = forms.BooleanField(label=gettext_lazy("Dùng chung cả trường"), required=False)

    def __init__(self, subjects: list[str], *data: Any, may_share: bool) -> None:
        """Offer the subjects one has to do with; only who manages marks shares with the school."""
        super().__init__(*data)
        named = [(code, title_of("subject", code)) for code in subjects]
        anywhere = [("", _("Mọi môn")), (HOMEROOM, _("Nhận xét của chủ nhiệm"))]
        self.fields["subject"].choices = [*anywhere, *named]  # type: ignore[attr-defined]
        if not may_share:
            del self.fields["is_shared"]


@needs(*MARKS)
@require_http_methods(["GET", "POST"])
def phrases(request: Any) -> HttpResponse:
    """Show the phrase bank, and keep another phrase."""
    actor, school = request.actor, school_of(request.actor)
    may_share = actor.may(Permission.MARKS_MANAGE)
    taught = sorted({subject for _class, subject in lessons_of(person_of(actor))})
    subjects = list(entries_of("subject")) if may_share else taught
    form = PhraseForm(subjects, *([request.POST] if request.method == "POST" else []), may_share=may_share)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        is_shared = bool(facts.get("is_shared"))
        add_phrase(school, facts["subject"], facts["text"], is_shared=is_shared, by=actor)
        messages.success(request, _("Đã thêm câu mẫu."))
        return redirect("academics:phrases")
    rows = [(each, subject_words(each.subject), each.account is not None or may_share) for each in phrases_for(actor)]
    page = {"form": form, "school": school}
    page |= {"own": [row for row in rows if row[0].account], "shared": [row for row in rows if not row[0].account]}
    return render(request, "academics/phrases.html", page, status=422 if form.errors else 200)


def subject_words(subject: str) -> str:
    """Say for which remarks a phrase is."""
    if subject == HOMEROOM:
        return _("Nhận xét của chủ nhiệm")
    return title_of("subject", subject) if subject else _("Mọi môn")


@needs(*MARKS)
@require_POST
def remove(request: Any, phrase_id: UUID) -> HttpResponse:
    """Take a phrase out of the bank."""
    remove_phrase(phrase_id, by=request.actor)
    messages.success(request, _("Đã bỏ câu mẫu."))
    return redirect("academics:phrases")


@needs(*MARKS)
@never_cache
@require_safe
def offered(request: Any, subject: str) -> HttpResponse:
    """Give the phrases for the remarks of a subject, or of the homeroom teacher, as a script asks for them."""
    rows = phrases_for(request.actor, subject)[:600]
    return JsonResponse({"phrases": [{"t": each.text, "own": each.account is not None} for each in rows]})


_SHEET = "so-diem/lop/<uuid:class_id>/<slug:subject>/<int:term>/"
REMARK_ROUTES = [
    path("so-diem/cau-mau/", phrases, name="phrases"),
    path("so-diem/cau-mau/<uuid:phrase_id>/bo/", remove, name="phrase_removed"),
    path("so-diem/cau-mau/<slug:subject>/", offered, name="phrases_offered"),
    path(f"{_SHEET}nhan-xet/", say, name="say"),
]
