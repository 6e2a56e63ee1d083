"""Quality: scores from live measures, a gap given to somebody, closed when nothing is missing."""

import datetime as dt
import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from phuong.kernel.jobs import Progress
from phuong.kernel.models import AuditEntry
from phuong.measures.api import refresh_measures
from phuong.notices.api import Notice
from phuong.quality.actions import close_fixes
from phuong.quality.models import Fix, Weighing
from phuong.quality.queries import gaps_of, scores_of
from phuong.registry.api import Person
from phuong.registry.testing import a_learner, a_school
from tests.world import World, a_world

SOON = (timezone.localdate() + dt.timedelta(days=9)).strftime("%d/%m/%Y")


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def count(day: str = "2026-11-24") -> None:
    refresh_measures(Progress(), day=day)


def test_a_second_record_of_one_child_and_an_odd_age_lower_the_score(world: World) -> None:
    before = scores_of([world.school])[world.school.pk]
    twin = a_learner(world.school, world.group, name=world.an.full_name, birth_date=world.an.birth_date)
    Person.objects.filter(place=world.school, full_name="Bùi Thị Ánh").update(birth_date=dt.date(1990, 1, 1))
    count()

    after = scores_of([world.school])[world.school.pk]

    assert before.by_dimension["clean"] is not None
    assert after.by_dimension["clean"] < before.by_dimension["clean"]
    missing = {gap.rule.measure: gap.missing for gap in gaps_of(world.school)}
    assert (missing["registry.learners_unique"], missing["registry.ages_plausible"]) == (2, 1)
    assert twin.pk != world.an.pk


def test_the_card_stands_on_the_page_of_the_school_and_leads_to_the_gaps(world: World) -> None:
    client = world.client("principal")

    page = client.get(reverse("registry:school", args=[world.school.pk])).content.decode()
    gaps = client.get(reverse("quality:unit", args=[world.school.pk])).content.decode()

    assert reverse("quality:unit", args=[world.school.pk]) in page
    assert "Cần làm sạch" in gaps
    assert world.other_school.name not in gaps


def test_a_gap_is_given_to_somebody_of_the_school_by_a_day_and_closes_by_itself(world: World) -> None:
    client = world.client("clerk")
    where = reverse("quality:ask", args=[world.school.pk, "registry.learners_with_number"])
    assert client.get(where).status_code == 200
    wrong = client.post(where, {"person": str(world.lan.pk), "due_on": "01/01/2020"})
    right = client.post(where, {"person": str(world.lan.pk), "due_on": SOON, "note": "gọi phụ huynh"})

    fix = Fix.objects.get(organisation=world.school)
    assert (wrong.status_code, right.status_code) == (422, 302)
    assert (fix.person_id, fix.state, fix.missing_then) == (world.lan.pk, "open", 2)
    assert Notice.objects.filter(kind="quality.fix_asked").exists()
    assert close_fixes(Progress())["closed"] == 0

    Person.objects.filter(place=world.school, is_learner=True).update(
        number_check="agrees", number_hash=b"x", number_cipher=b"x"
    )
    count()

    assert close_fixes(Progress())["closed"] == 1
    assert close_fixes(Progress())["closed"] == 0


def test_nobody_asks_at_another_school_nor_names_its_staff(world: World) -> None:
    client = world.client("clerk")
    there = reverse("quality:ask", args=[world.other_school.pk, "registry.learners_with_number"])
    here = reverse("quality:ask", args=[world.school.pk, "registry.learners_with_number"])

    assert client.get(there).status_code == 404
    assert client.post(here, {"person": str(world.stranger.pk), "due_on": SOON}).status_code == 422
    assert not Fix.objects.exists()


def test_what_was_asked_is_taken_back(world: World) -> None:
    client = world.client("clerk")
    client.post(reverse("quality:ask", args=[world.school.pk, "registry.learners_with_number"]), {"due_on": SOON})
    fix = Fix.objects.get()

    assert client.post(reverse("quality:drop", args=[fix.pk])).status_code == 302
    assert client.post(reverse("quality:drop", args=[fix.pk])).status_code == 404
    assert Fix.objects.get().state == "dropped"


def test_the_department_weighs_a_rule_with_a_reason_and_scores_follow_at_once(world: World) -> None:
    client, rule = world.client("division_officer"), "registry.learners_with_number"
    where = reverse("quality:weight", args=[rule])
    before = scores_of([world.school])[world.school.pk].by_dimension["right"]

    assert client.post(where, {"weight": "0", "reason": " "}).status_code == 422
    assert client.post(where, {"weight": "11", "reason": "quá"}).status_code == 422
    assert client.post(where, {"weight": "3", "reason": "như cũ"}).status_code == 302
    assert not Weighing.objects.exists()
    for weight, reason in (("9", "ưu tiên số định danh"), ("0", "chờ cấp số")):
        assert client.post(where, {"weight": weight, "reason": reason}).status_code == 302

    after = scores_of([world.school])[world.school.pk].by_dimension["right"]
    assert (before is not None, after is not None, after > before) == (True, True, True)
    assert rule not in {gap.rule.measure for gap in gaps_of(world.school)}
    assert list(Weighing.objects.order_by("id").values_list("weight", flat=True)) == [9, 0]
    assert all(Weighing.objects.values_list("set_by", flat=True))
    assert AuditEntry.objects.filter(did="quality.weighed", note__contains="9 → 0: chờ cấp số").exists()
    page = client.get(where).content.decode()
    assert page.index("chờ cấp số") < page.index("ưu tiên số định danh")
    assert "không tính (mặc định 3)" in client.get(reverse("quality:weights")).content.decode()
    assert client.get(reverse("quality:weight", args=["no.rule"])).status_code == 404


def test_the_command_tells_scores_and_rules(world: World) -> None:
    out = io.StringIO()

    call_command("quality", "--org", world.school.code, "--json", stdout=out)

    told = json.loads(out.getvalue())
    assert told["org"] == world.school.code
    assert set(told["dimensions"]) == {"right", "complete", "clean", "alive"}
    assert any(each["measure"] == "registry.learners_unique" for each in told["rules"])


@pytest.mark.parametrize("schools", [2, 40])
def test_the_page_costs_the_same_for_few_and_many_schools(
    world: World, schools: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(schools):
        a_school(world.commune, name=f"THCS Số {number}")
    count()
    client = world.client("commune_officer")
    where = reverse("quality:unit", args=[world.commune.pk])
    client.get(where)

    with django_assert_max_num_queries(20):
        page = client.get(where)

    assert page.content.decode().count("/chat-luong/") >= schools
