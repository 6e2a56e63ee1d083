"""Builders for tests: marks written as people do, pupils drawn at random, most of them near a threshold, and kept."""

import datetime as dt
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from django.db import connection

from phuong.academics.actions.marks import locked_sheet
from phuong.academics.models import (
    Amendment,
    GradeSheet,
    Mark,
    Phrase,
    PrimaryRating,
    PrimaryRecord,
    Substitution,
    TermRecord,
)
from phuong.academics.profiles import primary, programme_for, secondary
from phuong.academics.rules.averages import TermMarks, regular_count
from phuong.academics.rules.levels import HIGHEST, Level, tenths
from phuong.academics.rules.primary import PrimaryFacts, due_tests
from phuong.academics.rules.profiles import PrimaryProfile, SecondaryProfile
from phuong.academics.rules.programme import Subject
from phuong.academics.rules.yearly import Pair, PrimaryYear, SecondaryYear
from phuong.kernel.keys import uuid7
from phuong.kernel.today import today
from phuong.registry.api import ClassGroup, Enrolment, Organisation, Person

EDGES = (34, 35, 49, 50, 64, 65, 79, 80, 89, 90)
YEAR = 2026
_COLUMNS = (
    "id, path, sheet_id, enrolment_id, learner_id, regular, midterm, final, is_exempt, remark, version, changed_by"
)
_LEVELS = (Level.TOT, Level.TOT, Level.TOT, Level.KHA, Level.KHA, Level.DAT, Level.CHUA_DAT, None)
_SUMMER = (None, Level.CHUA_DAT, Level.DAT, Level.KHA)


def marks(regular: str, midterm: str | None, final: str | None) -> TermMarks:
    """Write the marks of a term: ``marks("8 9", "7", "8")``."""
    told = tuple(tenths(each) for each in regular.split())
    return TermMarks(told, *(None if each is None else tenths(each) for each in (midterm, final)))


def averages(*values: str) -> dict[str, int]:
    """Write averages of subjects that are named in their order: M1, M2 and so on."""
    return {f"M{place}": tenths(value) for place, value in enumerate(values, 1)}


def some_secondary(seed: int, count: int, profile: SecondaryProfile | None = None) -> Iterator[SecondaryYear]:
    """Draw pupils of grades 6 to 12; the same seed gives the same pupils."""
    chance = Random(seed)  # noqa: S311
    rules = profile or secondary()
    for _each in range(count):
        yield _secondary(chance, rules)


def _secondary(chance: Random, profile: SecondaryProfile) -> SecondaryYear:
    grade = chance.randint(6, 12)
    level = "lower_secondary" if grade < 10 else "upper_secondary"
    programme = programme_for(level, grade, YEAR)
    taken = [*programme.subjects_of(grade, "compulsory"), *_chosen(chance, programme.subjects_of(grade, "elective"))]
    is_exempt = chance.random() < 0.005
    subjects = [each for each in taken if not is_exempt and chance.random() > 0.02]
    usual = chance.choice((*EDGES, 72, 85, 95))
    scored = {
        each.code: (
            _term(chance, profile, each.periods[grade], usual),
            _term(chance, profile, each.periods[grade], usual),
        )
        for each in subjects
        if each.assessment == "scored"
    }
    remarked = {each.code: _remarks(chance) for each in subjects if each.assessment == "remarked"}
    return SecondaryYear(
        grade=grade,
        scored=scored,
        remarked=remarked,
        conduct=(chance.choice(_LEVELS), chance.choice(_LEVELS)),
        absences=chance.choice((0, 0, 1, 3, 12, 44, 45, 46)),
        retest=_retest(chance, scored, remarked),
        summer_conduct=chance.choice(_SUMMER),
        by_plan=chance.choice((True, False)) if chance.random() < 0.01 else None,
    )


def _chosen(chance: Random, offered: tuple[Subject, ...]) -> list[Subject]:
    return chance.sample(offered, 4) if offered else []


def _term(chance: Random, profile: SecondaryProfile, periods: int, usual: int) -> TermMarks:
    """Draw the marks of a term around what is usual for the pupil; one in twenty subjects lies somewhere else."""
    near = usual if chance.random() > 0.05 else chance.randint(0, HIGHEST)
    asked = regular_count(profile, periods) + chance.choice((0, 0, 0, 0, -1, 1))
    drawn = [min(HIGHEST, max(0, near + chance.randint(-4, 4))) for _each in range(asked + 2)]
    is_missing = chance.random() < 0.003
    return TermMarks(tuple(drawn[2:]), drawn[0], None if is_missing else drawn[1])


def _remarks(chance: Random) -> Pair:
    first, second = (chance.choices((1, 0, None), (0.94, 0.055, 0.005))[0] for _term in range(2))
    return first, second


def _retest(
    chance: Random, scored: dict[str, tuple[TermMarks, TermMarks]], remarked: dict[str, Pair]
) -> dict[str, int] | None:
    """Draw new results of some subjects, also of such as were not to be tested again."""
    if chance.random() < 0.5:
        return None
    new = {code: chance.choice((30, 34, 35, 49, 50, 65, 80)) for code in scored if chance.random() < 0.7}
    return new | {code: chance.choice((0, 1)) for code in remarked if chance.random() < 0.7}


def some_primary(seed: int, count: int, profile: PrimaryProfile | None = None) -> Iterator[PrimaryYear]:
    """Draw pupils of grades 1 to 5; the same seed gives the same pupils."""
    chance = Random(seed)  # noqa: S311
    rules = profile or primary()
    for _each in range(count):
        yield _primary(chance, rules)


def _primary(chance: Random, profile: PrimaryProfile) -> PrimaryYear:
    grade = chance.randint(1, 5)
    good = chance.choice((0.6, 0.95, 0.99, 1.0))
    rest = 1 - good
    subjects = programme_for("primary", grade, YEAR).subjects_of(grade, "compulsory")

    def draw(levels: str) -> str:
        return chance.choices(levels, (good, rest * 0.9, rest * 0.1))[0]

    facts = PrimaryFacts(
        grade=grade,
        subjects={subject.code: draw("THC") for subject in subjects},
        tests={code: chance.choice((4, 5, 6, 7, 8, 9, 9, 10, 10, 10)) for code in due_tests(profile, grade, "end2")},
        qualities={code: draw("TDC") for code in profile.qualities},
        competences={code: draw("TDC") for code in profile.competences},
    )
    again = chance.choice((None, None, "hoan_thanh", "chua_hoan_thanh"))
    return PrimaryYear(facts, again, chance.choice((None, True, False)), *chance.choices((True, False), k=2))


def a_mark(group: ClassGroup, learner: Person, subject: str = "TOAN", *, term: int = 1, **facts: Any) -> Mark:
    """Write the marks of a learner of a class, in tenths; the sheet is made when there is none."""
    sheet = locked_sheet(group, subject, term)
    enrolment = Enrolment.objects.filter(class_group=group, learner=learner).latest("starts_on")
    given = {"regular": [80, 70], "midterm": 60, **facts}
    return Mark.objects.create(path=sheet.path, sheet=sheet, enrolment=enrolment, learner=learner, **given)


def a_substitution(group: ClassGroup, person: Person, subject: str = "TOAN", **facts: Any) -> Substitution:
    """Let somebody substitute from today on for a week."""
    school, day = group.organisation, today()
    given = {"during": (day, day + dt.timedelta(days=7)), "path": school.path, "organisation": school, **facts}
    return Substitution.objects.create(class_group=group, person=person, subject=subject, **given)


def a_phrase(school: Organisation, text: str = "Chăm ngoan", **facts: Any) -> Phrase:
    """Put a phrase into the bank of a school; shared unless an account is named."""
    return Phrase.objects.create(path=school.path, organisation=school, text=text, **facts)


def an_amendment(mark: Mark, **facts: Any) -> Amendment:
    """Let somebody have asked for another midterm mark."""
    given = {"column": "midterm", "before": mark.midterm, "after": 90, "reason": "cộng sai", "asked_by_name": "Lan"}
    return Amendment.objects.create(path=mark.path, mark=mark, **{**given, **facts})


def keep_years(group: ClassGroup, years: Mapping[Enrolment, SecondaryYear]) -> None:
    """Write the years of the pupils of a class into its sheets and records; subjects a pupil lacks become exempt.

    What comes after the year (re-test, summer training, individual plan) is left out: ``say_afterwards`` writes it.
    """
    subjects = dict.fromkeys((code for each in years.values() for code in each.scored), True)
    subjects |= dict.fromkeys((code for each in years.values() for code in each.remarked), False)
    sheets = _sheets(group, subjects)
    with connection.cursor() as cursor:
        cursor.execute("create temporary table if not exists marks_written (like academics_mark) on commit delete rows")
        with cursor.copy(f"copy marks_written ({_COLUMNS}) from stdin") as copy:
            for enrolment, year in years.items():
                for (code, term), sheet in sheets.items():
                    marks = _kept(year, code, term)
                    regular, midterm, final = marks or ((), None, None)
                    head = (uuid7(), str(sheet.path), sheet.pk, enrolment.pk, enrolment.learner_id)
                    copy.write_row((*head, list(regular), midterm, final, marks is None, "", 0, ""))
        cursor.execute(f"insert into academics_mark ({_COLUMNS}) select {_COLUMNS} from marks_written")
        cursor.execute("truncate marks_written")
    TermRecord.objects.bulk_create(
        TermRecord(
            path=each.path,
            enrolment=each,
            learner_id=each.learner_id,
            term=term,
            conduct=year.conduct[term - 1],
            unexcused=year.absences if term == 1 else 0,
        )
        for each, year in years.items()
        for term in (1, 2)
    )


def _sheets(group: ClassGroup, subjects: Mapping[str, bool]) -> dict[tuple[str, int], GradeSheet]:
    facts: dict[str, Any] = {"path": group.organisation.path, "organisation": group.organisation, "class_group": group}
    sheets = {
        (code, term): GradeSheet(**facts, school_year=group.school_year, term=term, subject=code, is_scored=is_scored)
        for code, is_scored in subjects.items()
        for term in (1, 2)
    }
    GradeSheet.objects.bulk_create(sheets.values())
    return sheets


def _kept(year: SecondaryYear, code: str, term: int) -> tuple[Any, ...] | None:
    if code in year.scored:
        return tuple(year.scored[code][term - 1])
    if code in year.remarked:
        told = year.remarked[code][term - 1]
        return ((), None, None) if told is None else ((told, told), told, told)
    return None


def keep_primary(years: Mapping[Enrolment, PrimaryYear], *, period: int = 4) -> None:
    """Write the facts of primary pupils at a time of the year."""
    ratings, records = [], []
    for each, year in years.items():
        facts, where = year.facts, {"path": each.path, "enrolment": each, "learner_id": each.learner_id}
        for code in {*facts.subjects, *facts.tests}:
            said = {"level": facts.subjects.get(code) or "", "test": facts.tests.get(code)}
            ratings.append(PrimaryRating(**where, subject=code, period=period, **said))
        told = {code: rating for code, rating in {**facts.qualities, **facts.competences}.items() if rating}
        is_outstanding = year.outstanding and year.class_agrees
        said_last = {"again": year.again or "", "decided": year.decided} if period == 4 else {}
        records.append(PrimaryRecord(**where, period=period, ratings=told, is_outstanding=is_outstanding, **said_last))
    PrimaryRating.objects.bulk_create(ratings, batch_size=2000)
    PrimaryRecord.objects.bulk_create(records, batch_size=2000)


FINE, POOR = marks("8 8.5", "8", "8.5"), marks("3 3", "3", "3")
FAILED = 3  # subjects


def a_whole_year(group: ClassGroup, given: TermMarks) -> SecondaryYear:
    """Give a year with everything in its place: the same marks in three subjects, fine ones in the others."""
    subjects = programme_for(group.level, group.grade, group.school_year).subjects_of(group.grade, "compulsory")
    scored = [each.code for each in subjects if each.assessment == "scored"]
    return SecondaryYear(
        grade=group.grade,
        scored={code: (given, given) if at < FAILED else (FINE, FINE) for at, code in enumerate(scored)},
        remarked={each.code: (1, 1) for each in subjects if each.assessment == "remarked"},
        conduct=(Level.TOT, Level.TOT),
    )
