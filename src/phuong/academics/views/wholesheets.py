"""A sheet that is written whole, a row a pupil: shown, its form taken, and who wrote meanwhile named."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.academics.actions.primary import Kept
from phuong.academics.models import PERIODS
from phuong.academics.queries.primarysheets import Time
from phuong.academics.views.primaryreading import Sent, sent_rows, understood
from phuong.academics.views.primaryrows import Field, Shown, sheet_rows
from phuong.kernel.audit import LIST_SEEN, seen
from phuong.registry.api import ClassGroup, Enrolment


@dataclass
class Sheet:
    """A sheet that is being shown or written: its pupils, columns and rows, and how a row is typed.

    ``known``: texts of columns nobody writes, by pupil; ``links``: where a name leads to.
    """

    group: ClassGroup
    time: Time
    pupils: Sequence[Enrolment]
    fields: Sequence[Field]
    rows: Mapping[UUID, Any]
    typed: Callable[[Any], dict[str, str]]
    known: Mapping[UUID, Mapping[str, str]] = field(default_factory=dict)
    links: Mapping[UUID, str] = field(default_factory=dict)
    template: str = "academics/primary.html"

    @property
    def names(self) -> dict[UUID, str]:
        """Give the names of the pupils, by pupil."""
        return {each.learner_id: each.learner.full_name for each in self.pupils}

    def shown(self, sent: Sent | None, states: Mapping[UUID, str]) -> dict[UUID, Shown]:
        """Give what stands in each row; where a row was not taken, what was typed."""
        told = {}
        for learner in self.names:
            row = self.rows.get(learner)
            texts, state = {**self.typed(row), **self.known.get(learner, {})}, states.get(learner, "")
            if sent is not None and state and learner in sent.rows:
                texts = texts | sent.rows[learner][1]
            told[learner] = Shown(texts, row.version if row else 0, state, self.links.get(learner, ""))
        return told


def sheet_page(
    request: Any,
    sheet: Sheet,
    page: dict[str, Any],
    *,
    may_write: bool,
    sent: Sent | None = None,
    told: Mapping[UUID, tuple[str, str]] | None = None,
) -> HttpResponse:
    """Show a sheet. ``told``: of rows that were not taken the state and the words why."""
    group, names, told = sheet.group, sheet.names, told or {}
    seen(LIST_SEEN, on_kind="class", on_id=group.pk, path=group.organisation.path)
    is_open = may_write and sheet.time.state == "open" and request.actor.as_of is None
    shown = sheet.shown(sent, {learner: state for learner, (state, _words) in told.items()})
    facts = {"group": group, "year": f"{group.school_year}–{group.school_year + 1}", "time": sheet.time}
    facts |= {"when": dict(PERIODS).get(sheet.time.period, ""), "fields": sheet.fields, "count": len(sheet.pupils)}
    facts |= {"rows": sheet_rows(sheet.pupils, sheet.fields, shown, may_write=is_open), "is_open": is_open}
    facts |= {
        "may_write": may_write,
        "wrong": [f"{names[key]}: {words}" for key, (_state, words) in told.items()],
    }
    return render(request, sheet.template, {**facts, **page}, status=422 if told else 200)


def sheet_taken(
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
        return sheet_page(request, sheet, page, may_write=True, sent=sent, told=told)
    messages.success(request, _("Đã lưu %d em.") % len(kept.rows) if kept.rows else _("Không có gì thay đổi."))
    return redirect(request.path)


def _clash(sheet: Sheet, row: Any) -> str:
    """Say what somebody else wrote meanwhile."""
    texts = sheet.typed(row)
    told = [dict(each.options).get(texts[each.name], texts[each.name]) for each in sheet.fields if each.name in texts]
    theirs = ", ".join(filter(None, told)) or "∅"
    at = timezone.localtime(row.changed_at).strftime("%H:%M %d/%m") if row.changed_at else ""
    return _("%(by)s vừa ghi «%(theirs)s» lúc %(at)s. Ô của anh/chị chưa lưu; lưu lần nữa thì thay.") % {
        "by": row.changed_by,
        "theirs": theirs,
        "at": at,
    }
