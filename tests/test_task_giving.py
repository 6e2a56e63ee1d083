"""Giving: to chosen units and whole groups, with a person at each; leads of plans get their part."""

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from phuong.kernel.contributions import FollowUp, contribution
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor
from phuong.plans.api import Duty, Plan, Task
from phuong.registry.api import Organisation, department_of
from phuong.registry.testing import a_commune, a_teacher, an_organisation
from phuong.tasks.actions.giving import Order, give, units_named
from phuong.tasks.actions.seeding import seed_from_plans
from phuong.tasks.actions.working import name_person
from phuong.tasks.errors import NotPosted, TwoPersons, WrongState
from phuong.tasks.models import Assignment
from phuong.tasks.summaries import printed_duties, printed_leads
from tests.world import World, a_world

BY = Actor(scope="vn.p31", name="Lãnh đạo Hải", permissions=SYSTEM.permissions)
ORDER = Order("Kết luận: rà soát", "Báo cáo", dt.date(2026, 12, 1), "Tên tự ghi")
FACTS = {"title": "Kết luận: rà soát", "due_on": "01/12/2026", "group": "chosen"}
NEW = "tasks:new"


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def names() -> list[str]:
    return list(Assignment.objects.order_by("organisation__name_key").values_list("organisation__name", flat=True))


def test_a_conclusion_becomes_tasks_of_the_chosen_units_in_one_act(world: World) -> None:
    units = [str(world.commune.pk), str(world.high_school.pk)]

    answer = world.client("department_leader").post(reverse(NEW), FACTS | {"unit": units})

    assert answer.status_code == 302
    assert sorted(names()) == ["Phường Thủy Nguyên", "THPT Ngô Quyền"]
    assert set(Assignment.objects.values_list("origin", "given_path")) == {("conclusion", "vn.p31")}


def test_a_group_and_a_unit_ticked_beside_it_both_get_the_task(world: World) -> None:
    facts = FACTS | {"group": "communes", "unit": [str(world.school.pk), str(world.commune.pk)]}

    world.client("department_leader").post(reverse(NEW), facts)

    assert sorted(names()) == ["Phường Lê Chân", "Phường Thủy Nguyên", "THCS Lạch Tray"]


def test_looking_for_units_writes_nothing_and_keeps_what_was_typed_and_ticked(world: World) -> None:
    facts = FACTS | {"unit": [str(world.school.pk)], "find_unit": "phuong le", "look": "units"}

    page = world.client("department_leader").post(reverse(NEW), facts)
    text = page.content.decode()

    assert page.status_code == 200
    assert f'value="{world.school.pk}" checked' in text
    assert "Phường Lê Chân" in text
    assert "Phường Thủy Nguyên" not in text
    assert 'value="Kết luận: rà soát"' in text
    assert not Assignment.objects.exists()


def test_a_long_list_of_units_goes_on_page_by_page(world: World) -> None:
    for number in range(40):
        a_commune(f"2{number:04d}", name=f"Xã Thứ {number:02d}")
    client = world.client("department_leader")

    first = client.post(reverse(NEW), {"look": "units", "find_unit": "xã thứ"})
    key = first.context["found"].next_key
    second = client.post(reverse(NEW), {"after": key, "find_unit": "xã thứ"})

    seen = [row.name for page in (first, second) for row in page.context["found"].rows]
    assert seen == [f"Xã Thứ {number:02d}" for number in range(40)]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({}, "group"),
        ({"group": "divisions"}, "group"),
        ({"unit": ["không phải khóa"]}, "unit"),
        ({"title": ""}, "title"),
    ],
)
def test_an_order_that_cannot_be_given_is_refused_whole(world: World, facts: dict[str, Any], field: str) -> None:
    answer = world.client("department_leader").post(reverse(NEW), FACTS | facts)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Assignment.objects.exists()


def test_a_unit_elsewhere_or_closed_is_not_there_to_be_given_a_task(world: World) -> None:
    closed = a_commune("99999", name="Xã Đã Giải Thể", closed_on=dt.date(2025, 6, 30))
    client = world.client("commune_officer")

    for unit in (world.other_commune, world.other_school, closed):
        answer = client.post(reverse(NEW), FACTS | {"unit": [str(unit.pk), str(world.school.pk)]})

        assert answer.status_code == 404
    with pytest.raises(NotThere):
        units_named("chosen", chosen=[closed.pk], by=BY)
    assert not Assignment.objects.exists()


def test_a_person_answers_at_the_unit_where_they_are_posted(world: World) -> None:
    officer = a_teacher(world.commune, name="Đoàn Thị Mai", position="office_head", group="manager")
    units = [world.commune, world.other_commune]

    give(ORDER, units=units, origin="conclusion", by=BY, persons=[officer.pk])

    got = {task.organisation_id: (task.person_id, task.person_name) for task in Assignment.objects.all()}
    assert got == {
        world.commune.pk: (officer.pk, "Đoàn Thị Mai"),
        world.other_commune.pk: (None, "Tên tự ghi"),
    }


def test_a_stranger_to_the_unit_is_refused_and_nothing_is_given(world: World) -> None:
    with pytest.raises(NotPosted):
        give(ORDER, units=[world.commune], origin="conclusion", by=BY, persons=[world.lan.pk])
    answer = world.client("department_leader").post(
        reverse(NEW), FACTS | {"unit": [str(world.commune.pk)], "person": [str(world.lan.pk)]}
    )

    assert answer.status_code == 422
    assert "không giữ chức vụ" in answer.content.decode()
    assert not Assignment.objects.exists()


def test_a_person_whose_post_has_ended_is_a_stranger(world: World) -> None:
    world.lan.positions.update(during=(dt.date(2020, 8, 1), dt.date(2026, 1, 1)))

    with pytest.raises(NotPosted):
        give(ORDER, units=[world.school], origin="conclusion", by=BY, persons=[world.lan.pk])

    assert not Assignment.objects.exists()


def test_two_persons_of_one_unit_are_refused(world: World) -> None:
    with pytest.raises(TwoPersons):
        give(ORDER, units=[world.school], origin="conclusion", by=BY, persons=[world.lan.pk, world.colleague.pk])

    assert not Assignment.objects.exists()


def test_people_are_looked_for_in_the_ticked_units_alone(world: World) -> None:
    facts = FACTS | {"unit": [str(world.school.pk)], "find_person": "nguyen", "look": "people"}

    text = world.client("department_leader").post(reverse(NEW), facts).content.decode()

    assert "Nguyễn Thị Lan" in text
    assert "Phạm Văn Minh" not in text


def test_a_unit_names_its_own_person_and_the_page_shows_who(world: World) -> None:
    give(Order("Việc", due_on=dt.date(2026, 12, 1)), units=[world.school], origin="own", by=BY)
    task = Assignment.objects.get()
    client = world.client("principal")

    page = client.get(reverse("tasks:task", args=[task.pk]) + "?nguoi=lan").content.decode()
    client.post(reverse("tasks:person", args=[task.pk]), {"person": str(world.lan.pk), "person_name": ""})

    task.refresh_from_db()
    assert "Nguyễn Thị Lan" in page
    assert "Phạm Văn Minh" not in page
    assert (task.person_id, task.person_name) == (world.lan.pk, "Nguyễn Thị Lan")


def test_naming_a_stranger_or_after_the_end_changes_nothing(world: World) -> None:
    give(Order("Việc", person_name="Ai đó"), units=[world.school], origin="own", by=BY)
    task = Assignment.objects.get()
    outsider = a_teacher(world.other_school, name="Người Trường Khác")

    answer = world.client("principal").post(reverse("tasks:person", args=[task.pk]), {"person": str(outsider.pk)})
    Assignment.objects.update(state="done", done_on=dt.date(2026, 11, 2))
    with pytest.raises(WrongState):
        name_person(task.pk, person=world.lan.pk, name="", by=BY)

    task.refresh_from_db()
    assert answer.status_code == 422
    assert (task.person_id, task.person_name) == (None, "Ai đó")


def test_a_colleague_below_may_not_name_the_person_of_the_unit_above(world: World) -> None:
    give(Order("Việc", person_name="Ai đó"), units=[world.commune], origin="own", by=BY)
    task = Assignment.objects.get()
    below = Actor(scope=world.school.path, name="x", permissions=SYSTEM.permissions)

    with pytest.raises(NotThere):
        name_person(task.pk, person=None, name="Khác", by=below)

    task.refresh_from_db()
    assert task.person_name == "Ai đó"


def test_looking_for_units_asks_the_same_for_few_and_many(world: World) -> None:
    client = world.client("department_leader")
    client.get(reverse("ui:home"))
    facts = {"look": "units", "find_unit": "xã", "unit": [str(world.commune.pk)]}
    asked = []
    for count in (2, 198):
        for number in range(count):
            a_commune(f"{count:03d}{number:04d}", name=f"Xã Số {number}")
        with CaptureQueriesContext(connection) as queries:
            assert client.post(reverse(NEW), facts).status_code == 200
        asked.append(len(queries))

    assert asked[0] == asked[1]


def a_division(code: str, name: str) -> Organisation:
    department = department_of("31")
    return an_organisation(kind="division", path=f"vn.p31.sgd.{code.lower()}", parent=department, code=code, name=name)


def a_printed_task(code: str, lead: list[str], partners: tuple[str, ...] = ()) -> Task:
    plan = Plan.objects.get(code="ke-hoach")
    return Task.objects.create(
        plan=plan, code=code, rank=int(code), title=f"Việc {code}", lead=lead, partners=list(partners)
    )


def seeded() -> int:
    department = department_of("31")
    assert department is not None
    return seed_from_plans(department=department, by=BY)


def test_a_division_that_leads_gets_its_part_and_the_department_follows(world: World) -> None:
    office = a_division("VP", "Văn phòng Sở")
    quality = a_division("QLCL", "Phòng Quản lý chất lượng")
    a_printed_task("1", ["Văn phòng Sở", "Phòng Quản lý chất lượng"], ("Các phòng", "Sở Tài chính"))

    made = [seeded() for _time in range(2)]

    top = Assignment.objects.get(parent=None)
    assert made == [3, 0]
    assert top.organisation.path == "vn.p31.sgd"
    assert top.responsibility == "Văn phòng Sở, Phòng Quản lý chất lượng"
    assert top.partners == ["Các phòng", "Sở Tài chính"]
    assert set(top.partner_units) == {office.pk, quality.pk}
    assert {part.organisation_id for part in top.children.all()} == {office.pk, quality.pk}


def test_a_division_made_later_gets_its_part_at_the_next_reading(world: World) -> None:
    a_printed_task("1", ["Văn phòng Sở"])
    before = seeded()
    office = a_division("VP", "Văn phòng Sở")

    after = seeded()

    assert (before, after) == (1, 1)
    assert Assignment.objects.get(parent__isnull=False).organisation_id == office.pk


@pytest.mark.parametrize(
    "lead", ["UBND các xã, phường, đặc khu", "Các cơ sở giáo dục", "Thanh tra Sở", "Công an thành phố", "Ban lạ"]
)
def test_other_leads_stay_with_the_department_with_their_words(world: World, lead: str) -> None:
    a_division("VP", "Văn phòng Sở")
    a_printed_task("1", [lead])

    assert seeded() == 1
    assert Assignment.objects.get().responsibility == lead


def test_a_task_led_by_the_communes_is_given_to_all_of_them_by_one_press(world: World) -> None:
    a_printed_task("1", ["UBND các xã, phường, đặc khu"])
    seeded()
    Assignment.objects.update(due_on=dt.date(2026, 12, 31))
    task = Assignment.objects.get()
    client = world.client("department_leader")
    where = reverse("tasks:assign_down", args=[task.pk])

    page = client.get(reverse("tasks:task", args=[task.pk])).content.decode()
    facts = {"group": "communes", "title": task.title, "product": "", "due_on": "31/12/2026"}
    answers = [client.post(where, facts).status_code for _time in range(2)]

    assert "Giao cho mọi xã, phường, đặc khu" in page
    assert "Giao cho mọi trường" not in page
    assert answers == [302, 302]
    assert {part.organisation_id for part in task.children.all()} == {world.commune.pk, world.other_commune.pk}


def test_a_duty_with_a_day_is_followed_once_and_one_without_says_why(world: World) -> None:
    plan = Plan.objects.get(code="ke-hoach")
    Duty.objects.create(
        plan=plan, code="D1", who="Sở Giáo dục và Đào tạo", what="Gửi kế hoạch", when="Trước ngày 10/10/2025"
    )
    Duty.objects.create(plan=plan, code="D2", who="Các đơn vị", what="Phản ánh", when="Kịp thời")
    Duty.objects.create(plan=plan, code="D3", who="Văn phòng Sở", what="Báo cáo", when="Hằng tháng")
    Duty.objects.create(plan=plan, code="D4", who="Văn phòng Sở", what="Đôn đốc", when="Thường xuyên")

    made = [seeded() for _time in range(2)]

    task = Assignment.objects.get()
    assert made == [1, 0]
    assert (task.title, task.due_on, task.origin) == ("Gửi kế hoạch", dt.date(2025, 10, 9), "duty")
    department = department_of("31")
    assert department is not None
    listed = {duty.code: (duty.due_on, duty.rounds, bool(duty.because)) for duty in printed_duties(department)}
    assert listed == {
        "D1": (dt.date(2025, 10, 9), "", False),
        "D2": (None, "", True),
        "D3": (None, "Hằng tháng", False),
        "D4": (None, "", True),
    }


def test_the_page_beside_the_plans_names_every_lead(world: World) -> None:
    a_division("VP", "Văn phòng Sở")
    a_printed_task("1", ["Văn phòng Sở"])
    a_printed_task("2", ["Ban lạ", "Văn phòng Sở"])
    a_printed_task("3", [])
    department = department_of("31")
    assert department is not None

    listed = {lead.words: (lead.tasks, lead.given, lead.state) for lead in printed_leads(department)}

    assert listed == {
        "Văn phòng Sở": (2, ("Văn phòng Sở",), "given"),
        "Ban lạ": (1, (), "department"),
        "": (1, (), "department"),
    }
    assert "Ban lạ" in world.client("division_officer").get(reverse("tasks:printed")).content.decode()


def test_a_closed_unit_hands_its_tasks_and_its_part_as_partner_to_the_successor(world: World) -> None:
    office, heir = a_division("VP", "Văn phòng Sở"), a_division("QLCL", "Phòng Quản lý chất lượng")
    a_printed_task("1", ["Văn phòng Sở"], ("Văn phòng Sở",))
    a_printed_task("2", ["Văn phòng Sở", "Phòng Quản lý chất lượng"])
    seeded()
    follow_up = contribution(FollowUp, "tasks")
    assert follow_up is not None

    moved = follow_up.run(office, heir, dt.date(2026, 12, 1))

    first, second = Assignment.objects.filter(parent=None).order_by("plan_task__code")
    assert moved == 1
    assert first.children.get().organisation_id == heir.pk
    assert first.partner_units == [heir.pk]
    assert {part.organisation_id for part in second.children.all()} == {office.pk, heir.pk}


def test_the_command_follows_the_plans_and_refuses_an_unknown_province(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    a_printed_task("1", ["Văn phòng Sở"])

    call_command("tasks", "seed", "31", "--json")
    with pytest.raises(SystemExit):
        call_command("tasks", "seed", "99", "--json")

    assert '"made":1' in capsys.readouterr().out.replace(" ", "")
    assert Assignment.objects.count() == 1
