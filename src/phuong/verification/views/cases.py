"""The desk of differences: the list, and one case with both sides beside each other."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from phuong.kernel.attachments import BadFile, attachments_of
from phuong.kernel.audit import LIST_SEEN, SEEN, seen
from phuong.kernel.codelists import title_of
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import depth
from phuong.records.api import BadValues, kind_named, value_of
from phuong.registry.api import Person, note_opened_number
from phuong.ui.api import Applied, Cell, Head, Page, Row, Table, keyset_page, write_day
from phuong.verification.access import case_for, cases_seen_by, kind_of
from phuong.verification.actions.deciding import FILES, decide
from phuong.verification.forms import TITLES, CaseFilter, Decision
from phuong.verification.models import Check
from phuong.verification.queries import Case, case_of, cases_matching, current_checks, gateway_lacks
from phuong.verification.rules import FIELDS, Outcome

_WRITERS = (Permission.PERSONS_EDIT, Permission.STAFF_EDIT)
_SCHOOL_DEPTH = 4
_DIGITS = 3


@needs(*_WRITERS)
@require_safe
def cases(request: Any) -> HttpResponse:
    """List the records that the population database does not confirm, in the order of names."""
    form = CaseFilter(request.GET)
    chosen = form.chosen()
    rows = cases_matching(cases_seen_by(request.actor), chosen)
    page = keyset_page(rows, by=("name_key", "id"), query=request.GET)
    seen(LIST_SEEN, on_kind="list", on_id="verification.cases")
    checks = current_checks([person.pk for person in page.rows])
    found = [case_of(person, checks.get(person.pk)) for person in page.rows]
    table = _table(found, page, request, {name: _said(form, name) for name in chosen})
    shown = {"form": form, "table": table, "lacks": gateway_lacks(), "is_all": not chosen and not page.rows}
    return render(request, "verification/cases.html", shown)


def _said(form: CaseFilter, name: str) -> str:
    value = form.cleaned_data[name]
    return str(dict(getattr(form.fields[name], "choices", ())).get(value, value))


def _table(found: list[Case], page: Page, request: Any, said: Mapping[str, str]) -> Table:
    heads = [Head(_("Họ và tên")), Head(_("Kết quả")), Head(_("Khác ở")), Head(_("Trả lời ngày")), Head(_("Rà soát"))]
    is_wide = depth(request.actor.scope) < _SCHOOL_DEPTH
    return Table(
        _("Hồ sơ chưa khớp"),
        heads,
        [_row(case, is_wide=is_wide) for case in found],
        applied=[Applied(words, _without(request, name)) for name, words in said.items()],
        clear_url="?",
        pager=page,
        stacked=True,
        hide_caption=True,
    )


def _without(request: Any, name: str) -> str:
    rest = request.GET.copy()
    for each in (name, "after", "before"):
        rest.pop(each, None)
    return f"?{rest.urlencode()}"


def _row(case: Case, *, is_wide: bool) -> Row:
    person, check = case.person, case.check
    url = reverse("verification:case", args=[person.pk])
    on = write_day(person.identity_checked_on) if person.identity_checked_on else ""
    decided = check is not None and bool(check.decision)
    return Row(
        (
            Cell(person.full_name, url, detail=person.place.name if is_wide else ""),
            Cell(person.get_identity_state_display(), state="attention"),
            Cell(", ".join(str(TITLES[name]).lower() for name in FIELDS if name in case.theirs)),
            Cell(on),
            Cell(_("Đã rà soát"), state="met") if decided else Cell(_("Chưa rà soát")),
        )
    )


@needs(*_WRITERS)
@require_http_methods(["GET", "POST"])
def case(request: Any, person_id: UUID) -> HttpResponse:
    """Show one case; keep what was decided field by field."""
    person = case_for(request.actor, person_id)
    shown = case_of(person, current_checks([person.pk]).get(person.pk))
    sides = _sides(shown)
    differing = {name: (ours, theirs) for name, _title, ours, theirs, differs in sides if differs}
    if request.method == "POST":
        form = Decision(differing, request.POST, request.FILES)
        if form.is_valid() and _decided(request, person, form):
            return redirect(_after(request, person))
    else:
        seen(SEEN, on_kind="person", on_id=person.pk, about=person.pk, path=person.path)
        if "number" in shown.theirs:
            note_opened_number(person)
        form = Decision(differing, initial={"check_id": shown.check.pk if shown.check else None})
    page = {
        "case": shown,
        "form": form,
        "sides": sides,
        "kind_code": kind_of(person),
        "files": list(attachments_of(FILES, [person.pk])),
        "may_ask_again": shown.check is None or shown.check.state != Outcome.SENDING,
        "lacks": gateway_lacks(),
        "is_kept": shown.check is not None and shown.check.decision == Check.Decision.KEPT,
    }
    return render(request, "verification/case.html", page, status=422 if form.errors else 200)


def _decided(request: Any, person: Person, form: Decision) -> bool:
    facts = form.cleaned_data
    take = form.taken()
    try:
        state = decide(
            person.pk, facts["check_id"], take=take, reason=facts["reason"], upload=facts["file"], by=request.actor
        )
    except BadFile as refusal:
        form.add_error("file", refusal.detail)
    except BadValues as refusal:
        for name, words in refusal.errors.items():
            form.add_error(f"side_{name}" if f"side_{name}" in form.fields else None, words)
    else:
        messages.success(request, _said_of(state, take))
        return True
    return False


def _said_of(state: str, take: list[str]) -> str:
    if state == Outcome.MATCHED:
        return _("Đã sửa theo CSDL dân cư, hồ sơ khớp.")
    return _("Đã sửa, sẽ hỏi lại CSDL dân cư.") if take else _("Đã ghi: giữ nguyên, chờ sửa ở CSDL dân cư.")


def _after(request: Any, person: Person) -> str:
    """Lead to the next undecided case of the actor, or back to the list."""
    rows = cases_matching(cases_seen_by(request.actor), {"decided": "no"}).exclude(pk=person.pk)
    following = rows.filter(name_key__gte=person.name_key).order_by("name_key", "id").first()
    return reverse("verification:case", args=[following.pk]) if following else reverse("verification:cases")


def _sides(shown: Case) -> list[tuple[str, Any, str, str, bool]]:
    """Give (field, title, ours, theirs, whether they differ) of each of the four facts."""
    kind = kind_named(kind_of(shown.person))
    rows = []
    for name in FIELDS:
        field = kind.field(name)
        ours = value_of(field, shown.person) if field else ""
        differs = name in shown.theirs
        theirs = _shown(name, shown.theirs[name], whole=True) if differs else ""
        rows.append((name, TITLES[name], _shown(name, ours, whole=differs), theirs, differs))
    return rows


def _shown(name: str, value: Any, *, whole: bool) -> str:
    if not value:
        return ""
    if name == "birth_date":
        return write_day(value if isinstance(value, dt.date) else dt.date.fromisoformat(value))
    if name == "sex":
        return title_of("sex", value)
    if name == "number" and not whole:
        return f"{value[:_DIGITS]} ••• ••• {value[-_DIGITS:]}"
    return str(value)
