"""The summary of a primary class: pupils by subjects, what the year comes to, and why."""

import re
from dataclasses import replace
from uuid import UUID

from phuong.academics.models import Result
from phuong.academics.queries.cards import OUTCOMES, enrolments_in, honour_title, subjects_in_order
from phuong.academics.queries.primary import PrimaryCase, primary_cases_of, primary_profile
from phuong.academics.queries.primarycards import rating_text, shown_primary, test_text
from phuong.academics.queries.summaries import Line, Summary, Titled
from phuong.academics.rules.levels import Reason
from phuong.academics.rules.parts import YEAR
from phuong.academics.rules.primaryparts import ASSESSED, because_primary, result_titles
from phuong.academics.rules.profiles import PrimaryProfile
from phuong.academics.rules.proof import inputs_hash
from phuong.kernel.codelists import title_of
from phuong.kernel.scope import SYSTEM, acting, current_actor
from phuong.registry.api import ClassGroup

ALL_SAID = "Đã đánh giá đủ"
_CODE = re.compile(r"\b[A-Z][A-Z0-9]{2,}\b")
_GROUPS = {"tests": "bài kiểm tra", "subjects": "mức các môn", "qualities": "phẩm chất", "competences": "năng lực"}


def primary_summary_of(group: ClassGroup, part: int) -> Summary:
    """Read the summary of a primary class at the end of term 1 (1) or of the year (0): two statements."""
    pupils, profile = enrolments_in(group), primary_profile(group)
    results = {each.enrolment_id: each for each in Result.objects.filter(enrolment__in=pupils, part=part)}
    named = {*profile.qualities, *profile.competences}
    codes = subjects_in_order(group, {code for each in results.values() for code in each.remarks} - named)
    lines = [
        _line(each.learner_id, each.learner.full_name, codes, profile, results.get(each.pk), part) for each in pupils
    ]
    titles = result_titles(profile)[::-1] if part == YEAR else [ALL_SAID]
    counts = [(Titled(title), sum(line.level == title for line in lines)) for title in titles]
    undecided = len(lines) - sum(count for _title, count in counts)
    subjects = [(code, title_of("subject", code)) for code in codes]
    return Summary(subjects, lines, counts, undecided, sum(line.result is None for line in lines))


def _line(learner: UUID, name: str, codes: list[str], profile: PrimaryProfile, found: Result | None, part: int) -> Line:
    if found is None:
        return Line(learner, name, [""] * len(codes), 0, None)
    half = ALL_SAID if found.outcome == ASSESSED else ""
    return Line(
        learner=learner,
        name=name,
        cells=[
            f"{rating_text(found.remarks.get(code))} {test_text(found.averages.get(code))}".strip() for code in codes
        ],
        absences=0,
        result=found,
        level=(shown_primary(found) or "") if part == YEAR else half,
        conduct=_counted(profile, found),
        honour=honour_title(found.rule, found.honour),
        outcome=_outcome(found),
    )


def _outcome(found: Result) -> str:
    told = OUTCOMES.get(found.outcome, "")
    subjects = ", ".join(title_of("subject", code) for code in found.retest)
    return f"{told}: {subjects}" if subjects else told


def _counted(profile: PrimaryProfile, found: Result) -> str:
    """Count the ratings of qualities and competences: «12 T, 3 Đ»."""
    given = [found.remarks.get(code) for code in (*profile.qualities, *profile.competences)]
    return ", ".join(f"{given.count(code)} {rating_text(code)}" for code in "TDC" if code in given)


def primary_stale_in(group: ClassGroup, part: int, found: Summary) -> int:
    """Count the pupils whose result no longer rests on what is said now."""
    kept = {line.learner: line.result.inputs_hash for line in found.lines if line.result is not None}
    cases = _cases(group, list(kept)) if kept else []
    same = [case for case in cases if inputs_hash(case.profile, case.times.part(part)) == kept[case.sitting.learner]]
    return len(kept) - len(same)


def primary_reasons_of(group: ClassGroup, learner: UUID, part: int) -> tuple[Reason, ...]:
    """Say why a pupil's half year or year comes to what it does, with the names of subjects instead of their codes."""
    for case in _cases(group, [learner]):
        titles = {**case.profile.qualities, **case.profile.competences}
        told = because_primary(case.profile, case.times.part(part))
        return tuple(Reason(each.article, _named(each.text, titles)) for each in told)
    return ()


def _named(text: str, titles: dict[str, str]) -> str:
    def name(found: re.Match[str]) -> str:
        return titles.get(found.group()) or title_of("subject", found.group())

    head, colon, rest = text.rpartition(": ")
    rest = _CODE.sub(name, rest)
    return head + colon + ", ".join(_GROUPS.get(each, each) for each in rest.split(", "))


def _cases(group: ClassGroup, learners: list[UUID]) -> list[PrimaryCase]:
    with acting(replace(SYSTEM, as_of=current_actor().as_of)):
        return primary_cases_of(group.organisation_id, group.school_year, classes=[group.pk], learners=learners)
