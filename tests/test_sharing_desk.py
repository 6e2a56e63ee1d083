"""The pages of data sharing: the services of a province, one of them, what is agreed, sent, paused."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from phuong.kernel.models import AuditEntry, Job
from phuong.sharing.models import Delivery, Service
from phuong.sharing.testing import a_delivery, a_service
from tests.outside import Outside
from tests.overseeing import signed_in
from tests.sharing import office_settings
from tests.world import World, a_world

MOST_QUERIES = {"services": 14, "service": 18}
LIST = "/chia-se-du-lieu/"
PAGE = f"{LIST}city.schools/"


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def officer(world: World) -> Client:
    return signed_in(world, "division_officer")


def counted(client: Client, where: str) -> int:
    assert client.get(where).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert client.get(where).status_code == 200
    own = [each["sql"] for each in queries.captured_queries]
    return len([sql for sql in own if not sql.startswith(("SAVEPOINT", "RELEASE")) and "set_config" not in sql])


def test_the_list_says_how_each_service_stands_before_and_after_an_agreement(world: World) -> None:
    client = officer(world)
    before = client.get(LIST).content.decode()
    sent = {"last_sent_at": timezone.now(), "current_until": timezone.localdate(), "is_reconciled": True}
    a_service("city.schools", **sent, ours=1234, theirs=1234)
    a_service("city.learners", **sent | {"is_reconciled": False}, differences=[["11311", "31000001", 2, 1]])

    after = client.get(LIST).content.decode()

    assert "Trong 9 dịch vụ dữ liệu: 0 đúng hạn và khớp số, 0 cần xem, 9 chưa bắt đầu." in before
    assert "Kho dữ liệu dùng chung của thành phố" in before
    assert "Trong 9 dịch vụ dữ liệu: 1 đúng hạn và khớp số, 1 cần xem, 7 chưa bắt đầu." in after
    assert "1.234" in after
    assert "Đúng hạn, khớp" in after
    assert "Số liệu chưa khớp" in after


def test_a_list_and_a_page_ask_as_little_of_two_hundred_deliveries_as_of_two(world: World) -> None:
    client = officer(world)
    service = a_service("city.schools", differences=[["11311", "31000001", 2, 1]] * 2, reconciled_at=timezone.now())
    for _ in range(2):
        a_delivery(service)
    with_two = counted(client, LIST), counted(client, PAGE)
    Delivery.objects.bulk_create([_unsaved(service) for _ in range(198)])
    Service.objects.filter(pk=service.pk).update(differences=[["11311", "31000001", 2, 1]] * 200)

    with_two_hundred = counted(client, LIST), counted(client, PAGE)

    assert with_two == with_two_hundred
    assert with_two[0] <= MOST_QUERIES["services"]
    assert with_two[1] <= MOST_QUERIES["service"]


def _unsaved(service: Service) -> Delivery:
    made = Delivery.objects.filter(service=service).first()
    assert made is not None
    fields = {each.attname: getattr(made, each.attname) for each in Delivery._meta.concrete_fields if each.name != "id"}
    return Delivery(**fields)


def test_a_service_shows_its_contract_its_law_its_deliveries_and_what_differs(world: World) -> None:
    service = a_service(
        "city.schools",
        differences=[["11311", world.school.code, 5, 4]],
        is_reconciled=False,
        reconciled_at=timezone.now(),
        ours=5,
        theirs=4,
    )
    a_delivery(service, problem="422 row 1: level", state="stuck", closed_at=None)

    page = officer(world).get(PAGE).content.decode()

    assert "standard_level" in page
    assert "Mức đạt chuẩn quốc gia" in page
    assert "Nghị định 165/2025/NĐ-CP" in page
    assert "Cần xác nhận:" in page
    assert "THCS Lạch Tray" in page
    assert "Phường Thủy Nguyên" in page
    assert "422 row 1: level" in page
    assert "12/TT-SGDĐT" in page
    assert "PHUONG_SHARING_CITY_URL" in page


def test_an_agreement_is_recorded_with_its_law_and_opens_the_service(world: World) -> None:
    client = officer(world)
    wrong = client.post(f"{PAGE}thoa-thuan/", {"number": "", "agreed_on": "01/01/2099", "valid_until": "01/01/2020"})

    done = client.post(f"{PAGE}thoa-thuan/", {"number": "15/TT", "agreed_on": "01/10/2026", "valid_until": ""})

    assert wrong.status_code == 422
    assert "Ngày kí chưa đến." in wrong.content.decode()
    assert done.status_code == 302
    kept = Service.objects.get(code="city.schools", path="vn.p31")
    note = AuditEntry.objects.get(did="sharing.agreed").note
    assert (kept.is_on, kept.agreement, kept.agreed_on) == (True, "15/TT", dt.date(2026, 10, 1))
    assert "Nghị định 165/2025/NĐ-CP" in kept.basis
    assert "15/TT" in note


def test_sending_is_asked_for_once_and_shown_on_its_way(world: World, outside: Outside, settings: Any) -> None:
    settings.PHUONG_SHARING = office_settings(outside)
    client = officer(world)
    a_service("city.schools")

    for _ in range(2):
        assert client.post(f"{PAGE}gui/").status_code == 302
    page = client.get(PAGE).content.decode()
    part = client.get(PAGE, headers={"HX-Request": "true"}).content.decode()

    assert Job.objects.filter(name="sharing.send").count() == 1
    assert "hx-trigger" in page
    assert part.lstrip().startswith('<div class="flow" id="state" hx-get')
    assert "<html" not in part


@pytest.mark.parametrize("act", ["gui", "gui-lai"])
def test_what_cannot_go_out_is_said_and_not_asked_for(world: World, act: str) -> None:
    client = officer(world)

    answer = client.post(f"{PAGE}{act}/", follow=True)

    assert "Chưa nối với bên nhận." in answer.content.decode()
    assert not Job.objects.filter(name="sharing.send").exists()


def test_a_service_is_paused_and_taken_up_again(world: World) -> None:
    client = officer(world)
    a_service("city.schools")

    asked = client.get(f"{PAGE}tam-dung/").content.decode()
    client.post(f"{PAGE}tam-dung/")
    paused = client.get(PAGE).content.decode()
    client.post(f"{PAGE}mo-lai/")

    assert "Tạm dừng dịch vụ này?" in asked
    assert "Mở lại" in paused
    assert not Service.objects.get(code="city.schools").is_paused
    assert AuditEntry.objects.filter(did__in=["sharing.paused", "sharing.resumed"]).count() == 2


@pytest.mark.parametrize("where", [f"{LIST}city.nothing/", f"{PAGE}xoa/", f"{LIST}population.people/gui/"])
def test_what_is_not_in_the_catalogue_is_not_there(world: World, where: str) -> None:
    assert officer(world).get(where).status_code == 404


def test_a_key_leads_to_the_page_of_its_service(world: World) -> None:
    service = a_service("city.schools")

    answer = officer(world).get(reverse("sharing:by_key", args=[service.pk]))

    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)


def test_the_pages_speak_english_too(world: World) -> None:
    page = officer(world).get(f"/en{PAGE}").content.decode()

    assert "School network" in page
    assert "National standard level" in page
