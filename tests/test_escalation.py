"""Tasks near or past their day: told of by rule, once a round, to whom the rule names."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from phuong.identity.testing import an_account
from phuong.kernel.jobs import Progress as JobProgress
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor
from phuong.notices.api import Notice
from phuong.plans.api import Plan, Task
from phuong.registry.api import Organisation
from phuong.registry.testing import an_organisation
from phuong.tasks.actions.escalating import escalate, waiting
from phuong.tasks.actions.giving import Order, give
from phuong.tasks.actions.telling import ensure_rules, put_rule
from phuong.tasks.models import Assignment, EscalationRule, Progress
from phuong.tasks.rules import round_on
from tests.world import World, a_world

BY = Actor(scope="vn.p31", name="Lãnh đạo Hải", permissions=SYSTEM.permissions)
DUE = dt.date(2026, 11, 20)
FACTS: dict[str, Any] = {
    "title": "Quá hạn",
    "days": 1,
    "every": 0,
    "tell": "unit",
    "plans": [],
    "origins": [],
    "is_active": True,
}


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def only(**facts: Any) -> EscalationRule:
    """Leave one rule in use."""
    ensure_rules()
    EscalationRule.objects.update(is_active=False)
    return put_rule(None, facts=FACTS | facts, by=BY)


def late(*units: Organisation, count: int = 1, due: dt.date = DUE) -> list[Assignment]:
    for number in range(count):
        give(Order(f"Rà soát mạng lưới trường {number}", "x", due, "A"), units=units, origin="conclusion", by=BY)
    return list(Assignment.objects.order_by("id"))


def night(day: str) -> int:
    return int(escalate(JobProgress(), day=day)["told"])


def told(world: World, role: str) -> list[Notice]:
    return list(Notice.objects.filter(account=world.accounts[role], kind__startswith="tasks.escalat").order_by("id"))


def test_every_department_starts_with_the_shipped_rules_and_keeps_its_changes(world: World) -> None:
    assert ensure_rules() == 5
    changed = EscalationRule.objects.get(code="late")
    put_rule(changed.pk, facts=FACTS | {"days": 2, "is_active": False}, by=BY)

    assert ensure_rules() == 0

    changed.refresh_from_db()
    assert (changed.days, changed.is_active) == (2, False)


def test_nothing_is_told_twice_of_a_round_and_the_next_round_is(world: World) -> None:
    late(world.commune)
    only(days=1, every=7)

    assert [night(f"2026-11-{day}") for day in (20, 21, 21, 22, 27, 28, 28)] == [0, 1, 0, 0, 0, 1, 0]
    assert len(told(world, "commune_officer")) == 2
    assert Progress.objects.filter(kind="escalation").count() == 2


def test_a_worker_killed_before_the_end_leaves_nothing_half_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    late(world.commune, world.other_commune)
    only()

    def killed(*_arguments: Any, **_options: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("phuong.tasks.actions.escalating.tell_units", killed)
        with pytest.raises(KeyboardInterrupt):
            night("2026-11-23")
    assert not Progress.objects.filter(kind="escalation").exists()

    assert night("2026-11-23") == 1
    assert len(told(world, "commune_officer")) == 1


def test_a_unit_nobody_reads_for_is_tried_again_until_somebody_does(world: World) -> None:
    late(world.other_commune)
    only()
    before = night("2026-11-23")
    reader = an_account("commune_officer", world.other_commune)

    after = night("2026-11-24")

    assert (before, after) == (0, 1)
    assert Notice.objects.get().account_id == reader.pk


def test_done_and_cancelled_tasks_are_silent(world: World) -> None:
    late(world.commune, count=3)
    first, second, third = Assignment.objects.order_by("id")
    Assignment.objects.filter(pk=first.pk).update(state="done", done_on=DUE)
    Assignment.objects.filter(pk=second.pk).update(state="cancelled")
    only()

    assert night("2026-11-23") == 1
    assert Progress.objects.get(kind="escalation").assignment_id == third.pk


@pytest.mark.parametrize(
    ("tell", "unit", "roles"),
    [
        ("unit", "school", {"principal", "clerk"}),
        ("parent", "school", {"commune_officer"}),
        ("parent", "commune", {"department_leader", "division_officer"}),
        ("giver", "school", {"department_leader", "division_officer"}),
        ("leaders", "school", {"department_leader"}),
        ("leaders", "commune", {"department_leader"}),
    ],
)
def test_a_rule_tells_exactly_whom_it_names(world: World, tell: str, unit: str, roles: set[str]) -> None:
    late(getattr(world, unit))
    only(tell=tell)

    night("2026-11-23")

    assert {role for role in world.accounts if told(world, role)} == roles


def test_a_task_of_the_department_is_not_told_to_itself_as_its_superior(world: World) -> None:
    late(Organisation.objects.get(path="vn.p31.sgd"))
    only(tell="parent")

    assert night("2026-11-23") == 0
    assert not Progress.objects.filter(kind="escalation").exists()


def test_many_tasks_of_one_rule_are_one_notice(world: World) -> None:
    late(world.commune, world.other_commune, count=4)
    only(tell="leaders")

    assert night("2026-11-23") == 8

    (notice,) = told(world, "department_leader")
    assert notice.title == "8 nhiệm vụ: Quá hạn"
    assert notice.url == reverse("tasks:tasks") + "?state=late"


def test_batches_together_tell_of_every_task_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("phuong.tasks.actions.escalating.AT_ONCE", 2)
    late(world.commune, count=5)
    only()

    assert [night("2026-11-23") for _time in range(2)] == [5, 0]
    assert Progress.objects.filter(kind="escalation").values("assignment").distinct().count() == 5
    assert len(told(world, "commune_officer")) == 3


def test_a_rule_keeps_to_its_kinds_and_plans(world: World) -> None:
    plan = Plan.objects.get(code="ke-hoach")
    printed = Task.objects.create(plan=plan, code="1", rank=1, title="Việc của kế hoạch")
    late(world.commune, count=2)
    ours, other = Assignment.objects.order_by("id")
    Assignment.objects.filter(pk=ours.pk).update(plan_task=printed, origin="plan")
    only(plans=["ke-hoach"])

    assert night("2026-11-23") == 1
    only(origins=["conclusion"])
    assert night("2026-11-23") == 1

    of = {line.assignment_id for line in Progress.objects.filter(kind="escalation")}
    assert of == {ours.pk, other.pk}


def test_a_rule_of_one_province_says_nothing_in_another(world: World) -> None:
    province = an_organisation(
        kind="province", path="vn.p22", parent=Organisation.objects.get(path="vn"), code="22", name="Quảng Ninh"
    )
    commune = an_organisation(kind="commune", path="vn.p22.c1", parent=province, name="Xã Một")
    Assignment.objects.create(
        path=commune.path, organisation=commune, origin="own", title="x", due_on=DUE, given_path=province.path
    )
    only()

    assert night("2026-11-23") == 0


@pytest.mark.parametrize(("days", "every"), [(-3, 0), (-10, 4), (0, 0), (1, 7), (5, 1), (10, 30)])
def test_the_database_counts_rounds_as_the_rule_does(world: World, days: int, every: int) -> None:
    for number in range(60):
        late(world.commune, due=DUE - dt.timedelta(days=number - 20))
    rule = only(days=days, every=every)

    counted = {task.due_on: task.begun_on for task in waiting(rule, DUE)}  # type: ignore[attr-defined]

    expected = {due: round_on(DUE, due, days=days, every=every) for due in set(_days())}
    assert counted == {due: begun for due, begun in expected.items() if begun is not None}


def _days() -> list[dt.date]:
    return [DUE - dt.timedelta(days=number - 20) for number in range(60)]


def test_telling_of_two_and_two_hundred_asks_the_same(world: World) -> None:
    only(tell="leaders")
    asked = []
    for count in (2, 200):
        late(world.commune, count=count)
        with CaptureQueriesContext(connection) as queries:
            assert night("2026-11-23") == count
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_the_page_and_the_list_say_who_was_told(world: World) -> None:
    (task,) = late(world.commune)
    only(tell="leaders", title="Quá hạn, báo Lãnh đạo")
    night("2026-11-23")
    client = world.client("department_leader")

    listed = client.get(reverse("tasks:tasks")).content.decode()
    page = client.get(reverse("tasks:task", args=[task.pk])).content.decode()

    assert "đã báo cấp trên" in listed
    assert "Báo cấp trên: Quá hạn, báo Lãnh đạo: Sở GD&amp;ĐT Hải Phòng" in page
    assert client.get(reverse("tasks:tasks") + "?state=told").content.decode().count("Rà soát mạng lưới trường") == 2


def test_an_officer_changes_a_rule_on_its_page(world: World) -> None:
    ensure_rules()
    rule = EscalationRule.objects.get(code="late_leaders")
    facts = {"title": "Quá hạn lâu", "when": "before", "days": "5", "every": "", "tell": "parent", "is_active": "on"}

    answer = world.client("division_officer").post(reverse("tasks:rule", args=[rule.pk]), facts)

    rule.refresh_from_db()
    assert answer.status_code == 302
    assert (rule.title, rule.days, rule.every, rule.tell, rule.plans) == ("Quá hạn lâu", -5, 0, "parent", [])


def test_a_rule_with_nonsense_is_refused_and_stays_as_it_was(world: World) -> None:
    ensure_rules()
    rule = EscalationRule.objects.get(code="late_leaders")

    answer = world.client("division_officer").post(
        reverse("tasks:rule", args=[rule.pk]), {"title": "", "when": "after", "days": "999", "tell": "mayor"}
    )

    rule.refresh_from_db()
    assert answer.status_code == 422
    assert (rule.title, rule.days, rule.tell) == ("Quá hạn 10 ngày, báo Lãnh đạo Sở", 10, "leaders")


def test_nobody_writes_a_rule_of_another_department_or_without_the_right(world: World) -> None:
    rule = only()
    stranger = Actor(scope="vn.p22", name="x", permissions=SYSTEM.permissions)
    commune = Actor(scope=world.commune.path, name="x", permissions=SYSTEM.permissions)
    powerless = Actor(scope="vn.p31", name="x")

    for by in (stranger, commune, powerless):
        with pytest.raises(NotThere):
            put_rule(rule.pk, facts=FACTS | {"title": "khác"}, by=by)
        with pytest.raises(NotThere):
            put_rule(None, facts=FACTS | {"title": "khác"}, by=by)

    assert not EscalationRule.objects.filter(title="khác").exists()
