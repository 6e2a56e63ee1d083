"""Sheets of a primary class at one time of the year: a subject's, and that of qualities and competences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, F, Q

from phuong.academics.models import PrimaryRating, PrimaryRecord, Result
from phuong.academics.queries.cards import enrolments_in
from phuong.academics.queries.primary import LEVEL, TESTS_AT, primary_profile, primary_subject
from phuong.academics.queries.sheets import windows_of
from phuong.academics.rules.cells import ColumnState, Window, column_state
from phuong.academics.rules.parts import YEAR
from phuong.academics.rules.primary import due_tests
from phuong.academics.rules.profiles import PrimaryProfile
from phuong.kernel.calendar import SchoolYear
from phuong.kernel.today import today
from phuong.registry.api import ClassGroup, Enrolment

WINDOWS_OF = {1: (1, "midterm"), 2: (1, "final"), 3: (2, "midterm"), 4: (2, "final")}  # term and column of a period
_END_FROM = {1: (12, 1), 2: (4, 1)}  # month and day from which a term is near its end


@dataclass(frozen=True)
class Rated:
    """What is said of a pupil in a subject; ``test``: a whole mark, where one is due."""

    level: str = ""
    test: int | None = None
    remark: str = ""


@dataclass(frozen=True)
class Recorded:
    """What is said of a pupil as a whole: T, D, C by quality and competence, those that are said."""

    ratings: Mapping[str, str] = field(default_factory=dict)
    is_outstanding: bool = False
    remark: str = ""


@dataclass(frozen=True)
class Again:
    """What came of help after a year that was not completed: the result of another assessment, the principal's word."""

    again: str = ""
    decided: bool | None = None


@dataclass(frozen=True)
class Time:
    """Whether one time of the year may be written today, and its window."""

    period: int
    state: ColumnState
    window: Window | None


def time_of(group: ClassGroup, period: int) -> Time:
    """Say whether a time of the year may be written today: the window of midterm or final marks of its term counts."""
    term, column = WINDOWS_OF[period]
    window = windows_of(group, term).get(column)
    return Time(period, column_state(column, locks={}, window=window, today=today()), window)


def present_period(year: SchoolYear, term: int) -> int:
    """Give the time of a term that is next to be assessed: its middle, then its end."""
    month, day = _END_FROM[term]
    now = today()
    is_late = now >= now.replace(year=year.start + (term - 1), month=month, day=day)
    return 2 * term if is_late else 2 * term - 1


def takes_test(group: ClassGroup, subject: str, period: int) -> bool:
    """Say whether a periodic test is due in a subject of a primary class at a time of the year."""
    return subject in due_tests(primary_profile(group), group.grade, TESTS_AT[period])


def ratings_of(pupils: Sequence[Enrolment], subject: str, period: int) -> dict[UUID, PrimaryRating]:
    """Give what is said of some pupils in a subject, by learner."""
    rows = PrimaryRating.objects.filter(enrolment__in=pupils, subject=subject, period=period)
    return {row.learner_id: row for row in rows}


def records_of(pupils: Sequence[Enrolment], period: int) -> dict[UUID, PrimaryRecord]:
    """Give what is said of some pupils as a whole, by learner."""
    rows = PrimaryRecord.objects.filter(enrolment__in=pupils, period=period)
    return {row.learner_id: row for row in rows}


@dataclass(frozen=True)
class RatingSheet:
    """A class in a subject at a time of the year."""

    time: Time
    has_test: bool
    profile: PrimaryProfile
    pupils: list[Enrolment]
    rows: dict[UUID, PrimaryRating]


def rating_sheet(group: ClassGroup, subject: str, period: int) -> RatingSheet:
    """Read the sheet of a primary class in a subject.

    :raises NoProfile: the subject is not taught there, or it is no primary class
    """
    primary_subject(group, subject)
    pupils = enrolments_in(group)
    rows = ratings_of(pupils, subject, period)
    has_test = takes_test(group, subject, period)
    return RatingSheet(time_of(group, period), has_test, primary_profile(group), pupils, rows)


def helped_in(group: ClassGroup) -> list[Enrolment]:
    """Give the pupils of a primary class whose year came to Chưa hoàn thành."""
    primary_profile(group)
    pupils = enrolments_in(group)
    results = Result.objects.filter(enrolment__in=pupils, part=YEAR, level=0)
    unfinished = set(results.values_list("enrolment", flat=True))
    return [each for each in pupils if each.pk in unfinished]


def rated_in(groups: Sequence[ClassGroup], period: int) -> dict[UUID, dict[str, tuple[int, int]]]:
    """Count, for some classes and each subject, the pupils rated at a time and the rows there are: one statement."""
    keys = [group.pk for group in groups if group.level == LEVEL]
    found: dict[UUID, dict[str, tuple[int, int]]] = {key: {} for key in keys}
    if keys:
        rows = PrimaryRating.objects.filter(enrolment__class_group__in=keys, period=period)
        counted = rows.values_list(F("enrolment__class_group"), "subject").annotate(
            rated=Count("pk", filter=~Q(level="")), rows=Count("pk")
        )
        for group, subject, rated, total in counted:
            found[group][subject] = (rated, total)
    return found
