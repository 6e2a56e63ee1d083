"""New codes for accounts in use: who may ask for whom, what a letter opens and when, and what it does not do."""

import datetime as dt
import io
import re
import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from tests.overseeing import signed_in
from tests.world import World, a_world

from phuong.identity.api import Account
from phuong.identity.testing import PASSWORD, an_account, assign
from phuong.kernel.jobs import Progress
from phuong.kernel.models import AuditEntry, Job
from phuong.onboarding import throttle
from phuong.onboarding.actions.letters import make_letters
from phuong.onboarding.actions.sending import send_all
from phuong.onboarding.models import LetterCode, LetterFile, Purpose
from phuong.onboarding.rules import new_code
from phuong.onboarding.testing import a_code, an_opened_account
from phuong.registry.api import Person
from phuong.registry.testing import a_guardian, a_learner, a_teacher

NEW = "cay phuong nam ay"
NAME, CODE, SET = "/kich-hoat/", "/kich-hoat/ma/", "/kich-hoat/mat-khau/"


@pytest.fixture
def world(db: None) -> World:
    throttle.forget()
    return a_world()


def at_the_door(username: str, code: str, client: Client | None = None) -> tuple[Client, Any]:
    client = client or Client()
    client.post(NAME, {"username": username})
    return client, client.post(CODE, {"code": code})


def signs_in(account: Account, password: str = PASSWORD) -> bool:
    answer = Client().post("/dang-nhap/", {"username": account.username, "password": password})
    return bool(answer.status_code == 302)


def proved(client: Client) -> Client:
    """Let a browser have given its proof just now."""
    session = client.session
    session["account_authentication_methods_user"] = session[SESSION_KEY]
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()
    return client


def ask_for(world: World, role: str, person: Person, school: Any = None) -> Any:
    where = reverse("onboarding:renew_one", args=[(school or world.school).pk, person.pk])
    return proved(world.client(role)).post(where)


def printed() -> LetterFile:
    """Do the one job that waits, as a worker does; gives its file."""
    job = Job.objects.get(name="onboarding.letters")
    make_letters(Progress(job.pk), **job.arguments)
    return LetterFile.objects.get(job_id=job.pk)


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_a_principal_prints_a_teacher_a_letter_that_sets_a_new_password(world: World) -> None:
    lan = world.accounts["teacher"]

    asked = ask_for(world, "principal", world.lan)
    file = printed()
    pdf = proved(world.client("principal")).get(reverse("onboarding:file", args=[file.pk])).content

    text = text_of(pdf)
    code = re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b", text)
    assert asked.status_code == 302
    assert (file.asked, file.made, file.person_id) == (1, 1, world.lan.pk)
    assert "Thư cấp lại mã đăng nhập" in text
    assert lan.username in text
    assert code is not None
    client, answer = at_the_door(lan.username, code[0].lower())
    assert answer["Location"] == SET
    assert client.post(SET, {"password": NEW, "again": NEW})["Location"] == "/"
    assert client.get("/tai-khoan/").status_code == 200


def test_the_old_password_opens_until_the_code_is_used_and_not_after(world: World) -> None:
    lan = world.accounts["teacher"]
    code = a_code(world.lan, Purpose.RENEW)
    before = signs_in(lan)
    client, _answer = at_the_door(lan.username, code)
    typed = signs_in(lan)

    client.post(SET, {"password": NEW, "again": NEW})

    assert (before, typed) == (True, True)
    assert (signs_in(lan), signs_in(lan, NEW)) == (False, True)
    assert at_the_door(lan.username, code)[1].status_code == 422


def test_a_used_code_ends_every_other_session_and_nobody_elses(world: World) -> None:
    lan = world.accounts["teacher"]
    elsewhere, other = signed_in(world, "teacher"), signed_in(world, "clerk")
    client, _answer = at_the_door(lan.username, a_code(world.lan, Purpose.RENEW))

    client.post(SET, {"password": NEW, "again": NEW})

    assert elsewhere.get("/tai-khoan/").status_code == 302
    assert client.get("/tai-khoan/").status_code == 200
    assert other.get("/tai-khoan/").status_code == 200
    assert UserSession.objects.filter(user=lan).count() == 1


def test_a_code_used_where_the_same_account_is_signed_in_signs_in_anew(world: World) -> None:
    lan = world.accounts["teacher"]
    here = signed_in(world, "teacher")
    key = here.session.session_key
    at_the_door(lan.username, a_code(world.lan, Purpose.RENEW), here)

    done = here.post(SET, {"password": NEW, "again": NEW})

    assert done["Location"] == "/"
    assert here.get("/tai-khoan/").status_code == 200
    assert here.session.session_key != key
    assert UserSession.objects.filter(user=lan).count() == 1


def test_a_code_is_no_second_factor(world: World) -> None:
    lan = world.accounts["teacher"]
    totp.TOTP.activate(lan, totp.generate_totp_secret())
    client, _answer = at_the_door(lan.username, a_code(world.lan, Purpose.RENEW))

    done = client.post(SET, {"password": NEW, "again": NEW})

    assert done["Location"].startswith(reverse("mfa_authenticate"))
    assert client.get("/tai-khoan/").status_code == 302
    assert Authenticator.objects.filter(user=lan).count() == 1


def test_a_code_ends_after_seven_days_and_a_new_letter_makes_the_old_one_void(world: World) -> None:
    lan, code = world.accounts["teacher"], a_code(world.lan, Purpose.RENEW)
    with time_machine.travel(timezone.now() + dt.timedelta(days=7, minutes=1)):
        assert at_the_door(lan.username, code)[1].status_code == 422
    assert at_the_door(lan.username, code)[1].status_code == 302

    newer = a_code(world.lan, Purpose.RENEW)

    assert at_the_door(lan.username, code)[1].status_code == 422
    assert at_the_door(lan.username, newer)[1].status_code == 302


def test_wrong_codes_make_the_code_void_and_leave_the_password(world: World) -> None:
    lan, code = world.accounts["teacher"], a_code(world.lan, Purpose.RENEW)

    for _time in range(5):
        assert at_the_door(lan.username, new_code())[1].status_code == 422

    assert at_the_door(lan.username, code)[1].status_code == 422
    assert signs_in(lan)


def test_codes_of_one_kind_do_not_open_accounts_of_the_other(world: World) -> None:
    lan = world.accounts["teacher"]
    guardian = a_guardian(world.stranger, name="Lê Thị Xa")
    opened = an_opened_account(guardian)

    assert at_the_door(lan.username, a_code(world.lan, Purpose.ACTIVATE))[1].status_code == 422
    assert at_the_door(lan.username, a_code(world.lan, Purpose.CLAIM))[1].status_code == 422
    assert at_the_door(opened.username, a_code(guardian, Purpose.RENEW))[1].status_code == 422


def a_head(world: World, role: str = "principal") -> Person:
    """A member of staff of the school with the role and a password."""
    head = a_teacher(world.school, name="Lê Văn Hiệu")
    an_account(role, world.school, person=head, username="hieulv")
    return head


@pytest.mark.parametrize(
    ("role", "held", "status"),
    [
        ("clerk", "principal", 409),
        ("clerk", "accountant", 302),
        ("clerk", "clerk", 302),
        ("principal", "principal", 302),
        ("principal", "clerk", 302),
        ("division_officer", "principal", 302),
    ],
)
def test_nobody_prints_a_code_for_who_may_do_more(world: World, role: str, held: str, status: int) -> None:
    head = a_head(world, held)

    answer = ask_for(world, role, head)

    assert answer.status_code == status
    assert Job.objects.count() == (status == 302)


def test_a_wide_role_beside_the_one_at_school_is_out_of_the_schools_reach(world: World) -> None:
    head = a_head(world, "teacher")
    assign(Account.objects.get(person=head), "commune_officer", world.commune)

    assert ask_for(world, "principal", head).status_code == 409
    assert ask_for(world, "division_officer", head).status_code == 302


def test_a_mother_with_a_child_in_another_school_is_helped_by_the_department(world: World) -> None:
    mother = world.accounts["guardian"]
    assert ask_for(world, "clerk", world.binh).status_code == 302
    assign(mother, "guardian", world.other_school)

    assert ask_for(world, "clerk", world.binh).status_code == 409
    assert ask_for(world, "division_officer", world.binh).status_code == 302


def test_nobody_prints_a_code_for_oneself(world: World) -> None:
    me = a_teacher(world.school, name="Trần Thị Văn")
    Account.objects.filter(pk=world.accounts["clerk"].pk).update(person=me)

    answer = ask_for(world, "clerk", me)

    assert answer.status_code == 409
    assert "chính mình" in answer.content.decode()
    assert not Job.objects.exists()


def test_who_was_never_in_gets_a_letter_of_activation_instead(world: World) -> None:
    guardian = a_guardian(world.an, name="Lê Thị Hai")
    an_opened_account(guardian)

    answer = ask_for(world, "clerk", guardian)

    assert answer.status_code == 409
    assert "in thư kích hoạt" in answer.content.decode()


def test_other_schools_and_who_keeps_no_letters_find_nothing(world: World) -> None:
    stranger = an_account("learner", world.other_school, person=world.stranger, username="xa")

    assert ask_for(world, "clerk", world.stranger).status_code == 404
    assert ask_for(world, "clerk", world.stranger, world.other_school).status_code == 404
    assert ask_for(world, "teacher", world.an).status_code == 404
    page = world.client("clerk").get(reverse("onboarding:renew", args=[world.school.pk]), {"q": "hoang"})
    assert stranger.username not in page.content.decode()
    assert not Job.objects.exists()


def test_asking_wants_a_proof_first(world: World) -> None:
    where = reverse("onboarding:renew_one", args=[world.school.pk, world.lan.pk])

    answer = world.client("principal").post(where)

    assert answer["Location"].startswith("/tai-khoan/xac-nhan/")
    assert not Job.objects.exists()


def test_what_the_printer_reaches_is_judged_again_when_the_letter_is_printed(world: World) -> None:
    head = a_head(world, "teacher")
    ask_for(world, "principal", head)
    assign(Account.objects.get(person=head), "commune_officer", world.commune)

    file = printed()

    assert (file.asked, file.made) == (0, 0)
    assert not LetterCode.objects.exists()


def test_the_file_is_only_for_who_asked_for_it(world: World) -> None:
    ask_for(world, "principal", a_head(world))
    file = printed()
    address = reverse("onboarding:file", args=[file.pk])

    assert world.client("principal").get(address).status_code == 200
    assert world.client("clerk").get(address).status_code == 404
    assert world.client("division_officer").get(address).status_code == 404
    desk = reverse("onboarding:school", args=[world.school.pk])
    assert address in world.client("principal").get(desk).content.decode()
    assert address not in world.client("clerk").get(desk).content.decode()


def test_a_class_gets_new_codes_without_those_out_of_reach(world: World) -> None:
    second = a_learner(world.school, world.group, name="Trần Văn Nam")
    far = a_learner(world.school, world.group, name="Trần Văn Xa")
    an_account("learner", world.school, person=second, username="nam")
    assign(an_account("learner", world.school, person=far, username="xa"), "learner", world.other_school)

    answer = proved(world.client("clerk")).post(
        reverse("onboarding:renew_class", args=[world.group.pk]), {"whom": "learners"}
    )
    file = printed()

    assert answer.status_code == 302
    assert (file.asked, file.made) == (2, 2)  # An and Nam; Ánh has no account
    text = text_of(world.client("clerk").get(reverse("onboarding:file", args=[file.pk])).content)
    assert all(name in text for name in ("Đỗ Khánh An", "Trần Văn Nam"))
    assert all(name not in text for name in ("Trần Văn Xa", "Bùi Thị Ánh", "Mã gắn phụ huynh"))
    codes = LetterCode.objects.filter(purpose=Purpose.RENEW)
    assert set(codes.values_list("person_id", flat=True)) == {world.an.pk, second.pk}
    assert not LetterCode.objects.exclude(purpose=Purpose.RENEW).exists()
    assert signs_in(world.accounts["learner"])


def test_a_new_code_and_its_use_stand_in_the_journal_and_the_person_reads_them(world: World) -> None:
    ask_for(world, "clerk", world.an)
    printed()
    client, _answer = at_the_door(world.accounts["learner"].username, a_code(world.an, Purpose.RENEW))
    client.post(SET, {"password": NEW, "again": NEW})

    rows = AuditEntry.objects.filter(about=world.an.pk).order_by("id")

    assert list(rows.values_list("did", "actor_name", "role", "path")) == [
        ("onboarding.code_renewed", "Clerk", "clerk", world.school.path),
        ("identity.password_renewed", "Learner", "", world.school.path),
    ]
    page = world.client("guardian").get(reverse("journal:openings", args=[world.an.pk])).content.decode()
    assert "Cấp lại mã đăng nhập" in page
    assert "Đặt lại mật khẩu bằng mã của trường" in page


def test_guardians_of_a_class_get_new_codes_by_sms_once(world: World, outside: Any, settings: Any) -> None:
    settings.PHUONG_SMS_URL, settings.PHUONG_SMS_KEY = outside.page + "sms", "phuong-sandbox"
    Person.objects.filter(pk=world.binh.pk).update(phone="0912345678")
    where = reverse("onboarding:renew_class", args=[world.group.pk])
    asked = proved(world.client("clerk")).post(where, {"whom": "guardians", "way": "sms"})
    job = Job.objects.get(name="onboarding.send")

    send_all(Progress(job.pk), **job.arguments)
    send_all(Progress(job.pk), **job.arguments)

    kept = outside.ask("GET", "sms/messages.json").json()["messages"]
    code = re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b", kept[0]["text"])
    assert (asked.status_code, len(kept)) == (302, 1)
    assert "đặt lại mật khẩu" in kept[0]["text"]
    assert code is not None
    assert at_the_door(world.accounts["guardian"].username, code[0])[1].status_code == 302


def test_a_learner_is_sent_no_message(world: World) -> None:
    where = reverse("onboarding:renew_class", args=[world.group.pk])

    answer = proved(world.client("clerk")).post(where, {"whom": "learners", "way": "sms"})

    assert answer.status_code == 422
    assert "Học sinh nhận thư giấy" in answer.content.decode()
    assert not Job.objects.exists()


def test_the_desk_says_who_can_be_helped_and_why_not(world: World) -> None:
    a_head(world)
    where = reverse("onboarding:renew", args=[world.school.pk])

    lan = world.client("principal").get(where, {"q": "nguyễn thị lan"}).content.decode()
    own = world.client("clerk").get(where, {"q": "nguyễn thị lan"}).content.decode()  # who writes no marks gets no code
    head = world.client("clerk").get(where, {"q": "hieulv"}).content.decode()
    nobody = world.client("clerk").get(where, {"q": "không ai"}).content.decode()

    assert reverse("onboarding:renew_one", args=[world.school.pk, world.lan.pk]) in lan
    assert "nhờ hiệu trưởng hoặc Sở" in own
    assert "nhờ hiệu trưởng hoặc Sở" in head
    assert "cap-lai/01" not in head
    assert "Không thấy ai" in nobody


@pytest.mark.parametrize("count", [2, 200])
def test_the_page_of_new_codes_costs_the_same_with_many(
    world: World, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        learner = a_learner(world.school, world.group, name=f"Trần Văn Nam {number}")
        an_account("learner", world.school, person=learner, username=f"nam{number}")
    client = world.client("clerk")
    where = reverse("onboarding:renew", args=[world.school.pk])
    client.get(where, {"q": "tran"})

    with django_assert_num_queries(19):
        assert client.get(where, {"q": "tran"}).status_code == 200
