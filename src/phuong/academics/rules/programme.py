"""An education programme as data: subjects by grade, periods a year, what is chosen, study topics."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator

from phuong.academics.rules.profiles import Code, Grade, Part, SchoolLevel

Assessment = Literal["scored", "remarked"]
Standing = Literal["compulsory", "elective", "optional"]


class Subject(Part):
    """A subject or educational activity: periods a year by grade, and where it is not compulsory.

    ``elective``: grades in which it is one of those to choose; ``optional``: grades in which it may be taken beside the
    rest; ``topics``: grades in which it has a study-topic group.
    """

    code: Code
    assessment: Assessment
    periods: dict[Grade, Annotated[int, Field(ge=1)]]
    elective: tuple[Grade, ...] = ()
    optional: tuple[Grade, ...] = ()
    topics: tuple[Grade, ...] = ()
    doubt: str = ""

    @model_validator(mode="after")
    def _is_taught_where_it_is_chosen(self) -> "Subject":
        stray = {*self.elective, *self.optional, *self.topics} - set(self.periods)
        if stray or set(self.elective) & set(self.optional):
            raise ValueError(f"{self.code}: grades without periods, or both elective and optional")
        return self

    def standing(self, grade: int) -> Standing:
        """Say what the subject is in a grade where it is taught."""
        if grade in self.elective:
            return "elective"
        return "optional" if grade in self.optional else "compulsory"


class Choice(Part):
    """How much is chosen in a grade: so many electives, so many study-topic groups of so many periods a year."""

    electives: Annotated[int, Field(ge=0)]
    elective_periods: Annotated[int, Field(ge=0)]
    topics: Annotated[int, Field(ge=0)]
    topic_periods: Annotated[int, Field(ge=0)]


class Programme(Part):
    """A programme; ``totals``: periods a year by grade as the programme prints them, checked against its subjects."""

    code: Code
    version: Annotated[int, Field(ge=1)]
    number: str
    title: str
    levels: dict[SchoolLevel, tuple[Grade, ...]]
    since: dt.date
    until: dt.date | None = None
    grades_since: dict[Grade, Annotated[int, Field(ge=1950, le=2200)]]
    source: str
    doubts: dict[str, str] = Field(default_factory=dict)
    weeks: Annotated[int, Field(ge=1)]
    totals: dict[Grade, int] = Field(default_factory=dict)
    choices: dict[Grade, Choice] = Field(default_factory=dict)
    subjects: tuple[Subject, ...]

    @model_validator(mode="after")
    def _adds_up(self) -> "Programme":
        codes = [subject.code for subject in self.subjects]
        if set(self.grades_since) != {grade for grades in self.levels.values() for grade in grades}:
            raise ValueError("grades_since: the grades of the levels expected")
        if len(set(codes)) != len(codes):
            raise ValueError("subjects: a code stands there twice")
        for grade, total in self.totals.items():
            if self.periods_of(grade) != total:
                raise ValueError(f"totals.{grade}: {total} expected, the subjects add up to {self.periods_of(grade)}")
        return self

    def subjects_of(self, grade: int, *standings: Standing) -> tuple[Subject, ...]:
        """Give the subjects taught in a grade, in the order of the programme; of some standings only when named."""
        taught = (subject for subject in self.subjects if grade in subject.periods)
        return tuple(subject for subject in taught if not standings or subject.standing(grade) in standings)

    def subject(self, code: str) -> Subject | None:
        """Give a subject by its code, if the programme has it."""
        return next((subject for subject in self.subjects if subject.code == code), None)

    def periods_of(self, grade: int) -> int:
        """Add up the compulsory periods of a year, with what must be chosen."""
        fixed = sum(subject.periods[grade] for subject in self.subjects_of(grade, "compulsory"))
        choice = self.choices.get(grade)
        if choice is None:
            return fixed
        return fixed + choice.electives * choice.elective_periods + choice.topics * choice.topic_periods

    def wrong_choices(self, grade: int, electives: Sequence[str], topics: Sequence[str]) -> list[tuple[str, str]]:
        """Say what is wrong with the electives and study-topic groups chosen for a class; empty: nothing.

        Each is what is wrong (``no_elective``, ``no_topics``, ``not_taken``, ``electives``, ``topics``) and of which
        subject, or how many are asked for.
        """
        asked = self.choices.get(grade) or Choice(electives=0, elective_periods=0, topics=0, topic_periods=0)
        offered = {subject.code for subject in self.subjects_of(grade, "elective")}
        grouped = {subject.code for subject in self.subjects if grade in subject.topics}
        taken = {subject.code for subject in self.subjects_of(grade, "compulsory")} | set(electives)
        wrong = [("no_elective", code) for code in electives if code not in offered]
        wrong += [("no_topics", code) for code in topics if code not in grouped]
        wrong += [("not_taken", code) for code in topics if code in grouped - taken]
        if not len(set(electives)) == len(electives) == asked.electives:
            wrong.append(("electives", str(asked.electives)))
        if not len(set(topics)) == len(topics) == asked.topics:
            wrong.append(("topics", str(asked.topics)))
        return wrong
