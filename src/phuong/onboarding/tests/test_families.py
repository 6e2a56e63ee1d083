"""Letters, activation, claims and personal links, as families and schools meet them."""

import base64
import datetime as dt
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.world import World, a_world

from phuong.identity.api import Account, RoleAssignment
from phuong.kernel.jobs import Progress
from phuong.kernel.models import Job
from phuong.onboarding import throttle
from phuong.onboarding.actions.letters import make_letters
from phuong.onboarding.actions.sending import send_all
from phuong.onboarding.errors import LinkOver, TooOften
from phuong.onboarding.models import Claim, Delivery, LetterCode, LetterFile, Purpose
from phuong.onboarding.rules import ALPHABET, ChildFacts, agreeing, new_code, shown, typed
from phuong.onboarding.testing import a_code, an_opened_account
from phuong.onboarding.tokens import read, sign
from phuong.registry.api import Guardianship, Person
from phuong.registry.testing import a_class, a_guardian, a_learner

PASSWORD = "cay phuong nam ay"
NAME, CODE, SET, CLAIM = "/kich-hoat/", "/kich-hoat/ma/", "/kich-hoat/mat-khau/", "/gan-con/"


@pytest.fixture
def world(db: None) -> World:
    throttle.forget()
    return a_world()


def try_code(username: str, code: str) -> tuple[Client, Any]:
    client = Client()
    client.post(NAME, {"username": username})
    return client, client.post(CODE, {"code": code})


@given(st.integers())
def test_a_code_is_read_however_it_is_typed(seed: int) -> None:
    del seed
    code = new_code()

    assert len(code) == 12
    assert len(ALPHABET) == 32
    assert typed(shown(code).lower().replace("-", " ")) == code


@given(st.text(max_size=40))
def test_what_cannot_be_a_code_is_no_code(text: str) -> None:
    assert typed(text) == "" or set(typed(text)) <= set(ALPHABET)


def test_a_class_is_the_same_however_it_is_written() -> None:
    kept = ChildFacts(dt.date(2013, 5, 1), "8A3")

    assert agreeing(ChildFacts(dt.date(2013, 5, 1), "lớp 8a 3"), kept) == {"birth_date", "class_name"}
    assert agreeing(ChildFacts(dt.date(2013, 5, 2), "8A4"), kept) == frozenset()


def test_name_and_code_set_a_password_and_sign_in(world: World) -> None:
    stranger = a_guardian(world.stranger, name="Lê Thị Xa")
    account, code = an_opened_account(stranger), a_code(stranger)

    client, answer = try_code(account.username, shown(code).lower())
    done = client.post(SET, {"password": PASSWORD, "again": PASSWORD})

    assert answer["Location"] == SET
    assert done.status_code == 302
    assert "Hoàng Văn Xa" in client.get("/").content.decode()
    assert try_code(account.username, code)[1].status_code == 422


def test_a_wrong_code_five_times_makes_the_code_void(world: World) -> None:
    guardian = a_guardian(world.stranger, name="Lê Thị Xa")
    account, code = an_opened_account(guardian), a_code(guardian)

    for _ in range(5):
        assert try_code(account.username, new_code())[1].status_code == 422

    assert try_code(account.username, code)[1].status_code == 422
    assert not Account.objects.get(pk=account.pk).has_usable_password()
    assert LetterCode.objects.get(person=guardian).tries == 5


def test_an_unknown_name_and_a_wrong_code_get_the_same_words(world: World) -> None:
    account = an_opened_account(a_guardian(world.stranger, name="Lê Thị Xa"))

    wrong, unknown = try_code(account.username, new_code())[1], try_code("khongco", new_code())[1]

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    for answer in (wrong, unknown):
        assert "không khớp, hoặc mã đã hết hạn" in answer.content.decode()


def test_a_new_letter_makes_the_old_code_void(world: World) -> None:
    guardian = a_guardian(world.stranger, name="Lê Thị Xa")
    account, old = an_opened_account(guardian), a_code(guardian)
    new = a_code(guardian)

    assert try_code(account.username, old)[1].status_code == 422
    assert try_code(account.username, new)[1].status_code == 302


def test_a_code_is_kept_as_a_hash_and_ends(world: World) -> None:
    guardian = a_guardian(world.stranger, name="Lê Thị Xa")
    account, code = an_opened_account(guardian), a_code(guardian)
    kept = LetterCode.objects.get(person=guardian)
    assert code.encode() not in bytes(kept.code_hash)

    LetterCode.objects.filter(pk=kept.pk).update(expires_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

    assert try_code(account.username, code)[1].status_code == 422


@pytest.mark.parametrize("weak", ["12345678901", "ngan"])
def test_a_weak_first_password_is_refused_and_the_code_stays(world: World, weak: str) -> None:
    guardian = a_guardian(world.stranger, name="Lê Thị Xa")
    account, code = an_opened_account(guardian), a_code(guardian)
    client, _answer = try_code(account.username, code)

    assert client.post(SET, {"password": weak, "again": weak}).status_code == 422
    assert LetterCode.objects.get(person=guardian).used_at is None
    assert client.post(SET, {"password": PASSWORD, "again": PASSWORD}).status_code == 302


def printed(world: World, whom: str = "learners") -> LetterFile:
    job = Job.objects.create(path=world.school.path, name="onboarding.letters", title="x", arguments={"n": whom})
    facts = {
        "school": str(world.school.pk),
        "group": str(world.group.pk),
        "whom": whom,
        "site": "http://truong.example",
    }
    make_letters(Progress(job.pk), **facts)
    return LetterFile.objects.get(job_id=job.pk)


def test_letters_of_a_class_are_asked_and_made_in_full_and_taken_by_its_keepers(world: World) -> None:
    file = printed(world)
    address = f"/tai-khoan-truong/thu/{file.pk}.pdf"

    pdf = world.client("clerk").get(address)

    assert (file.asked, file.made) == (2, 2)
    assert pdf.content.startswith(b"%PDF")
    assert b"%PDF" not in bytes(file.content)
    assert world.client("teacher").get(address).status_code == 404
    assert world.client("guardian").get(address).status_code == 404


def test_a_file_of_another_school_is_not_there(world: World) -> None:
    file = printed(world)
    LetterFile.objects.filter(pk=file.pk).update(path=world.other_school.path)

    assert world.client("clerk").get(f"/tai-khoan-truong/thu/{file.pk}.pdf").status_code == 404


def test_who_has_activated_gets_no_further_code(world: World) -> None:
    file = printed(world, "guardians")  # Bình has a password

    assert (file.asked, file.made) == (0, 0)
    assert not LetterCode.objects.filter(purpose=Purpose.ACTIVATE).exists()


def test_a_job_taken_up_again_leaves_one_file(world: World) -> None:
    job = Job.objects.create(path=world.school.path, name="onboarding.letters", title="x")
    facts = {"school": str(world.school.pk), "group": str(world.group.pk), "whom": "learners", "site": ""}

    make_letters(Progress(job.pk), **facts)
    make_letters(Progress(job.pk), **facts)

    assert LetterFile.objects.count() == 1
    assert LetterCode.objects.count() == 3  # An has a password already


def told(child: Person, code: str, **other: str) -> dict[str, str]:
    facts = {"child_code": child.code, "birth_date": "01/05/2013", "class_name": "8A3", "letter_code": shown(code)}
    return {**facts, "relation": "mother", **other}


@pytest.fixture
def second(world: World) -> Person:
    """A child in another school whose letter the mother holds."""
    Person.objects.filter(pk=world.stranger.pk).update(code="HP777")
    world.stranger.refresh_from_db()
    return world.stranger


def test_a_mother_claims_a_second_child_in_another_school_and_sees_both(world: World, second: Person) -> None:
    client = world.client("guardian")

    answer = client.post(CLAIM, told(second, a_code(second, Purpose.CLAIM)))

    page = client.get("/").content.decode()
    assert answer["Location"] == "/"
    assert "Đỗ Khánh An" in page
    assert "Hoàng Văn Xa" in page
    assert Claim.objects.get().state == "accepted"
    assert RoleAssignment.objects.filter(account=world.accounts["guardian"], role="guardian").count() == 2


def test_guardian_without_custody(world: World, second: Person) -> None:
    """Sees and claims nothing, by the own record or by one of the same name at the other school."""
    code = a_code(second, Purpose.CLAIM)
    twin = a_guardian(second, name=world.binh.full_name, custody="none")
    client = world.client("guardian")

    answer = client.post(CLAIM, told(second, code))

    assert answer.status_code == 422
    assert Claim.objects.count() == 0
    assert list(Guardianship.objects.filter(learner=second)) == list(Guardianship.objects.filter(guardian=twin))
    assert "Hoàng Văn Xa" not in client.get("/").content.decode()


def test_where_a_fact_differs_the_school_decides(world: World, second: Person) -> None:
    client = world.client("guardian")
    answer = client.post(CLAIM, told(second, a_code(second, Purpose.CLAIM), class_name="9B"))
    claim = Claim.objects.get()
    assert (answer.status_code, claim.state, claim.agrees) == (302, "waiting", ["birth_date"])
    assert "Hoàng Văn Xa" not in client.get("/").content.decode() + client.get(CLAIM).content.decode()

    officer = world.client("division_officer")
    assert (
        world.client("clerk").post(f"/tai-khoan-truong/xin-gan/{claim.pk}/", {"decision": "accept"}).status_code == 404
    )
    assert officer.post(f"/tai-khoan-truong/xin-gan/{claim.pk}/", {"decision": "accept"}).status_code == 302

    assert "Hoàng Văn Xa" in client.get("/").content.decode()


def test_a_wrong_letter_code_claims_nothing_and_ten_tries_are_enough(world: World, second: Person) -> None:
    code = a_code(second, Purpose.CLAIM)
    client = world.client("guardian")

    for _ in range(10):
        assert client.post(CLAIM, told(second, new_code())).status_code == 422
    locked = client.post(CLAIM, told(second, code))

    assert "15 phút" in locked.content.decode()
    assert Claim.objects.count() == 0
    assert Guardianship.objects.filter(learner=second).count() == 0


def test_a_link_shows_class_school_and_teacher_and_no_number(world: World, django_assert_num_queries: Any) -> None:
    address = f"/kq/{sign(world.an.pk, 'enrol')}"
    Client().get(address)

    answer = Client().get(address)

    text = answer.content.decode()
    assert all(word in text for word in ("Đỗ Khánh An", "8A3", "THCS Lạch Tray", "Nguyễn Thị Lan"))
    assert answer["Cache-Control"] == "private, no-store"
    assert "noindex" in answer["X-Robots-Tag"]
    assert not answer.cookies


def test_an_opened_link_reads_one_table_and_writes_nothing(world: World, django_assert_num_queries: Any) -> None:
    address = f"/kq/{sign(world.an.pk, 'enrol')}"
    Client().get(address)

    with django_assert_num_queries(7) as asked:
        Client().get(address)

    reads = [each["sql"] for each in asked.captured_queries if "from registry_" in each["sql"]]
    assert len(reads) == 1
    assert not [each for each in asked.captured_queries if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


@given(st.integers(0, 59), st.characters(codec="ascii", categories=["L", "N"]))
def test_an_altered_link_opens_nothing(place: int, char: str) -> None:
    token = sign(UUID(int=7), "enrol")
    altered = token[:place] + char + token[place + 1 :]

    if base64.urlsafe_b64decode(altered + "==") != base64.urlsafe_b64decode(token + "=="):
        with pytest.raises(LinkOver):
            read(altered)
    else:
        assert read(altered).person == UUID(int=7)


def test_a_link_ends_after_72_hours_and_with_its_key(settings: Any) -> None:
    before = dt.datetime.now(dt.UTC) - dt.timedelta(hours=73)
    with pytest.raises(LinkOver):
        read(sign(uuid4(), "enrol", now=before))
    token = sign(uuid4(), "enrol")

    settings.PHUONG_LINK_KEY_VERSION = 2
    assert read(token).target == "enrol"
    settings.PHUONG_LINK_KEY_VERSION = 3
    with pytest.raises(LinkOver):
        read(token)


def test_links_of_a_class_can_be_called_back(world: World) -> None:
    address = f"/kq/{sign(world.an.pk, 'enrol')}"
    other = f"/kq/{sign(world.stranger.pk, 'enrol')}"
    assert Client().get(address).status_code == 200

    answer = world.client("clerk").post(f"/tai-khoan-truong/lop/{world.group.pk}/thu-hoi/", {"what": "enrol"})
    throttle.forget()  # five seconds later

    assert answer.status_code == 302
    assert Client().get(address).status_code == 404
    assert Client().get(other).status_code == 200


def test_a_link_opened_too_often_waits_a_minute() -> None:
    throttle.forget()
    for _ in range(30):
        throttle.take_opening("t", now=0.0)

    with pytest.raises(TooOften):
        throttle.take_opening("t", now=59.0)
    throttle.take_opening("u", now=59.0)
    throttle.take_opening("t", now=60.0)


def test_guardians_of_a_class_get_the_link_by_sms_once(world: World, outside: Any, settings: Any) -> None:
    settings.PHUONG_SMS_URL, settings.PHUONG_SMS_KEY = outside.page + "sms", "phuong-sandbox"
    Person.objects.filter(pk=world.binh.pk).update(phone="0912345678")
    job = Job.objects.create(path=world.school.path, name="onboarding.send", title="x")
    facts = {"group": str(world.group.pk), "what": "enrol", "channel": "sms", "site": "http://truong.example"}

    first = send_all(Progress(job.pk), **facts)
    send_all(Progress(job.pk), **facts)

    kept = outside.ask("GET", "sms/messages.json").json()["messages"]
    assert list(Delivery.objects.values_list("reason", flat=True)) == [""]
    assert first["sent"] == 1
    assert len(kept) == 1
    path = kept[0]["text"].partition("http://truong.example")[2].split()[0]
    assert "8A3" in Client().get(path).content.decode()


def test_without_a_gateway_nothing_is_asked(world: World) -> None:
    address = f"/tai-khoan-truong/lop/{world.group.pk}/gui/"

    answer = world.client("clerk").post(address, {"what": "codes", "channel": "sms"})

    assert answer.status_code == 409
    assert not Job.objects.exists()


@pytest.mark.parametrize("count", [2, 20])
def test_the_desk_of_a_school_costs_the_same_with_many_classes(
    world: World, count: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        group = a_class(world.school, name=f"6B{number}", grade=6)
        a_learner(world.school, group, name="Trần Văn Nam")
    client = world.client("clerk")
    client.get(f"/tai-khoan-truong/{world.school.pk}/")

    with django_assert_max_num_queries(30) as asked:
        answer = client.get(f"/tai-khoan-truong/{world.school.pk}/")

    assert answer.status_code == 200
    assert len(asked.captured_queries) == _COST.setdefault("desk", len(asked.captured_queries))


_COST: dict[str, int] = {}
