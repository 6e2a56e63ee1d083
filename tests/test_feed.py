"""The feed: one stream over every resource, in order, without loss, resumed anywhere, of what the key may read."""

import datetime as dt
import random
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from phuong.facilities.models import Building
from phuong.gateway.access import actor_of
from phuong.gateway.actions.clients import end_client
from phuong.gateway.declarations import RESOURCES, followed, followed_by
from phuong.gateway.queries import Place, events_of, present_place, write_cursor
from phuong.kernel.changes import KEPT_DAYS
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import SYSTEM, acting
from phuong.matching.actions.merging import merge_people
from phuong.registry.actions.network import Order, move_unit
from phuong.registry.api import Organisation, Person
from phuong.registry.testing import a_commune, a_guardian, a_learner, a_school
from phuong_client import Problem
from tests.calling import a_client, client_of, key_of, open_world
from tests.databases import committing
from tests.hooked import see_own_transaction
from tests.test_api_feed import from_here
from tests.world import World

PEOPLE = ("learners", "staff", "guardians")
ROOMS = frozenset({Permission.FACILITIES_READ})


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Give the cast; let a reader see the test's own transaction, which is open until the test ends."""
    see_own_transaction(monkeypatch)
    yield from open_world()


def told(key: str, after: str, *kinds: str) -> list[tuple[str, str, str]]:
    """Give (kind, record, act) of what a key is told."""
    events = client_of(key).feed.after(after, kinds=kinds, limit=500).events
    return [(each["kind"], each["resource_id"], each["act"]) for each in events]


def get(key: str, where: str) -> Any:
    return Client(headers={"Authorization": f"Bearer {key}"}).get(where)


def test_everything_that_happens_is_told_in_its_order_with_where_to_read_it(world: World) -> None:
    key, start = key_of(world), from_here()

    child = a_learner(world.school, name="Bé Mới Vào")
    building = Building.objects.create(organisation=world.school, name="Dãy A", construction="solid")
    Person.objects.filter(pk=child.pk).update(birthplace="Huế")
    gone = str(building.pk)
    building.delete()

    page = client_of(key).feed.after(start)
    acts = [(each["kind"], each["resource_id"], each["act"]) for each in page.events]
    assert acts == [
        ("learners", str(child.pk), "made"),
        ("learners", str(child.pk), "changed"),
        ("buildings", gone, "removed"),
    ]
    assert page.events[2]["href"] == ""
    assert get(key, page.events[0]["href"]).json()["full_name"] == "Bé Mới Vào"
    assert not page.is_more


def test_the_feed_stands_at_its_own_address_too_and_begins_now_without_a_cursor(world: World) -> None:
    key = key_of(world)
    a_learner(world.school)

    short, long = get(key, "/feed/?limit=5"), get(key, "/api/v1/feed?limit=5")
    start = from_here()
    child = a_learner(world.school)

    assert (short.status_code, short.json()["events"], long.json()["events"]) == (200, [], [])
    assert int(short["RateLimit-Remaining"]) > 0
    assert [each["resource_id"] for each in get(key, f"/feed/?after={start}").json()["events"]] == [str(child.pk)]
    assert Client().get("/feed/").status_code == 401
    assert Client().get("/feed/")["Content-Type"] == "application/problem+json"


def test_a_cursor_of_a_list_leads_into_the_feed(world: World) -> None:
    phuong = client_of(key_of(world))

    assert phuong.feed.after(phuong.rooms.start()).events == []


def test_two_records_that_became_one_are_told_with_both_keys(world: World) -> None:
    key = key_of(world)
    kept = a_learner(world.school, name="Hai Hồ Sơ")
    gone = a_learner(world.school, name="Hai Ho So")
    start = from_here()

    merge_people(kept.pk, gone.pk, {}, by=SYSTEM)

    events = client_of(key).feed.after(start, limit=500).events
    (change,) = [each for each in events if each["act"] == "key_changed"]
    assert (change["kind"], change["before"], change["after"]) == ("learners", str(gone.pk), str(kept.pk))
    assert get(key, change["href"]).json()["id"] == str(kept.pk)
    assert {each["act"] for each in events if each["resource_id"] == str(gone.pk)} == {"removed"}


def test_an_official_code_that_changed_is_told_with_both(world: World) -> None:
    key, before, start = key_of(world), world.school.code, from_here()

    Organisation.objects.filter(pk=world.school.pk).update(code="31999999")

    (change,) = client_of(key).feed.after(start).events
    assert (change["kind"], change["act"], change["before"], change["after"]) == (
        "organisations",
        "key_changed",
        before,
        "31999999",
    )


def test_what_moves_out_of_the_place_of_the_key_leaves_its_feed(world: World) -> None:
    old, new, whole = (key_of(world, unit) for unit in (world.commune, world.other_commune, world.province))
    start = from_here()

    order = Order(dt.date(2026, 9, 1), "12/QĐ")
    move_unit(world.school, manager=world.other_commune, territory=world.other_commune, order=order, by=SYSTEM)

    school = str(world.school.pk)
    assert ("schools", school, "moved_away") in told(old, start)
    assert {act for _kind, _key, act in told(old, start)} == {"moved_away"}
    assert ("schools", school, "changed") in told(new, start)
    assert {act for _kind, _key, act in told(whole, start)} == {"changed"}


def test_somebody_gone_is_told_under_each_resource_that_the_key_reads_and_asks_for(world: World) -> None:
    parent = a_guardian(world.an, name="Mạc Văn Đi")
    key = key_of(world, permissions=frozenset({Permission.PERSONS_READ}))
    start = from_here()

    was = str(parent.pk)
    parent.wards.all().delete()
    parent.delete()

    gone = [kind for kind, record, _act in told(key, start) if record == was]
    assert gone == ["learners", "guardians"]
    assert told(key, start, "guardians") == [("guardians", was, "removed")]


def test_another_place_and_another_permission_are_told_nothing(world: World) -> None:
    start = from_here()
    a_learner(world.school)

    assert told(key_of(world, world.other_school), start) == []
    assert told(key_of(world, permissions=ROOMS), start) == []
    for asked in ({"kinds": ["learners"]}, {"kinds": ["rooms", "learners"]}):
        with pytest.raises(Problem) as refused:
            client_of(key_of(world, permissions=ROOMS)).call("GET", "feed", query=asked)
        assert refused.value.status == 404
    with pytest.raises(Problem) as refused:
        client_of(key_of(world)).call("GET", "feed", query={"kinds": ["plans"]})
    assert refused.value.status == 422


def test_a_client_that_was_ended_is_told_nothing(world: World) -> None:
    client, key = a_client(world)
    end_client(client.pk, by=SYSTEM)

    assert get(key, "/feed/").status_code == 401


def test_every_event_is_a_place_to_go_on_from_and_nothing_is_passed_over(world: World) -> None:
    key, start = key_of(world), from_here()
    a_guardian(a_learner(world.school))
    parent = a_guardian(world.an)
    parent.wards.all().delete()
    parent.delete()
    events = client_of(key).feed.after(start, limit=500).events
    names = [each["id"] for each in events]

    for place, event in enumerate(events):
        rest = [each["id"] for each in client_of(key).feed.after(event["cursor"], limit=500).events]
        assert rest[-len(names[place + 1 :]) :] == names[place + 1 :] or rest == names[place + 1 :]
        assert set(names[place + 1 :]) <= set(rest)
    assert len(set(names)) == len(names)
    assert len(events) > 5


def test_parts_of_any_size_say_the_same(world: World) -> None:
    key, start = key_of(world), from_here()
    for _ in range(5):
        a_learner(world.school)
    whole = told(key, start)

    pieces: list[Any] = []
    phuong, cursor, is_more = client_of(key), start, True
    while is_more:
        page = phuong.feed.after(cursor, limit=2)
        pieces += [(each["kind"], each["resource_id"], each["act"]) for each in page.events]
        cursor, is_more = page.next, page.is_more

    assert pieces == whole
    assert len(whole) == 5


@pytest.mark.parametrize(
    ("cursor", "code"),
    [
        (Place("5", 1, dt.datetime.now(dt.UTC) - dt.timedelta(days=KEPT_DAYS + 1)), "gateway.cursor_too_old"),
        (Place("9" * 17, 1, dt.datetime.now(dt.UTC)), "gateway.cursor_too_old"),
        (None, "gateway.bad_cursor"),
    ],
    ids=["older than the log", "of another database", "nonsense"],
)
def test_a_cursor_that_leads_nowhere_is_refused(world: World, cursor: Place | None, code: str) -> None:
    answer = get(key_of(world), f"/feed/?after={write_cursor(cursor) if cursor else 'WzFd'}")

    assert (answer.status_code, answer.json()["code"]) == (410 if cursor else 422, code)
    assert answer["Content-Type"] == "application/problem+json"


def test_two_events_cost_as_many_statements_as_two_hundred(world: World) -> None:
    key = key_of(world)
    costs = []
    for count in (2, 200):
        start = from_here()
        for number in range(count):
            a_learner(world.school, name=f"Học Sinh {number}")
        assert len(told(key, start)) == count  # lists are read once and kept
        with CaptureQueriesContext(connection) as queries:
            told(key, start)
        costs.append(len(queries))

    assert costs[0] == costs[1] <= 20


def test_every_resource_that_is_followed_has_its_log(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select distinct tgrelid::regclass::text from pg_trigger where tgname like 'keep_changes_%'")
        logged = {table for (table,) in cursor.fetchall()}

    assert {each.table for each in followed()} == logged
    assert [each.name for each in followed()] == list(RESOURCES)


@pytest.mark.slow
def test_nothing_is_lost_while_many_write_at_once(django_db_blocker: Any) -> None:
    with committing(django_db_blocker):
        with acting(SYSTEM):
            school = a_school(a_commune("11311"))
        made: dict[str, None] = {}
        threads = [threading.Thread(target=_write, args=(school, made, seed)) for seed in range(4)]
        with acting(SYSTEM):
            cursor = write_cursor(present_place())
        for thread in threads:
            thread.start()
        seen: list[str] = []
        end = time.monotonic() + 60  # another test's open transaction may hold the feed back for a while
        while len(seen) < 60 and time.monotonic() < end:
            cursor, found = _follow(school, cursor)
            seen += found
        for thread in threads:
            thread.join()
        _cursor, more = _follow(school, cursor)

    assert sorted(seen) == sorted(made)
    assert (len(made), more) == (60, [])


def _write(school: Organisation, made: dict[str, None], seed: int) -> None:
    chance = random.Random(seed)
    for number in range(15):
        with acting(SYSTEM):
            row = Building.objects.create(organisation=school, name=f"{seed}-{number}", construction="solid")
            time.sleep(chance.uniform(0, 0.05))  # the line stands in the log, and nobody may see it yet
        made[str(row.pk)] = None
    connections.close_all()


def _follow(school: Organisation, cursor: str) -> tuple[str, list[str]]:
    with acting(SYSTEM) as actor:
        wanted = [each for each in followed_by(actor) if each.name == "buildings"]
        page = events_of(actor, wanted, cursor=cursor, limit=7)
    return page.next, [str(each.record) for each in page.events]


def test_a_client_acts_in_its_own_name_when_it_is_told(world: World) -> None:
    client, _key = a_client(world, permissions=ROOMS)

    assert [each.name for each in followed_by(actor_of(client))] == ["buildings", "rooms", "equipment", "programmes"]
