"""The desk of differences as the people of a school use it, and the question asked at once."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from phuong.kernel.jobs import Progress, run_job
from phuong.kernel.models import AuditEntry, Job
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.api import Person
from phuong.tasks.api import Assignment
from phuong.verification.actions.telling import tell_units_of_cases
from phuong.verification.api import Check, Dispatch
from phuong.verification.jobs import run_checks
from phuong.verification.testing import a_case, give_number, somebody
from tests.outside import Outside
from tests.test_lists import statements
from tests.verifying import gateway_settings, received
from tests.world import World, a_world

pytestmark = pytest.mark.django_db
CASES = "/doi-chieu-dan-cu/"


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.fixture
def gateway(outside: Outside, settings: Any) -> Outside:
    settings.PHUONG_LGSP = gateway_settings(outside)
    return outside


def run_asked(name: str) -> None:
    for job in Job.objects.filter(name=name, state="waiting"):
        run_job(str(job.pk))


def now(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def without_tokens(answer: Any) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text_of(answer))


def test_a_clerk_follows_the_task_compares_and_takes_the_right_side(world: World, gateway: Outside) -> None:
    give_number(world.an, "031213000001")
    give_number(world.lan, "031185000002")
    gateway.fail("lgsp", full_name="*1")
    run_checks(Progress(), under=world.school.path, patience=1)
    client = world.client("clerk")

    tasks = text_of(client.get("/nhiem-vu/"))
    listed = text_of(client.get(CASES))
    case = reverse("verification:case", args=[world.an.pk])
    page = text_of(client.get(case))
    check = Check.objects.get(person=world.an, is_current=True)
    unchosen = client.post(case, {"check_id": check.pk, "reason": "Theo khai sinh"})
    done = client.post(
        case, {"check_id": check.pk, "side_full_name": "theirs", "reason": "Theo khai sinh"}, follow=True
    )

    assert "Đối chiếu dân cư: 1 hồ sơ chưa khớp" in tasks
    assert case in listed
    assert "họ và tên" in listed
    assert world.lan.full_name not in listed
    assert "Đỗ Khánh An" in page
    assert "Đỗ Văn Khác" in page
    assert "031 ••• ••• 001" in page
    assert "031213000001" not in page
    assert unchosen.status_code == 422
    assert "Chọn bên đúng." in text_of(unchosen)
    assert "Đã sửa theo CSDL dân cư, hồ sơ khớp." in text_of(done)
    assert "Không còn hồ sơ nào phải đối chiếu" in text_of(done)
    assert (now(world.an).full_name, now(world.an).identity_state) == ("Đỗ Văn Khác", "matched")
    assert received(gateway)["persons"] == 2


def test_the_task_leads_to_the_desk(world: World) -> None:
    a_case(give_number(world.an, "031213000001"), full_name="x")
    tell_units_of_cases()
    client = world.client("principal")

    task = Assignment.objects.get(origin="verification")
    mine = text_of(client.get(reverse("tasks:task", args=[task.pk])))
    above = text_of(world.client("division_officer").get(reverse("tasks:task", args=[task.pk])))

    assert "Mở «Đối chiếu dân cư»" in mine
    assert "Mở «Đối chiếu dân cư»" not in above


def test_a_clerk_keeps_our_side_with_proof_and_sends_again_later(world: World, gateway: Outside) -> None:
    give_number(world.an, "031213000001")
    gateway.fail("lgsp", birth_date="*1")
    run_checks(Progress(), under=world.school.path, patience=1)
    client = world.client("clerk")
    case = reverse("verification:case", args=[world.an.pk])
    check = Check.objects.get(person=world.an)
    sent = {"check_id": check.pk, "side_birth_date": "ours", "reason": "Hộ tịch đang sửa"}

    client.post(case, {**sent, "file": SimpleUploadedFile("ks.pdf", b"%PDF-1.7")})
    page = text_of(client.get(case))
    reviewed, open_ones = text_of(client.get(f"{CASES}?decided=yes")), text_of(client.get(f"{CASES}?decided=no"))
    gateway.fail("lgsp", birth_date="")
    client.post(reverse("verification:ask", args=[world.an.pk]), {"again": "1"})
    run_asked("verification.collect")

    assert "đã rà soát, giữ nguyên" in page
    assert "ks.pdf" in page
    assert "Chọn bên đúng" not in page
    assert ("Đỗ Khánh An" in reviewed, "Đỗ Khánh An" in open_ones) == (True, False)
    assert now(world.an).identity_state == "matched"
    assert received(gateway)["twice"] == 1  # asked for by a person


def test_a_record_mended_by_hand_goes_out_by_itself(world: World, gateway: Outside) -> None:
    give_number(world.an, "031213000001")
    gateway.fail("lgsp", full_name="*1")
    run_checks(Progress(), under=world.school.path, patience=1)
    client = world.client("clerk")
    change = reverse("records:change", args=["learner", world.an.pk])
    form = client.get(change).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"full_name": "Đỗ Khánh Anh", "reason": "gõ sai"}
    gateway.fail("lgsp", full_name="")

    answer = client.post(change, typed)
    run_asked("verification.follow")

    assert answer.status_code == 302
    assert (now(world.an).full_name, now(world.an).identity_state) == ("Đỗ Khánh Anh", "matched")
    assert received(gateway) == {"requests": 2, "persons": 2, "distinct": 2, "twice": 0, "again": 0}


def test_one_person_is_asked_about_from_the_persons_page(world: World, gateway: Outside) -> None:
    give_number(world.an, "031213000001")
    client = world.client("clerk")
    page = reverse("verification:person", args=[world.an.pk])

    linked = page in text_of(client.get(reverse("registry:person", args=[world.an.pk])))
    before = text_of(client.get(page))
    client.post(reverse("verification:ask", args=[world.an.pk]))
    waiting = text_of(client.get(page))
    second = text_of(client.post(reverse("verification:ask", args=[world.an.pk]), follow=True))
    run_asked("verification.collect")
    part = client.get(page, HTTP_HX_REQUEST="true")
    after = text_of(client.get(page))

    assert linked
    assert "Kiểm tra ngay" in before
    assert 'hx-trigger="every 2s"' in waiting
    assert "Đã gửi đúng dữ liệu này rồi" in second
    assert text_of(part).strip() in after
    assert "hx-trigger" not in after
    assert "đang gửi → khớp" in after
    assert "Kiểm tra ngay" not in after
    assert received(gateway)["requests"] == 1
    sent = AuditEntry.objects.get(did="verification.sent")
    assert (sent.about, sent.role) == (world.an.pk, "clerk")


def test_a_family_sees_the_state_and_its_history_but_nobodys_name(world: World) -> None:
    give_number(world.an, "031213000001")
    check = a_case(now(world.an), full_name="Đỗ Khánh Anh")
    Check.objects.filter(pk=check.pk).update(decided_by_name="Văn thư Hoa", reason="bí mật", decision="kept")

    page = text_of(world.client("guardian").get(reverse("verification:person", args=[world.an.pk])))

    assert "không khớp" in page
    for hidden in ("Văn thư Hoa", "bí mật", "Đỗ Khánh Anh", "Kiểm tra ngay", "Xem hai bên", "Gửi lại"):
        assert hidden not in page


def test_a_case_without_values_of_the_other_side_offers_to_ask(world: World, gateway: Outside) -> None:
    give_number(world.an, "031213000001", identity_state="mismatched")
    client = world.client("clerk")

    page = text_of(client.get(reverse("verification:case", args=[world.an.pk])))
    listed = text_of(client.get(CASES))

    assert "Hỏi lại để xem khác ở đâu." in page
    assert "Chọn bên đúng" not in page
    assert "Đỗ Khánh An" in listed


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"An", "Lê", "Vũ"}),
        ("field=sex", {"Lê"}),
        ("state=not_found", {"Vũ"}),
        ("q=do+khanh", {"An"}),
        ("field=nonsense&state=x&decided=9&after=zz", {"An", "Lê", "Vũ"}),
        ("decided=yes", set()),
    ],
)
def test_the_list_is_filtered(world: World, query: str, found: set[str]) -> None:
    a_case(give_number(world.an, "031213000001"), full_name="x")
    a_case(somebody(world.school, "Lê Ân"), sex="female")
    a_case(somebody(world.school, "Vũ Đức"), "not_found")

    text = text_of(world.client("clerk").get(f"{CASES}?{query}"))

    names = {"An": "Đỗ Khánh An", "Lê": "Lê Ân", "Vũ": "Vũ Đức"}
    assert {short for short, name in names.items() if f">{name}<" in text} == found


def test_the_list_asks_as_little_of_two_hundred_cases_as_of_two(world: World) -> None:
    client = world.client("division_officer")
    for _ in range(2):
        a_case(somebody(world.school), full_name="x")
    with_two = statements(client, f"{CASES}?size=100")

    for place in range(198):
        a_case(somebody((world.school, world.other_school)[place % 2]), full_name="x")
    with_two_hundred = statements(client, f"{CASES}?size=100")

    assert len(with_two_hundred) == len(with_two)
    assert len(with_two) <= 12


def test_paging_visits_every_case_once(world: World) -> None:
    for place in range(60):
        a_case(somebody(world.school, f"Lê Ân {'ABC'[place % 3]}"), full_name="x")
    client, keys, here = world.client("clerk"), [], CASES

    while here:
        pager = client.get(here).context["table"].pager
        keys += [row.pk for row in pager.rows]
        here = CASES + pager.next_url if pager.next_url else ""

    assert len(keys) == len(set(keys)) == 60


def test_an_officer_starts_a_run_sees_it_and_lets_a_refused_request_go(world: World, gateway: Outside) -> None:
    give_number(world.an, "031213000001")
    client = world.client("division_officer")
    page = reverse("verification:progress")
    stuck = Dispatch.objects.create(path="vn.p31", people=3, body=b"x", state="stuck", problem="422 bad number")

    before = text_of(client.get(page))
    client.post(reverse("verification:run"))
    busy = client.get(page)
    part = client.get(page, HTTP_HX_REQUEST="true")
    client.post(reverse("verification:let_go", args=[stuck.pk]))

    assert "Đối chiếu ngay" in before
    assert "422 bad number" in before
    assert "Đối chiếu ngay" not in text_of(busy)
    assert without_tokens(part).strip() in without_tokens(busy)
    assert Job.objects.get(name="verification.run").arguments == {"under": "vn.p31"}
    stuck.refresh_from_db()
    assert stuck.state == "made"
    with acting(SYSTEM):
        stuck.delete()
    run_asked("verification.run")
    done = text_of(client.get(page))
    assert now(world.an).identity_state == "matched"
    assert "1 trên 1" in done


def test_pages_say_that_nothing_is_connected(world: World) -> None:
    give_number(world.an, "031213000001")
    officer: Client = world.client("division_officer")
    case = a_case(now(world.an), full_name="x")

    for where in (
        CASES,
        reverse("verification:progress"),
        reverse("verification:person", args=[world.an.pk]),
        reverse("verification:case", args=[case.person_id]),
    ):
        text = text_of(officer.get(where))
        assert "Chưa nối với CSDL quốc gia về dân cư (thiếu PHUONG_LGSP_URL)." in text
        assert "Kiểm tra ngay" not in text
    assert officer.post(reverse("verification:run")).status_code == 409
    assert not Job.objects.filter(name="verification.run").exists()
