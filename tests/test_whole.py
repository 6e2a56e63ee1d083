"""Records out of statements of our own are what the ORM gives, and are planned once a connection."""

import datetime as dt
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, models

from phuong.academics.models import GradeSheet, Mark
from phuong.academics.queries.opening import opened
from phuong.academics.testing import a_mark
from phuong.identity.models import RoleAssignment
from phuong.identity.testing import an_account
from phuong.kernel.permissions import Permission
from phuong.kernel.prepared import prepared
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.today import today
from phuong.kernel.whole import Whole
from phuong.registry.models import ClassGroup, Enrolment, Organisation
from phuong.registry.testing import a_class, a_person, a_school, an_enrolment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Organisation, ClassGroup, Enrolment, GradeSheet, Mark, RoleAssignment])
def test_a_record_is_what_the_orm_gives(model: type[models.Model]) -> None:
    school = a_school()
    group, learner = a_class(school), a_person(school)
    an_enrolment(learner, group)
    a_mark(group, learner, remark="Chăm học")
    an_account("teacher", school)
    whole: Whole[Any] = Whole(model)
    expected = {each.pk: each for each in model._default_manager.all()}
    assert expected

    with connection.cursor() as cursor:
        cursor.execute(f'select {whole.columns("x")}, 1 from "{model._meta.db_table}" x')
        rows = cursor.fetchall()

    for row in rows:
        values = iter(row)
        found = whole.read(values)
        assert list(values) == [1], "no value too many or too few is taken"
        for field in model._meta.concrete_fields:
            assert getattr(found, field.attname) == getattr(expected[found.pk], field.attname), field.name
        assert not found._state.adding
    assert len(rows) == len(expected)


def test_a_row_that_is_not_there_is_no_record() -> None:
    whole = Whole(Organisation)
    assert whole.read(iter([None] * whole.width)) is None


def test_a_prepared_statement_is_kept_and_counted(django_assert_num_queries: Any) -> None:
    words = "select %s::int + 1 as told_once"
    with django_assert_num_queries(8) as asked, prepared() as cursor:
        for number in range(8):
            cursor.execute(words, [number])
            assert cursor.fetchone() == (number + 1,)
    assert asked.captured_queries[7]["sql"] == "select 7::int + 1 as told_once"
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_prepared_statements where statement like '%%told_once%%'", [])
        assert cursor.fetchone() == (1,)


def test_a_kept_statement_follows_who_looks_and_at_which_day() -> None:
    school = a_school()
    group = a_class(school)
    manager = replace(SYSTEM, permissions=frozenset({Permission.MARKS_MANAGE}))
    before = replace(manager, as_of=today() - dt.timedelta(days=1))
    elsewhere = replace(manager, scope=a_school(school.territory).path)
    for actor, sees in [(manager, True)] * 8 + [(before, False), (elsewhere, False), (manager, True), (before, False)]:
        with acting(actor), nullcontext() if sees else pytest.raises(NotThere):
            assert opened(actor, group.pk, "TOAN", 1).group == group
