"""Marks brought in as a file, and taken back: as sets under the locks of their sheets, in a dozen statements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import polars as pl
from django.db import connection
from django.db.models import F
from django.utils import timezone

from phuong.academics.access import lessons_of, person_of
from phuong.academics.actions.marks import average_of
from phuong.academics.errors import ColumnClosed, YearClosed
from phuong.academics.models import GradeSheet, MarkChange
from phuong.academics.queries.closing import must_be_open
from phuong.academics.queries.filed import (
    NOTHING,
    Key,
    changes_after,
    openings_of,
    seats_in,
    sheets_named,
    standing_in,
    standing_of,
)
from phuong.academics.queries.sheets import secondary_profile
from phuong.academics.rules.cells import REMARK, Row, columns_of
from phuong.academics.rules.filed import laid, marks_of, taken_back
from phuong.intake.api import Undone, Written
from phuong.intake.sheets import Stage, staged
from phuong.kernel.keys import uuid7_texts
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import current_actor
from phuong.kernel.today import today

MOST_REGULAR = 6  # of a file: four by the rules, one of study topics, one to spare
COLUMNS = columns_of(MOST_REGULAR)
CHANGES = MarkChange._meta.db_table
_READ = "select s.class_id, s.subject, s.term, s.learner_id, array[{cells}]::text[] from {rows} s"
_INSERT = """
insert into academics_mark (id, path, sheet_id, enrolment_id, learner_id, regular, midterm, final, average, is_exempt,
  remark, version, changed_at, changed_by)
select n.id, n.path, n.sheet, n.enrolment, n.learner, n.regular, n.midterm, n.final, n.average, false, n.remark,
  n.version, %(at)s, %(by)s
from {rows} n where n.is_new
"""
_UPDATE = """
update academics_mark m set regular = n.regular, midterm = n.midterm, final = n.final, average = n.average,
  remark = n.remark, version = n.version, changed_at = %(at)s, changed_by = %(by)s
from {rows} n where m.id = n.id and not n.is_new
"""
# Row security makes the planner think that marks are few: left to itself it compares every row with every other.
_AS_SETS = "select set_config('enable_nestloop', 'off', true)"
_AS_USUAL = "select set_config('enable_nestloop', 'on', true)"
_LAST = "select max(id)::text from academics_markchange where mark = any(%s::uuid[]) group by mark"
_TYPES = {**dict.fromkeys(("id", "sheet", "enrolment", "learner"), "uuid"), "regular": "smallint[]", "path": "ltree"}
_SCHEMA: dict[str, Any] = {
    **dict.fromkeys(("id", "sheet", "path", "enrolment", "learner", "regular", "remark"), pl.String),
    **dict.fromkeys(("midterm", "final", "average"), pl.Int16),
    "version": pl.Int64,
    "is_new": pl.Boolean,
}


@dataclass(frozen=True)
class _Kept:
    """A row of marks as it will be; ``key`` is that of the mark, of a new one the learner's."""

    key: UUID
    sheet: GradeSheet
    row: Row
    remark: str
    is_exempt: bool = False


def file_marks(stage: Stage) -> Written:
    """Write the marks of one school's rows; ``made`` names the changes that were kept of them.

    :raises YearClosed: the school has closed the year meanwhile
    :raises ColumnClosed: a column was closed meanwhile; nothing is written
    """
    texts = ", ".join(f"s.{name}" if stage.has(name) else "null" for name in (*COLUMNS, REMARK))
    rows = stage.run(_READ.replace("{cells}", texts))
    sheets = _locked_named({(class_id, subject, term) for class_id, subject, term, *_rest in rows})
    must_be_open(stage.params["unit"], stage.params["year"])  # after the sheets, as who saves a cell does
    openings, standing = openings_of(sheets, today()), standing_in(sheets.values())
    new: list[_Kept] = []
    changed: list[_Kept] = []
    for class_id, subject, term, learner, told in rows:
        key: Key = (class_id, subject, term)
        sheet, opening = sheets[key], openings[key]
        stood = standing.get((sheet.pk, learner), NOTHING)
        filed, _bad = marks_of(dict(zip(COLUMNS, told, strict=False)), is_scored=sheet.is_scored)
        row, wrong = laid(stood.row, filed, opening, is_exempt=stood.is_exempt)
        remark = told[-1] or stood.remark
        if wrong or (remark != stood.remark and opening.states[REMARK] == "locked"):
            raise ColumnClosed
        if (row, remark) != (stood.row, stood.remark):
            (changed if stood.mark else new).append(_Kept(stood.mark or learner, sheet, row, remark, stood.is_exempt))
    kept = _keep(new, changed)
    return Written(len(new), len(changed), 0, {CHANGES: [key for (key,) in _rows(_LAST, kept)]})


def _locked_named(named: Collection[Key]) -> dict[Key, GradeSheet]:
    """Give sheets under their locks, made where nobody wrote in them yet."""
    fresh = [sheet for sheet in sheets_named(named).values() if sheet._state.adding]
    GradeSheet.objects.bulk_create(fresh, ignore_conflicts=True)
    rows = _locks().filter(
        class_group__in={class_id for class_id, _subject, _term in named},
        subject__in={subject for _class_id, subject, _term in named},
        term__in={term for _class_id, _subject, term in named},
    )
    return {(each.class_group_id, each.subject, each.term): each for each in rows}


def _locks() -> Any:
    return GradeSheet.objects.select_for_update(of=("self",)).select_related("class_group").order_by("id")


def _keep(new: Sequence[_Kept], changed: Sequence[_Kept]) -> list[UUID]:
    """Write rows with their averages and the next version of their sheets: a handful of statements; gives their keys.

    The sheets are locked.
    """
    if not new and not changed:
        return []
    sheets = {each.sheet.pk: each.sheet for each in (*new, *changed)}
    GradeSheet.objects.filter(pk__in=sheets).update(version=F("version") + 1)
    profiles = {key: secondary_profile(sheet.class_group) for key, sheet in sheets.items()}
    seats = seats_in({each.sheet.class_group_id for each in new})
    keys = [*map(UUID, uuid7_texts(len(new))), *(each.key for each in changed)]
    written = []
    for place, (key, each) in enumerate(zip(keys, (*new, *changed), strict=True)):
        sheet, row, is_new = each.sheet, each.row, place < len(new)
        average = None if each.is_exempt else average_of(sheet, profiles[sheet.pk], row)
        seat = (seats[sheet.class_group_id, each.key], each.key) if is_new else (None, None)
        where = (key, sheet.pk, sheet.path, *seat, _array(row.regular), each.remark)
        written.append((*map(_text, where), row.midterm, row.final, average, sheet.version + 1, is_new))
    params: dict[str, Any] = {"at": timezone.now(), "by": current_actor().name}
    with staged(pl.DataFrame(written, schema=_SCHEMA, orient="row"), _TYPES) as name, connection.cursor() as cursor:
        for statement in (_AS_SETS, _INSERT, _UPDATE, _AS_USUAL):
            cursor.execute(statement.replace("{rows}", name), params)
    return keys


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _array(regular: Sequence[int | None]) -> str:
    return "{" + ",".join("null" if each is None else str(each) for each in regular) + "}"


def take_back(made: Mapping[str, Sequence[str]]) -> Undone:
    """Give the cells a file changed their former values: those nobody changed again, in columns nobody locked since.

    A row of marks is never deleted; one that the file made is emptied. In a closed year, and in sheets the actor does
    not write any more, all is left alone.
    """
    changes = {each.mark: each for each in MarkChange.objects.filter(pk__in=made.get(CHANGES, ()))}
    touched = {each.sheet for each in standing_of(changes).values() if each.sheet}
    sheets = {each.pk: each for each in _locks().filter(pk__in=touched)}
    try:
        for school, year in {(each.organisation_id, each.school_year) for each in sheets.values()}:
            must_be_open(school, year)
    except YearClosed:
        return Undone(0, len(changes))
    stood = standing_of(changes)  # anew, under the locks
    openings, later = openings_of(sheets, today()), changes_after(changes.values())
    mine = None if current_actor().may(Permission.MARKS_MANAGE) else set(lessons_of(person_of(current_actor())))
    kept, restored = [], 0
    for key, now in stood.items():
        sheet = sheets[now.sheet]
        if mine is not None and (sheet.class_group_id, sheet.subject) not in mine:
            continue
        taken = taken_back(now.row, now.remark, changes[key].what, later.get(key, ()), openings[now.sheet])
        restored += not taken.is_partial
        if (taken.row, taken.remark) != (now.row, now.remark):
            kept.append(_Kept(key, sheet, taken.row, taken.remark, now.is_exempt))
    _keep([], kept)
    return Undone(restored, len(changes) - restored)


def _rows(statement: str, keys: Sequence[UUID]) -> list[tuple[Any, ...]]:
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(keys)])
        return list(cursor.fetchall())
