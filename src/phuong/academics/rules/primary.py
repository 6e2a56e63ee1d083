"""Primary school (tiểu học): the result of the year, which tests are due, completion, honours."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from phuong.academics.rules.levels import Reason
from phuong.academics.rules.profiles import PrimaryProfile, PrimaryTerms, TestPeriod

_SUBJECT_TITLES = {"T": "Hoàn thành tốt", "H": "Hoàn thành", "C": "Chưa hoàn thành"}


@dataclass(frozen=True)
class PrimaryFacts:
    """What the result of a primary year rests on.

    ``subjects``: T, H or C by subject; ``tests``: whole marks of the tests at the end of the year; ``qualities`` and
    ``competences``: T, D or C. ``None``: due, but not there yet.
    """

    grade: int
    subjects: Mapping[str, str | None]
    tests: Mapping[str, int | None]
    qualities: Mapping[str, str | None]
    competences: Mapping[str, str | None]


@dataclass(frozen=True)
class PrimaryResult:
    """A result of the year by its code; ``None`` while something is ``missing``."""

    result: str | None
    missing: tuple[str, ...]
    because: tuple[Reason, ...]


class PrimaryOutcome(StrEnum):
    """What becomes of a primary pupil: helped and assessed again, then perhaps left to the principal's decision."""

    PROMOTED = "promoted"
    COMPLETED = "completed"
    SUPPORT = "support"
    PRINCIPAL = "principal"
    RETAINED = "retained"


@dataclass(frozen=True)
class PrimaryCompletion:
    """The outcome; ``None`` while there is no result."""

    outcome: PrimaryOutcome | None
    because: tuple[Reason, ...]


def due_tests(profile: PrimaryProfile, grade: int, period: TestPeriod) -> tuple[str, ...]:
    """Name the subjects with a periodic test in a grade, at one of the four times of the year."""
    return profile.tests.get(grade, {}).get(period, ())


def primary_result(profile: PrimaryProfile, facts: PrimaryFacts) -> PrimaryResult:
    """Decide the result of the year; the caller names the tests that are due and not there (``None``)."""
    missing = _missing(facts)
    article = profile.article("result")
    if missing:
        return PrimaryResult(None, missing, (Reason(article, f"Chưa có: {', '.join(missing)}"),))
    for terms in profile.results:
        if not _lacks(terms, facts):
            return PrimaryResult(terms.result, (), (Reason(article, _held(terms)),))
    return PrimaryResult(profile.lowest_result, (), (Reason(article, f"Chưa hoàn thành: {_least(profile, facts)}"),))


def _missing(facts: PrimaryFacts) -> tuple[str, ...]:
    groups = {"subjects": facts.subjects, "qualities": facts.qualities, "competences": facts.competences}
    empty = [name for name, group in groups.items() if not group]
    told = {**facts.subjects, **facts.qualities, **facts.competences, **facts.tests}
    several = (facts.subjects, facts.tests, facts.qualities, facts.competences)
    absent = {code for code in told for group in several if code in group and group[code] is None}
    return (*empty, *(["tests"] if not facts.tests else []), *sorted(absent))


def _lacks(terms: PrimaryTerms, facts: PrimaryFacts) -> list[str]:
    """Name what keeps the facts from a result."""
    rated = (*facts.qualities.items(), *facts.competences.items())
    return [
        *(code for code, level in facts.subjects.items() if level not in terms.subjects),
        *(code for code, rating in rated if rating not in terms.ratings),
        *(f"{code} {mark}" for code, mark in facts.tests.items() if mark is not None and mark < terms.tests),
    ]


def _held(terms: PrimaryTerms) -> str:
    levels = " hoặc ".join(_SUBJECT_TITLES[level] for level in terms.subjects)
    ratings = " hoặc ".join({"T": "Tốt", "D": "Đạt", "C": "Cần cố gắng"}[rating] for rating in terms.ratings)
    return (
        f"{terms.title}: các môn {levels}; phẩm chất, năng lực {ratings}; bài kiểm tra cuối năm từ {terms.tests} điểm"
    )


def _least(profile: PrimaryProfile, facts: PrimaryFacts) -> str:
    return ", ".join(sorted(_lacks(profile.results[-1], facts)))


def primary_completion(
    profile: PrimaryProfile,
    grade: int,
    result: str | None,
    *,
    again: str | None = None,
    decided: bool | None = None,
) -> PrimaryCompletion:
    """Decide whether the grade is completed.

    ``again``: the result after support and another assessment; ``decided``: what the principal decided when that was
    not enough either.
    """
    article = profile.article("completion")
    if result is None:
        return PrimaryCompletion(None, (Reason(article, "Chưa có kết quả giáo dục cả năm"),))
    if result in profile.passing or again in profile.passing:
        return _completed(profile, grade)
    if again is None:
        text = "Chưa hoàn thành: hướng dẫn, giúp đỡ rồi đánh giá bổ sung"
        return PrimaryCompletion(PrimaryOutcome.SUPPORT, (Reason(article, text),))
    if decided is None:
        text = "Sau hướng dẫn, giúp đỡ vẫn chưa đủ điều kiện: hiệu trưởng xét, quyết định"
        return PrimaryCompletion(PrimaryOutcome.PRINCIPAL, (Reason(article, text),))
    if decided:
        return _completed(profile, grade)
    return PrimaryCompletion(PrimaryOutcome.RETAINED, (Reason(article, "Hiệu trưởng quyết định ở lại lớp"),))


def _completed(profile: PrimaryProfile, grade: int) -> PrimaryCompletion:
    if grade == profile.final_grade:
        reason = Reason(profile.article("final"), "Hoàn thành chương trình tiểu học")
        return PrimaryCompletion(PrimaryOutcome.COMPLETED, (reason,))
    reason = Reason(profile.article("completion"), f"Hoàn thành chương trình lớp {grade}")
    return PrimaryCompletion(PrimaryOutcome.PROMOTED, (reason,))


def primary_honour(
    profile: PrimaryProfile, result: str | None, *, outstanding: bool = False, class_agrees: bool = False
) -> str | None:
    """Give the honour of a primary year by its code, or none.

    ``outstanding``: outstanding in a subject, or clear progress in a quality or competence, which the class confirms.
    """
    if result == "xuat_sac" and "xuat_sac" in profile.honours:
        return "xuat_sac"
    if result == "tot" and outstanding and class_agrees and "tieu_bieu" in profile.honours:
        return "tieu_bieu"
    return None
