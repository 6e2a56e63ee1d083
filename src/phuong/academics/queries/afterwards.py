"""What came after the year of each pupil: re-tests, conduct after the summer, individual plans; and who is due."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import connection

from phuong.academics.models import Result, YearEndRecord
from phuong.academics.profiles import profile_named
from phuong.academics.queries.cards import enrolments_in
from phuong.academics.rules.levels import Level
from phuong.academics.rules.parts import YEAR
from phuong.academics.rules.profiles import SecondaryProfile
from phuong.academics.rules.yearend import retest_subjects
from phuong.academics.rules.yearly import SecondaryYear
from phuong.registry.api import ClassGroup, Enrolment

DUE = ("retest", "summer_training")
_AFTER = """
select y.learner_id, y.retest, y.summer_conduct, y.by_plan
from academics_yearendrecord y join registry_enrolment e on e.id = y.enrolment_id
where e.school_year = %(year)s and (e.organisation_id = %(school)s or y.learner_id = any(%(moved)s::uuid[]))
order by e.starts_on
"""


@dataclass(frozen=True)
class After:
    """What came after a year: new results by subject (``None``: no re-test), conduct after the summer, the plan."""

    retest: Mapping[str, int] | None = None
    summer_conduct: int | None = None
    by_plan: bool | None = None

    def over(self, year: SecondaryYear) -> SecondaryYear:
        """Lay it over what the year rests on."""
        conduct = None if self.summer_conduct is None else Level(self.summer_conduct)
        return replace(year, retest=self.retest, summer_conduct=conduct, by_plan=self.by_plan)


NOTHING = After()


def after_of(school: UUID, year: int, moved: Collection[UUID] = ()) -> dict[UUID, After]:
    """Read what came after a year for the pupils of a school, and for those who came from another one (``moved``)."""
    ask: dict[str, Any] = {"school": school, "year": year, "moved": [str(key) for key in moved]}
    with connection.cursor() as cursor:
        cursor.execute(_AFTER, ask)
        return {
            learner: After(None if retest is None else json.loads(retest), conduct, by_plan)
            for learner, retest, conduct, by_plan in cursor.fetchall()
        }


@dataclass(frozen=True)
class Due:
    """A pupil for whom something comes after the year, or was said already.

    ``subjects``: those to be tested again, whether scored, what the year came to, what was said; ``trains``: conduct
    too low; ``is_over``: the pupil has moved up or left, so nothing can be said any more.
    """

    enrolment: Enrolment
    result: Result | None
    said: YearEndRecord | None
    subjects: Sequence[tuple[str, bool, int | None, int | None]] = field(default=())
    trains: bool = False

    @property
    def is_over(self) -> bool:
        """Say whether the pupil sits in the class no longer."""
        return self.enrolment.ends_on is not None


def due_in(group: ClassGroup, also: Collection[UUID] = ()) -> tuple[list[Due], list[Enrolment]]:
    """Give the pupils of a class for whom something is due or was said, and the others: three statements.

    ``also``: further pupils to be shown, because the principal decides by an individual plan.
    """
    pupils = enrolments_in(group)
    results = {each.enrolment_id: each for each in Result.objects.filter(enrolment__in=pupils, part=YEAR)}
    said = {each.enrolment_id: each for each in YearEndRecord.objects.filter(enrolment__in=pupils)}
    found, others = [], []
    for each in pupils:
        result, record = results.get(each.pk), said.get(each.pk)
        is_due = result is not None and result.outcome in DUE
        if is_due or record is not None or each.learner_id in also:
            found.append(_due(each, result, record))
        else:
            others.append(each)
    return found, others


def _due(enrolment: Enrolment, result: Result | None, said: YearEndRecord | None) -> Due:
    if result is None or result.level is None or result.conduct is None:
        return Due(enrolment, result, said)
    profile = profile_named(result.rule)
    if not isinstance(profile, SecondaryProfile):
        return Due(enrolment, result, said)
    terms = profile.promotion
    trains = result.conduct < terms.conduct
    may_retest = result.level < terms.result and not (trains and terms.retest_needs_conduct)
    codes = retest_subjects(profile, result.averages, result.remarks) if may_retest else ()
    new = (said.retest if said is not None else None) or {}
    subjects = [
        (code, code in result.averages, result.averages.get(code, result.remarks.get(code)), new.get(code))
        for code in codes
    ]
    return Due(enrolment, result, said, subjects, trains and not (result.level < terms.result and not may_retest))
