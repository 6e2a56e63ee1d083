"""Pages of data coming in: choose, bring, map, look, apply, undo."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.intake.access import batch_for, may_take_out, sheet_for, sheets_for
from phuong.intake.actions.receiving import Wish, apply, drop, map_columns, receive, resume, undo
from phuong.intake.declarations import Column, Sheet, sheet_named
from phuong.intake.errors import EndsTooMany, NotMapped
from phuong.intake.forms import MappingForm, UploadForm, home_of, saved_choices
from phuong.intake.models import Batch, Part
from phuong.intake.queries import batches_seen_by, findings_of, present_rows, saved_mappings, table_of, totals_of
from phuong.intake.reading import Table, TemplateColumn, Unreadable, write_back, write_template
from phuong.intake.values import choices_of
from phuong.kernel.audit import record
from phuong.kernel.exports import Leaving, let_leave
from phuong.kernel.gates import needs
from phuong.kernel.jobs import cancel
from phuong.kernel.models import Job
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.today import today
from phuong.records.api import CHOICE, CODE, DATE, NUMBER, WHOLE, YES_NO, kind_named
from phuong.ui.api import Column as Export
from phuong.ui.api import export_answer, keyset_page, shown_job

State = Batch.State
BRINGERS = (Permission.BULK_EDIT, Permission.MARKS_WRITE)  # lists of a place, and one's own marks
SHOWN_PROBLEMS = 100
_BUSY = (State.CHECKING, State.APPLYING, State.UNDOING)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TEMPLATE_KINDS = {DATE: "date", WHOLE: "whole", CODE: "code", CHOICE: "code", YES_NO: "yes_no", NUMBER: "digits"}


@needs(*BRINGERS)
@require_safe
def batches(request: Any) -> HttpResponse:
    """List the imports of one's place, and the kinds of file that may be brought in."""
    page = keyset_page(batches_seen_by(request.actor), by=("id",), query=request.GET, newest_first=True)
    sheets = sheets_for(request.actor)
    titles = {sheet.code: sheet.title for sheet in sheets}
    rows = [(batch, titles.get(batch.kind, batch.kind)) for batch in page.rows]
    return render(request, "intake/batches.html", {"sheets": sheets, "rows": rows, "place": page})


@needs(*BRINGERS)
@require_http_methods(["GET", "POST"])
def bring(request: Any, kind: str) -> HttpResponse:
    """Bring in a file of one kind."""
    sheet = sheet_for(request.actor, kind)
    saved = saved_choices(saved_mappings(request.actor, sheet.code))
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(sheet, request.actor, saved, *data)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        unit = facts.get("unit") or home_of(request.actor)
        mode = facts.get("mode") or "add"
        chosen = UUID(facts["saved"]) if facts.get("saved") else None
        wish = Wish(sheet.code, facts["effective_on"], mode, unit, facts["reason"], chosen)
        try:
            batch = receive(facts["file"].name, facts["file"].read(), wish, by=request.actor)
        except Unreadable as refusal:
            form.add_error("file", refusal.detail)
        else:
            return redirect("intake:map" if batch.state == State.MAPPING else "intake:batch", batch.pk)
    may_export = may_take_out(request.actor, sheet)
    page = {"sheet": sheet, "form": form, "may_export": may_export}
    return render(request, "intake/bring.html", page, status=422 if form.errors else 200)


@needs(*BRINGERS)
@require_safe
def template(request: Any, kind: str) -> HttpResponse:
    """Give an empty file of one kind, with its code lists and notes."""
    sheet = sheet_for(request.actor, kind)
    columns = [
        TemplateColumn(
            str(column.label),
            column.required,
            str(column.hint),
            _TEMPLATE_KINDS.get(column.type, "text"),
            list(choices_of(column).values()) if column.type in (CODE, CHOICE) else [],
            column.example,
        )
        for column in sheet.columns
        if not column.is_inner
    ]
    content = write_template(columns, title=str(sheet.title), notes=[str(each) for each in sheet.notes])
    return _file(content, f"mau-{sheet.code}.xlsx")


@needs(*BRINGERS)
@require_safe
def present(request: Any, kind: str) -> HttpResponse:
    """Give what stands in one's place as a file of one kind, to be mended and brought in again."""
    sheet = sheet_for(request.actor, kind)
    if not may_take_out(request.actor, sheet):
        raise NotThere
    rows = present_rows(request.actor, sheet, today())
    there = [column for column in sheet.columns if rows and column.name in rows[0]]
    columns = [Export(column.label, _cell_of(column)) for column in there]
    record("intake.present_exported", on_kind="sheet", on_id=sheet.code, note=str(len(rows)))
    name = f"{sheet.code}-{today():%Y-%m-%d}"
    return export_answer("xlsx", name, columns, rows, unit_of=lambda row: row["unit"])


def _cell_of(column: Column) -> Callable[[dict[str, Any]], Any]:
    """Read the cell of a column as the import reads it back: titles for codes, words for yes and no."""
    titles = choices_of(column) if column.type in (CODE, CHOICE) else {}

    def read(row: dict[str, Any]) -> Any:
        value = row[column.name]
        if isinstance(value, bool):
            return "Có" if value else "Không"
        return titles.get(str(value), value)

    return read


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=_XLSX)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return answer


@needs(*BRINGERS)
@require_http_methods(["GET", "POST"])
def map_batch(request: Any, batch_id: UUID) -> HttpResponse:
    """Say which column is which."""
    batch = batch_for(request.actor, batch_id)
    if batch.state not in (State.MAPPING, State.CHECKED, State.UNREADABLE):
        return redirect("intake:batch", batch.pk)
    sheet = sheet_named(batch.kind)
    table = table_of(batch, sheet)
    mapping = {int(place): name for place, name in batch.mapping.items()}
    form = MappingForm(sheet, table, mapping, *([request.POST] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            batch = map_columns(
                batch_id,
                form.columns(),
                sheet_name=facts.get("sheet", ""),
                save_as=facts["save_as"],
                by=request.actor,
            )
        except NotMapped as refusal:
            form.add_error(None, _mapping_words(sheet, refusal))
        else:
            return redirect("intake:map" if batch.state == State.MAPPING else "intake:batch", batch.pk)
    page = {"sheet": sheet, "batch": batch, "form": form, "count": len(table.rows), "notices": table.notices}
    return render(request, "intake/map.html", page, status=422 if form.errors else 200)


def _mapping_words(sheet: Sheet, refusal: NotMapped) -> str:
    names: Any = refusal.facts.get("missing") or refusal.facts.get("twice") or []
    labels = ", ".join(str(column.label) for column in sheet.columns if column.name in names)
    if "missing" in refusal.facts:
        return _("Chưa ghép cột bắt buộc: %s.") % labels
    return _("Một mục chỉ ghép với một cột. Đang ghép nhiều lần: %s.") % labels


@needs(*BRINGERS)
@require_safe
def batch(request: Any, batch_id: UUID) -> HttpResponse:
    """Show one import: how far it is, what was found, what it did."""
    found = batch_for(request.actor, batch_id)
    sheet = sheet_named(found.kind)
    is_busy = found.state in _BUSY
    page: dict[str, Any] = {"batch": found, "sheet": sheet, "busy": is_busy, "job": _job_of(found) if is_busy else None}
    if "HX-Request" not in request.headers or not is_busy:
        page |= _found_in(found)
    part = "#state" if "HX-Request" in request.headers and is_busy else ""
    answer = render(request, f"intake/batch.html{part}", page)
    if "HX-Request" in request.headers and not is_busy:
        answer["HX-Refresh"] = "true"
    return answer


def _job_of(found: Batch) -> Any:
    step = {State.CHECKING: "check", State.APPLYING: "apply", State.UNDOING: "undo"}[State(found.state)]
    arguments = {"batch_id": str(found.pk), "step": step}
    job = Job.objects.filter(name="intake.run", arguments=arguments).order_by("-id").first()
    return shown_job(job) | {"key": job.pk, "is_over": job.is_over} if job else None


def _found_in(found: Batch) -> dict[str, Any]:
    if found.state in (State.MAPPING, State.UNREADABLE, State.DROPPED):
        return {}
    findings = findings_of(found)
    problems = findings["problems"]
    parts = list(Part.objects.filter(batch=found).order_by("id")[:SHOWN_PROBLEMS])
    units = {str(each["unit"]) for each in found.held} | {str(part.unit) for part in parts}
    named = kind_named("unit").model._default_manager.filter(pk__in=units)
    names = {str(unit.pk): str(unit) for unit in named}
    return {
        "problems": problems[:SHOWN_PROBLEMS],
        "problem_count": len(problems),
        "creates": findings["create"],
        "changes": findings["change"],
        "held": [{**each, "unit_name": names.get(str(each["unit"]), "")} for each in found.held],
        "parts": [(part, names.get(str(part.unit), "")) for part in parts],
        "totals": totals_of(found),
        "will": found.to_create + found.to_change + found.to_end,
    }


@needs(*BRINGERS)
@require_safe
def problems(request: Any, batch_id: UUID) -> HttpResponse:
    """Give the rows with problems back as the same file, with a column that says what to mend."""
    found = batch_for(request.actor, batch_id)
    if found.state in (State.MAPPING, State.DROPPED, State.UNREADABLE):
        raise NotThere
    table = table_of(found, sheet_named(found.kind))
    told = _by_row(table, findings_of(found)["problems"])
    let_leave(Leaving("intake.problems", rows=len(told), units=[found.unit] if found.unit else []))
    content = write_back(table, told, heading=_("Lỗi cần sửa"))
    return _file(content, f"{found.name.rpartition('.')[0] or found.name}-loi.xlsx")


def _by_row(table: Table, problems: list[dict[str, Any]]) -> dict[int, list[tuple[int, str]]]:
    places = {number: place for place, number in enumerate(table.numbers)}
    columns = {heading: place for place, heading in reversed(list(enumerate(table.headings)))}
    told: dict[int, list[tuple[int, str]]] = {}
    for each in problems:
        place = columns.get(each["column"], -1) if each["column"] else -1
        told.setdefault(places[each["row"]], []).append((place, each["message"]))
    return told


@needs(*BRINGERS)
@require_POST
def act(request: Any, batch_id: UUID, step: str) -> HttpResponse:
    """Apply, undo, go on, stop or give up an import."""
    by = request.actor
    if step == "ap-dung":
        try:
            apply(batch_id, confirmed=request.POST.get("confirmed") == "yes", by=by)
        except EndsTooMany as refusal:
            messages.error(request, refusal.detail)
    elif step == "hoan-tac":
        undo(batch_id, by=by)
    elif step == "tiep-tuc":
        resume(batch_id, by=by)
    elif step == "bo":
        drop(batch_id, by=by)
        messages.success(request, _("Đã bỏ tệp này. Chưa có gì thay đổi."))
        return redirect("intake:batches")
    elif step == "dung":
        found = batch_for(by, batch_id)
        for job in Job.objects.filter(name="intake.run", arguments__batch_id=str(found.pk)):
            cancel(job)
    return redirect("intake:batch", batch_id)
