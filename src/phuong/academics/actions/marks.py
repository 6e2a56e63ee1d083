"""Writing marks: cells of one sheet as a set, under the lock of the sheet; nobody's change is lost."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from phuong.academics.access import standing_in
from phuong.academics.errors import ColumnClosed, NotTheirSheet
from phuong.academics.models import ABSENT, GradeSheet, Mark
from phuong.academics.queries.closing import must_be_open
from phuong.academics.queries.opening import Opened
from phuong.academics.queries.sheets import Head, fresh_sheet, heads_of, secondary_profile
from phuong.academics.rules.averages import remark_term, term_average
from phuong.academics.rules.cells import REMARK, Row
from phuong.academics.rules.profiles import SecondaryProfile
from phuong.kernel.audit import record
from phuong.kernel.keys import uuid7_texts
from phuong.kernel.prepared import prepared
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, current_actor
from phuong.kernel.today import today
from phuong.kernel.whole import Whole
from phuong.registry.api import ClassGroup

MOST_CELLS = 2000
UNSEEN = -2  # what the writer saw is not what stands, whatever that was
_ROWS = """
insert into academics_mark
  (id, path, sheet_id, enrolment_id, learner_id, regular, is_exempt, remark, version, changed_by)
select k.id::uuid, %(path)s::ltree, %(sheet)s, e.id, e.learner_id, '{}', false, '', 0, ''
from (
  select distinct on (e.learner_id) e.id, e.learner_id
  from registry_enrolment e
  where e.class_group_id = %(group)s and e.learner_id = any(%(learners)s::uuid[])
  order by e.learner_id, e.starts_on desc
) e join unnest(%(learners)s::uuid[], %(keys)s::text[]) as k (learner, id) on k.learner = e.learner_id
on conflict (sheet_id, learner_id) do nothing
"""
_SHEET, _MARK = Whole(GradeSheet), Whole(Mark)
_HELD = """
select {sheet} from academics_gradesheet s
where s.class_group_id = %s and s.subject = %s and s.term = %s for update
"""
_KEPT = "select {mark} from academics_mark m where m.sheet_id = %s and m.learner_id = any(%s)"
_WRITTEN = ("regular", "midterm", "final", "average", "is_exempt", "remark")
_UPDATE = """
with sheet as (update academics_gradesheet set version = %(version)s where id = %(sheet)s)
update academics_mark m set regular = n.regular, midterm = n.midterm, final = n.final, average = n.average,
  is_exempt = n.is_exempt, remark = n.remark, version = %(version)s, changed_at = %(at)s, changed_by = %(by)s
from jsonb_to_recordset(%(rows)s::jsonb) as n (id uuid, regular smallint[], midterm smallint, final smallint,
  average smallint, is_exempt boolean, remark text)
where m.id = n.id and m.id = any(%(marks)s)
"""


@dataclass(frozen=True)
class Cell:
    """One cell somebody wrote: ``was`` is what they saw before they wrote ``value``."""

    learner: UUID
    column: str
    value: int | None
    was: int | None


@dataclass(frozen=True)
class Conflict:
    """A cell that somebody else had changed meanwhile: theirs stands, and both are shown."""

    cell: Cell
    theirs: int | None
    by: str
    at: str


@dataclass
class Saved:
    """What came of it: the sheet with its new version, the rows written, the cells that were not."""

    sheet: GradeSheet
    rows: list[Mark] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    closed: list[Cell] = field(default_factory=list)


def locked_sheet(group: ClassGroup, subject: str, term: int) -> GradeSheet:
    """Give the sheet of a class, subject and term under a lock, made when nobody wrote in it yet.

    :raises NoProfile: the subject has no marks in this class
    """
    sheet = _held(group, subject, term)
    if sheet is None:
        GradeSheet.objects.bulk_create([fresh_sheet(group, subject, term)], ignore_conflicts=True)
        sheet = _held(group, subject, term)
    if sheet is None:
        raise NotThere
    sheet.class_group = group
    return sheet


@cache
def _statements() -> tuple[str, str]:
    """Word how a sheet is held, and how rows of it are read; once."""
    return _HELD.format(sheet=_SHEET.columns("s")), _KEPT.format(mark=_MARK.columns("m"))


def _held(group: ClassGroup, subject: str, term: int) -> GradeSheet | None:
    with prepared() as cursor:
        cursor.execute(_statements()[0], [group.pk, subject, term])
        row = cursor.fetchone()
    return _SHEET.read(iter(row)) if row else None


@transaction.atomic(savepoint=False)
def save_cells(found: Opened, cells: Sequence[Cell]) -> Saved:
    """Write cells of one sheet: a handful of statements, however many cells.

    A cell that is not what its writer saw is left as it is and told (``conflicts``), so is one of a closed column.

    :raises NotTheirSheet: the actor reads it, and does not teach this subject in this class
    :raises YearClosed: the school has closed the year
    """
    found.must_teach()
    sheet = locked_sheet(found.group, found.subject, found.term)
    must_be_open(found.group.organisation_id, found.group.school_year)
    heads = {head.code: head for head in heads_of(sheet, found.windows)}
    saved = Saved(sheet)
    saved.closed = [cell for cell in cells if not _may_write(heads.get(cell.column), cell)]
    wanted = [cell for cell in cells if _may_write(heads.get(cell.column), cell)]
    return _write(saved, wanted) if wanted else saved


def _may_write(head: Head | None, cell: Cell) -> bool:
    if head is None:
        return False
    is_made_up = head.makes_up and cell.was == ABSENT and cell.value not in (None, ABSENT)
    return head.state == "open" or is_made_up


@transaction.atomic
def save_form(found: Opened, cells: Sequence[tuple[UUID, str, int | None]], *, seen: int) -> Saved:
    """Write the cells of a whole form, whose reader saw version ``seen`` of the sheet; unchanged cells are passed over.

    A row that somebody else wrote since keeps theirs where the two differ.

    :raises NotTheirSheet: the actor does not teach this subject in this class
    """
    found.must_teach()
    sheet = locked_sheet(found.group, found.subject, found.term)
    marks = {each.learner_id: each for each in Mark.objects.filter(sheet=sheet)}
    changed = []
    for learner, column, value in cells:
        mark = marks.get(learner)
        now = Row(tuple(mark.regular), mark.midterm, mark.final).cell(column) if mark else None
        if now != value:
            is_new = mark is not None and mark.version > seen
            changed.append(Cell(learner, column, value, UNSEEN if is_new else now))
    return save_cells(found, changed)


def _write(saved: Saved, cells: Sequence[Cell]) -> Saved:
    sheet = saved.sheet
    marks = rows_of(sheet, sorted({cell.learner for cell in cells}, key=str))
    changed: dict[UUID, Mark] = {}
    for cell in cells:
        mark = marks.get(cell.learner)
        if mark is None or mark.is_exempt:  # no pupil of this class, or one the subject is not asked of
            saved.closed.append(cell)
            continue
        row = Row(tuple(mark.regular), mark.midterm, mark.final)
        now = row.cell(cell.column)
        if now == cell.value:
            continue
        if now != cell.was:
            saved.conflicts.append(_conflict(cell, now, mark))
            continue
        _put(mark, row.put(cell.column, cell.value))
        changed[mark.pk] = mark
    keep_rows(sheet, list(changed.values()))
    saved.rows = list(changed.values())
    return saved


def rows_of(sheet: GradeSheet, learners: Sequence[UUID]) -> dict[UUID, Mark]:
    """Give the rows of some pupils; those who have none yet get one."""
    marks = _kept_rows(sheet, learners)
    fresh = [str(each) for each in learners if each not in marks]
    if fresh:
        params = {"path": sheet.path, "sheet": sheet.pk, "group": sheet.class_group_id}
        with prepared() as cursor:
            cursor.execute(_ROWS, {**params, "learners": fresh, "keys": uuid7_texts(len(fresh))})
        marks = _kept_rows(sheet, learners)
    return marks


def _kept_rows(sheet: GradeSheet, learners: Sequence[UUID]) -> dict[UUID, Mark]:
    with prepared() as cursor:
        cursor.execute(_statements()[1], [sheet.pk, list(learners)])
        marks = [_MARK.read(iter(row)) for row in cursor.fetchall()]
    return {mark.learner_id: mark for mark in marks if mark is not None}


def _conflict(cell: Cell, theirs: int | None, mark: Mark) -> Conflict:
    at = timezone.localtime(mark.changed_at).strftime("%H:%M %d/%m") if mark.changed_at else ""
    return Conflict(cell, theirs, mark.changed_by, at)


def _put(mark: Mark, row: Row) -> None:
    mark.regular, mark.midterm, mark.final = list(row.regular), row.midterm, row.final


def average_of(sheet: GradeSheet, profile: SecondaryProfile, row: Row) -> int | None:
    """Work out what the term comes to: the average, of a subject assessed by remarks 1 or 0; ``None``: not yet."""
    regular, midterm, final = row.given()
    if sheet.is_scored:
        return term_average(profile, regular, midterm, final)
    return remark_term(profile, regular, midterm, final)


def keep_rows(sheet: GradeSheet, marks: Sequence[Mark]) -> None:
    """Write rows with their averages and the next version of the sheet, which is held: one statement."""
    if not marks:
        return
    profile = secondary_profile(sheet.class_group)
    sheet.version += 1
    now, by = timezone.now(), current_actor().name
    for mark in marks:
        row = Row(tuple(mark.regular), mark.midterm, mark.final)
        mark.average = None if mark.is_exempt else average_of(sheet, profile, row)
        mark.version, mark.changed_at, mark.changed_by = sheet.version, now, by
    rows = [{name: getattr(mark, name) for name in _WRITTEN} | {"id": str(mark.pk)} for mark in marks]
    with prepared() as cursor:
        told = {
            "rows": json.dumps(rows),
            "marks": [mark.pk for mark in marks],
            "sheet": sheet.pk,
            "version": sheet.version,
            "at": now,
            "by": by,
        }
        cursor.execute(_UPDATE, told)


@transaction.atomic
def lock_column(group: ClassGroup, subject: str, term: int, column: str, *, by: Actor) -> GradeSheet:
    """Lock a column: its marks change by amendment only.

    :raises NotTheirSheet: the actor neither teaches this subject in this class nor manages marks
    :raises ColumnClosed: no such column, or locked already
    """
    standing = standing_in(by, group, subject)
    if not (standing.teaches or standing.manages):
        raise NotTheirSheet
    sheet = locked_sheet(group, subject, term)
    known = {REMARK, *(head.code for head in heads_of(sheet, {}))}
    if column not in known or column in sheet.locks:
        raise ColumnClosed
    sheet.locks[column] = {"by": by.name, "at": today().isoformat()}
    sheet.save(update_fields=["locks"])
    record(
        "academics.column_locked", on_kind="class", on_id=group.pk, note=f"{subject} {term} {column}", path=sheet.path
    )
    return sheet


@transaction.atomic
def unlock_column(group: ClassGroup, subject: str, term: int, column: str, *, reason: str, by: Actor) -> GradeSheet:
    """Open a locked column again, for a reason that is kept.

    :raises NotTheirSheet: the actor does not manage marks
    :raises ColumnClosed: it is not locked
    :raises YearClosed: the school has closed the year
    """
    if not standing_in(by, group, subject).manages:
        raise NotTheirSheet
    sheet = locked_sheet(group, subject, term)
    if column not in sheet.locks:
        raise ColumnClosed
    must_be_open(group.organisation_id, group.school_year)
    del sheet.locks[column]
    sheet.save(update_fields=["locks"])
    note = f"{subject} {term} {column}: {reason}"
    record("academics.column_unlocked", on_kind="class", on_id=group.pk, note=note, path=sheet.path)
    return sheet
