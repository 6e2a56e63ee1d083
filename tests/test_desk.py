"""The desk: a record is made, changed with its reason, ended, and read as it was."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from phuong.facilities.api import Equipment
from phuong.kernel.jobs import Progress
from phuong.kernel.models import Change
from phuong.kernel.scope import Actor, acting
from phuong.records.actions.bulk import run_bulk
from phuong.records.api import BadValues, CannotEnd, Why, change_record, end_record, kind_named, make_record, parse
from phuong.records.models import BulkChange
from phuong.records.queries import history_of
from phuong.registry.api import Enrolment, Guardianship, Organisation, Person
from phuong.registry.testing import a_class
from tests.world import World, a_world

NEW = {"full_name": "Lê Văn Mới", "birth_date": "05/09/2013", "sex": "male", "nationality": "VN"}


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def clerk(world: World) -> Actor:
    permissions = frozenset({"registry:persons:read", "registry:persons:edit", "registry:staff:read"})
    return Actor(scope=world.school.path, name="văn thư Hoa", permissions=permissions)


def version_in(page: Any) -> str:
    found = re.search(r'name="version" value="(\w+)"', page.content.decode())
    assert found
    return found.group(1)


def test_a_clerk_makes_a_learner_with_a_number_typed_in_groups(world: World) -> None:
    where = reverse("records:make", args=["learner"]) + f"?of={world.school.pk}"

    answer = world.client("clerk").post(where, {**NEW, "number": "031 213.001-234"})

    made = Person.objects.get(full_name="Lê Văn Mới")
    assert answer.status_code == 302
    assert (made.path, made.is_learner, made.number_check) == (world.school.path, True, "agrees")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("full_name", "", "Chưa có họ và tên"),
        ("full_name", "Mới", "Ghi đủ họ và tên"),
        ("birth_date", "31/02/2013", "dd/mm/yyyy"),
        ("birth_date", "05/09/2099", "Năm sinh"),
        ("number", "12345", "12 chữ số"),
        ("sex", "kh", "Chọn một mục"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(world: World, field: str, value: str, words: str) -> None:
    where = reverse("records:make", args=["learner"]) + f"?of={world.school.pk}"

    answer = world.client("clerk").post(where, {**NEW, field: value})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Person.objects.filter(full_name__startswith="Lê Văn").exists()


def test_the_second_of_two_editors_is_shown_the_first_ones_change(world: World) -> None:
    client, where = world.client("clerk"), reverse("records:change", args=["learner", world.an.pk])
    version = version_in(client.get(where))
    facts = {**NEW, "reason": "theo giấy khai sinh", "version": version}
    client.post(where, {**facts, "full_name": "Đỗ Khánh Anh"})

    second = client.post(where, {**facts, "full_name": "Đỗ Khánh Ân"})

    text = second.content.decode()
    assert second.status_code == 409
    assert "Đỗ Khánh Anh" in text
    assert "Đỗ Khánh Ân" in text
    assert Person.objects.get(pk=world.an.pk).full_name == "Đỗ Khánh Anh"
    third = client.post(where, {**facts, "full_name": "Đỗ Khánh Ân", "version": version_in(second)})
    assert third.status_code == 302
    assert Person.objects.get(pk=world.an.pk).full_name == "Đỗ Khánh Ân"


def test_the_history_tells_who_why_from_when_before_and_after(world: World) -> None:
    kind = kind_named("learner")
    why = Why("theo giấy khai sinh", dt.date(2026, 9, 5))
    change_record(kind, world.an.pk, values={"birthplace": "Hải Phòng"}, by=clerk(world), why=why)

    step = history_of(kind, Person.objects.get(pk=world.an.pk))[0]

    assert (step.by, step.reason, step.effective_on) == ("văn thư Hoa", "theo giấy khai sinh", dt.date(2026, 9, 5))
    assert [(each.label, each.before, each.after) for each in step.differences] == [("Nơi sinh", "", "Hải Phòng")]


def test_a_change_that_changes_nothing_leaves_no_trace(world: World) -> None:
    before = Change.objects.count()

    change_record(kind_named("learner"), world.an.pk, values={"sex": "male"}, by=clerk(world), why=Why("x"))

    assert Change.objects.count() == before


def test_another_name_must_be_verified_anew(world: World) -> None:
    Person.objects.filter(pk=world.an.pk).update(identity_state="matched")

    change_record(
        kind_named("learner"), world.an.pk, values={"full_name": "Đỗ Văn Khác"}, by=clerk(world), why=Why("x")
    )

    assert Person.objects.get(pk=world.an.pk).identity_state == "unverified"


def test_a_learner_changes_class_on_a_day(world: World) -> None:
    other = a_class(world.school, name="8A4")
    by = clerk(world)
    values = {"class_group": str(other.pk), "since": dt.date(2026, 10, 12), "status": "studying"}

    make_record(kind_named("enrolment"), owner=world.an, values=values, by=by)

    rows = list(Enrolment.objects.filter(learner=world.an).order_by("starts_on"))
    assert [row.ends_on for row in rows] == [dt.date(2026, 10, 12), None]
    assert rows[1].class_group_id == other.pk


def test_a_known_number_makes_no_second_guardian(world: World) -> None:
    by, kind = clerk(world), kind_named("guardianship")
    facts = {"full_name": "Trần Văn Cha", "number": "031088001234", "relation": "father", "custody": "full"}
    values = parse(kind, facts, owner=world.an)
    make_record(kind, owner=world.an, values=values, by=by)
    sister = Person.objects.get(full_name="Bùi Thị Ánh")

    make_record(kind, owner=sister, values=values, by=by)

    assert Person.objects.filter(full_name="Trần Văn Cha").count() == 1
    assert Guardianship.objects.filter(guardian__full_name="Trần Văn Cha").count() == 2


def test_somebody_with_the_same_name_and_birthday_is_pointed_out_while_typing(world: World) -> None:
    where = reverse("records:alike", args=["learner"])
    born = f"{world.an.birth_date:%d/%m/%Y}"

    text = world.client("clerk").get(
        where, {**NEW, "of": world.school.pk, "full_name": "do khanh an", "birth_date": born}
    )

    assert "Đỗ Khánh An" in text.content.decode()


def test_of_a_person_elsewhere_only_is_said_that_the_number_is_known(world: World) -> None:
    kind = kind_named("learner")
    with acting(Actor(scope="vn.p31", permissions=frozenset({"registry:persons:read", "registry:persons:edit"}))) as by:
        change_record(kind, world.stranger.pk, values={"number": "031213005678"}, by=by, why=Why("x"))

    answer = world.client("clerk").get(
        reverse("records:alike", args=["learner"]), {**NEW, "of": world.school.pk, "number": "031213005678"}
    )

    text = answer.content.decode()
    assert "đã có ở một đơn vị khác" in text
    assert "Hoàng Văn Xa" not in text


def test_a_class_with_learners_is_not_removed(world: World) -> None:
    by = Actor(scope=world.school.path, permissions=frozenset({"registry:persons:read", "registry:classes:edit"}))

    with pytest.raises(CannotEnd):
        end_record(kind_named("class"), world.group.pk, on=dt.date(2026, 11, 1), by=by, reason="x")

    assert world.group.enrolments.exists()


def test_values_of_another_system_name_every_place_and_cure(world: World) -> None:
    with pytest.raises(BadValues) as caught:
        parse(kind_named("learner"), {"full_name": "A B", "hair": "black"}, owner=world.school)

    assert set(caught.value.errors) == {"hair"}


def bulk_of(world: World, role: str = "clerk") -> BulkChange:
    where = reverse("records:bulk", args=["learner"])
    facts = {"field": "plays_art", "value_plays_art": "yes", "reason": "khảo sát tháng 11"}
    answer = world.client(role).post(where, facts)
    assert answer.status_code == 302, answer.content.decode()
    return BulkChange.objects.latest("asked_at")


def run(asked: BulkChange, step: str) -> BulkChange:
    run_bulk(Progress(), str(asked.pk), step)
    asked.refresh_from_db()
    return asked


def test_a_bulk_change_is_tried_applied_and_undone_but_for_what_was_changed_since(world: World) -> None:
    client = world.client("clerk")
    asked = run(bulk_of(world), "check")
    assert (asked.state, asked.to_change, Person.objects.filter(plays_art=True).count()) == ("checked", 2, 0)

    client.post(reverse("records:bulk_apply", args=[asked.pk]))
    asked = run(asked, "apply")
    assert (asked.changed, Person.objects.filter(plays_art=True).count()) == (2, 2)
    assert run(asked, "apply").changed == 2
    change_record(kind_named("learner"), world.an.pk, values={"plays_art": False}, by=clerk(world), why=Why("x"))

    client.post(reverse("records:bulk_undo", args=[asked.pk]))
    asked = run(asked, "undo")
    assert (asked.state, asked.restored, asked.left_alone) == ("undone", 1, 1)
    assert Person.objects.get(pk=world.an.pk).plays_art is False
    assert Person.objects.filter(place=world.school, is_learner=True, plays_art=None).count() == 1


def test_a_bulk_change_keeps_to_the_scope(world: World) -> None:
    asked = bulk_of(world)
    BulkChange.objects.filter(pk=asked.pk).update(records=[*asked.records, world.stranger.pk])

    run(asked, "check")
    BulkChange.objects.filter(pk=asked.pk).update(state="applying")
    run(asked, "apply")

    assert Person.objects.get(pk=world.stranger.pk).plays_art is None


def test_a_page_looks_back_at_what_was_known(db: None) -> None:
    with time_machine.travel(dt.datetime(2026, 9, 20, tzinfo=dt.UTC), tick=True):
        world = a_world()
    values = {"full_name": "Đỗ Tên Mới"}
    change_record(kind_named("learner"), world.an.pk, values=values, by=clerk(world), why=Why("x"))
    client, where = world.client("clerk"), reverse("registry:person", args=[world.an.pk])

    past = client.get(where, {"as_of": "2026-09-30"}).content.decode()
    before = client.get(where, {"as_of": "2026-09-10"})
    present = client.get(where).content.decode()

    assert "Đỗ Khánh An" in past
    assert "Đỗ Tên Mới" not in past
    assert "Đang xem dữ liệu" in past
    assert before.status_code == 404
    assert "Đỗ Tên Mới" in present


def test_nothing_is_written_while_looking_back(world: World) -> None:
    client = world.client("clerk")
    where = reverse("records:change", args=["learner", world.an.pk])

    answer = client.post(where + "?as_of=2026-01-01", {**NEW, "reason": "x"})

    assert answer.status_code == 409
    assert Person.objects.get(pk=world.an.pk).full_name == "Đỗ Khánh An"


def test_all_equipment_of_one_school_is_changed_at_once_and_a_needed_value_is_asked_for(world: World) -> None:
    client = world.client("clerk")
    for _each in range(2):
        Equipment.objects.create(organisation=world.school, kind="computer", quantity=2, working=2)
    where = reverse("records:bulk", args=["equipment"]) + f"?school={world.school.pk}"
    shown = client.get(reverse("facilities:rooms", args=[world.school.pk])).content.decode()
    assert where in shown

    answer = client.post(where, {"field": "is_connected", "value_is_connected": "yes", "reason": "đã nối mạng"})
    asked = run(BulkChange.objects.latest("asked_at"), "check")

    assert (answer.status_code, asked.to_change) == (302, 2)
    client.post(reverse("records:bulk_apply", args=[asked.pk]))
    run(asked, "apply")
    assert Equipment.objects.filter(organisation=world.school, is_connected=True).count() == 2
    other = reverse("records:bulk", args=["equipment"]) + f"?school={world.other_school.pk}"
    assert client.get(other).status_code == 404
    assert client.get(reverse("records:bulk", args=["equipment"]) + "?school=x").status_code == 404
    empty = client.post(reverse("records:bulk", args=["learner"]), {"field": "nationality", "reason": "x"})
    assert empty.status_code == 422


@pytest.mark.parametrize("route", ["records:change", "records:end"])
def test_a_form_opens_at_no_past_day_but_says_how_to_come_back(world: World, route: str) -> None:
    record = ["learner", world.an.pk] if route == "records:change" else ["class", world.group.pk]

    answer = world.client("clerk").get(reverse(route, args=record), {"as_of": "2026-01-01"})

    assert answer.status_code == 409
    assert "Về hôm nay" in answer.content.decode()


@pytest.mark.parametrize("kind", ["school", "unit"])
def test_a_unit_is_not_made_at_the_desk(world: World, kind: str) -> None:
    values = {"short_name": "THCS Mới", "region": "delta", "standard_level": "0"}

    answer = world.client("division_officer").post(reverse("records:make", args=[kind]), values)

    assert answer.status_code == 404
    assert Organisation.objects.filter(kind="school").count() == 3
