"""The feed of every kind: made, changed, ended, removed, moved and renamed records reach whoever follows."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from phuong.facilities.models import Building
from phuong.gateway.actions.keeping import ANSWER_DAYS, forget_old
from phuong.gateway.models import ApiClient, KeptAnswer
from phuong.gateway.queries import Place, ends, read_cursor, write_cursor
from phuong.gateway.rest import PLURALS
from phuong.kernel.changes import KEPT_DAYS, forget_changes
from phuong.kernel.jobs import Progress
from phuong.kernel.models import Change
from phuong.kernel.scope import SYSTEM
from phuong.records.api import kind_named
from phuong.registry.actions.network import Order, move_unit
from phuong.registry.api import Organisation, Person
from phuong.registry.testing import a_learner, a_school
from phuong.tasks.api import Assignment
from phuong_client import Changes, Problem
from tests.calling import a_client, client_of, key_of, open_world
from tests.world import World

UTC = dt.UTC
PERSON = {"full_name": "Lê Văn Mới", "birth_date": "1990-09-05", "sex": "male", "nationality": "VN"}
NAMED = {"full_name": "Lê Văn Mới", "sex": "male"}
BUILDING = {"name": "Dãy B", "construction": "solid"}
ROOM = {"name": "B101", "kind": "classroom", "construction": "solid"}
CLASS = {"name": "8A9", "school_year": 2026, "level": "lower_secondary", "grade": 8, "kind": "single"}


@dataclass(frozen=True)
class Case:
    """How a record of a kind is made and changed; ``of``: to whom it belongs; no values: it stands already."""

    of: Callable[[World], Any]
    change: dict[str, Any]
    values: Callable[[World], dict[str, Any]] | None = None


def school(world: World) -> Organisation:
    return world.school


def a_newcomer(world: World) -> Person:
    return Person.objects.filter(full_name="Bé Mới Vào").first() or a_learner(world.school, name="Bé Mới Vào")


CASES = {
    "learner": Case(school, {"birthplace": "Hải Phòng"}, lambda _: {**PERSON, "birth_date": "2013-09-05"}),
    "staff": Case(school, {"birthplace": "Huế"}, lambda _: {**PERSON, "position": "teacher", "since": "2026-09-01"}),
    "guardian": Case(school, {"address": "Số 5"}, lambda _: NAMED),
    "guardianship": Case(
        lambda world: world.an, {"custody": "shared"}, lambda _: {**NAMED, "relation": "father", "custody": "full"}
    ),
    "class": Case(school, {"two_sessions": True}, lambda _: CLASS),
    "enrolment": Case(
        a_newcomer,
        {"status": "repeating"},
        lambda world: {"class_group": str(world.group.pk), "since": "2026-09-05", "status": "studying"},
    ),
    "position": Case(
        lambda world: world.lan,
        {"subject": "TOAN"},
        lambda _: {"position": "teacher", "since": "2026-09-01", "is_main": False},
    ),
    "qualification": Case(lambda world: world.lan, {"field": "Toán"}, lambda _: {"level": "bachelor"}),
    "teaching": Case(
        lambda world: world.lan,
        {"periods": 5},
        lambda world: {"class_group": str(world.group.pk), "subject": "TOAN", "since": "2026-09-05", "periods": 4},
    ),
    "school": Case(school, {"address": "Số 1"}),
    "unit": Case(school, {"short_name": "Lạch Tray"}),
    "focal": Case(
        school, {"post": "Tổ trưởng"}, lambda _: {"duty": "statistics", "full_name": "Trần An", "phone": "0912345678"}
    ),
    "building": Case(school, {"built_in": 2018}, lambda _: BUILDING),
    "room": Case(school, {"seats": 45}, lambda _: ROOM),
    "equipment": Case(school, {"working": 3}, lambda _: {"kind": "laptop", "quantity": 5, "working": 5}),
    "programme": Case(
        school, {"members": 20}, lambda _: {"title": "CLB Robot", "school_year": 2026, "kind": "robotics"}
    ),
}


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Give the cast; let a reader see the test's own transaction, which is open until the test ends."""
    seen = "select (pg_current_xact_id()::text::bigint + 1)::text, now()"
    monkeypatch.setattr("phuong.kernel.changes._HORIZON", seen)
    yield from open_world()


def from_here() -> str:
    """Give a cursor after everything the test did so far."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id()::text, coalesce(max(id), 0), now() from kernel_change")
        return write_cursor(Place(*cursor.fetchone()))


def ids(told: Changes[Any]) -> list[str]:
    return [item["id"] for item in told.items]


@pytest.mark.parametrize("kind_code", PLURALS)
def test_what_is_made_changed_and_ended_reaches_the_feed(world: World, kind_code: str) -> None:
    case, kind = CASES[kind_code], kind_named(kind_code)
    owner = case.of(world)
    phuong = client_of(key_of(world))
    records = phuong.resource(PLURALS[kind_code])
    start = from_here()
    key = str(owner.pk)
    if case.values:
        key = records.create(case.values(world), of=key, reason="thêm")["id"]
        assert ids(records.changes(after=start)) == [key]

    start = from_here()
    changed = records.change(key, case.change, reason="sửa")
    (told,) = records.changes(after=start).items
    assert {name: told[name] for name in case.change} == case.change
    assert told == {name: value for name, value in changed.items() if name != "version"}

    start = from_here()
    if kind.ending:
        records.end(key, on="2026-11-20", reason="thôi")
        told = records.changes(after=start)
        if ends(kind):
            assert [(item["id"], item["ended_on"]) for item in told.items] == [(key, "2026-11-20")]
        else:
            assert (told.items, [gone["id"] for gone in told.removed]) == ([], [key])


@pytest.mark.parametrize("kind_code", PLURALS)
def test_a_row_that_vanishes_is_told_as_removed(world: World, kind_code: str) -> None:
    case, kind = CASES[kind_code], kind_named(kind_code)
    records = client_of(key_of(world)).resource(PLURALS[kind_code])
    if kind_code in ("school", "unit"):
        unit = a_school(world.school, name="Điểm trường")
        Organisation.objects.filter(pk=unit.pk).update(path=f"{world.school.path}.x1")
        key = unit.pk
    else:
        values = case.values(world) if case.values else {}
        key = records.create(values, of=str(case.of(world).pk), reason="thêm")["id"]
    start = from_here()

    if kind_code == "unit":
        unit.school.delete()
    elif kind_code == "staff":
        Person.objects.get(pk=key).positions.all().delete()
    kind.model._default_manager.filter(pk=key).delete()

    told = records.changes(after=start)
    assert str(key) in [gone["id"] for gone in told.removed]
    assert str(key) not in ids(told)


@pytest.mark.parametrize("plural", ["organisations", "schools", "classes", "rooms", "buildings", "learners", "staff"])
def test_a_school_that_moves_away_leaves_the_feed_of_its_old_commune(world: World, plural: str) -> None:
    Building.objects.create(organisation=world.school, name="Dãy A", construction="solid")
    old, new = (client_of(key_of(world, unit)) for unit in (world.commune, world.other_commune))
    whole = client_of(key_of(world, world.province))
    before = {item["id"] for item in old.resource(plural).list()}
    start = from_here()

    order = Order(dt.date(2026, 9, 1), "12/QĐ")
    move_unit(world.school, manager=world.other_commune, territory=world.other_commune, order=order, by=SYSTEM)

    told = old.resource(plural).changes(after=start)
    after = {item["id"] for item in old.resource(plural).list()}
    gone = before - after
    assert gone
    assert gone <= {each["id"] for each in told.removed}
    assert told.items == []
    assert set(ids(new.resource(plural).changes(after=start))) == gone
    assert set(ids(whole.resource(plural).changes(after=start))) == gone
    assert not gone & {each["id"] for each in whole.resource(plural).changes(after=start).removed}


def test_a_changed_official_code_is_told_with_both_codes(world: World) -> None:
    phuong = client_of(key_of(world))
    start, before = from_here(), world.school.code

    Organisation.objects.filter(pk=world.school.pk).update(code="31999999")
    Person.objects.filter(pk=world.an.pk).update(code="HS1")
    Person.objects.filter(pk=world.an.pk).update(code="HS2")

    assert phuong.organisations.changes(after=start).key_changes == [
        {"id": str(world.school.pk), "before": before, "after": "31999999"}
    ]
    (change,) = phuong.learners.changes(after=start).key_changes
    assert (change["before"], change["after"]) == ("HS1", "HS2")


def test_tasks_are_followed_like_records(world: World) -> None:
    phuong = client_of(key_of(world))
    start = from_here()

    made = phuong.tasks.give("Rà soát phòng học", units=[str(world.school.pk)])
    phuong.tasks.note(made["items"][0], "Đã bắt đầu", percent=10)
    told = phuong.tasks.changes(after=start)
    Assignment.objects.all().delete()

    assert [(item["id"], item["state"], item["percent"]) for item in told.items] == [(made["items"][0], "doing", 10)]
    assert [gone["id"] for gone in phuong.tasks.changes(after=start).removed] == made["items"]


def test_the_feed_goes_on_page_by_page_and_keeps_each_cursor(world: World) -> None:
    phuong = client_of(key_of(world))
    start, kept = from_here(), []
    made = [
        phuong.buildings.create({**BUILDING, "name": f"Dãy {place}"}, of=str(world.school.pk))["id"]
        for place in range(3)
    ]

    first = phuong.buildings.changes(after=start, limit=2)
    pages = list(phuong.buildings.all_changes(first.next, keep=kept.append))

    assert [ids(first), *[ids(page) for page in pages]] == [made[:2], made[2:], []]
    assert len(kept) == 2


def test_a_feed_started_at_the_list_misses_nothing(world: World) -> None:
    phuong = client_of(key_of(world))

    start = phuong.rooms.start()

    assert read_cursor(start).at <= dt.datetime.now(UTC)
    assert phuong.rooms.changes(after=start).items == []


@pytest.mark.parametrize(
    "cursor",
    [
        Place("5", 1, dt.datetime.now(UTC) - dt.timedelta(days=KEPT_DAYS + 1)),
        Place("9" * 17, 1, dt.datetime.now(UTC)),
    ],
    ids=["older than the log", "of another database"],
)
def test_a_cursor_the_log_does_not_reach_is_refused(world: World, cursor: Place) -> None:
    with pytest.raises(Problem) as refused:
        client_of(key_of(world)).learners.changes(after=write_cursor(cursor))

    assert (refused.value.status, refused.value.code) == (410, "gateway.cursor_too_old")


def test_a_moment_before_the_log_is_refused(world: World) -> None:
    phuong = client_of(key_of(world))

    with pytest.raises(Problem) as refused:
        phuong.learners.changes(since="2020-01-01T00:00:00Z")

    assert refused.value.code == "gateway.cursor_too_old"
    assert phuong.learners.changes(since=dt.datetime.now(UTC).isoformat()).removed == []


def test_what_leaves_a_filtered_list_is_not_followed_silently(world: World) -> None:
    phuong = client_of(key_of(world))

    with pytest.raises(Problem) as refused:
        phuong.call("GET", "rooms", query={"of": str(world.school.pk), "changes_after": ""})

    assert refused.value.status == 422


def test_nonsense_for_a_cursor_is_named(world: World) -> None:
    for nonsense in ("xx", "WzFd", write_cursor(Place())[:-2] + "__"):
        with pytest.raises(Problem) as refused:
            client_of(key_of(world)).learners.changes(after=nonsense)
        assert refused.value.code == "gateway.bad_cursor"


def test_old_answers_and_old_lines_are_forgotten_at_night_and_nothing_younger(world: World) -> None:
    client: ApiClient = a_client(world)[0]
    for key, age in (("old", ANSWER_DAYS + 1), ("young", ANSWER_DAYS - 1)):
        kept = KeptAnswer.objects.create(client=client, key=key, asked=b"x", path=client.path)
        KeptAnswer.objects.filter(pk=kept.pk).update(at=dt.datetime.now(UTC) - dt.timedelta(days=age))
    young = Change.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into kernel_change (txid, at, path, on_kind, on_id, act) "
            "select pg_current_xact_id(), now() - make_interval(days => %s), 'vn.p31', 'x', gen_random_uuid(), 'made'",
            [KEPT_DAYS + 1],
        )

    told = [forget_old(Progress()) for _time in range(2)]

    assert told == [{"answers": 1, "changes": 1}, {"answers": 0, "changes": 0}]
    assert KeptAnswer.objects.get().key == "young"
    assert Change.objects.count() == young


def test_the_log_is_not_to_be_shortened_by_hand(world: World) -> None:
    before = Change.objects.count()

    for act in (lambda: Change.objects.all().delete(), lambda: forget_changes(30)):
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            act()
        assert "kernel_change" in str(refused.value) or "90 days" in str(refused.value)

    assert Change.objects.count() == before
