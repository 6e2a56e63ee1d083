"""A preschool of the demo."""

import datetime as dt

import pytest
from django.db import connection

from phuong.academics.api import DevelopmentRecord, GrowthCheck
from phuong.demo.preschool import fill_preschool
from phuong.identity.api import account_named
from phuong.kernel.calendar import SchoolYear
from phuong.registry.testing import a_class, a_learner, a_school, a_teacher

pytestmark = pytest.mark.django_db


def test_groups_of_a_preschool_are_measured_without_a_trace_of_changes() -> None:
    school = a_school(level="preschool")
    group = a_class(school, name="Lá 1", grade=0, level="kindergarten", homeroom=a_teacher(school))
    for months in (4, 20, 50, 70):
        a_learner(school, group, birth_date=dt.date(2026, 9, 1) - dt.timedelta(months * 30))

    written = fill_preschool(school, SchoolYear(2026), 3, "x")

    assert written == GrowthCheck.objects.count() + DevelopmentRecord.objects.count() > 8
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from academics_markchange")
        assert cursor.fetchone() == (0,)
    assert account_named("giaovien.mn") is not None
