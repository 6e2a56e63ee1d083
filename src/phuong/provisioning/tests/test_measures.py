"""What is counted of work mailboxes."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from phuong.kernel.expressions import compile_sql
from phuong.kernel.scope import SYSTEM
from phuong.provisioning.actions.mailboxes import apply_plan
from phuong.provisioning.measures import MEASURES
from phuong.provisioning.models import Mailbox
from phuong.provisioning.testing import a_mail_domain
from phuong.registry.api import Organisation, StaffPosition
from phuong.registry.testing import a_commune, a_learner, a_province, a_school, a_teacher

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> Organisation:
    return a_school(a_commune("11311"))


def rows_of(columns: str) -> list[tuple[object, ...]]:
    (measure,) = MEASURES
    table = measure.population.table
    asked = (
        measure.records().select("label", "met", "why")
        if columns == "records"
        else table.group_by("organisation_id").agg(n=measure.numerator(), d=measure.denominator())
    )
    with connection.cursor() as cursor:
        cursor.execute(compile_sql(asked))
        return list(cursor.fetchall())


def test_only_mailboxes_that_the_suite_confirmed_count(school: Organisation) -> None:
    names = ("Ánh", "Bình", "Chi", "Dũng")
    people = [a_teacher(school, name=name, work_email="x@haiphong.edu.vn") for name in names]
    a_learner(school)
    domain = a_mail_domain(a_province())
    apply_plan(domain.pk, by=SYSTEM)
    boxes = Mailbox.objects.all()
    known = {"known_address": "x", "change": "", "next_try_at": None}
    boxes.filter(person=people[0]).update(known="active", **known)
    boxes.filter(person=people[1]).update(known="suspended", is_wanted=False, **known)
    boxes.filter(person=people[2]).update(next_try_at=None, answer="400")
    a_teacher(school, name="Em")

    assert rows_of("figures") == [(school.pk, 1, 5)]
    assert {label: why for label, met, why in rows_of("records") if not met} == {
        "Bình": "suspended",
        "Chi": "given_up",
        "Dũng": "waiting",
        "Em": "none",
    }


def test_who_works_no_more_does_not_count(school: Organisation) -> None:
    a_teacher(school, name="Ánh")
    StaffPosition.objects.update(during=(dt.date(2020, 8, 1), timezone.localdate()))

    assert rows_of("figures") == []
