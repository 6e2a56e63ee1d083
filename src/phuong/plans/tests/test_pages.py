"""Pages of plans: what they say, what they hide, and that they ask the database the same however much there is."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from phuong.identity.testing import an_account
from phuong.kernel.keys import uuid7
from phuong.kernel.models import AuditEntry
from phuong.measures.api import Figure, Point, Snapshot, Total, Value
from phuong.plans.models import Doubt, Indicator, Plan, Target, Task
from phuong.plans.queries import Standing, standings_of
from phuong.plans.rules import Status, TargetFact
from phuong.plans.testing import a_reported
from phuong.registry.api import Organisation, School
from phuong.registry.testing import a_commune, a_province, a_school

pytestmark = pytest.mark.django_db
CODE = "registry.learners_with_number"
YEAR = timezone.localdate().year
MOST_QUERIES = 25


def a_plan(indicators: int = 1, *, measure: str = CODE) -> Plan:
    plan = Plan.objects.create(
        code="ke-hoach", title="Kế hoạch thử", issuer="Sở", province_code="31", starts=2025, ends=2030, digest="x"
    )
    rows = [
        Indicator(
            plan=plan,
            code=f"C{rank}",
            rank=rank,
            title=f"Chỉ tiêu số {rank}",
            unit="percent",
            decision="counted",
            measure=measure,
        )
        for rank in range(1, indicators + 1)
    ]
    Indicator.objects.bulk_create(rows)
    goals = ((YEAR, 80), (YEAR + 4, 95))
    Target.objects.bulk_create(
        Target(indicator=row, year=year, comparator=">=", value=value) for row in rows for year, value in goals
    )
    return plan


def figures(numbers: dict[Organisation, tuple[int, int]], day: dt.date = dt.date(2026, 11, 20)) -> None:
    """Publish a snapshot with ``numbers`` of schools, as the counting job would."""
    snapshot = Snapshot.objects.create(as_of=day, completed_at=timezone.now())
    Value.objects.bulk_create(
        Value(snapshot=snapshot, organisation=school, measure=CODE, numerator=held, denominator=whole)
        for school, (held, whole) in numbers.items()
    )
    sums: dict[UUID, list[int]] = {}
    for school, (held, whole) in numbers.items():
        for area in (school.territory_id, a_province().pk):
            total = sums.setdefault(area, [0, 0])
            total[0], total[1] = total[0] + held, total[1] + whole
    Total.objects.bulk_create(
        Total(snapshot=snapshot, area_id=area, measure=CODE, numerator=held, denominator=whole)
        for area, (held, whole) in sums.items()
    )


def signed_in(role: str, path: str = "vn.p31") -> Client:
    a_province()
    place = Organisation.objects.get(path="vn.p31.sgd")
    client = Client()
    client.force_login(an_account(role, place, path=path))
    return client


def statements(client: Client, where: str) -> int:
    """Count the statements of a page, without those that only the test's own transaction causes."""
    assert client.get(where).status_code == 200  # code lists are read once and kept
    with CaptureQueriesContext(connection) as queries:
        assert client.get(where).status_code == 200
    noise = ("SAVEPOINT", "RELEASE", "ROLLBACK TO")
    own = [query["sql"] for query in queries.captured_queries if not query["sql"].startswith(noise)]
    return sum("set_config" not in statement for statement in own)


def many_schools(count: int, start: int = 0) -> dict[Organisation, tuple[int, int]]:
    province = a_province()
    communes = Organisation.objects.bulk_create(
        Organisation(kind="ward", path=f"vn.p31.c{n:05d}", parent=province, code=f"{n:05d}", name=f"Phường {n}")
        for n in range(start, start + count)
    )
    schools = Organisation.objects.bulk_create(
        Organisation(
            kind="school",
            path=f"{commune.path}.s{commune.code}",
            parent=commune,
            territory=commune,
            code=f"S{commune.code}",
            name=f"Trường {commune.code}",
        )
        for commune in communes
    )
    School.objects.bulk_create(
        School(organisation=each, level="primary", levels=["primary"], type="primary", ownership="public")
        for each in schools
    )
    return {school: (place % 50 + 10, 100) for place, school in enumerate(schools)}


def where(page: str) -> str:
    province = a_province().pk
    return {
        "plan": reverse("plans:plan", args=["ke-hoach"]),
        "plans": reverse("plans:plans"),
        "indicators": reverse("plans:indicators"),
        "indicator": reverse("plans:indicator", args=["ke-hoach", "C1"]),
        "tasks": reverse("plans:tasks", args=["ke-hoach"]),
        "area": reverse("plans:area", args=[province]),
        "figure": reverse("measures:figure", args=[CODE, province]),
        "home": reverse("ui:home"),
    }[page]


@pytest.mark.parametrize("page", ["plan", "plans", "indicators", "indicator", "tasks", "area", "figure", "home"])
def test_a_page_asks_as_little_of_two_hundred_as_of_two(page: str) -> None:
    few = many_schools(2)
    figures(few)
    client = signed_in("department_leader")
    before = transaction.savepoint()
    plan = a_plan(2)
    Task.objects.bulk_create(Task(plan=plan, code=f"N{n}", rank=n, title="Việc", lead=["Phòng"]) for n in range(2))
    with_two = statements(client, where(page))
    transaction.savepoint_rollback(before)

    many = many_schools(198, start=2)
    figures(few | many, dt.date(2026, 11, 21))
    plan = a_plan(200)
    Task.objects.bulk_create(Task(plan=plan, code=f"N{n}", rank=n, title="Việc", lead=["Phòng"]) for n in range(200))
    with_two_hundred = statements(client, where(page))

    assert with_two_hundred == with_two
    assert with_two_hundred <= MOST_QUERIES


def test_a_plan_lists_every_indicator_in_its_order() -> None:
    a_plan(12)

    answer = signed_in("division_officer").get(where("plan"))

    assert [row.indicator.code for row in answer.context["standings"]] == [f"C{n}" for n in range(1, 13)]
    assert answer.content.decode().count("Chỉ tiêu số ") >= 12


def test_a_withdrawn_indicator_is_on_no_page() -> None:
    a_plan(2)
    Indicator.objects.filter(code="C2").update(is_withdrawn=True)
    client = signed_in("department_leader")

    pages = [client.get(where(page)).content.decode() for page in ("plan", "indicators")]
    gone = client.get(reverse("plans:indicator", args=["ke-hoach", "C2"]))

    assert [("Chỉ tiêu số 1" in page, "Chỉ tiêu số 2" in page) for page in pages] == [(True, False)] * 2
    assert gone.status_code == 404


def test_a_withdrawn_task_is_neither_listed_nor_counted() -> None:
    plan = a_plan()
    Task.objects.create(plan=plan, code="N1", rank=1, title="Việc còn", lead=["Văn phòng"])
    Task.objects.create(plan=plan, code="N2", rank=2, title="Việc bỏ", lead=["Phòng cũ"], is_withdrawn=True)
    client = signed_in("department_leader")

    listed, plan_page = client.get(where("tasks")), client.get(where("plan"))

    assert [task.title for task in listed.context["tasks"]] == ["Việc còn"]
    assert "Phòng cũ" not in listed.content.decode()
    assert plan_page.context["task_count"] == 1


@pytest.mark.parametrize(
    ("numbers", "status"), [((90, 100), Status.MET), ((78, 100), Status.ATTENTION), ((50, 100), Status.BEHIND)]
)
def test_an_indicator_stands_as_its_figure_does(numbers: tuple[int, int], status: Status) -> None:
    a_plan()
    figures({a_school(a_commune()): numbers})

    answer = signed_in("department_leader").get(where("indicator"))

    standing = answer.context["standing"]
    assert (standing.status, standing.binding.value) == (status, Decimal(80))
    assert f"{numbers[0]}" in answer.content.decode()


def test_what_is_reported_is_never_mixed_with_what_is_counted() -> None:
    plan = a_plan()
    figures({a_school(a_commune()): (50, 100)})
    a_reported(plan.indicators.get(), a_province(), dt.date(2026, 11, 1), value=Decimal(99))

    (standing,) = standings_of(a_province(), year=YEAR, plan=plan)

    assert (standing.status, standing.official) == (Status.BEHIND, Status.MET)
    assert (standing.actual, standing.source) == (Decimal("50.0"), "counted")


def test_a_target_met_this_year_says_nothing_of_the_next_one() -> None:
    targets = [TargetFact(YEAR, ">=", Decimal(80)), TargetFact(YEAR + 4, ">=", Decimal(95))]
    days = (dt.date(YEAR - 1, 1, 1), dt.date(YEAR, 1, 1))
    standing_still = [Point(day, 81, 100, Decimal("81.0")) for day in days]
    now = Figure(CODE, 81, 100, Decimal("81.0"), days[-1])

    standing = Standing(Indicator(direction="up", unit="percent"), uuid7(), targets, YEAR, now, standing_still, None)

    assert standing.status is Status.MET
    assert standing.next_goal == targets[1]
    assert standing.schedule is False


def test_a_figure_of_three_learners_is_told_on_no_page_to_who_reads_totals_only() -> None:
    a_plan()
    school = a_school(a_commune(), name="Trường Đảo Xa")
    figures({school: (1, 3), a_school(a_commune("11329")): (50, 100)})
    client = signed_in("auditor")

    places = [
        reverse("plans:area", args=[school.pk]),
        reverse("plans:area", args=[school.territory_id]),
        reverse("plans:indicator", args=["ke-hoach", "C1"]),
        reverse("measures:figure", args=[CODE, school.pk]),
        reverse("measures:figure", args=[CODE, school.territory_id]),
        reverse("ui:home"),
    ]
    telling = [place for place in places if "33,3" in client.get(place).content.decode()]

    assert telling == []


def test_settling_a_doubt_keeps_who_and_what() -> None:
    plan = a_plan()
    doubt = Doubt.objects.create(plan=plan, about_kind="indicator", about_code="C1", text="Số mờ")
    client = signed_in("division_officer")
    settle = reverse("plans:settle", args=["ke-hoach", doubt.pk])

    answer = client.post(settle, {"settlement": "Bản gốc ghi 90"})

    doubt.refresh_from_db()
    assert answer.status_code == 302
    assert (doubt.settlement, doubt.settled_by) == ("Bản gốc ghi 90", "Division_Officer")
    assert AuditEntry.objects.filter(did="plans.doubt_settled", on_id=str(doubt.pk)).count() == 1


def test_a_doubt_of_another_plan_is_not_there_and_stays_open() -> None:
    a_plan()
    other = Plan.objects.create(
        code="khac", title="x", issuer="x", province_code="31", starts=2025, ends=2030, digest="y"
    )
    doubt = Doubt.objects.create(plan=other, about_kind="indicator", about_code="C1", text="Số mờ")

    answer = signed_in("division_officer").post(
        reverse("plans:settle", args=["ke-hoach", doubt.pk]), {"settlement": "Bản gốc ghi 90"}
    )

    doubt.refresh_from_db()
    assert answer.status_code == 404
    assert doubt.settled_at is None


@pytest.mark.parametrize("words", ["", "   "])
def test_a_doubt_is_not_settled_without_words(words: str) -> None:
    plan = a_plan()
    doubt = Doubt.objects.create(plan=plan, about_kind="indicator", about_code="C1", text="Số mờ")

    answer = signed_in("division_officer").post(
        reverse("plans:settle", args=["ke-hoach", doubt.pk]), {"settlement": words}
    )

    doubt.refresh_from_db()
    assert answer.status_code == 422
    assert doubt.settled_at is None
    assert AuditEntry.objects.filter(did="plans.doubt_settled").count() == 0


@pytest.mark.parametrize(
    "query", ["?status=nonsense", "?decision=%00", "?plan=khong-co", "?lead=%F0%9F%A6%84", "?status=met&status=behind"]
)
def test_nonsense_filters_are_no_error(query: str) -> None:
    a_plan()
    client = signed_in("department_leader")

    for page in ("indicators", "tasks", "plans", "home"):
        assert client.get(where(page) + query).status_code in ((200, 404) if "khong-co" in query else (200,))
