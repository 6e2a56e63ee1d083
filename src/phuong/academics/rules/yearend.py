"""Promotion (lên lớp), completion of a level, re-tests, summer training, retention."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from phuong.academics.rules.learning import Remarked, Scored, learning_result
from phuong.academics.rules.levels import Level, Reason, shown
from phuong.academics.rules.profiles import SecondaryProfile


class Outcome(StrEnum):
    """What becomes of a pupil at the end of the year."""

    PROMOTED = "promoted"
    COMPLETED = "completed"
    RETEST = "retest"
    SUMMER_TRAINING = "summer_training"
    RETAINED = "retained"


@dataclass(frozen=True)
class YearFacts:
    """What promotion is decided on.

    ``absences`` in half-days; ``scored`` averages of the year in tenths, ``remarked`` 1 or 0; ``retest``: new results
    of the subjects tested again, ``None`` while there was no re-test; ``summer_conduct``: conduct after summer
    training; ``by_plan``: for a pupil with a disability, whether the principal found the individual plan fulfilled.
    """

    grade: int
    result: Level | None
    conduct: Level | None
    absences: int
    scored: Scored = field(default_factory=dict)
    remarked: Remarked = field(default_factory=dict)
    retest: Mapping[str, int] | None = None
    summer_conduct: Level | None = None
    by_plan: bool | None = None


@dataclass(frozen=True)
class Promotion:
    """The outcome; ``None``: not to be decided yet. ``result`` and ``conduct``: after re-test and summer training."""

    outcome: Outcome | None
    retest_subjects: tuple[str, ...]
    result: Level | None
    conduct: Level | None
    because: tuple[Reason, ...]


def counted_absences(days: Iterable[object]) -> int:
    """Count half-days of absence by the plan of one session a day: each day once, excused or not."""
    return len(set(days))


def retest_subjects(profile: SecondaryProfile, scored: Scored, remarked: Remarked) -> tuple[str, ...]:
    """Name the subjects that may be tested again in summer, by code: averages too low, remarks Chưa đạt."""
    below = profile.promotion.retest_below
    low = (code for code, average in scored.items() if average is not None and average < below)
    failed = (code for code, result in remarked.items() if result == Level.CHUA_DAT)
    return tuple(sorted((*low, *failed)))


def promotion(profile: SecondaryProfile, facts: YearFacts) -> Promotion:
    """Decide what becomes of a pupil at the end of the year, with what re-test and summer training brought so far.

    A new result of a subject counts only if the subject is one to be tested again; other entries of ``retest`` and a
    ``summer_conduct`` nobody asked for change nothing.
    """
    if facts.by_plan is not None:
        return _by_plan(profile, facts)
    if facts.result is None or facts.conduct is None:
        reason = Reason(profile.article("promotion"), "Chưa đủ kết quả học tập và rèn luyện cả năm")
        return Promotion(None, (), facts.result, facts.conduct, (reason,))
    if facts.absences > profile.promotion.absences:
        text = f"Nghỉ {facts.absences} buổi, quá {profile.promotion.absences} buổi trong năm học"
        return _end(profile, facts, Outcome.RETAINED, Reason(profile.article("absences"), text))
    return _on_conduct(profile, facts) if facts.conduct < profile.promotion.conduct else _on_result(profile, facts)


def _end(
    profile: SecondaryProfile,
    facts: YearFacts,
    outcome: Outcome,
    *because: Reason,
    subjects: tuple[str, ...] = (),
) -> Promotion:
    if outcome is Outcome.PROMOTED and facts.grade in profile.promotion.final_grades:
        outcome = Outcome.COMPLETED
    return Promotion(outcome, subjects, facts.result, facts.conduct, because)


def _by_plan(profile: SecondaryProfile, facts: YearFacts) -> Promotion:
    text = "Học sinh khuyết tật: hiệu trưởng xét theo kế hoạch giáo dục cá nhân"
    outcome = Outcome.PROMOTED if facts.by_plan else Outcome.RETAINED
    return _end(profile, facts, outcome, Reason(profile.article("by_plan"), text))


def _on_conduct(profile: SecondaryProfile, facts: YearFacts) -> Promotion:
    """Decide for a pupil whose conduct of the year is too low."""
    terms, article = profile.promotion, profile.article("summer_training")
    has_failed = facts.result is not None and facts.result < terms.result
    if has_failed and terms.retest_needs_conduct:
        text = "Rèn luyện và học tập cả năm đều Chưa đạt: không thuộc diện kiểm tra, đánh giá lại"
        return _end(profile, facts, Outcome.RETAINED, Reason(profile.article("retest"), text))
    if facts.summer_conduct is None:
        subjects = retest_subjects(profile, facts.scored, facts.remarked) if has_failed else ()
        text = "Rèn luyện cả năm Chưa đạt: rèn luyện trong kì nghỉ hè"
        return _end(profile, facts, Outcome.SUMMER_TRAINING, Reason(article, text), subjects=subjects)
    after = replace(facts, conduct=facts.summer_conduct)
    if facts.summer_conduct < terms.conduct:
        text = "Sau rèn luyện trong kì nghỉ hè vẫn Chưa đạt"
        return _end(profile, after, Outcome.RETAINED, Reason(article, text))
    return _on_result(profile, after)


def _on_result(profile: SecondaryProfile, facts: YearFacts) -> Promotion:
    """Decide for a pupil whose conduct is high enough by now."""
    result, conduct = facts.result, facts.conduct
    if result is not None and result >= profile.promotion.result:
        told = f"học tập {result.title}, rèn luyện {conduct.title if conduct is not None else ''}"
        text = f"Đủ điều kiện: {told}, nghỉ {facts.absences} buổi"
        return _end(profile, facts, Outcome.PROMOTED, Reason(profile.article("promotion"), text))
    subjects = retest_subjects(profile, facts.scored, facts.remarked)
    article = profile.article("retest")
    if not subjects:
        text = "Học tập cả năm Chưa đạt và không có môn nào thuộc diện kiểm tra, đánh giá lại"
        return _end(profile, facts, Outcome.RETAINED, Reason(article, text))
    if facts.retest is None:
        below = shown(profile.promotion.retest_below)
        text = f"Học tập cả năm Chưa đạt: kiểm tra, đánh giá lại môn dưới {below} hoặc Chưa đạt: {', '.join(subjects)}"
        return _end(profile, facts, Outcome.RETEST, Reason(article, text), subjects=subjects)
    return _after_retest(profile, facts, subjects)


def _after_retest(profile: SecondaryProfile, facts: YearFacts, subjects: tuple[str, ...]) -> Promotion:
    new = {code: value for code, value in (facts.retest or {}).items() if code in subjects}
    scored = {code: new.get(code, average) for code, average in facts.scored.items()}
    remarked = {code: new.get(code, result) for code, result in facts.remarked.items()}
    found = learning_result(profile, scored, remarked)
    after = replace(facts, result=found.level)
    is_met = found.level is not None and found.level >= profile.promotion.result
    title = found.level.title if found.level is not None else "chưa xác định"
    text = f"Kết quả đánh giá lại thay cho kết quả cả năm của {', '.join(sorted(new)) or 'không môn nào'}: {title}"
    outcome = Outcome.PROMOTED if is_met else Outcome.RETAINED
    return _end(profile, after, outcome, Reason(profile.article("retest"), text), *found.because)
