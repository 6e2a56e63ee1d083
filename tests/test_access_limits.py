"""The limits within a page: exports, lists too long, figures of neighbours, roles that are over or another's."""

import pytest
from django.urls import reverse

from phuong.kernel.models import AuditEntry
from tests.world import World, a_world


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def test_a_refused_page_is_kept_in_the_journal(world: World) -> None:
    world.client("teacher").get(reverse("registry:person", args=[world.stranger.pk]))

    entry = AuditEntry.objects.get(refused=True)
    assert entry.did == "access.not_there"
    assert entry.role == "teacher"
    assert str(world.stranger.pk) in entry.on_id


def test_an_export_keeps_to_the_scope(world: World) -> None:
    text = world.client("principal").get(reverse("registry:learners") + "?as=csv").content.decode("utf-8-sig")

    assert "Đỗ Khánh An" in text
    assert "Hoàng Văn Xa" not in text


@pytest.mark.parametrize("role", ["teacher", "homeroom_teacher"])
def test_who_may_read_may_not_always_take_away(world: World, role: str) -> None:
    answer = world.client(role).get(reverse("registry:learners") + "?as=xlsx")

    assert answer.status_code == 404


def test_a_list_too_long_for_a_file_is_refused_not_cut(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("phuong.registry.views.lists.MOST_ROWS", 1)
    monkeypatch.setattr("phuong.measures.views.MOST_ROWS", 1)
    client = world.client("principal")
    records = reverse("measures:records", args=["registry.learners_with_number", world.school.pk])

    for address in (reverse("registry:learners") + "?as=csv", records + "?as=csv"):
        answer = client.get(address)

        assert answer.status_code == 422
        assert "50.000" in answer.content.decode()


@pytest.mark.parametrize("code", ["registry.learners_with_number", "facilities.schools_online"])
def test_a_principal_reads_no_figure_of_a_neighbouring_school(world: World, code: str) -> None:
    client = world.client("principal")

    for area in (world.commune, world.other_commune):
        text = client.get(reverse("measures:figure", args=[code, area.pk])).content.decode()

        assert "THPT Ngô Quyền" not in text
        assert "THCS Bên Sông" not in text


def test_a_role_that_ended_today_opens_nothing(world: World) -> None:
    world.accounts["teacher"].roles.update(during=("2025-08-01", "2026-11-22"))

    answer = world.client("teacher").get(reverse("registry:learners"))

    assert answer.status_code == 404


def test_a_role_of_somebody_else_cannot_be_taken(world: World) -> None:
    foreign = world.accounts["department_leader"].roles.get().pk

    answer = world.client("teacher").post(reverse("identity:switch_role"), {"role": str(foreign)})

    assert answer.status_code == 404


def test_an_address_that_no_text_can_hold_is_not_there_and_is_kept_in_the_journal(world: World) -> None:
    client = world.client("principal")

    answers = [client.get(f"/chi-so/a%00b/{world.school.pk}/"), client.get("/ke-hoach/%00/"), client.get("/kq/a%00b")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert AuditEntry.objects.filter(refused=True, on_id="/ke-hoach//").count() == 1


def test_filters_that_no_text_can_hold_find_nothing(world: World) -> None:
    client = world.client("principal")

    named = client.get(reverse("oversight:roles"), {"code": "\0"})
    sought = client.get(reverse("oversight:roles"), {"q": "\0lan"})

    assert (named.status_code, sought.status_code) == (404, 200)


@pytest.mark.parametrize("asked", ["as_of=0001-01-01", "as_of=1899-12-31", "month=0001-01", "month=1999-12"])
@pytest.mark.parametrize("route", ["plans:reporting", "reports:owed"])
def test_a_day_before_anything_was_known_is_passed_over(world: World, route: str, asked: str) -> None:
    answer = world.client("principal").get(f"{reverse(route)}?{asked}")

    assert answer.status_code == 200
    assert "Đang xem dữ liệu" not in answer.content.decode()


@pytest.mark.parametrize("where", ["/healthz", "/readyz", "/metrics"])
def test_what_a_balancer_asks_is_only_read(world: World, where: str) -> None:
    assert world.client("nobody").post(where).status_code == 405
