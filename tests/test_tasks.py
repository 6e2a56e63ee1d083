"""Tasks of units: given, worked on with proof, confirmed, reminded of once a day."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from phuong.kernel.attachments import attachments_of
from phuong.kernel.jobs import Progress as JobProgress
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor
from phuong.notices.api import Notice
from phuong.plans.api import Duty, Plan, Task
from phuong.registry.api import Organisation, department_of
from phuong.tasks.actions.giving import Order, give
from phuong.tasks.actions.seeding import recur, seed_from_plans
from phuong.tasks.actions.working import FILES, go, put_budget, remind
from phuong.tasks.errors import RemindedToday, WrongState
from phuong.tasks.models import Assignment, Progress
from phuong.tasks.queries import tallies_of, unclear
from tests.world import World, a_world

BY = Actor(scope="vn.p31", name="Lãnh đạo Hải", permissions=SYSTEM.permissions)
LATE = Order("Rà soát mạng lưới trường", "Báo cáo rà soát", dt.date(2026, 11, 1), "Nguyễn Văn A")


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def given_to(world: World, *units: Organisation) -> list[Assignment]:
    give(LATE, units=units or (world.commune,), origin="conclusion", by=BY)
    return list(Assignment.objects.order_by("organisation__name_key"))


def test_a_commune_officer_answers_with_proof_and_the_giver_confirms(world: World) -> None:
    (task,) = given_to(world)
    officer, leader = world.client("commune_officer"), world.client("department_leader")
    proof = SimpleUploadedFile("bao-cao.pdf", b"%PDF-1.7 x", "application/pdf")

    noted = officer.post(
        reverse("tasks:task", args=[task.pk]), {"text": "Đã xong 12 trường", "percent": "80", "file": proof}
    )
    officer.post(reverse("tasks:move", args=[task.pk, "submit"]))
    own = officer.post(reverse("tasks:move", args=[task.pk, "confirm"]))
    leader.post(reverse("tasks:move", args=[task.pk, "confirm"]))

    task.refresh_from_db()
    assert (noted.status_code, own.status_code) == (302, 404)
    assert (task.state, task.percent) == ("done", 100)
    assert attachments_of(FILES, [task.pk]).get().name == "bao-cao.pdf"


def test_a_file_that_is_not_what_it_says_is_refused_whole(world: World) -> None:
    (task,) = given_to(world)
    proof = SimpleUploadedFile("bao-cao.pdf", b"MZ not a pdf", "application/pdf")

    answer = world.client("commune_officer").post(reverse("tasks:task", args=[task.pk]), {"text": "x", "file": proof})

    assert answer.status_code == 422
    assert not task.progress.exists()


def test_a_reminder_reaches_the_unit_once_a_day(world: World) -> None:
    (task,) = given_to(world)

    assert remind([task.pk], by=BY) == 1
    with pytest.raises(RemindedToday):
        remind([task.pk], by=BY)

    told = Notice.objects.get()
    assert told.account_id == world.accounts["commune_officer"].pk
    page = world.client("commune_officer").get(reverse("notices:notices")).content.decode()
    assert "Rà soát mạng lưới trường" in page
    assert "Rà soát" not in world.client("principal").get(reverse("notices:notices")).content.decode()


def test_a_note_written_today_does_not_count_as_a_reminder(world: World) -> None:
    (task,) = given_to(world)
    yesterday = dt.date.today() - dt.timedelta(days=1)  # noqa: DTZ011
    Progress.objects.create(path=task.path, assignment=task, kind="reminder", on=yesterday, by_name="x")
    world.client("commune_officer").post(reverse("tasks:task", args=[task.pk]), {"text": "đang làm"})

    assert remind([task.pk], by=BY) == 1


def test_nobody_above_the_unit_works_in_its_place(world: World) -> None:
    (task,) = given_to(world)

    answer = world.client("division_officer").post(reverse("tasks:move", args=[task.pk, "start"]))

    assert answer.status_code == 404


def test_a_task_that_is_done_takes_no_more_notes(world: World) -> None:
    (task,) = given_to(world)
    Assignment.objects.filter(pk=task.pk).update(state="done", done_on=dt.date(2026, 11, 2), percent=100)

    answer = world.client("commune_officer").post(reverse("tasks:task", args=[task.pk]), {"text": "x", "percent": "5"})

    task.refresh_from_db()
    assert (answer.status_code, task.percent) == (409, 100)


def test_a_notice_is_followed_by_its_own_reader_only(world: World) -> None:
    (task,) = given_to(world)
    remind([task.pk], by=BY)
    where = reverse("notices:follow", args=[Notice.objects.get().pk])

    assert world.client("division_officer").post(where).status_code == 404
    assert world.client("commune_officer").post(where)["Location"] == reverse("tasks:task", args=[task.pk])


def test_a_unit_sees_its_own_tasks_only(world: World) -> None:
    given_to(world, world.commune, world.other_commune)
    theirs = Assignment.objects.get(organisation=world.other_commune)

    client = world.client("commune_officer")

    assert client.get(reverse("tasks:task", args=[theirs.pk])).status_code == 404
    assert client.get(reverse("tasks:tasks")).content.decode().count("Rà soát mạng lưới trường") == 2


def test_a_task_is_broken_down_once_to_each_unit(world: World) -> None:
    (task,) = given_to(world)
    where = reverse("tasks:assign_down", args=[task.pk])
    facts = {"title": "Phần của trường", "due_on": "30/11/2026", "group": "schools"}

    for _time in range(2):
        world.client("commune_officer").post(where, facts)

    assert [child.organisation_id for child in task.children.all()] == [world.school.pk]


def test_nobody_gives_a_task_outside_the_own_place(world: World) -> None:
    by = Actor(scope=world.commune.path, name="x", permissions=SYSTEM.permissions)

    with pytest.raises(NotThere):
        give(LATE, units=[world.other_commune], origin="own", by=by)

    assert not Assignment.objects.exists()


def test_an_act_that_does_not_fit_changes_nothing(world: World) -> None:
    (task,) = given_to(world)

    with pytest.raises(WrongState):
        go(task.pk, act="confirm", text="", by=BY)

    task.refresh_from_db()
    assert task.state == "open"


def test_what_is_not_clear_is_named(world: World) -> None:
    task = Assignment(title="Việc", responsibility="Sở", recurrence="once")

    assert unclear(task) == ["person", "time", "result"]


def test_printed_tasks_are_followed_once(world: World) -> None:
    plan = Plan.objects.get(code="ke-hoach")
    Task.objects.create(
        plan=plan, code="1", rank=1, title="Ban hành kế hoạch", timing="Quý IV/2026", lead=["Văn phòng Sở"]
    )
    department = department_of("31")

    made = [seed_from_plans(department=department, by=BY) for _time in range(2)]

    task = Assignment.objects.get()
    assert made == [1, 0]
    assert (task.due_on, task.timing, task.responsibility) == (dt.date(2026, 12, 31), "Quý IV/2026", "Văn phòng Sở")


def test_a_monthly_duty_makes_its_next_round_once(world: World) -> None:
    plan = Plan.objects.get(code="ke-hoach")
    Duty.objects.create(plan=plan, code="1", who="Các phòng", what="Báo cáo kết quả", when="Trước ngày 05 hằng tháng")

    made = [recur(JobProgress(), day="2026-11-23")["made"] for _time in range(2)]

    task = Assignment.objects.get()
    assert made == [1, 0]
    assert (task.period, task.due_on) == ("11/2026", dt.date(2026, 12, 4))


def test_money_is_kept_by_year_and_source(world: World) -> None:
    (task,) = given_to(world)
    facts = {"year": 2026, "source": "Ngân sách thành phố", "planned": 500_000_000}

    put_budget(task.pk, facts=facts, by=BY)
    put_budget(task.pk, facts={**facts, "spent": 120_000_000}, by=BY)

    line = task.budgets.get()
    assert (line.planned, line.spent) == (500_000_000, 120_000_000)


@pytest.mark.parametrize("name", ["tasks:tasks", "tasks:board", "tasks:timeline", "tasks:load"])
def test_pages_ask_the_same_number_of_questions_for_few_and_many(world: World, name: str) -> None:
    client = world.client("division_officer")
    client.get(reverse("ui:home"))
    asked = []
    for count in (2, 198):
        for number in range(count):
            due = dt.date(2026, 12, 1) if number % 2 else None
            give(Order(f"Việc {number}", "x", due), units=[world.commune], origin="own", by=BY)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name)).status_code == 200
        asked.append(len(queries))

    assert asked[0] == asked[1]


def test_tasks_without_a_day_come_last_page_by_page_and_can_be_ticked(world: World) -> None:
    for number in range(30):
        give(Order(f"Không hạn {number:02d}"), units=[world.commune], origin="own", by=BY)
    given_to(world)
    client = world.client("division_officer")

    first = client.get(reverse("tasks:tasks"))
    second = client.get(reverse("tasks:tasks") + first.context["page"].next_url)
    undated = second.context["page"].rows[-1]
    client.post(reverse("tasks:remind"), {"task": [str(undated.pk)]})

    rows = [*first.context["page"].rows, *second.context["page"].rows]
    assert rows[0].title == "Rà soát mạng lưới trường"
    assert len({row.pk for row in rows}) == 31
    assert f'name="task" value="{undated.pk}"' in second.content.decode()
    assert undated.progress.get().kind == "reminder"


def test_tallies_of_many_units_are_one_question(world: World, django_assert_num_queries: object) -> None:
    given_to(world, world.commune, world.other_commune)

    with django_assert_num_queries(1):  # type: ignore[operator]
        tallies = tallies_of([world.commune.pk, world.other_commune.pk], dt.date(2026, 11, 23))

    assert {tally.late for tally in tallies.values()} == {1}
