"""After a merge the old key leads on: pages, the programming interface, its feed, history and journal."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.urls import reverse

from phuong.gateway.queries import Place, write_cursor
from phuong.kernel.scope import SYSTEM
from phuong.matching.actions.merging import merge_people
from phuong.matching.actions.unmerging import unmerge
from phuong.registry.api import Person, former_keys
from phuong.registry.testing import a_class, a_learner, an_enrolment
from tests.calling import client_of, key_of, open_world
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Give the cast; let a reader see the test's own transaction, which is open until the test ends."""
    seen = "select (pg_current_xact_id()::text::bigint + 1)::text, now()"
    monkeypatch.setattr("phuong.kernel.changes._HORIZON", seen)
    yield from open_world()


def from_here() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id()::text, coalesce(max(id), 0), now() from kernel_change")
        return write_cursor(Place(*cursor.fetchone()))


def a_double(world: World) -> Person:
    return a_learner(world.school, name="Do Khanh An", phone="0333")


def test_old_addresses_lead_to_the_record_of_today(world: World) -> None:
    double = a_double(world)
    merge_people(world.an.pk, double.pk, {}, by=SYSTEM)
    client = world.client("principal")

    assert client.get(reverse("registry:person", args=[double.pk]))["Location"].endswith(f"{world.an.pk}/")
    for name in ("records:change", "records:history"):
        assert client.get(reverse(name, args=["learner", double.pk])).status_code == 200
    assert client.get(reverse("journal:openings", args=[double.pk])).status_code == 200
    other = world.client("clerk").get(reverse("registry:person", args=[world.stranger.pk]))
    assert other.status_code == 404


def test_an_old_key_of_somebody_elsewhere_is_not_there(world: World) -> None:
    double = a_learner(world.other_school, name="Hoang Van Xa")
    merge_people(world.stranger.pk, double.pk, {}, by=SYSTEM)

    assert world.client("principal").get(reverse("registry:person", args=[double.pk])).status_code == 404


def test_other_systems_read_and_write_by_the_old_key_and_are_told_the_new_one(world: World) -> None:
    double = a_double(world)
    learners = client_of(key_of(world)).resource("learners")
    start = from_here()

    merge = merge_people(world.an.pk, double.pk, {"phone": "drop"}, by=SYSTEM)

    told = learners.changes(after=start)
    assert [item["id"] for item in told.items] == [str(world.an.pk)]
    assert [gone["id"] for gone in told.removed] == [str(double.pk)]
    assert told.key_changes == [{"id": str(world.an.pk), "before": str(double.pk), "after": str(world.an.pk)}]
    assert learners.get(str(double.pk))["id"] == str(world.an.pk)
    assert learners.change(str(double.pk), {"address": "Số 5"}, reason="sửa")["id"] == str(world.an.pk)

    start = from_here()
    unmerge(merge.pk, by=SYSTEM)
    told = learners.changes(after=start)
    assert {item["id"] for item in told.items} == {str(world.an.pk), str(double.pk)}
    assert learners.get(str(double.pk))["id"] == str(double.pk)


def test_history_tells_both_lives_and_the_merge(world: World) -> None:
    double = a_double(world)
    Person.objects.filter(pk=double.pk).update(address="Số 1")
    Person.objects.filter(pk=double.pk).update(address="Số 2")
    an_enrolment(double, a_class(world.school, name="7B"))
    merge_people(world.an.pk, double.pk, {}, by=SYSTEM)

    page = world.client("principal").get(reverse("records:history", args=["learner", world.an.pk]))
    text = page.content.decode()

    assert "Số 1" in text
    assert "Gộp một hồ sơ khác của cùng người này" in text
    assert former_keys(world.an.pk) == [double.pk]


def test_who_opened_the_record_that_went_is_told_of_the_one_that_stayed(world: World) -> None:
    double = a_double(world)
    world.client("clerk").get(reverse("registry:person", args=[double.pk]))
    merge_people(world.an.pk, double.pk, {}, by=SYSTEM)

    text = world.client("principal").get(reverse("journal:openings", args=[world.an.pk])).content.decode()

    assert "Mở hồ sơ" in text
