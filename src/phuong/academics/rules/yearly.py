"""A whole year of one pupil, from the marks up: what is stored, proved, and compared between two profiles."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from phuong.academics.rules.averages import TermMarks, remark_year, term_average, year_average
from phuong.academics.rules.conduct import conduct_year
from phuong.academics.rules.honour import honours
from phuong.academics.rules.learning import Result, learning_result
from phuong.academics.rules.levels import Level, Reason
from phuong.academics.rules.primary import PrimaryFacts, primary_completion, primary_honour, primary_result
from phuong.academics.rules.profiles import PrimaryProfile, SecondaryProfile
from phuong.academics.rules.yearend import YearFacts, promotion

Pair = tuple[int | None, int | None]


@dataclass(frozen=True)
class SecondaryYear:
    """What a secondary year rests on.

    ``scored``: the marks of both terms by subject; ``remarked``: the results (1 Đạt, 0 not) of both terms by subject;
    subjects the pupil is exempt from stand in neither. The rest as in ``yearend.YearFacts``.
    """

    grade: int
    scored: Mapping[str, tuple[TermMarks, TermMarks]]
    remarked: Mapping[str, Pair]
    conduct: tuple[Level | None, Level | None] = (None, None)
    absences: int = 0
    retest: Mapping[str, int] | None = None
    summer_conduct: Level | None = None
    by_plan: bool | None = None


@dataclass(frozen=True)
class SecondaryOutcome:
    """What a secondary year comes to; averages in tenths by subject: (term 1, term 2, year), results likewise."""

    averages: dict[str, tuple[int | None, int | None, int | None]]
    remarks: dict[str, tuple[int | None, int | None, int | None]]
    results: tuple[Level | None, Level | None, Level | None]
    before: tuple[Level | None, Level | None, Level | None]
    adjusted_by: tuple[str | None, str | None, str | None]
    conduct: Level | None
    honour: str | None
    outcome: str | None
    retest_subjects: tuple[str, ...]
    final_result: Level | None
    final_conduct: Level | None
    because: tuple[Reason, ...] = field(compare=False)


def secondary_year(profile: SecondaryProfile, year: SecondaryYear) -> SecondaryOutcome:
    """Work out averages, learning results of both terms and the year, conduct, honour and promotion."""
    averages = {code: _averages(profile, *marks) for code, marks in year.scored.items()}
    remarks = {code: (*pair, remark_year(*pair)) for code, pair in year.remarked.items()}
    found = tuple(_result(profile, averages, remarks, part) for part in range(3))
    conduct = conduct_year(profile, *year.conduct)
    scored = {code: parts[2] for code, parts in averages.items()}
    honour = honours(profile, found[2].level, conduct.level, scored)
    facts = YearFacts(
        grade=year.grade,
        result=found[2].level,
        conduct=conduct.level,
        absences=year.absences,
        scored=scored,
        remarked={code: parts[2] for code, parts in remarks.items()},
        retest=year.retest,
        summer_conduct=year.summer_conduct,
        by_plan=year.by_plan,
    )
    end = promotion(profile, facts)
    return SecondaryOutcome(
        averages=averages,
        remarks=remarks,
        results=(found[0].level, found[1].level, found[2].level),
        before=(found[0].before, found[1].before, found[2].before),
        adjusted_by=(found[0].adjusted_by, found[1].adjusted_by, found[2].adjusted_by),
        conduct=conduct.level,
        honour=honour.honour,
        outcome=end.outcome,
        retest_subjects=end.retest_subjects,
        final_result=end.result,
        final_conduct=end.conduct,
        because=(*found[2].because, *conduct.because, *honour.because, *end.because),
    )


def _averages(
    profile: SecondaryProfile, term1: TermMarks, term2: TermMarks
) -> tuple[int | None, int | None, int | None]:
    first, second = term_average(profile, *term1), term_average(profile, *term2)
    return first, second, year_average(profile, first, second)


def _result(
    profile: SecondaryProfile,
    averages: Mapping[str, tuple[int | None, ...]],
    remarks: Mapping[str, tuple[int | None, ...]],
    part: int,
) -> Result:
    return learning_result(
        profile,
        {code: parts[part] for code, parts in averages.items()},
        {code: parts[part] for code, parts in remarks.items()},
    )


@dataclass(frozen=True)
class PrimaryYear:
    """What a primary year rests on: the facts, and what came of support, the principal's decision, the class."""

    facts: PrimaryFacts
    again: str | None = None
    decided: bool | None = None
    outstanding: bool = False
    class_agrees: bool = False


@dataclass(frozen=True)
class PrimaryYearOutcome:
    """What a primary year comes to."""

    result: str | None
    missing: tuple[str, ...]
    honour: str | None
    outcome: str | None
    because: tuple[Reason, ...] = field(compare=False)


def primary_year(profile: PrimaryProfile, year: PrimaryYear) -> PrimaryYearOutcome:
    """Work out the result, the honour and the completion of a primary year."""
    found = primary_result(profile, year.facts)
    end = primary_completion(profile, year.facts.grade, found.result, again=year.again, decided=year.decided)
    honour = primary_honour(profile, found.result, outstanding=year.outstanding, class_agrees=year.class_agrees)
    return PrimaryYearOutcome(found.result, found.missing, honour, end.outcome, (*found.because, *end.because))
