"""Preschool groups: who was weighed and measured when and is due again, how children develop."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from phuong.academics.errors import NoProfile
from phuong.academics.models import DevelopmentRecord, GrowthCheck
from phuong.academics.models.preschool import LEVELS
from phuong.academics.profiles import profile_for
from phuong.academics.queries.primarysheets import Time, time_of
from phuong.academics.rules.preschool import due_on, months_old
from phuong.academics.rules.profiles import PreschoolProfile
from phuong.kernel.calendar import FIRST_MONTH
from phuong.kernel.today import today
from phuong.registry.api import ClassGroup, Enrolment

LEVEL = "preschool"  # as profiles name it
MOST_CHECKS = 200
_NEWS_DAYS = 366


@dataclass(frozen=True)
class Measured:
    """One weighing and measuring: grams, millimetres, what was found by index, where something was said."""

    weight: int | None = None
    height: int | None = None
    findings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Developed:
    """How a child developed: 1 Đạt, 0 Chưa đạt by domain, those that are said."""

    results: Mapping[str, int] = field(default_factory=dict)
    remark: str = ""


@dataclass(frozen=True)
class Due:
    """When a child is to be measured: its age in months on the day asked for, the last time before it, by when again.

    ``months``: ``None`` where the day of birth is unknown; ``on``: the first day in the group where it never was.
    """

    months: int | None
    last: GrowthCheck | None
    on: dt.date
    is_late: bool


def preschool_profile(group: ClassGroup) -> PreschoolProfile:
    """Give the profile of preschools that governs a group.

    :raises NoProfile: none does
    """
    found = profile_for(LEVEL, 0, group.school_year) if group.level in LEVELS else None
    if not isinstance(found, PreschoolProfile):
        raise NoProfile(level=group.level, grade=group.grade)
    return found


def domains_of(group: ClassGroup) -> dict[str, str]:
    """Give the domains in which the children of a group develop, titles by code.

    :raises NoProfile: it is no preschool group
    """
    return preschool_profile(group).stages[group.level].domains


def days_of(group: ClassGroup) -> tuple[dt.date, dt.date]:
    """Give the first and the last day on which the children of a group may be measured: its year, up to today."""
    year, one = group.school_year, dt.timedelta(1)
    return dt.date(year, FIRST_MONTH, 1), min(today(), dt.date(year + 1, FIRST_MONTH, 1) - one)


def may_measure_on(group: ClassGroup, day: dt.date) -> bool:
    """Say whether a day lies in the year of a group and is not to come."""
    first, last = days_of(group)
    return first <= day <= last


def checks_on(pupils: Sequence[Enrolment], day: dt.date) -> dict[UUID, GrowthCheck]:
    """Give what was measured of some children on a day, by child."""
    return {row.learner_id: row for row in GrowthCheck.objects.filter(enrolment__in=pupils, day=day)}


def last_checks(children: Sequence[UUID], before: dt.date) -> dict[UUID, GrowthCheck]:
    """Give the last measuring of some children before a day, by child: one statement."""
    rows = GrowthCheck.objects.filter(learner__in=children, day__lt=before).exclude(weight=None, height=None)
    return {row.learner_id: row for row in rows.order_by("learner_id", "-day").distinct("learner_id")}


def due_at(profile: PreschoolProfile, pupils: Sequence[Enrolment], day: dt.date) -> dict[UUID, Due]:
    """Say of some children whether they are due on a day, whatever is measured on it: one statement."""
    last, found = last_checks([each.learner_id for each in pupils], day), {}
    for each in pupils:
        birth, before = each.learner.birth_date, last.get(each.learner_id)
        on = due_on(profile, birth, before.day) if before else each.starts_on
        months = None if birth is None else months_old(birth, day)
        found[each.learner_id] = Due(months, before, on, on <= day)
    return found


def checks_of(child: UUID) -> list[GrowthCheck]:
    """Give the measurings of a child, last first."""
    rows = GrowthCheck.objects.filter(learner=child).exclude(weight=None, height=None)
    return list(rows.order_by("-day", "-id")[:MOST_CHECKS])


def recent_checks(children: Sequence[UUID]) -> list[GrowthCheck]:
    """Give the last measuring of each of some children, of the past year: what a family is told."""
    found = last_checks(children, today() + dt.timedelta(1)).values()
    return [each for each in found if each.day >= today() - dt.timedelta(_NEWS_DAYS)]


def group_of(child: UUID) -> UUID | None:
    """Find the preschool group a child sits in, or sat in last."""
    rows = Enrolment.objects.filter(learner=child, class_group__level__in=LEVELS)
    return rows.order_by("-starts_on").values_list("class_group_id", flat=True).first()


def development_of(pupils: Sequence[Enrolment], period: int) -> dict[UUID, DevelopmentRecord]:
    """Give how some children developed, by child."""
    rows = DevelopmentRecord.objects.filter(enrolment__in=pupils, period=period)
    return {row.learner_id: row for row in rows}


def development_time(group: ClassGroup, period: int) -> Time:
    """Say whether development may be written today: the window of final marks of its term counts, as for primary."""
    return time_of(group, 2 * period)
