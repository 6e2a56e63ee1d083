"""Marks brought in as a file, and taken back: as sets under the locks of their sheets, in a dozen statements."""

import json
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
from phuong.academics.queries.filed import Key, openings_of, sheets_named
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
_NAMED = "select distinct s.class_id, s.subject, s.term from {rows} s"
_STANDING = """
select s.class_id, s.subject, s.term, s.learner_id, array[{cells}]::text[],
  m.id::text, m.regular, m.midterm, m.final, coalesce(m.is_exempt, false), coalesce(m.remark, ''), e.id
from {rows} s join academics_gradesheet g
  on g.class_group_id = s.class_id and g.subject = s.subject and g.term = s.term
left join academics_mark m on m.sheet_id = g.id and m.learner_id = s.learner_id
left join lateral (
  select e.id from registry_enrolment e
  where m.id is null and e.class_group_id = s.class_id and e.learner_id = s.learner_id
  order by e.starts_on desc limit 1
) e on true
"""
_INSERT = """
insert into academics_mark (id, path, sheet_id, enrolment_id, learner_id, regular, midterm, final, average, is_exempt,
  remark, version, changed_at, changed_by)
select n.id, g.path, g.id, n.enrolment, n.learner, n.regular, n.midterm, n.final, n.average, false, n.remark,
  g.version, %(at)s, %(by)s
from {rows} n join academics_gradesheet g on g.id = n.sheet where n.is_new
"""
_UPDATE = """
update academics_mark m set regular = n.regular, midterm = n.midterm, final = n.final, average = n.average,
  remark = n.remark, version = g.version, changed_at = %(at)s, changed_by = %(by)s
from {rows} n join academics_gradesheet g on g.id = n.sheet where m.id = n.id and not n.is_new
"""
_LAST = "select max(id)::text from academics_markchange where mark = any(%s::uuid[]) group by mark"
_TOUCHED = """
select distinct m.sheet_id from academics_markchange c join academics_mark m on m.id = c.mark
where c.id = any(%s::bigint[])
"""
_CHANGED = """
select m.sheet_id, m.id::text, c.what::text, m.regular, m.midterm, m.final, m.is_exempt, m.remark,
  coalesce((select jsonb_agg(l.what) from academics_markchange l where l.mark = c.mark and l.id > c.id), '[]')::text
from academics_markchange c join academics_mark m on m.id = c.mark where c.id = any(%s::bigint[])
"""
_TYPES = {"id": "uuid", "sheet": "uuid", "enrolment": "uuid", "learner": "uuid", "regular": "smallint[]"}
_SCHEMA: dict[str, Any] = {
    **dict.fromkeys(("id", "sheet", "enrolment", "learner", "regular", "remark"), pl.String),
    **dict.fromkeys(("midterm", "final", "average"), pl.Int16),
    "is_new": pl.Boolean,
}


@dataclass(frozen=True)
class _Kept:
    """A row of marks as it will be; ``enrolment`` and ``learner``: of a new one."""

    id: str
    sheet: GradeSheet
    row: Row
    remark: str
    is_exempt: bool = False
    enrolment: UUID | None = None
    learner: UUID | None = None


def file_marks(stage: Stage) -> Written:
    """Write the marks of one school's rows; ``made`` names the changes that were kept of them.

    :raises YearClosed: the school has closed the year meanwhile
    :raises ColumnClosed: a column was closed meanwhile; nothing is written
    """
    must_be_open(stage.params["unit"], stage.params["year"])
    sheets = _locked_named({(class_id, subject, term) for class_id, subject, term in stage.run(_NAMED)})
    openings = openings_of(sheets, today())
    texts = ", ".join(f"s.{name}" if stage.has(name) else "null" for name in (*COLUMNS, REMARK))
    new, changed = [], []
    for *where, learner, told, mark, regular, midterm, final, is_exempt, remark, enrolment in stage.run(
        _STANDING.replace("{cells}", texts)
    ):
        class_id, subject, term = where
        key: Key = (class_id, subject, term)
        sheet = sheets[key]
        stood = Row(tuple(regular or ()), midterm, final)
        filed, _bad = marks_of(dict(zip(COLUMNS, told, strict=False)), is_scored=sheet.is_scored)
        row, wrong = laid(stood, filed, openings[key], is_exempt=is_exempt)
        said = told[-1] or remark
        if wrong or (said != remark and openings[key].states[REMARK] == "locked"):
            raise ColumnClosed
        if row == stood and said == remark:
            continue
        if mark is None:
            new.append(_Kept("", sheet, row, said, is_exempt, enrolment, learner))
        else:
            changed.append(_Kept(mark, sheet, row, said, is_exempt))
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


def _keep(new: Sequence[_Kept], changed: Sequence[_Kept]) -> list[str]:
    """Write rows with their averages and the next version of their sheets: four statements; gives their keys."""
    if not new and not changed:
        return []
    sheets = {each.sheet.pk: each.sheet for each in (*new, *changed)}
    GradeSheet.objects.filter(pk__in=sheets).update(version=F("version") + 1)
    profiles = {key: secondary_profile(sheet.class_group) for key, sheet in sheets.items()}
    columns: dict[str, list[Any]] = {name: [] for name in _SCHEMA}
    keys = [*uuid7_texts(len(new)), *(each.id for each in changed)]
    for key, each in zip(keys, (*new, *changed), strict=True):
        average = None if each.is_exempt else average_of(each.sheet, profiles[each.sheet.pk], each.row)
        facts = (key, each.sheet.pk, each.enrolment, each.learner, _array(each.row.regular), each.remark)
        marks = (each.row.midterm, each.row.final, average, each.learner is not None)
        for name, value in zip(_SCHEMA, (*facts, *marks), strict=True):
            columns[name].append(str(value) if isinstance(value, UUID) else value)
    params = {"at": timezone.now(), "by": current_actor().name}
    with staged(pl.DataFrame(columns, schema=_SCHEMA), _TYPES) as name, connection.cursor() as cursor:
        cursor.execute(_INSERT.replace("{rows}", name), params)
        cursor.execute(_UPDATE.replace("{rows}", name), params)
    return keys


def _array(regular: Sequence[int | None]) -> str:
    return "{" + ",".join("null" if each is None else str(each) for each in regular) + "}"


def take_back(made: Mapping[str, Sequence[str]]) -> Undone:
    """Give the cells a file changed their former values: those nobody changed again, in columns nobody locked since.

    A row of marks is never deleted; one that the file made is emptied. In a closed year, and in sheets the actor does
    not write any more, all is left alone.
    """
    keys = list(made.get(CHANGES, ()))
    touched = [sheet_id for (sheet_id,) in _rows(_TOUCHED, keys)]
    try:
        for school, year in (
            GradeSheet.objects.filter(pk__in=touched).values_list("organisation", "school_year").distinct()
        ):
            must_be_open(school, year)
    except YearClosed:
        return Undone(0, len(keys))
    sheets = {each.pk: each for each in _locks().filter(pk__in=touched)}
    openings = openings_of(sheets, today())
    actor = current_actor()
    mine = None if actor.may(Permission.MARKS_MANAGE) else set(lessons_of(person_of(actor)))
    kept, restored = [], 0
    for sheet_id, mark, what, regular, midterm, final, is_exempt, remark, later in _rows(_CHANGED, keys):
        sheet = sheets[sheet_id]
        if mine is not None and (sheet.class_group_id, sheet.subject) not in mine:
            continue
        stood = Row(tuple(regular), midterm, final)
        taken = taken_back(stood, remark, json.loads(what), json.loads(later), openings[sheet_id])
        restored += not taken.is_partial
        if (taken.row, taken.remark) != (stood, remark):
            kept.append(_Kept(mark, sheet, taken.row, taken.remark, is_exempt))
    _keep([], kept)
    return Undone(restored, len(keys) - restored)


def _rows(statement: str, keys: Sequence[str]) -> list[tuple[Any, ...]]:
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(keys)])
        return list(cursor.fetchall())
