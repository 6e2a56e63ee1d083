"""What the results of primary pupils rest on, read as sets: ratings of subjects, qualities and competences."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from phuong.academics.errors import NoProfile
from phuong.academics.models.primary import END_1, END_2
from phuong.academics.profiles import profile_for, programme_for
from phuong.academics.queries.results import Sitting, sitting_in
from phuong.academics.rules.primary import PrimaryFacts, due_tests
from phuong.academics.rules.primaryparts import PrimaryTimes
from phuong.academics.rules.profiles import PrimaryProfile, TestPeriod
from phuong.academics.rules.programme import Programme, Subject
from phuong.academics.rules.yearly import PrimaryYear
from phuong.registry.api import ClassGroup

LEVEL = "primary"
TESTS_AT: dict[int, TestPeriod] = {1: "mid1", 2: "end1", 3: "mid2", 4: "end2"}  # a period, as profiles name it
# what an earlier class or school of the year said comes first, so that the present one is laid over it
_RATINGS = """
select r.learner_id, r.period, r.subject, r.level, r.test
from academics_primaryrating r join registry_enrolment e on e.id = r.enrolment_id
where r.learner_id = any(%(learners)s::uuid[]) and e.school_year = %(year)s and r.period = any(%(periods)s)
order by r.enrolment_id = any(%(enrolments)s::uuid[])
"""
_RECORDS = """
select r.learner_id, r.period, r.ratings::text, r.is_outstanding, r.again, r.decided
from academics_primaryrecord r join registry_enrolment e on e.id = r.enrolment_id
where r.learner_id = any(%(learners)s::uuid[]) and e.school_year = %(year)s and r.period = any(%(periods)s)
order by r.enrolment_id = any(%(enrolments)s::uuid[])
"""
_TAUGHT = """
select distinct class_group_id, subject from registry_teachingassignment where class_group_id = any(%(classes)s::uuid[])
"""


@dataclass(frozen=True)
class PrimaryCase:
    """A primary pupil with the profile of the class and what both parts of the year rest on."""

    sitting: Sitting
    profile: PrimaryProfile
    times: PrimaryTimes


@dataclass
class _Said:
    """What was read: by pupil and period, then by subject, or by quality and competence."""

    subjects: dict[tuple[UUID, int], dict[str, tuple[str | None, int | None]]] = field(default_factory=dict)
    ratings: dict[tuple[UUID, int], dict[str, str]] = field(default_factory=dict)
    outstanding: set[UUID] = field(default_factory=set)
    again: dict[UUID, tuple[str | None, bool | None]] = field(default_factory=dict)


def primary_profile(group: ClassGroup) -> PrimaryProfile:
    """Give the profile of primary schools that governs a class.

    :raises NoProfile: none does
    """
    found = _profile(group.level, group.grade, group.school_year)
    if found is None:
        raise NoProfile(level=group.level, grade=group.grade)
    return found


def _profile(level: str, grade: int, year: int) -> PrimaryProfile | None:
    try:
        found = profile_for(level, grade, year)
    except NoProfile:
        return None
    return found if isinstance(found, PrimaryProfile) else None


def primary_subject(group: ClassGroup, subject: str) -> Subject:
    """Find a subject of a primary class in its programme.

    :raises NoProfile: it is not taught in the grade, or the class is no primary one
    """
    primary_profile(group)
    found = programme_for(group.level, group.grade, group.school_year).subject(subject)
    if found is None or group.grade not in found.periods:
        raise NoProfile(subject=subject, grade=group.grade)
    return found


def primary_cases_of(
    school: UUID, year: int, *, classes: Collection[UUID] | None = None, learners: Collection[UUID] | None = None
) -> list[PrimaryCase]:
    """Read what the years of a school's primary pupils rest on: four statements, whatever their number."""
    wanted = None if learners is None else set(learners)
    sitting = [
        one
        for one in sitting_in(school, year, classes=classes)
        if one.level == LEVEL and (wanted is None or one.learner in wanted)
    ]
    if not sitting:
        return []
    ask = {
        "year": year,
        "learners": [str(one.learner) for one in sitting],
        "enrolments": [str(one.enrolment) for one in sitting],
        "classes": sorted({str(one.class_id) for one in sitting}),
        "periods": [END_1, END_2],
    }
    said, taught = _read(ask), _taught(ask)
    cases = []
    for one in sitting:
        profile = _profile(one.level, one.grade, year)
        if profile is not None:
            cases.append(_case(one, profile, programme_for(one.level, one.grade, year), said, taught))
    return cases


def _case(
    one: Sitting, profile: PrimaryProfile, programme: Programme, said: _Said, taught: Mapping[UUID, set[str]]
) -> PrimaryCase:
    due = {each.code for each in programme.subjects_of(one.grade, "compulsory")}
    optional = {each.code for each in programme.subjects_of(one.grade)} - due
    due |= optional & taught.get(one.class_id, set())
    half, end = (_facts(one, profile, due, optional, said, period) for period in (END_1, END_2))
    is_outstanding = one.learner in said.outstanding
    again, decided = said.again.get(one.learner, (None, None))
    year = PrimaryYear(end, again, decided, outstanding=is_outstanding, class_agrees=is_outstanding)
    return PrimaryCase(one, profile, PrimaryTimes(half, year))


def _facts(
    one: Sitting, profile: PrimaryProfile, due: set[str], optional: set[str], said: _Said, period: int
) -> PrimaryFacts:
    subjects = said.subjects.get((one.learner, period), {})
    ratings = said.ratings.get((one.learner, period), {})
    nothing = (None, None)
    taken = due | (optional & subjects.keys())
    return PrimaryFacts(
        grade=one.grade,
        subjects={code: subjects.get(code, nothing)[0] for code in sorted(taken)},
        tests={code: subjects.get(code, nothing)[1] for code in due_tests(profile, one.grade, TESTS_AT[period])},
        qualities={code: ratings.get(code) for code in profile.qualities},
        competences={code: ratings.get(code) for code in profile.competences},
    )


def _read(ask: Mapping[str, Any]) -> _Said:
    said = _Said()
    with connection.cursor() as cursor:
        cursor.execute(_RATINGS, ask)
        for learner, period, subject, level, test in cursor.fetchall():
            of = said.subjects.setdefault((learner, period), {})
            before = of.get(subject, (None, None))
            of[subject] = (level or before[0], before[1] if test is None else test)
        cursor.execute(_RECORDS, ask)
        for learner, period, ratings, is_outstanding, again, decided in cursor.fetchall():
            told = {code: rating for code, rating in json.loads(ratings).items() if rating}
            said.ratings.setdefault((learner, period), {}).update(told)
            if period == END_2:
                earlier = said.again.get(learner, (None, None))
                said.again[learner] = (again or earlier[0], earlier[1] if decided is None else decided)
                if is_outstanding:
                    said.outstanding.add(learner)
    return said


def _taught(ask: Mapping[str, Any]) -> dict[UUID, set[str]]:
    taught: dict[UUID, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_TAUGHT, ask)
        for group, subject in cursor.fetchall():
            taught.setdefault(group, set()).add(subject)
    return taught
