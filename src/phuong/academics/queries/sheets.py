"""A grade sheet as a page shows it: its columns, the pupils with their marks, what others changed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from phuong.academics.errors import NoProfile
from phuong.academics.models import EntryWindow, GradeSheet, Mark, MarkChange
from phuong.academics.profiles import profile_for, programme_for
from phuong.academics.rules.averages import regular_count
from phuong.academics.rules.cells import (
    ABSENT,
    ColumnState,
    Row,
    Window,
    column_state,
    columns_of,
    kind_of,
    may_make_up,
)
from phuong.academics.rules.profiles import SecondaryProfile
from phuong.academics.rules.programme import Subject
from phuong.kernel.prepared import prepared
from phuong.kernel.today import today
from phuong.registry.api import ClassGroup

_PUPILS = """
select e.id as enrolment, p.id as learner, p.full_name, p.birth_date, e.ends_on is not null and e.ends_on <= %(day)s,
  m.id, coalesce(m.regular, '{}'), m.midterm, m.final, m.average, coalesce(m.is_exempt, false), coalesce(m.remark, ''),
  coalesce(m.version, 0)
from registry_enrolment e join registry_person p on p.id = e.learner_id
left join academics_mark m on m.learner_id = p.id and m.sheet_id = %(sheet)s
where e.class_group_id = %(group)s
  and ((e.ends_on is null or e.ends_on > %(day)s) or m.id is not null)
  and not exists (select 1 from registry_enrolment later where later.class_group_id = e.class_group_id
    and later.learner_id = e.learner_id and later.during >> e.during)
order by p.name_key, p.id
"""


@dataclass(frozen=True)
class Head:
    """A column of a sheet: its code, whether it may be written today, its window, who locked it."""

    code: str
    state: ColumnState
    window: Window | None
    lock: Mapping[str, str] | None
    makes_up: bool = False  # who was absent may be given a mark today, though it is closed


@dataclass(frozen=True)
class Pupil:
    """A pupil of a sheet with the marks."""

    enrolment: UUID
    learner: UUID
    name: str
    birth_date: dt.date | None
    has_left: bool
    mark: UUID | None
    row: Row
    average: int | None
    is_exempt: bool
    remark: str
    version: int


@dataclass(frozen=True)
class Grid:
    """A sheet with everything a page of it needs."""

    sheet: GradeSheet
    heads: tuple[Head, ...]
    pupils: list[Pupil]
    profile: SecondaryProfile


def secondary_profile(group: ClassGroup) -> SecondaryProfile:
    """Give the profile by marks and remarks that governs a class.

    :raises NoProfile: none does: a primary class, a preschool group
    """
    profile = profile_for(group.level, group.grade, group.school_year)
    if not isinstance(profile, SecondaryProfile):
        raise NoProfile(level=group.level, grade=group.grade)
    return profile


def _taught(group: ClassGroup, subject: str) -> Subject:
    found = programme_for(group.level, group.grade, group.school_year).subject(subject)
    if found is None or group.grade not in found.periods:
        raise NoProfile(subject=subject, grade=group.grade)
    return found


def sheet_of(group: ClassGroup, subject: str, term: int) -> GradeSheet:
    """Give the sheet of a class, subject and term; one that nobody wrote in yet is made up and not kept.

    :raises NoProfile: no rule for marks governs the class, or the subject is not taught in its grade
    """
    found = GradeSheet.objects.filter(class_group=group, subject=subject, term=term).first()
    if found is not None:
        found.class_group = group
        return found
    return fresh_sheet(group, subject, term)


def fresh_sheet(group: ClassGroup, subject: str, term: int) -> GradeSheet:
    """Make up the sheet of a class in which nobody wrote yet; it is not kept.

    :raises NoProfile: no rule for marks governs the class, or the subject is not taught in its grade
    """
    profile = secondary_profile(group)
    taught = _taught(group, subject)
    is_scored = taught.assessment == "scored"
    count = regular_count(profile, taught.periods[group.grade]) if is_scored else profile.remark_marks
    return GradeSheet(
        path=group.organisation.path,
        organisation=group.organisation,
        class_group=group,
        school_year=group.school_year,
        term=term,
        subject=subject,
        is_scored=is_scored,
        columns=count,
    )


def windows_of(group: ClassGroup, term: int) -> dict[str, Window]:
    """Give the windows of a class's school in a term, by kind of column."""
    rows = EntryWindow.objects.filter(
        organisation=group.organisation_id, school_year=group.school_year, term=term
    ).values_list("column", "opens_on", "closes_on")
    return {column: Window(opens, closes) for column, opens, closes in rows}


def heads_of(sheet: GradeSheet, windows: Mapping[str, Window]) -> tuple[Head, ...]:
    """Say of each column of a sheet whether it may be written today."""
    heads = []
    for code in columns_of(sheet.columns):
        window = windows.get(kind_of(code))
        state = column_state(code, locks=sheet.locks, window=window, today=today())
        makes_up = state != "open" and may_make_up(code, ABSENT, window=windows.get("makeup"), today=today())
        heads.append(Head(code, state, window, sheet.locks.get(code), makes_up))
    return tuple(heads)


def pupils_of(sheet: GradeSheet) -> list[Pupil]:
    """Read the pupils of a sheet with their marks, in the order of the class list: one statement."""
    with prepared() as cursor:
        cursor.execute(_PUPILS, {"sheet": sheet.pk, "group": sheet.class_group_id, "day": today()})
        return [_pupil(*facts) for facts in cursor.fetchall()]


def _pupil(*facts: Any) -> Pupil:
    row = Row(tuple(facts[6]), facts[7], facts[8])
    return Pupil(facts[0], facts[1], facts[2], facts[3], facts[4], facts[5], row, *facts[9:13])


def grid_of(sheet: GradeSheet, windows: Mapping[str, Window]) -> Grid:
    """Read the pupils of a sheet, with its columns.

    :raises NoProfile: the subject has no marks in this class
    """
    return Grid(sheet, heads_of(sheet, windows), pupils_of(sheet), secondary_profile(sheet.class_group))


@dataclass(frozen=True)
class Progress:
    """How far a sheet is: marks entered, of those it has room for."""

    subject: str
    pupils: int
    entered: int
    wanted: int

    @property
    def share(self) -> int:
        """Give the share of marks that are there, in per cent."""
        return round(100 * self.entered / self.wanted) if self.wanted else 0


_PROGRESS = """
select s.class_group_id, s.subject, count(m.id) filter (where not m.is_exempt),
  coalesce(sum((select count(v) from unnest(m.regular) v) + (m.midterm is not null)::int + (m.final is not null)::int)
    filter (where not m.is_exempt), 0),
  count(m.id) filter (where not m.is_exempt) * (s.columns + 2)
from academics_gradesheet s left join academics_mark m on m.sheet_id = s.id
where s.class_group_id = any(%s::uuid[]) and s.term = %s
group by s.id order by s.subject
"""


def progress_of(groups: Sequence[ClassGroup], term: int) -> dict[UUID, list[Progress]]:
    """Count the marks in each sheet of some classes in a term: one statement."""
    found: dict[UUID, list[Progress]] = {group.pk: [] for group in groups}
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, [[str(group.pk) for group in groups], term])
        for group, *facts in cursor.fetchall():
            found[group].append(Progress(*facts))
    return found


def changed_since(sheet: GradeSheet, version: int) -> list[Mark]:
    """Give the rows of a sheet that were written after a version of it."""
    return list(Mark.objects.filter(sheet=sheet, version__gt=version))


def story_of(mark: UUID) -> list[MarkChange]:
    """Give every change of one pupil's marks in a sheet, newest first."""
    return list(MarkChange.objects.filter(mark=mark).order_by("-id")[:100])


def as_json(marks: Sequence[Mark]) -> list[dict[str, Any]]:
    """Write rows as the page's script reads them."""
    return [
        {"l": str(each.learner_id), "r": each.regular, "m": each.midterm, "f": each.final, "a": each.average}
        | {"t": each.remark}
        for each in marks
    ]
