"""The desk: make, change and end a record, see its history, change many at once, look back at a day."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.kernel.attachments import BadFile, attachments_of
from phuong.kernel.gates import needs, on_any_day
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere, Refused
from phuong.kernel.today import today
from phuong.records.access import bulk_for, owner_for, record_for
from phuong.records.actions.bulk import ask_bulk, confirm_bulk, undo_bulk
from phuong.records.actions.single import change_record, end_record, keep_evidence, make_record, note_opened
from phuong.records.declarations import RecordKind, Why, kind_named
from phuong.records.errors import BadValues, ChangedMeanwhile
from phuong.records.forms import BulkForm, Ending, Evidence, LookBack, RecordForm
from phuong.records.forms import Why as WhyForm
from phuong.records.models import BulkChange
from phuong.records.queries import history_of, last_writer, names_of
from phuong.records.values import shown, value_of, values_of, version_of

WRITERS = (
    Permission.PERSONS_EDIT,
    Permission.STAFF_EDIT,
    Permission.CLASSES_EDIT,
    Permission.SCHOOL_EDIT,
    Permission.FACILITIES_EDIT,
    Permission.NETWORK_EDIT,
)
READERS = (Permission.HISTORY_READ,)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@needs(*WRITERS)
@require_http_methods(["GET", "POST"])
def make(request: Any, kind_code: str) -> HttpResponse:
    """Make a record that belongs to ``?of=``; the address keeps it, so a page sent again knows its place."""
    kind = kind_named(kind_code)
    owner = owner_for(request.actor, kind, _uuid(request.GET.get("of", "")))
    form = RecordForm(kind, request.POST or None, owner=owner)
    if request.method == "POST":
        try:
            row = make_record(kind, owner=owner, values=form.kept(), by=request.actor)
        except BadValues as refusal:
            _note(form, refusal)
        else:
            messages.success(request, _("Đã lưu."))
            return redirect(kind.url(row))
    page = {"kind": kind, "form": form, "owner": owner, "back": kind_named(kind.owner_kind).url(owner)}
    return render(request, "records/make.html", page, status=422 if form.errors else 200)


@needs(*WRITERS)
@require_http_methods(["GET", "POST"])
def change(request: Any, kind_code: str, record_id: UUID) -> HttpResponse:
    """Change a record, with the reason and the day it holds from; a second editor sees the first one's change."""
    kind = kind_named(kind_code)
    row = record_for(request.actor, kind, record_id, writing=True)
    theirs: list[tuple[str, str, str]] = []
    if request.method == "POST":
        form, why = RecordForm(kind, request.POST, row=row), WhyForm(request.POST)
        try:
            if _saved(request, kind, record_id, form, why):
                messages.success(request, _("Đã lưu."))
                return redirect(kind.url(row))
        except ChangedMeanwhile as refusal:
            theirs = _compared(kind, refusal.row, form)
            data = request.POST.copy()
            data["version"] = refusal.version
            why = WhyForm(data)
    else:
        note_opened(kind, row)
        form = RecordForm(kind, row=row, initial=values_of(kind, row))
        why = WhyForm(initial={"version": version_of(kind, row)})
    page = {"kind": kind, "form": form, "why": why, "row": row, "name": kind.name_of(row), "back": kind.url(row)}
    if theirs:
        page |= {"theirs": theirs, "writer": last_writer(kind, row)}
    status = 409 if theirs else (422 if form.errors or why.errors else 200)
    return render(request, "records/change.html", page, status=status)


def _saved(request: Any, kind: RecordKind, record_id: UUID, form: RecordForm, why: WhyForm) -> bool:
    try:
        values = form.kept()
        if not why.is_valid():
            return False
        facts = why.cleaned_data
        grounds = Why(facts["reason"], facts["effective_on"], facts["version"])
        change_record(kind, record_id, values=values, by=request.actor, why=grounds)
    except BadValues as refusal:
        why.is_valid()
        _note(form, refusal)
        return False
    return True


def _note(form: RecordForm, refusal: BadValues) -> None:
    for name, words in refusal.errors.items():
        if name not in form.errors:
            form.add_error(name if name in form.fields else None, words)


def _compared(kind: RecordKind, row: Any, form: RecordForm) -> list[tuple[str, str, str]]:
    """Lay the present record beside what was typed: (field, now kept, typed), only where they differ."""
    typed = form.cleaned_data
    rows = []
    for field in form.declared:
        kept, mine = value_of(field, row), typed.get(field.name)
        names = names_of(field, [kept, mine]) if field.kind else {}
        pair = (shown(field, kept, names), shown(field, _uuid(mine) if field.kind and mine else mine, names))
        if pair[0] != pair[1]:
            rows.append((str(field.label), *pair))
    return rows


@needs(*WRITERS)
@require_http_methods(["GET", "POST"])
def end(request: Any, kind_code: str, record_id: UUID) -> HttpResponse:
    """End a record from a day on."""
    kind = kind_named(kind_code)
    row = record_for(request.actor, kind, record_id, writing=True)
    if not kind.ending:
        raise NotThere
    form = Ending(request.POST or None, initial={"on": today()})
    if request.method == "POST" and form.is_valid():
        owner, facts = kind.owner_of(row), form.cleaned_data
        try:
            end_record(kind, record_id, on=facts["on"], by=request.actor, reason=facts["reason"])
        except Refused as refusal:
            form.add_error(None, refusal.detail)
        else:
            messages.success(request, _("Đã kết thúc."))
            return redirect(kind_named(kind.owner_kind).url(owner) if kind.owner else kind.url(row))
    page = {"kind": kind, "form": form, "name": kind.name_of(row), "back": kind.url(row)}
    return render(request, "records/end.html", page, status=422 if form.errors else 200)


@needs(*READERS)
@require_safe
def history(request: Any, kind_code: str, record_id: UUID) -> HttpResponse:
    """Show what happened to a record: who, when, why, before and after."""
    kind = kind_named(kind_code)
    row = record_for(request.actor, kind, record_id)
    note_opened(kind, row)
    page = {"kind": kind, "name": kind.name_of(row), "steps": history_of(kind, row), "back": kind.url(row)}
    return render(request, "records/history.html", page)


@needs(*READERS, *WRITERS)
@require_http_methods(["GET", "POST"])
def files(request: Any, kind_code: str, record_id: UUID) -> HttpResponse:
    """Show the evidence kept beside a record; take one more file."""
    kind = kind_named(kind_code)
    row = record_for(request.actor, kind, record_id, writing=request.method == "POST")
    if not kind.has_files:
        raise NotThere
    note_opened(kind, row)
    form = Evidence(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            keep_evidence(kind, row, upload=form.cleaned_data["file"], by=request.actor)
        except BadFile as refusal:
            form.add_error("file", refusal.detail)
        else:
            return redirect("records:files", kind.code, record_id)
    page = {"kind": kind, "name": kind.name_of(row), "form": form, "files": attachments_of(kind.code, [row.pk])}
    page |= {"back": kind.url(row), "may_add": request.actor.may(kind.write)}
    return render(request, "records/files.html", page, status=422 if form.errors else 200)


@needs(*WRITERS)
@require_safe
def alike(request: Any, kind_code: str) -> HttpResponse:
    """Warn, while somebody types, of records that may be the same: a fragment, empty when there are none."""
    kind = kind_named(kind_code)
    owner = owner_for(request.actor, kind, _uuid(request.GET.get("of", "")))
    form = RecordForm(kind, request.GET, owner=owner)
    form.is_valid()
    return render(request, "records/alike.html", {"alike": kind.alike(request.actor, form.cleaned_data, owner)})


@needs(Permission.BULK_EDIT)
@require_http_methods(["GET", "POST"])
def bulk(request: Any, kind_code: str) -> HttpResponse:
    """Choose one field for all records of a filtered list; the address carries the filters."""
    kind = kind_named(kind_code)
    if kind.find is None or not kind.bulk_fields or not request.actor.may(kind.write):
        raise NotThere
    rows = kind.find(request.actor, request.GET)
    form = BulkForm(kind, request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = Why(form.cleaned_data["reason"], form.cleaned_data["effective_on"])
        filters = request.GET.urlencode()
        asked = ask_bulk(kind, rows, change=form.chosen(), why=why, filters=filters, by=request.actor)
        return redirect("records:bulk_change", asked.pk)
    page = {"kind": kind, "form": form, "filters": _filters(request.GET), "first": list(rows.order_by("pk")[:6])}
    return render(request, "records/bulk.html", page, status=422 if form.errors else 200)


def _filters(query: QueryDict) -> list[str]:
    return [str(value) for name, value in query.items() if value and name not in ("after", "before", "size", "as")]


@needs(Permission.BULK_EDIT)
@require_safe
def bulk_change(request: Any, bulk_id: UUID) -> HttpResponse:
    """Show one bulk change: the trial, what was done, and the way back."""
    asked = bulk_for(request.actor, bulk_id)
    kind = kind_named(asked.kind)
    field = kind.field(asked.field)
    states = BulkChange.State
    page = {
        "asked": asked,
        "kind": kind,
        "field": field,
        "value": shown(field, asked.value) if field else "",
        "count": len(asked.records),
        "busy": asked.state in (states.CHECKING, states.APPLYING, states.UNDOING),
    }
    part = "#progress" if "HX-Request" in request.headers else ""
    return render(request, f"records/bulk_change.html{part}", page)


@needs(Permission.BULK_EDIT)
@require_POST
def bulk_apply(request: Any, bulk_id: UUID) -> HttpResponse:
    """Apply a tried bulk change."""
    return redirect("records:bulk_change", confirm_bulk(bulk_id, by=request.actor).pk)


@needs(Permission.BULK_EDIT)
@require_POST
def bulk_undo(request: Any, bulk_id: UUID) -> HttpResponse:
    """Undo an applied bulk change."""
    return redirect("records:bulk_change", undo_bulk(bulk_id, by=request.actor).pk)


@needs(*READERS)
@on_any_day
@require_http_methods(["GET", "POST"])
def look_back(request: Any) -> HttpResponse:
    """Choose the past day that every page then shows, or come back to today."""
    form = LookBack(request.POST or None)
    if request.method == "POST":
        if "today" in request.POST:
            request.session.pop("as_of", None)
            return redirect("/")
        if form.is_valid() and form.cleaned_data["day"] < timezone.localdate():
            request.session["as_of"] = form.cleaned_data["day"].isoformat()
            return redirect("/")
        if form.is_valid():
            form.add_error("day", _("Chọn một ngày đã qua."))
    return render(request, "records/look_back.html", {"form": form}, status=422 if form.errors else 200)
