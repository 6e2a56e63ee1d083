"""Deliveries of changes: whatever happened in between, the other side ends up as after a delivery of everything."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.databases import committing
from tests.outside import Outside
from tests.sharing import held, office_settings, rows_of

from phuong.kernel.jobs import Progress
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.api import ClassGroup, Enrolment, Organisation, Person
from phuong.registry.testing import a_class, a_commune, a_learner, a_school, an_enrolment
from phuong.sharing.jobs import send
from phuong.sharing.models import Service
from phuong.sharing.testing import a_service

CITY = "city/learners"
FIRST_DAY = dt.date(2026, 9, 5)


@pytest.fixture
def service(django_db_blocker: Any, outside: Outside, settings: Any) -> Iterator[Service]:
    """Give a service of learners that was sent once, in a database where transactions end."""
    settings.PHUONG_SHARING = office_settings(outside, batch=3)
    with committing(django_db_blocker):
        separate = connections["batch"]
        connections["batch"] = connections["default"]
        try:
            with acting(SYSTEM):
                schools = [a_school(a_commune(code)) for code in ("11311", "11314")]
                groups = [a_class(school, name=name) for school in schools for name in ("8A1", "8A2")]
                for group in groups:
                    a_learner(group.organisation, group)
                made = a_service()
            run(made)
            yield made
        finally:
            connections["batch"] = separate


def run(service: Service, **options: Any) -> dict[str, Any]:
    settle()
    return dict(send(Progress(), service=str(service.pk), patience=0, **options))


def settle() -> None:
    """Wait until no transaction is open that is as old as ours: readers of the log stay below the oldest one."""
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id()::text")
        ours = cursor.fetchone()[0]
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute("select pg_snapshot_xmin(pg_current_snapshot()) > %s::xid8", [ours])
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)


def _one(rows: Any, place: int) -> Any:
    found = list(rows.order_by("pk"))
    return found[place % len(found)] if found else None


def enrol(place: int) -> None:
    group = _one(ClassGroup.objects, place)
    a_learner(group.organisation, group)


def rename(place: int) -> None:
    row = _one(Person.objects.filter(is_learner=True), place)
    if row:
        Person.objects.filter(pk=row.pk).update(sex="female" if row.sex == "male" else "male")


def forget(place: int) -> None:
    row = _one(Person.objects.filter(is_learner=True), place)
    if row:
        row.delete()


def leave(place: int) -> None:
    row = _one(Enrolment.objects.filter(ends_on=None), place)
    if row:
        Enrolment.objects.filter(pk=row.pk).update(during=(row.during.lower, dt.date(2026, 10, 1)))


def strike(place: int) -> None:
    row = _one(Enrolment.objects, place)
    if row:
        row.delete()


def move(place: int) -> None:
    row, group = _one(Enrolment.objects.filter(ends_on=None), place), _one(ClassGroup.objects, place + 1)
    if row:
        there = {"class_group": group, "organisation": group.organisation, "path": group.organisation.path}
        Enrolment.objects.filter(pk=row.pk).update(**there)


def regrade(place: int) -> None:
    ClassGroup.objects.filter(pk=_one(ClassGroup.objects, place).pk).update(grade=6 + place % 4)


def recode(place: int) -> None:
    school = _one(Organisation.objects.filter(kind="school"), place)
    Organisation.objects.filter(pk=school.pk).update(code=f"{school.code[:8]}{place}")


def rename_commune(place: int) -> None:
    ward = _one(Organisation.objects.filter(kind="ward"), place)
    Organisation.objects.filter(pk=ward.pk).update(code=f"{ward.code[:5]}{place}")


ACTS: dict[str, Callable[[int], None]] = {
    each.__name__: each for each in (enrol, rename, forget, leave, strike, move, regrade, recode, rename_commune)
}
_acts = st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 7)), max_size=4)


def do(acts: list[tuple[str, int]]) -> None:
    for name, place in acts:
        with acting(SYSTEM):
            ACTS[name](place)


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=_acts, second=_acts)
def test_two_deliveries_of_changes_are_one_of_everything(
    service: Service, outside: Outside, first: list[tuple[str, int]], second: list[tuple[str, int]]
) -> None:
    do(first)
    told = [run(service)]
    do(second)
    told.append(run(service))
    followed = rows_of(outside, CITY)

    whole = run(service, everything=True)

    assert [each["because"] for each in told] == ["", ""]
    assert [each["differing"] for each in told] == [0, 0]
    assert whole["differing"] == 0
    assert rows_of(outside, CITY) == followed
    assert [each["kind"] for each in held(outside, CITY)["deliveries"][:3]] == ["full", "changes", "changes"]


@pytest.mark.parametrize("act", sorted(ACTS))
def test_each_change_reaches_the_other_side(service: Service, outside: Outside, act: str) -> None:
    do([(act, 1)])

    told = run(service)

    assert (told["because"], told["differing"]) == ("", 0)
    assert told["rows"] + told["removed"] > 0
    assert held(outside, CITY)["deliveries"][0]["kind"] == "changes"


def test_what_only_the_calendar_changes_is_told_too(service: Service, outside: Outside) -> None:
    today = dt.datetime.now(dt.UTC).date()
    with acting(SYSTEM):
        learner, group = Person.objects.filter(is_learner=True).first(), ClassGroup.objects.last()
        assert learner is not None
        assert group is not None
        Enrolment.objects.filter(learner=learner).update(during=(FIRST_DAY, today - dt.timedelta(days=1)))
        an_enrolment(learner, group, since=today)
    run(service)
    with acting(SYSTEM):  # as if all that had been entered, and sent, three days ago
        Service.objects.update(day=today - dt.timedelta(days=3))

    told = run(service)

    assert (told["rows"], told["removed"], told["differing"]) == (1, 0, 0)


def test_other_places_changes_are_not_told(service: Service, outside: Outside) -> None:
    with acting(SYSTEM):
        teacher = Person.objects.create(
            place=Organisation.objects.get(path="vn.p31.sgd"), path="vn.p31.sgd", full_name="x", sex="male"
        )
    run(service)
    with acting(SYSTEM):
        Person.objects.filter(pk=teacher.pk).update(sex="female")

    told = run(service)

    assert (told["rows"], told["removed"]) == (0, 0)
