"""The rules of assessment as answers of the command line (contracts.md)."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, NoReturn

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from phuong.academics.errors import NothingToJudge, NotRetested
from phuong.academics.profiles import primary, secondary
from phuong.academics.rules.averages import term_average, term_reason, year_average, year_reason
from phuong.academics.rules.conduct import conduct_year
from phuong.academics.rules.honour import honours
from phuong.academics.rules.learning import learning_result
from phuong.academics.rules.levels import Level, Reason, tenths, written
from phuong.academics.rules.primary import PrimaryFacts, primary_result
from phuong.academics.rules.profiles import Profile, SecondaryProfile
from phuong.academics.rules.yearend import YearFacts, promotion, retest_subjects
from phuong.kernel.contributions import RuleCommand

_MOST = 100


def _whole(told: Any) -> int:
    """Read a mark of a primary test: a whole number within the scale."""
    scale = primary()
    value = tenths(told)
    if value % 10 or not scale.lowest_mark <= value // 10 <= scale.highest_mark:
        raise ValueError(f"a whole mark from {scale.lowest_mark} to {scale.highest_mark} expected")
    return value // 10


def _level(told: Any) -> Level:
    found = next((level for level in Level if level.code == told), None)
    if found is None:
        raise ValueError("tot, kha, dat or chua_dat expected")
    return found


def _remark(told: Any) -> int:
    if told not in ("dat", "chua_dat"):
        raise ValueError("dat or chua_dat expected")
    return int(_level(told))


Mark = Annotated[int, BeforeValidator(tenths)]
TestMark = Annotated[int, BeforeValidator(_whole)]
Remark = Annotated[int, BeforeValidator(_remark)]
Given = Annotated[Level, BeforeValidator(_level)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^\w[\w .-]*$")]
Marks = Annotated[dict[Code, Mark], Field(max_length=_MOST)]
Remarks = Annotated[dict[Code, Remark], Field(max_length=_MOST)]
Ratings = Annotated[dict[Code, Literal["T", "D", "C"]], Field(max_length=_MOST)]


class _Case(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TermCase(_Case):
    """The marks of one subject and term; a mark that is not there is null or left out."""

    regular: Annotated[list[Mark], Field(max_length=_MOST)]
    midterm: Mark | None = None
    final: Mark | None = None


class YearCase(_Case):
    """The averages of both terms; one that is not there is null or left out."""

    term1: Mark | None = None
    term2: Mark | None = None


class Flags(_Case):
    """What may be asked to be read the other way."""

    adjust_counts_toward_six: Annotated[bool, Field(strict=True)] = True


class ResultCase(_Case):
    """The results of all subjects, of one term or of the year."""

    scored: Marks
    remarked: Remarks = Field(default_factory=dict)
    profile: Flags = Field(default_factory=Flags)


class ConductCase(_Case):
    """Conduct of both terms."""

    term1: Given
    term2: Given


class PromotionCase(_Case):
    """A year, with what re-test and summer training brought so far."""

    grade: Annotated[int, Field(strict=True, ge=6, le=12)]
    result: Given
    conduct: Given
    absences: Annotated[int, Field(strict=True, ge=0, le=1000)]
    retest: Annotated[dict[Code, Any], Field(max_length=_MOST)] | None = None
    scored: Marks = Field(default_factory=dict)
    remarked: Remarks = Field(default_factory=dict)
    summer_conduct: Given | None = None


class HonoursCase(_Case):
    """The year's result and conduct, and the averages of the year."""

    result: Given
    conduct: Given
    scored: Marks


class PrimaryCase(_Case):
    """A primary year."""

    grade: Annotated[int, Field(strict=True, ge=1, le=5)]
    subjects: Annotated[dict[Code, Literal["T", "H", "C"]], Field(max_length=_MOST)]
    tests: Annotated[dict[Code, TestMark], Field(max_length=_MOST)]
    qualities: Ratings
    competences: Ratings


def answer_average(case: Any) -> dict[str, Any]:
    """Work out the average of a subject: of a term from its marks, or of the year from its terms.

    :raises pydantic.ValidationError: the case has another shape
    """
    profile = secondary()
    if isinstance(case, dict) and case.keys() & {"term1", "term2"}:
        year = YearCase.model_validate(case)
        average = year_average(profile, year.term1, year.term2)
        reason = year_reason(profile, year.term1, year.term2)
    else:
        term = TermCase.model_validate(case)
        average = term_average(profile, term.regular, term.midterm, term.final)
        reason = term_reason(profile, term.regular, term.midterm, term.final)
    return _answer(profile, [reason], average=None if average is None else written(average))


def answer_result(case: Any) -> dict[str, Any]:
    """Decide the learning result of a term or a year.

    :raises pydantic.ValidationError: the case has another shape
    :raises NothingToJudge: it has no subject at all
    """
    asked = ResultCase.model_validate(case)
    _check_apart(asked.scored, asked.remarked)
    profile = _read_as(secondary(), asked.profile)
    found = learning_result(profile, asked.scored, asked.remarked)
    if found.level is None or found.before is None:
        raise NothingToJudge
    return _answer(
        profile,
        found.because,
        result=found.level.code,
        before_adjustment=found.before.code,
        adjusted_by=found.adjusted_by,
    )


def _read_as(profile: SecondaryProfile, flags: Flags) -> SecondaryProfile:
    if flags.adjust_counts_toward_six == profile.adjustment.counts:
        return profile
    adjustment = profile.adjustment.model_copy(update={"counts": flags.adjust_counts_toward_six})
    return profile.changed(adjustment=adjustment)


def answer_conduct(case: Any) -> dict[str, Any]:
    """Decide the conduct of the year.

    :raises pydantic.ValidationError: the case has another shape
    """
    asked = ConductCase.model_validate(case)
    profile = secondary()
    found = conduct_year(profile, asked.term1, asked.term2)
    return _answer(profile, found.because, conduct=found.level.code if found.level is not None else None)


def answer_promotion(case: Any) -> dict[str, Any]:
    """Decide what becomes of a pupil at the end of the year.

    :raises pydantic.ValidationError: the case has another shape
    :raises NotRetested: a new result of a subject that was not to be tested again
    """
    asked = PromotionCase.model_validate(case)
    _check_apart(asked.scored, asked.remarked)
    profile = secondary()
    if asked.result < profile.promotion.result and not (asked.scored or asked.remarked):
        _malformed(("scored",), "the results of the subjects expected, since the year is not passed", {})
    facts = YearFacts(
        grade=asked.grade,
        result=asked.result,
        conduct=asked.conduct,
        absences=asked.absences,
        scored=asked.scored,
        remarked=asked.remarked,
        retest=None if asked.retest is None else _retested(asked, asked.retest),
        summer_conduct=asked.summer_conduct,
    )
    if asked.result < profile.promotion.result:
        _check_retested(profile, facts)
    found = promotion(profile, facts)
    return _answer(profile, found.because, outcome=found.outcome, retest_subjects=list(found.retest_subjects))


def _retested(asked: PromotionCase, retest: Mapping[str, Any]) -> dict[str, int]:
    """Read new results in the way of their subjects: a mark, or a remark."""
    new: dict[str, int] = {}
    for code, told in retest.items():
        if code not in asked.remarked and code not in asked.scored:
            _malformed(("retest", code), "a subject of scored or remarked expected", told)
        try:
            new[code] = _remark(told) if code in asked.remarked else tenths(told)
        except ValueError as error:
            _malformed(("retest", code), str(error), told)
    return new


def _check_retested(profile: SecondaryProfile, facts: YearFacts) -> None:
    allowed = retest_subjects(profile, facts.scored, facts.remarked)
    if set(facts.retest or ()) - set(allowed):
        raise NotRetested


def answer_honours(case: Any) -> dict[str, Any]:
    """Decide the honour of a year.

    :raises pydantic.ValidationError: the case has another shape
    """
    asked = HonoursCase.model_validate(case)
    profile = secondary()
    found = honours(profile, asked.result, asked.conduct, asked.scored)
    return _answer(profile, found.because, honour=found.honour)


def answer_primary(case: Any) -> dict[str, Any]:
    """Decide the result of a primary year from the tests that are given.

    :raises pydantic.ValidationError: the case has another shape
    :raises NothingToJudge: it has no subject, test, quality or competence
    """
    asked = PrimaryCase.model_validate(case)
    profile = primary()
    found = primary_result(
        profile, PrimaryFacts(asked.grade, asked.subjects, asked.tests, asked.qualities, asked.competences)
    )
    if found.result is None:
        raise NothingToJudge
    due = profile.tests[asked.grade].get("end2", ())
    absent = sorted(set(due) - set(asked.tests))
    lacks = Reason(profile.article("tests"), f"Không thấy bài kiểm tra cuối năm của: {', '.join(absent)}")
    return _answer(profile, [*found.because, *([lacks] if absent else [])], result=found.result)


def _check_apart(scored: Iterable[str], remarked: Iterable[str]) -> None:
    both = sorted(set(scored) & set(remarked))
    if both:
        _malformed(("remarked", both[0]), "this subject is scored already", both[0])


def _malformed(at: tuple[str, ...], message: str, told: Any) -> NoReturn:
    kind = PydanticCustomError("value_error", "{message}", {"message": message})
    raise ValidationError.from_exception_data("case", [InitErrorDetails(type=kind, loc=at, input=told)])


def _answer(profile: Profile, because: Iterable[Reason], **facts: Any) -> dict[str, Any]:
    return {**facts, "rule": profile.rule, "because": [reason._asdict() for reason in because]}


RULES = (
    RuleCommand("secondary-subject-average", answer_average),
    RuleCommand("secondary-result", answer_result),
    RuleCommand("conduct-year", answer_conduct),
    RuleCommand("promotion", answer_promotion),
    RuleCommand("honours", answer_honours),
    RuleCommand("primary-year-result", answer_primary),
)
