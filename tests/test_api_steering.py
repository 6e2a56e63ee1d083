"""Tasks, plans and the rights of clients over REST: nothing of another unit, nothing that was not granted."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from phuong.gateway.access import GRANTABLE
from phuong.gateway.models import KeptAnswer
from phuong.gateway.rest import document_text
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import SYSTEM, Actor
from phuong.plans.api import Duty, Plan, Target, Task
from phuong.plans.models import Doubt, Reported
from phuong.plans.testing import a_reported, an_indicator
from phuong.registry.api import Organisation, Person
from phuong.tasks.actions.giving import Order, give
from phuong.tasks.api import Assignment
from phuong.tasks.models import Progress
from phuong_client import Client, Problem
from tests.calling import client_of, key_of, open_world
from tests.world import World

LEADER = Actor(scope="vn.p31", name="Lãnh đạo Hải", permissions=SYSTEM.permissions)
OPERATIONS = [
    (act.upper(), address, facts)
    for address, acts in json.loads(document_text())["paths"].items()
    for act, facts in acts.items()
    if facts["tags"] != ["code-lists"] and facts["operationId"] != "keep_programme_file"  # no JSON: tests/test_api.py
]


@pytest.fixture
def world(db: None) -> Iterator[World]:
    yield from open_world()


def a_task(*units: Organisation) -> list[Assignment]:
    give(Order("Rà soát mạng lưới", "Báo cáo", dt.date(2026, 12, 1)), units=units, origin="conclusion", by=LEADER)
    return list(Assignment.objects.order_by("organisation__name"))


def refused(act: Any) -> tuple[int, str]:
    with pytest.raises(Problem) as refusal:
        act()
    return refusal.value.status, refusal.value.code


def test_a_unit_works_on_its_task_and_the_giver_confirms(world: World) -> None:
    school, department = client_of(key_of(world)), client_of(key_of(world, world.province))

    made = department.tasks.give(
        "Rà soát phòng học", units=[str(world.school.pk)], due_on="2026-12-31", product="Báo cáo", once="giao-1"
    )
    again = department.tasks.give(
        "Rà soát phòng học", units=[str(world.school.pk)], due_on="2026-12-31", product="Báo cáo", once="giao-1"
    )
    (key,) = made["items"]
    school.tasks.note(key, "Đã xem 12 phòng", percent=60)
    school.tasks.step(key, "submit", text="Báo cáo số 5")
    done = department.tasks.step(key, "confirm")

    assert made == again == {"count": 1, "items": [key]}
    assert (done["state"], done["percent"], done["result"]) == ("done", 100, "Báo cáo số 5")
    assert [line["kind"] for line in school.tasks.progress(key)] == ["note", "state", "state"]
    assert [task["id"] for task in school.tasks.list(state="done")] == [key]
    assert list(school.tasks.list(state="open")) == []


def test_who_gave_a_task_does_not_work_on_it_and_who_has_it_does_not_confirm_it(world: World) -> None:
    (task,) = a_task(world.commune)
    commune, department = client_of(key_of(world, world.commune)), client_of(key_of(world, world.province))

    assert refused(lambda: department.tasks.note(str(task.pk), "x")) == (404, "not_there")
    commune.tasks.step(str(task.pk), "submit")
    assert refused(lambda: commune.tasks.step(str(task.pk), "confirm")) == (404, "not_there")
    assert refused(lambda: department.tasks.step(str(task.pk), "cancel")) == (409, "tasks.wrong_state")

    task.refresh_from_db()
    assert task.state == "submitted"


def test_a_client_of_a_school_reads_and_writes_no_task_of_another(world: World) -> None:
    theirs = a_task(world.other_school)[0]
    phuong = client_of(key_of(world))
    other = str(world.other_school.pk)

    assert list(phuong.tasks.list()) == []
    assert list(phuong.tasks.list(of=other)) == []
    for act in (
        lambda: phuong.tasks.get(str(theirs.pk)),
        lambda: list(phuong.tasks.progress(str(theirs.pk))),
        lambda: phuong.tasks.note(str(theirs.pk), "x"),
        lambda: phuong.tasks.step(str(theirs.pk), "start"),
        lambda: phuong.tasks.give("x", units=[other]),
        lambda: phuong.tasks.give("x", units=[str(world.school.pk), other]),
        lambda: phuong.tasks.give("x", units=[str(world.school.pk)], parent=str(theirs.pk)),
    ):
        assert refused(act) == (404, "not_there")

    theirs.refresh_from_db()
    assert theirs.state == "open"
    assert Assignment.objects.count() == 1
    assert not Progress.objects.exists()


@pytest.mark.parametrize("count", [2, 200])
def test_the_list_of_tasks_is_as_cheap_for_many(world: World, django_assert_max_num_queries: Any, count: int) -> None:
    for number in range(count):
        give(Order(f"Việc {number}"), units=[world.school], origin="own", by=LEADER)
    phuong = client_of(key_of(world))

    with django_assert_max_num_queries(17):
        page = phuong.call("GET", "tasks", query={"limit": 100})

    assert len(page["items"]) == min(count, 100)


def a_full_plan(world: World) -> Plan:
    plan = Plan.objects.get(code="ke-hoach")
    Target.objects.create(indicator=world.indicator, year=2027, comparator=">=", value=95)
    Task.objects.create(plan=plan, code="1", rank=1, title="Ban hành kế hoạch", lead=["Sở"])
    Duty.objects.create(plan=plan, code="1", who="Các trường", what="Báo cáo", when="Hằng tháng")
    for unit, value in ((world.school, 88), (world.other_school, 77)):
        a_reported(world.indicator, unit, dt.date(2026, 11, 1), value=value, source="BC số 1")
    return plan


def test_a_plan_is_read_with_targets_tasks_duties_and_doubts(world: World) -> None:
    a_full_plan(world)
    phuong = client_of(key_of(world))

    assert [(each["year"], each["value"]) for each in phuong.plans.targets("ke-hoach")] == [
        (2026, "90.0000"),
        (2027, "95.0000"),
    ]
    assert [each["title"] for each in phuong.plans.tasks("ke-hoach")] == ["Ban hành kế hoạch"]
    assert [each["when"] for each in phuong.plans.duties("ke-hoach")] == ["Hằng tháng"]
    assert [each["text"] for each in phuong.plans.doubts("ke-hoach")] == ["Không rõ"]
    assert [each["code"] for each in phuong.plans.list()] == ["ke-hoach"]


def test_a_page_of_targets_ends_where_the_next_begins(world: World) -> None:
    a_full_plan(world)
    phuong = client_of(key_of(world))

    first = phuong.call("GET", "plans/ke-hoach/targets", query={"limit": 1})
    second = phuong.call("GET", "plans/ke-hoach/targets", query={"limit": 1, "after": first["next"]})

    assert [page["items"][0]["year"] for page in (first, second)] == [2026, 2027]
    assert second["next"] == ""


def test_reported_values_are_those_of_the_own_place(world: World) -> None:
    a_full_plan(world)

    own = list(client_of(key_of(world)).plans.values("ke-hoach"))
    whole = list(client_of(key_of(world, world.province)).plans.values("ke-hoach"))

    assert [(each["of"], each["value"]) for each in own] == [(str(world.school.pk), "88.0000")]
    assert len(whole) == Reported.objects.count() == 2


def test_a_unit_reports_a_month_and_a_person_reviews_it(world: World) -> None:
    indicator = an_indicator("T1", plan="bao-so", scope="schools", reporting="Các trường")
    phuong = client_of(key_of(world, permissions=frozenset({Permission.VALUES_REPORT, Permission.PLANS_READ})))
    facts = {"indicator": "T1", "period": "2026-10-31", "numerator": 3, "denominator": 4, "source": "Sổ của trường"}

    sent = phuong.plans.report("bao-so", facts)
    again = phuong.plans.report("bao-so", {**facts, "numerator": 4})

    assert (sent["state"], sent["value"], sent["of"]) == ("submitted", "75.0000", str(world.school.pk))
    assert (again["id"], again["value"]) == (sent["id"], "100.0000")
    assert [each["state"] for each in phuong.plans.values("bao-so")] == ["submitted"]
    assert list(client_of(key_of(world, world.province)).plans.values("bao-so")) == []
    assert Reported.objects.get(indicator=indicator).submitted_by_name == "Phần mềm X"


@pytest.mark.parametrize(
    "change",
    [{"source": " "}, {"numerator": 5}, {"value": 90}, {"period": "2027-01-31"}, {"denominator": 0}],
    ids=lambda change: next(iter(change)),
)
def test_an_impossible_value_is_refused_with_its_place(world: World, change: dict[str, Any]) -> None:
    an_indicator("T1", plan="bao-so", scope="schools", reporting="Các trường")
    phuong = client_of(key_of(world, permissions=frozenset({Permission.VALUES_REPORT, Permission.PLANS_READ})))
    facts = {"indicator": "T1", "period": "2026-10-31", "numerator": 3, "denominator": 4, "source": "Sổ của trường"}

    assert refused(lambda: phuong.plans.report("bao-so", {**facts, **change}))[0] == 422
    assert not Reported.objects.filter(indicator__code="T1").exists()


def test_nobody_reports_for_another_school(world: World) -> None:
    an_indicator("T1", plan="bao-so", scope="schools", reporting="Các trường")
    facts = {"indicator": "T1", "period": "2026-10-31", "numerator": 3, "denominator": 4, "source": "x"}
    permissions = frozenset({Permission.VALUES_REPORT, Permission.PLANS_READ})
    other = {**facts, "of": str(world.other_school.pk)}

    for place in (world.school, world.province):
        phuong = client_of(key_of(world, place, permissions=permissions))
        assert refused(lambda here=phuong: here.plans.report("bao-so", other)) == (404, "not_there")
    assert not Reported.objects.filter(indicator__code="T1").exists()


def test_a_doubt_is_settled_by_a_client_of_the_province_alone(world: World) -> None:
    school, province = client_of(key_of(world)), client_of(key_of(world, world.province))
    key = str(world.doubt.pk)

    assert refused(lambda: school.plans.settle("ke-hoach", key, "x")) == (404, "not_there")
    assert Doubt.objects.get().settled_at is None
    settled = province.plans.settle("ke-hoach", key, "Bản gốc ghi 90%")

    assert (settled["settlement"], settled["settled_by"]) == ("Bản gốc ghi 90%", "Phần mềm X")
    assert refused(lambda: province.plans.settle("ke-hoach", str(uuid4()), "x")) == (404, "not_there")


def test_a_plan_of_another_province_is_not_there(world: World) -> None:
    Plan.objects.create(code="tinh-khac", title="x", issuer="x", province_code="22", starts=2025, ends=2030, digest="x")
    phuong = client_of(key_of(world))

    assert [each["code"] for each in phuong.plans.list()] == ["ke-hoach"]
    assert refused(lambda: list(phuong.plans.targets("tinh-khac"))) == (404, "not_there")


def called(phuong: Client, method: str, address: str, facts: dict[str, Any], world: World) -> tuple[int, str]:
    """Call an operation as it should be called, on records of the client's own place."""
    bodies = {
        "give_task": {"title": "x", "units": [str(world.school.pk)]},
        "note_task": {"text": "x"},
        "step_task": {"act": "start"},
        "settle_doubt": {"words": "x"},
        "report_value": {"indicator": "1", "period": "2026-10-31", "value": "5", "source": "x"},
    }
    body = bodies.get(facts["operationId"], {"values": {}, "reason": "x"})
    if method == "POST" and "values" in body:
        body |= {"of": str(world.school.pk)}
    where = address.removeprefix("/api/v1/").replace("{code}", "ke-hoach").replace("{record_id}", str(world.an.pk))
    where = where.replace("{file_id}", str(world.an.pk))
    where = where.replace("{task_id}", str(a_task(world.school)[0].pk)).replace("{doubt_id}", str(world.doubt.pk))
    query = {"on": "2026-11-01", "reason": "x"} if method == "DELETE" else None
    return refused(lambda: phuong.call(method, where, body=body if method in ("POST", "PATCH") else None, query=query))


@pytest.mark.parametrize(
    ("method", "address", "facts"), OPERATIONS, ids=[each[2]["operationId"] for each in OPERATIONS]
)
def test_what_was_not_granted_is_not_there(world: World, method: str, address: str, facts: dict[str, Any]) -> None:
    phuong = client_of(key_of(world, permissions=frozenset({Permission.TOTALS_READ})))

    assert called(phuong, method, address, facts, world) == (404, "not_there")

    assert not KeptAnswer.objects.exists()


WRITING = [each for each in OPERATIONS if each[0] != "GET"]


@pytest.mark.parametrize(("method", "address", "facts"), WRITING, ids=[each[2]["operationId"] for each in WRITING])
def test_who_may_only_read_writes_nothing(world: World, method: str, address: str, facts: dict[str, Any]) -> None:
    readers = frozenset(each for each in GRANTABLE if each.endswith(":read"))
    people = Person.objects.count()
    phuong = client_of(key_of(world, permissions=readers))

    assert called(phuong, method, address, facts, world) == (404, "not_there")

    assert Person.objects.count() == people
    assert not Progress.objects.exists()
