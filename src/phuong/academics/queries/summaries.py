"""The summary of a class (bảng tổng hợp): pupils by subjects, conduct, absences, what the term or year comes to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Count, Q

from phuong.academics.models import Result, TermRecord
from phuong.academics.queries.cards import (
    IS_DECIDED,
    OUTCOMES,
    absent_in,
    enrolments_in,
    honour_title,
    shown_average,
    shown_level,
    shown_remark,
    subjects_in_order,
)
from phuong.academics.queries.results import Case, cases_of
from phuong.academics.rules.levels import Level, Reason
from phuong.academics.rules.parts import YEAR, because, resting_on
from phuong.academics.rules.proof import inputs_hash
from phuong.kernel.codelists import title_of
from phuong.kernel.scope import SYSTEM, acting, current_actor
from phuong.kernel.today import today
from phuong.registry.api import ClassGroup, Enrolment


@dataclass(frozen=True)
class Line:
    """One pupil of a summary, as shown; ``cells`` in the order of the subjects."""

    learner: UUID
    name: str
    cells: list[str]
    absences: int
    result: Result | None
    level: str = ""
    before: str = ""
    conduct: str = ""
    honour: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class Titled:
    """A result that is no level of secondary schools, by its name."""

    title: str


@dataclass(frozen=True)
class Summary:
    """A class in a term or year: subjects (code, title), a line a pupil in the order of the list, levels counted."""

    subjects: list[tuple[str, str]]
    lines: list[Line]
    levels: Sequence[tuple[Level | Titled, int]]
    undecided: int
    lacking: int

    @property
    def decided(self) -> int:
        """Count the pupils with a learning result."""
        return len(self.lines) - self.undecided


def summary_of(group: ClassGroup, part: int) -> Summary:
    """Read the summary of a class: three statements. There is no order of merit (TT 15/2026)."""
    pupils = enrolments_in(group)
    results = {each.enrolment_id: each for each in Result.objects.filter(enrolment__in=pupils, part=part)}
    records: dict[UUID, dict[int, TermRecord]] = {}
    for record in TermRecord.objects.filter(enrolment__in=pupils):
        records.setdefault(record.enrolment_id, {})[record.term] = record
    codes = subjects_in_order(group, {code for each in results.values() for code in (*each.averages, *each.remarks)})
    lines = []
    for each in pupils:
        absences = absent_in(records.get(each.pk, {}), part)
        found = results.get(each.pk)
        if found is None:
            lines.append(Line(each.learner_id, each.learner.full_name, [""] * len(codes), absences, None))
        else:
            lines.append(_line(each.learner_id, each.learner.full_name, codes, absences, found))
    levels = [(level, sum(line.result is not None and line.result.level == level for line in lines)) for level in Level]
    decided = sum(count for _level, count in levels)
    titles = [(code, title_of("subject", code)) for code in codes]
    return Summary(titles, lines, levels[::-1], len(lines) - decided, sum(line.result is None for line in lines))


def _line(learner: UUID, name: str, codes: list[str], absences: int, found: Result) -> Line:
    return Line(
        learner=learner,
        name=name,
        cells=[
            shown_average(found.averages[code]) if code in found.averages else shown_remark(found.remarks.get(code))
            for code in codes
        ],
        absences=absences,
        result=found,
        level=shown_level(found.level),
        before=shown_level(found.before) if found.adjusted_by else "",
        conduct=shown_level(found.conduct),
        honour=honour_title(found.rule, found.honour),
        outcome=OUTCOMES.get(found.outcome, found.outcome),
    )


@dataclass(frozen=True)
class Standing:
    """A class in a list: its pupils of today, and how many are decided in each part."""

    group: ClassGroup
    pupils: int
    first: int
    second: int
    year: int


def standings_of(groups: Sequence[ClassGroup]) -> list[Standing]:
    """Count, for each class, its pupils and those decided: two statements."""
    keys = [group.pk for group in groups]
    sitting = Enrolment.objects.filter(class_group__in=keys).filter(Q(ends_on=None) | Q(ends_on__gt=today()))
    pupils = dict(sitting.values_list("class_group").annotate(count=Count("learner", distinct=True)))
    decided = Result.objects.filter(IS_DECIDED, enrolment__class_group__in=keys)
    counted = {
        (group, part): count
        for group, part, count in decided.values_list("enrolment__class_group", "part").annotate(count=Count("pk"))
    }
    return [
        Standing(each, pupils.get(each.pk, 0), *(counted.get((each.pk, part), 0) for part in (1, 2, YEAR)))
        for each in groups
    ]


def stale_in(group: ClassGroup, part: int, found: Summary) -> int:
    """Count the pupils whose result no longer rests on the marks, conduct and absences of now.

    Who asks has been let in to the class; marks that a pupil brought from another school are read with it.
    """
    kept = {line.learner: line.result.inputs_hash for line in found.lines if line.result is not None}
    for is_closed in (False, True):  # it may have been computed when the year was closed
        for case in _cases(group, list(kept), is_closed=is_closed) if kept else []:
            if inputs_hash(case.profile, resting_on(case.year, part)) == kept.get(case.sitting.learner):
                del kept[case.sitting.learner]
    return len(kept)


def reasons_of(group: ClassGroup, learner: UUID, part: int) -> tuple[Reason, ...]:
    """Say why a pupil's term or year comes to what it does, from the marks as they stand now."""
    found = _cases(group, [learner])
    return because(found[0].profile, found[0].year, part) if found else ()


def _cases(group: ClassGroup, learners: list[UUID], *, is_closed: bool = False) -> list[Case]:
    with acting(replace(SYSTEM, as_of=current_actor().as_of)):
        school, year = group.organisation_id, group.school_year
        return cases_of(school, year, classes=[group.pk], learners=learners, is_closed=is_closed).found
