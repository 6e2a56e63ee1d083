"""The gradebook: sheets of one's classes, the grid, saving, what others changed, locks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.academics.access import classes_seen_by, lessons_of, person_of
from phuong.academics.actions.marks import Saved, lock_column, save_cells, save_form, unlock_column
from phuong.academics.actions.remarks import save_remarks
from phuong.academics.forms import cells_of, cells_of_form
from phuong.academics.models.preschool import LEVELS as PRESCHOOL
from phuong.academics.queries.cards import enrolments_in
from phuong.academics.queries.opening import Opened, opened
from phuong.academics.queries.primarysheets import present_period, rated_in
from phuong.academics.queries.sheets import (
    as_json,
    changed_since,
    grid_of,
    heads_of,
    progress_of,
    story_of,
)
from phuong.academics.queries.topics import has_topics, topic_column
from phuong.academics.rules.cells import REMARK, shown_cell
from phuong.academics.views.preschool import preschool_entries
from phuong.academics.views.primaryrows import primary_entries, records_entry
from phuong.academics.views.remarks import remark_clash, remarks_of_form
from phuong.academics.views.rows import grid_rows, live_column
from phuong.kernel.calendar import school_year_of
from phuong.kernel.codelists import title_of
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.today import today
from phuong.registry.api import ClassGroup

MARKS = (Permission.MARKS_WRITE, Permission.MARKS_MANAGE)
MOST_CLASSES = 200


@needs(*MARKS)
@require_safe
def sheets(request: Any) -> HttpResponse:
    """List the classes whose marks the reader has to do with, each with its sheets of the term."""
    year = school_year_of(today())
    term = 2 if request.GET.get("ki") == "2" or (today() >= year.term_2_from and request.GET.get("ki") != "1") else 1
    groups = list(
        classes_seen_by(request.actor, year.start).order_by("organisation__path", "grade", "name_key")[:MOST_CLASSES]
    )
    mine: dict[UUID, list[str]] = {}
    for group_id, subject in lessons_of(person_of(request.actor)):
        mine.setdefault(group_id, []).append(subject)
    begun = progress_of(groups, term)
    period = present_period(year, term)
    young = rated_in(groups, period)
    entries = {
        group: primary_entries(group, period, mine.get(group.pk, []), young[group.pk])
        if group.pk in young
        else []
        if group.level in PRESCHOOL
        else _entries(group, term, mine.get(group.pk, []), begun[group.pk])
        for group in groups
    }
    own = [(group, each) for group, found in entries.items() for each in found if each["is_mine"]]
    person = person_of(request.actor)
    is_wide = request.actor.may(Permission.MARKS_MANAGE)
    whole = [group for group in groups if is_wide or group.level in PRESCHOOL or group.homeroom_id == person]
    for group in whole:
        if group.pk in young:
            entries[group].append(records_entry(group, period))
        elif group.level in PRESCHOOL:
            is_theirs = is_wide or group.homeroom_id == person or group.pk in mine
            entries[group] = preschool_entries(group, term, development=is_theirs)
    rows = [(group, entries[group]) for group in whole if entries[group]]
    may_manage = request.actor.may(Permission.MARKS_MANAGE)
    page = {"own": own, "rows": rows, "term": term, "year": year, "may_manage": may_manage}
    return render(request, "academics/sheets.html", page)


def _entries(group: ClassGroup, term: int, mine: list[str], begun: list[Any]) -> list[dict[str, Any]]:
    known = {each.subject: each for each in begun}
    subjects = sorted({*mine, *known}, key=lambda code: (code not in mine, title_of("subject", code)))
    return [
        {
            "title": title_of("subject", code),
            "url": reverse("academics:grid", args=[group.pk, code, term]),
            "is_mine": code in mine,
            "progress": known.get(code),
        }
        for code in subjects
    ]


@needs(*MARKS)
@never_cache
@require_http_methods(["GET", "POST"])
def grid(request: Any, class_id: UUID, subject: str, term: int) -> HttpResponse:
    """Show a sheet; without script, take the whole form."""
    found = opened(request.actor, class_id, subject, term)
    return _form_saved(request, found) if request.method == "POST" else _page(request, found)


def _page(request: Any, found: Opened, **more: Any) -> HttpResponse:
    group, standing = found.group, found.standing
    read = grid_of(found.sheet, found.windows)
    here = reverse("academics:grid", args=[group.pk, found.subject, found.term])
    topic = topic_column(found.sheet, group)
    how: Any = {"may_write": standing.teaches and not found.is_over, "manages": standing.manages}
    page = {
        "found": found,
        "group": group,
        "year": f"{group.school_year}–{group.school_year + 1}",
        "title": title_of("subject", found.subject),
        "other_term": 3 - found.term,
        "sheet": found.sheet,
        "here": here,
        "heads": [(head, _("Chuyên đề") if head.code == topic else column_name(head.code)) for head in read.heads],
        "rows": grid_rows(read, story=f"{here}em/{{}}/", **how),
        "count": len(read.pupils),
        "live": live_column(read),
        "standing": standing,
        "weights": read.profile.weights,
        "topic": topic,
        "has_topics": (standing.teaches or standing.manages) and has_topics(group, found.subject),
        "locked_remarks": found.sheet.locks.get(REMARK),
        **more,
    }
    return render(request, "academics/grid.html", page, status=422 if "wrong" in more else 200)


def _form_saved(request: Any, found: Opened) -> HttpResponse:
    sheet, where = found.sheet, (found.group, found.subject, found.term)
    cells, wrong = cells_of_form(request.POST, sheet.columns, is_scored=sheet.is_scored)
    remarks, unsaid = remarks_of_form(request.POST)
    told = request.POST.get("version", "")
    seen = int(told) if told.isascii() and told.isdecimal() and len(told) < 16 else 0
    said = save_remarks(*where, remarks, seen=seen, by=request.actor)
    if said.rows and said.sheet.version == seen + 1:  # what was written since is our own
        seen = said.sheet.version
    saved = save_form(found, cells, seen=seen)
    wrong += unsaid
    if wrong or saved.conflicts or said.conflicts:
        clashes = [_clash_words(each, saved) for each in saved.conflicts]
        clashes += [remark_clash(mark) for _each, mark in said.conflicts]
        again = opened(request.actor, found.group.pk, found.subject, found.term)
        return _page(request, again, wrong=[*wrong, *clashes])
    messages.success(request, _("Đã lưu %d em.") % len({each.pk for each in (*saved.rows, *said.rows)}))
    return redirect("academics:grid", found.group.pk, found.subject, found.term)


def _clash_words(conflict: Any, saved: Saved) -> str:
    theirs = shown_cell(conflict.theirs, is_scored=saved.sheet.is_scored) or "∅"
    return _("%(by)s đã ghi %(theirs)s lúc %(at)s; điểm của họ được giữ.") % {
        "by": conflict.by,
        "theirs": theirs,
        "at": conflict.at,
    }


@needs(*MARKS)
@never_cache
@require_POST
def save(request: Any, class_id: UUID, subject: str, term: int) -> HttpResponse:
    """Take the cells a script sends; answers with the rows as they are now, and what was not taken."""
    found = opened(request.actor, class_id, subject, term)
    found.must_teach()
    cells, wrong = cells_of(request.body, is_scored=found.sheet.is_scored)
    saved = save_cells(found, cells)
    return JsonResponse(
        {
            "version": saved.sheet.version,
            "at": timezone.localtime().strftime("%H:%M"),
            "rows": as_json(saved.rows),
            "wrong": wrong,
            "closed": [{"l": str(each.learner), "c": each.column} for each in saved.closed],
            "conflicts": [
                {
                    "l": str(each.cell.learner),
                    "c": each.cell.column,
                    "theirs": each.theirs,
                    "by": each.by,
                    "at": each.at,
                }
                for each in saved.conflicts
            ],
        }
    )


@needs(*MARKS)
@never_cache
@require_safe
def changes(request: Any, class_id: UUID, subject: str, term: int) -> HttpResponse:
    """Give the rows that were written after a version: by others, or by oneself elsewhere."""
    sheet = opened(request.actor, class_id, subject, term).sheet
    after = request.GET.get("after", "0")
    version = int(after) if after.isascii() and after.isdecimal() and len(after) < 16 else 0
    rows = changed_since(sheet, version) if sheet.version > version else []
    by = sorted({row.changed_by for row in rows})
    return JsonResponse({"version": sheet.version, "rows": as_json(rows), "by": by, "locks": sheet.locks})


@needs(*MARKS)
@require_POST
def lock(request: Any, class_id: UUID, subject: str, term: int, column: str) -> HttpResponse:
    """Lock a column."""
    group = opened(request.actor, class_id, subject, term).group
    lock_column(group, subject, term, column, by=request.actor)
    messages.success(request, _("Đã khóa cột. Từ nay sửa điểm cột này phải gửi đề nghị."))
    return redirect("academics:grid", group.pk, subject, term)


@needs(Permission.MARKS_MANAGE)
@require_POST
def unlock(request: Any, class_id: UUID, subject: str, term: int, column: str) -> HttpResponse:
    """Open a locked column again, with a reason."""
    group = opened(request.actor, class_id, subject, term).group
    reason = request.POST.get("reason", "").strip()[:500]
    if not reason:
        messages.error(request, _("Ghi lí do mở khóa."))
    else:
        unlock_column(group, subject, term, column, reason=reason, by=request.actor)
        messages.success(request, _("Đã mở khóa cột."))
    return redirect("academics:grid", group.pk, subject, term)


@needs(*MARKS)
@require_safe
def story(request: Any, class_id: UUID, subject: str, term: int, learner_id: UUID) -> HttpResponse:
    """Show who wrote which mark of a pupil when, and why."""
    found = opened(request.actor, class_id, subject, term)
    group, standing, sheet = found.group, found.standing, found.sheet
    mark = sheet.marks.select_related("learner").filter(learner=learner_id).first()
    sitting = enrolments_in(group, [learner_id]) if mark is None and standing.manages else []
    if mark is None and not sitting:
        raise NotThere
    learner = mark.learner if mark else sitting[0].learner
    steps = [(change, _told(change.what, is_scored=sheet.is_scored)) for change in story_of(mark.pk)] if mark else []
    page = {"group": group, "title": title_of("subject", subject), "subject": subject, "term": term}
    closed = [head.code for head in heads_of(sheet, found.windows) if found.is_over or head.state != "open"]
    said = [REMARK] if found.is_over or REMARK in sheet.locks else []
    is_exempt = mark is not None and mark.is_exempt
    page |= {"learner": learner, "steps": steps, "is_exempt": is_exempt, "manages": standing.manages}
    asked = [*([] if is_exempt else closed), *said] if standing.teaches and mark else []
    page["columns"] = [(code, column_name(code)) for code in asked]
    return render(request, "academics/story.html", page)


def column_name(code: str) -> str:
    """Name a column of a sheet."""
    return {"midterm": _("Giữa kì"), "final": _("Cuối kì"), REMARK: _("Nhận xét")}.get(code, f"TX{code[1:]}")


_NAMES = {"midterm": "GK", "final": "CK", "is_exempt": "Miễn", "remark": "NX"}


def _told(what: dict[str, Any], *, is_scored: bool) -> list[tuple[str, str, str]]:
    """Lay out a change: column, before, after."""
    lines = []
    for name, (was, now) in what.items():
        if name == "regular":
            before, after = was or [], now or []
            for place in range(max(len(before), len(after))):
                one = before[place] if place < len(before) else None
                other = after[place] if place < len(after) else None
                if one != other:
                    lines.append((f"TX{place + 1}", _text(one, is_scored=is_scored), _text(other, is_scored=is_scored)))
        else:
            lines.append((_NAMES.get(name, name), _text(was, is_scored=is_scored), _text(now, is_scored=is_scored)))
    return lines


def _text(value: Any, *, is_scored: bool) -> str:
    if isinstance(value, bool):
        return _("có") if value else _("không")
    return value if isinstance(value, str) else shown_cell(value, is_scored=is_scored) or "∅"
