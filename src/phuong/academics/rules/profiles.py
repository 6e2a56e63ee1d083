"""Regulation profiles: one circular, one version, with all its numbers; a new circular is a new profile.

Marks are whole tenths in here; the files write them as people do. What is uncertain stands in ``doubts``.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from phuong.academics.rules.levels import Level, tenths

Tenths = Annotated[int, BeforeValidator(tenths)]
Grade = Annotated[int, Field(ge=1, le=12)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
SchoolLevel = Literal["preschool", "primary", "lower_secondary", "upper_secondary", "continuing"]
_ABOUT = {"title", "number", "source", "doubts", "articles", "since", "until", "grades_since", "draft"}


def _level(value: Any) -> Any:
    return Level.of(value) if isinstance(value, str) and value.upper() in Level.__members__ else value


Leveled = Annotated[Level, BeforeValidator(_level)]


class Part(BaseModel):
    """A part of a catalog file: nothing unknown, nothing changed later."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Profile(Part):
    """The head of every profile.

    ``grades_since``: the school year (its first calendar year) from which a grade is under it; ``draft``: not switched
    on, only for shadow runs; ``articles``: which article says what; ``doubts``: by parameter, what is not certain and
    how it was decided.
    """

    code: Annotated[str, Field(pattern=r"^[A-Z0-9]+/\d{4}(-[A-Z]+)?$")]
    number: str
    title: str
    version: Annotated[int, Field(ge=1)]
    levels: tuple[SchoolLevel, ...]
    since: dt.date
    until: dt.date | None = None
    grades_since: dict[Annotated[int, Field(ge=0, le=12)], Annotated[int, Field(ge=1950, le=2200)]]
    draft: bool = False
    source: str
    doubts: dict[str, str] = Field(default_factory=dict)
    articles: dict[str, str]

    ARTICLES: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="after")
    def _cites_what_it_decides(self) -> "Profile":
        lacking = sorted(self.ARTICLES - set(self.articles))
        if lacking:
            raise ValueError(f"articles: {', '.join(lacking)} not cited")
        return self

    @property
    def rule(self) -> str:
        """Name rule set and version, as every answer carries it."""
        return f"{self.code}@{self.version}"

    @cached_property
    def digest(self) -> str:
        """Give the SHA-256 of what decides: code, version and parameters; sources and doubts may be reworded."""
        facts = self.model_dump(mode="json", exclude=_ABOUT)
        told = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(told.encode()).hexdigest()

    def changed(self, **parts: Any) -> Self:
        """Give a profile that differs in some parts, such as a flag asked for in a case."""
        other = self.model_copy(update=parts)
        other.__dict__.pop("digest", None)
        return other

    def article(self, of: str) -> str:
        """Cite the article that says something, with the number of the circular."""
        return f"{self.number}, {self.articles[of]}"


def governing(profiles: Iterable[Profile], level: str, grade: int, year: int) -> Profile | None:
    """Choose the profile that governs a grade of a level in a school year: the youngest that is switched on by then."""
    fit = [each for each in profiles if level in each.levels and each.grades_since.get(grade, year + 1) <= year]
    in_force = [each for each in fit if not each.draft and (each.until is None or each.until.year > year)]
    return max(in_force, key=lambda each: (each.grades_since[grade], each.version), default=None)


class Weights(Part):
    """How much each kind of mark counts within a term."""

    regular: Annotated[int, Field(ge=1)]
    midterm: Annotated[int, Field(ge=1)]
    final: Annotated[int, Field(ge=1)]


class RegularMarks(Part):
    """How many regular marks a term asks for, up to so many periods a year; without ``up_to``: above all others."""

    up_to: Annotated[int, Field(ge=1)] | None = None
    marks: Annotated[int, Field(ge=1)]


class Threshold(Part):
    """What a level of the learning result asks: remarks failed at most, the least average, and enough good ones."""

    level: Leveled
    failed: Annotated[int, Field(ge=0)]
    least: Tenths
    good: Tenths
    subjects: Annotated[int, Field(ge=0)]


class Adjustment(Part):
    """When one subject alone pulls the level down: by how many levels, below which ones, and how much is given back.

    ``counts``: whether that subject, thought away, fills one of the places among the subjects counted.
    """

    fallen: Annotated[int, Field(ge=1)]
    below: tuple[Leveled, ...]
    raised: Annotated[int, Field(ge=1)]
    counts: bool


class PromotionTerms(Part):
    """What promotion asks; ``absences`` in half-days (buổi); ``retest_below``: averages that are tested again."""

    result: Leveled
    conduct: Leveled
    absences: Annotated[int, Field(ge=0)]
    retest_below: Tenths
    retest_needs_conduct: bool
    final_grades: tuple[Grade, ...]


class HonourTerms(Part):
    """What an honour asks; the first of the list that is met is given."""

    honour: Code
    title: str
    result: Leveled
    conduct: Leveled
    good: Tenths = 0
    subjects: Annotated[int, Field(ge=0)] = 0


class SecondaryProfile(Profile):
    """Assessment by marks and remarks in two terms: secondary schools (TT22) and continuing education (TT43)."""

    ARTICLES: ClassVar[frozenset[str]] = frozenset(
        {
            *("term_average", "year_average", "remark", "conduct", "promotion", "absences", "by_plan", "retest"),
            *("result", "result_tot", "result_kha", "result_dat", "result_chua_dat", "adjustment"),
            *("summer_training", "honours"),
        }
    )
    kind: Literal["secondary"]
    weights: Weights
    term_weights: tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]]
    fewest_regular: Annotated[int, Field(ge=0)]
    regular_marks: tuple[RegularMarks, ...]
    remark_marks: Annotated[int, Field(ge=1)]
    missed_test: Tenths
    thresholds: tuple[Threshold, ...]
    adjustment: Adjustment
    conduct: dict[Leveled, dict[Leveled, Leveled]]
    promotion: PromotionTerms
    honours: tuple[HonourTerms, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> "SecondaryProfile":
        if {row: set(cells) for row, cells in self.conduct.items()} != {row: set(Level) for row in Level}:
            raise ValueError("conduct: a row and a column for each of the four levels expected")
        asked = [threshold.level for threshold in self.thresholds]
        if asked != [Level.TOT, Level.KHA, Level.DAT]:
            raise ValueError("thresholds: tot, kha, dat expected, in this order")
        steps = [each.up_to for each in self.regular_marks]
        if not steps or steps[-1] is not None or sorted(filter(None, steps)) != steps[:-1]:
            raise ValueError("regular_marks: rising up_to expected, the last without")
        return self


SubjectGrade = Literal["T", "H", "C"]
Rating = Literal["T", "D", "C"]
TestPeriod = Literal["mid1", "end1", "mid2", "end2"]


class PrimaryTerms(Part):
    """What a result of the year asks: levels of subjects, of qualities and competences, the least mark of the tests."""

    result: Code
    title: str
    subjects: tuple[SubjectGrade, ...]
    ratings: tuple[Rating, ...]
    tests: Annotated[int, Field(ge=0, le=10)]


class PrimaryProfile(Profile):
    """Assessment by levels, remarks and a few tests with whole marks: primary schools (TT27)."""

    ARTICLES: ClassVar[frozenset[str]] = frozenset({"result", "completion", "final", "honours", "tests"})
    kind: Literal["primary"]
    lowest_mark: Annotated[int, Field(ge=0, le=10)]
    highest_mark: Annotated[int, Field(ge=1, le=10)]
    tests: dict[Grade, dict[TestPeriod, tuple[Code, ...]]]
    qualities: dict[Code, str]
    competences: dict[Code, str]
    results: tuple[PrimaryTerms, ...]
    lowest_result: Code
    passing: tuple[Code, ...]
    final_grade: Grade
    honours: dict[Code, str]


class Band(Part):
    """One finding of a growth index: ``below`` or ``above`` so many hundredths of a standard deviation."""

    finding: Code
    title: str
    below: int | None = None
    above: int | None = None

    @model_validator(mode="after")
    def _has_one_side(self) -> "Band":
        if (self.below is None) is (self.above is None):
            raise ValueError("either below or above expected")
        return self


class Stage(Part):
    """An age band of preschool: months from and to (not included), and the domains in which it develops."""

    title: str
    from_month: Annotated[int, Field(ge=0)]
    to_month: Annotated[int, Field(ge=1)]
    domains: dict[Code, str]


class Measuring(Part):
    """How often children are weighed and measured: every so many months, up to an age (not included)."""

    to_month: Annotated[int, Field(ge=1)]
    every_months: Annotated[int, Field(ge=1)]


class PreschoolProfile(Profile):
    """Development by indicators, and growth against the standards of WHO."""

    ARTICLES: ClassVar[frozenset[str]] = frozenset({"development", "growth"})
    kind: Literal["preschool"]
    stages: dict[Code, Stage]
    growth: dict[Code, tuple[Band, ...]]
    measuring: tuple[Measuring, ...]
    health_checks: Annotated[int, Field(ge=0)]


AnyProfile = Annotated[SecondaryProfile | PrimaryProfile | PreschoolProfile, Field(discriminator="kind")]
