"""What the results of a school rest on, read as sets: pupils, their marks, what the homeroom teachers say."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from phuong.academics.errors import NoProfile
from phuong.academics.models import ABSENT
from phuong.academics.profiles import profile_for, programme_for
from phuong.academics.queries.afterwards import NOTHING, after_of
from phuong.academics.rules.averages import TermMarks, counted_test, remark_term
from phuong.academics.rules.levels import Level
from phuong.academics.rules.profiles import SecondaryProfile
from phuong.academics.rules.yearly import Pair, SecondaryYear

# Each pupil once, where the pupil sat last in the year; who went on to another school is counted there.
_SITTING = """
select s.id, s.learner_id, s.class_group_id, s.path, s.level, s.grade, s.elsewhere from (
  select distinct on (e.learner_id) e.id, e.learner_id, e.class_group_id, e.path::text, g.level, g.grade, e.during,
    exists (select 1 from registry_enrolment o where o.learner_id = e.learner_id and o.school_year = e.school_year
      and o.organisation_id <> e.organisation_id) as elsewhere
  from registry_classgroup g join registry_enrolment e on e.class_group_id = g.id
  where g.organisation_id = %(school)s and g.school_year = %(year)s
  order by e.learner_id, lower(e.during) desc
) s
where (%(classes)s::uuid[] is null or s.class_group_id = any(%(classes)s::uuid[]))
  and not (s.elsewhere and exists (select 1 from registry_enrolment o where o.learner_id = s.learner_id
    and o.school_year = %(year)s and o.organisation_id <> %(school)s and lower(o.during) > lower(s.during)))
"""
_MARKS = """
select m.learner_id, g.class_group_id, g.subject, g.term, g.is_scored, m.regular, m.midterm, m.final, m.is_exempt
from academics_gradesheet g join academics_mark m on m.sheet_id = g.id
where g.organisation_id = %(school)s and g.school_year = %(year)s
  and (%(learners)s::uuid[] is null or m.learner_id = any(%(learners)s::uuid[]))
"""
_MARKS_ELSEWHERE = """
select m.learner_id, g.class_group_id, g.subject, g.term, g.is_scored, m.regular, m.midterm, m.final, m.is_exempt
from academics_mark m join academics_gradesheet g on g.id = m.sheet_id
where m.learner_id = any(%(moved)s::uuid[]) and g.organisation_id <> %(school)s and g.school_year = %(year)s
order by m.id
"""
_RECORDS = """
select t.learner_id, t.enrolment_id, t.term, t.conduct, t.excused + t.unexcused
from registry_classgroup g join registry_enrolment e on e.class_group_id = g.id
join academics_termrecord t on t.enrolment_id = e.id
where g.school_year = %(year)s and g.organisation_id = %(school)s
  and (%(learners)s::uuid[] is null or t.learner_id = any(%(learners)s::uuid[]))
union all
select t.learner_id, t.enrolment_id, t.term, t.conduct, t.excused + t.unexcused
from academics_termrecord t join registry_enrolment e on e.id = t.enrolment_id
where t.learner_id = any(%(moved)s::uuid[]) and e.school_year = %(year)s and e.organisation_id <> %(school)s
"""
_TAUGHT = """
select class_group_id, subject, bool_or(is_scored) from academics_gradesheet
where organisation_id = %(school)s and school_year = %(year)s group by 1, 2
union all
select t.class_group_id, t.subject, null from registry_classgroup g
join registry_teachingassignment t on t.class_group_id = g.id
where g.organisation_id = %(school)s and g.school_year = %(year)s
"""


@dataclass(frozen=True)
class Sitting:
    """A pupil where the pupil sat last in a school year."""

    enrolment: UUID
    learner: UUID
    class_id: UUID
    path: str
    level: str
    grade: int


@dataclass
class _Gathered:
    """What was read of one school: marks by pupil, subject and term; records by pupil and term."""

    marks: dict[UUID, dict[str, list[Any]]] = field(default_factory=dict)
    exempt: set[tuple[UUID, str]] = field(default_factory=set)
    conduct: dict[UUID, list[int | None]] = field(default_factory=dict)
    absences: dict[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One pupil, the profile that governs the year, and what the year rests on."""

    sitting: Sitting
    profile: SecondaryProfile
    year: SecondaryYear


@dataclass
class Cases:
    """The pupils of a school under rules of marks and remarks, and how many are under others (primary, preschool)."""

    found: list[Case] = field(default_factory=list)
    skipped: int = 0


def cases_of(
    school: UUID,
    year: int,
    *,
    classes: Collection[UUID] | None = None,
    learners: Collection[UUID] | None = None,
    is_closed: bool = False,
) -> Cases:
    """Read what the results of a school's pupils rest on: six statements, however many pupils.

    ``is_closed``: a test neither taken nor made up counts as the profile says. Who acts must see the whole school, and
    for pupils who came from another one during the year also that one.
    """
    ask: dict[str, Any] = {"school": school, "year": year, "classes": _texts(classes), "learners": _texts(learners)}
    wanted = None if learners is None else set(learners)
    sitting, moved, cases = [], [], Cases()
    for *told, elsewhere in _rows(_SITTING, ask):
        one = Sitting(*told)
        if wanted is not None and one.learner not in wanted:
            continue
        if _profile(one.level, one.grade, year) is None:
            cases.skipped += 1
            continue
        sitting.append(one)
        if elsewhere:
            moved.append(one.learner)
    ask["moved"] = _texts(moved)
    gathered = _gather({one.learner: one for one in sitting}, ask, has_moved=bool(moved))
    plans = _plans(sitting, year, _rows(_TAUGHT, ask))
    after = after_of(school, year, moved)
    for one in sitting:
        profile = _profile(one.level, one.grade, year)
        if profile is not None:
            rests_on = _year(one, profile, plans[one.class_id], gathered, is_closed=is_closed)
            cases.found.append(Case(one, profile, after.get(one.learner, NOTHING).over(rests_on)))
    return cases


def sitting_in(school: UUID, year: int, *, classes: Collection[UUID] | None = None) -> list[Sitting]:
    """Give the pupils of a school in a year, or of some of its classes, each where the pupil sat last."""
    ask = {"school": school, "year": year, "classes": _texts(classes)}
    return [Sitting(*told) for *told, _elsewhere in _rows(_SITTING, ask)]


def _texts(keys: Collection[UUID] | None) -> list[str] | None:
    return None if keys is None else [str(key) for key in keys]


def _rows(statement: str, ask: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, ask)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _profile(level: str, grade: int, year: int) -> SecondaryProfile | None:
    try:
        found = profile_for(level, grade, year)
    except NoProfile:
        return None
    return found if isinstance(found, SecondaryProfile) else None


def _plans(sitting: list[Sitting], year: int, taught: list[tuple[Any, ...]]) -> dict[UUID, dict[str, bool]]:
    """Give the subjects of each class and whether they are scored: what all must take, what is taught or has marks."""
    plans: dict[UUID, dict[str, bool]] = {}
    known: dict[UUID, dict[str, bool]] = {}
    for one in sitting:
        if one.class_id not in plans:
            known[one.class_id], plans[one.class_id] = _programme(one.level, one.grade, year)
    for class_id, subject, is_scored in sorted(taught, key=lambda row: row[2] is not None):
        if class_id in plans and (is_scored is not None or subject in known[class_id]):
            plans[class_id][subject] = known[class_id][subject] if is_scored is None else is_scored
    return plans


def _programme(level: str, grade: int, year: int) -> tuple[dict[str, bool], dict[str, bool]]:
    """Give all subjects of a grade, and those that all must take, each with whether it is scored."""
    try:
        programme = programme_for(level, grade, year)
    except NoProfile:
        return {}, {}
    every = {each.code: each.assessment == "scored" for each in programme.subjects_of(grade)}
    return every, {each.code: every[each.code] for each in programme.subjects_of(grade, "compulsory")}


def _gather(pupils: Mapping[UUID, Sitting], ask: Mapping[str, Any], *, has_moved: bool) -> _Gathered:
    """Read marks and records; what the present class wrote is laid over what an earlier one did."""
    found = _Gathered()
    rows = _rows(_MARKS_ELSEWHERE, ask) if has_moved else []
    rows += _rows(_MARKS, ask)
    mine = [row for row in rows if row[0] in pupils]
    for is_present in (False, True):
        for row in mine:
            if (row[1] == pupils[row[0]].class_id) is is_present:
                _lay(found, row)
    records = [record for record in _rows(_RECORDS, ask) if record[0] in pupils]
    for learner, _enrolment, term, conduct, absent in sorted(records, key=lambda r: r[1] == pupils[r[0]].enrolment):
        found.absences[learner] = found.absences.get(learner, 0) + absent
        if conduct is not None:
            found.conduct.setdefault(learner, [None, None])[term - 1] = conduct
    return found


def _lay(found: _Gathered, row: tuple[Any, ...]) -> None:
    learner, _class, subject, term, _is_scored, regular, midterm, final, is_exempt = row
    if is_exempt:
        found.exempt.add((learner, subject))
    terms = found.marks.setdefault(learner, {}).setdefault(subject, [None, None])
    given = tuple(mark for mark in regular if mark is not None and mark != ABSENT)
    before = terms[term - 1]
    midterm, final = (None if mark == ABSENT else mark for mark in (midterm, final))
    if before is not None:
        given = (*before[0], *given)
        midterm, final = before[1] if midterm is None else midterm, before[2] if final is None else final
    terms[term - 1] = (given, midterm, final)


def _year(
    one: Sitting, profile: SecondaryProfile, plan: Mapping[str, bool], gathered: _Gathered, *, is_closed: bool
) -> SecondaryYear:
    scored: dict[str, tuple[TermMarks, TermMarks]] = {}
    remarked: dict[str, Pair] = {}
    marks = gathered.marks.get(one.learner, {})
    for subject, is_scored in plan.items():
        if (one.learner, subject) in gathered.exempt:
            continue
        first, second = (each or ((), None, None) for each in marks.get(subject, (None, None)))
        if is_scored:
            scored[subject] = (
                _term(profile, first, is_closed=is_closed),
                _term(profile, second, is_closed=is_closed),
            )
        else:
            remarked[subject] = (
                remark_term(profile, *first, is_closed=is_closed),
                remark_term(profile, *second, is_closed=is_closed),
            )
    conduct = [None if each is None else Level(each) for each in gathered.conduct.get(one.learner, (None, None))]
    return SecondaryYear(
        grade=one.grade,
        scored=scored,
        remarked=remarked,
        conduct=(conduct[0], conduct[1]),
        absences=gathered.absences.get(one.learner, 0),
    )


def _term(profile: SecondaryProfile, marks: tuple[Any, ...], *, is_closed: bool) -> TermMarks:
    regular, midterm, final = marks
    if is_closed and regular:  # who has no mark at all was not there: nothing is made of that
        midterm = counted_test(profile, midterm, is_closed=True)
        final = counted_test(profile, final, is_closed=True)
    return TermMarks(regular, midterm, final)


_SCHOOLS = """
select distinct o.id, o.path::text, o.code, o.name from registry_classgroup g
join registry_organisation o on o.id = g.organisation_id
where o.path <@ %(under)s::ltree and g.school_year = %(year)s
order by o.path::text
"""


@dataclass(frozen=True)
class Place:
    """A school with classes in a year."""

    school: UUID
    path: str
    code: str
    name: str


def schools_with_classes(under: str, year: int) -> list[Place]:
    """Give the schools at or below a place that have classes in a school year."""
    return [Place(*row) for row in _rows(_SCHOOLS, {"under": under, "year": year})]


def batches(items: list[Any], size: int) -> Iterator[list[Any]]:
    """Cut a list into pieces."""
    return (items[start : start + size] for start in range(0, len(items), size))
