"""Whether a school's year is closed, and by whom."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from phuong.academics.errors import YearClosed
from phuong.academics.models import ClosedYear
from phuong.kernel.calendar import SchoolYear
from phuong.kernel.prepared import prepared
from phuong.registry.api import Enrolment

CLOSES_FROM = (5, 1)  # month and day of the second calendar year; before that closing must be meant


def closing_of(school: UUID, year: int) -> ClosedYear | None:
    """Give the closing of a year that is in force at a school."""
    return ClosedYear.objects.filter(organisation=school, school_year=year, reopened_at=None).first()


def is_closed(school: UUID, year: int) -> bool:
    """Say whether a school's year is closed."""
    return ClosedYear.objects.filter(organisation=school, school_year=year, reopened_at=None).exists()


def closed_among(schools: Collection[UUID], year: int) -> set[UUID]:
    """Give those of some schools whose year is closed."""
    rows = ClosedYear.objects.filter(organisation__in=schools, school_year=year, reopened_at=None)
    return set(rows.values_list("organisation_id", flat=True))


def year_lock(school: UUID, year: int) -> str:
    """Name what is shared by who writes into a school's year, and held by who ends it."""
    return f"year {school} {year}"


def must_be_open(school: UUID, year: int) -> None:
    """Let marks and records be written, and keep the year open until the transaction ends: closing waits for it.

    :raises YearClosed: the school has closed the year
    """
    with prepared() as cursor:
        cursor.execute("select academics_hold_open(%s, %s, %s)", [year_lock(school, year), school, year])
        (is_open,) = cursor.fetchone()
    if not is_open:
        raise YearClosed


def is_early(year: int, day: dt.date) -> bool:
    """Say whether a year would be closed long before it ends."""
    return day < dt.date(year + 1, *CLOSES_FROM)


def year_to_end(school: UUID | None, day: dt.date, present: SchoolYear) -> SchoolYear:
    """Give the year whose end a school is busy with: the last one while pupils still sit in its classes, or this one.

    ``day`` counts from August on, when the new year has begun and the old one may not be wound up yet.
    """
    before = SchoolYear(present.start - 1)
    if school is None or day.month < present.opens_on.month - 1:
        return present
    sitting = Enrolment.objects.filter(
        organisation=school, ends_on=None, school_year=before.start, class_group__grade__gte=1
    )
    return before if sitting.exists() else present
