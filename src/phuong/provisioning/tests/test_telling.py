"""What a mail suite is told over real HTTP, failures and killed workers included."""

import datetime as dt
import json
from typing import Any

import pytest
from django.utils import timezone
from tests.outside import Outside

from phuong.identity.testing import an_account
from phuong.kernel.jobs import Progress
from phuong.kernel.scope import SYSTEM
from phuong.kernel.text import search_key
from phuong.provisioning.actions.mailboxes import apply_plan, try_again
from phuong.provisioning.actions.telling import take_orders
from phuong.provisioning.jobs.telling import tell_suite
from phuong.provisioning.models import MailAddress, Mailbox, MailDomain
from phuong.provisioning.queries.mailboxes import state_counts
from phuong.provisioning.testing import a_mail_domain
from phuong.registry.api import Organisation, Person, StaffPosition
from phuong.registry.testing import a_commune, a_province, a_school, a_teacher

pytestmark = pytest.mark.django_db
NOTHING = {"create": 0, "rename": 0, "suspend": 0, "resume": 0}


@pytest.fixture
def domain() -> MailDomain:
    return a_mail_domain(a_province())


@pytest.fixture
def school(domain: MailDomain) -> Organisation:
    return a_school(a_commune("11311"))


@pytest.fixture
def suite(outside: Outside, settings: Any) -> Outside:
    settings.MAILSUITE_URL = f"{outside.page}mailsuite/scim/v2"
    settings.MAILSUITE_KEY, settings.MAILSUITE_RATE = "phuong-sandbox", 1000.0
    return outside


def boxes_at(suite: Outside) -> dict[str, dict[str, Any]]:
    return {box["address"]: box for box in suite.ask("GET", "mailsuite/messages.json").json()["messages"]}


def leave(person: Person) -> None:
    StaffPosition.objects.filter(person=person).update(during=(dt.date(2020, 8, 1), timezone.localdate()))


def come_back(person: Person) -> None:
    StaffPosition.objects.filter(person=person).update(during=(dt.date(2020, 8, 1), None))


def rename(person: Person, name: str) -> None:
    Person.objects.filter(pk=person.pk).update(full_name=name, search_key=search_key(name))


def carry_out(domain: MailDomain) -> dict[str, Any]:
    apply_plan(domain.pk, by=SYSTEM)
    return dict(tell_suite(Progress()))


def wait_no_more() -> None:
    Mailbox.objects.exclude(change="").update(next_try_at=timezone.now())


def test_the_suite_is_told_and_the_address_goes_into_record_and_account(
    domain: MailDomain, school: Organisation, suite: Outside
) -> None:
    lan = a_teacher(school, name="Nguyễn Thị Lan")
    mai = a_teacher(school, name="Trần Mai")
    account = an_account("teacher", school, person=lan, username="lan")
    own = an_account("clerk", school, person=mai, username="mai", email="mai@nha.vn")

    told = carry_out(domain)

    assert told == {"done": 2, "problem": ""}
    box = boxes_at(suite)["nguyen-thi-lan@haiphong.edu.vn"]
    assert (box["name"], box["active"]) == ("Nguyễn Thị Lan", True)
    lan.refresh_from_db()
    account.refresh_from_db()
    own.refresh_from_db()
    assert lan.work_email == account.email == "nguyen-thi-lan@haiphong.edu.vn"
    assert own.email == "mai@nha.vn"
    assert state_counts(domain) == {"active": 2, "suspended": 0, "waiting": 0, "given_up": 0}
    assert tell_suite(Progress()) == {"problem": ""}


def test_a_new_name_gets_a_new_address_and_the_old_one_still_takes_mail(
    domain: MailDomain, school: Organisation, suite: Outside
) -> None:
    lan = a_teacher(school, name="Nguyễn Thị Lan")
    carry_out(domain)
    rename(lan, "Nguyễn Lan Anh")

    carry_out(domain)
    box = boxes_at(suite)["nguyen-lan-anh@haiphong.edu.vn"]
    a_teacher(school, name="Nguyễn Thị Lan")
    carry_out(domain)
    rename(lan, "Nguyễn Thị Lan")
    carry_out(domain)

    assert box["aliases"] == ["nguyen-thi-lan@haiphong.edu.vn"]
    at_last = boxes_at(suite)
    assert sorted(at_last) == ["nguyen-thi-lan2@haiphong.edu.vn", "nguyen-thi-lan@haiphong.edu.vn"]
    assert at_last["nguyen-thi-lan@haiphong.edu.vn"]["aliases"] == ["nguyen-lan-anh@haiphong.edu.vn"]


def test_marks_that_were_missing_are_told_and_the_address_stays(
    domain: MailDomain, school: Organisation, suite: Outside
) -> None:
    lan = a_teacher(school, name="Nguyen Thi Lan")
    carry_out(domain)
    rename(lan, "Nguyễn Thị Lan")

    carry_out(domain)

    assert [(box["address"], box["name"]) for box in boxes_at(suite).values()] == [
        ("nguyen-thi-lan@haiphong.edu.vn", "Nguyễn Thị Lan")
    ]


def test_who_leaves_is_suspended_and_who_comes_back_has_the_old_address(
    domain: MailDomain, school: Organisation, suite: Outside
) -> None:
    lan = a_teacher(school, name="Nguyễn Thị Lan")
    carry_out(domain)
    leave(lan)
    carry_out(domain)
    suspended = boxes_at(suite)["nguyen-thi-lan@haiphong.edu.vn"]
    a_teacher(school, name="Nguyễn Thị Lan")
    carry_out(domain)
    come_back(lan)

    carry_out(domain)

    assert suspended["active"] is False
    assert Mailbox.objects.get(person=lan).address == "nguyen-thi-lan@haiphong.edu.vn"
    assert {box["active"] for box in boxes_at(suite).values()} == {True}
    assert len(boxes_at(suite)) == 2


@pytest.mark.parametrize("switch", ["busy", "down", "lost"])
def test_a_suite_that_fails_is_told_again_and_nothing_is_made_twice(
    domain: MailDomain, school: Organisation, suite: Outside, switch: str
) -> None:
    for name in ("Trần An", "Trần Bình", "Trần Chi", "Trần Dũng", "Trần Em"):
        a_teacher(school, name=name)
    suite.fail("mailsuite", **{switch: "*"})

    failed = carry_out(domain)
    suite.fail("mailsuite", **{switch: ""})
    too_early = tell_suite(Progress())
    wait_no_more()
    told = tell_suite(Progress())

    assert failed["later"] == (1 if switch == "busy" else 3)
    assert failed["problem"].startswith({"busy": "429", "down": "503", "lost": "504"}[switch])
    assert too_early["done"] == (4 if switch == "busy" else 2)
    assert told["done"] == 5 - too_early["done"]
    assert len(boxes_at(suite)) == 5
    assert state_counts(domain)["active"] == 5


def test_a_killed_worker_leaves_nothing_twice(domain: MailDomain, school: Organisation, suite: Outside) -> None:
    lan = a_teacher(school, name="Trần Lan")
    apply_plan(domain.pk, by=SYSTEM)
    box = Mailbox.objects.get()
    take_orders([box.pk])
    body = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": box.address,
        "externalId": str(box.pk),
    }
    headers = {"Authorization": "Bearer phuong-sandbox", "Content-Type": "application/scim+json"}
    suite.ask("POST", "mailsuite/scim/v2/Users", content=json.dumps(body), headers=headers).raise_for_status()
    leave(lan)
    apply_plan(domain.pk, by=SYSTEM)

    told = tell_suite(Progress())

    assert told["done"] == 1
    assert [each["active"] for each in boxes_at(suite).values()] == [False]
    assert Mailbox.objects.get().known == "suspended"


def test_an_address_of_somebody_else_at_the_suite_is_left_alone(
    domain: MailDomain, school: Organisation, suite: Outside
) -> None:
    taken = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "tran-lan@haiphong.edu.vn"}
    headers = {"Authorization": "Bearer phuong-sandbox", "Content-Type": "application/scim+json"}
    suite.ask("POST", "mailsuite/scim/v2/Users", content=json.dumps(taken), headers=headers).raise_for_status()
    lan = a_teacher(school, name="Trần Lan")

    carry_out(domain)

    assert Mailbox.objects.get(person=lan).address == "tran-lan2@haiphong.edu.vn"
    assert {box["external_id"] == "" for box in boxes_at(suite).values()} == {True, False}
    assert MailAddress.objects.get(number=1).mailbox is None


def test_a_recorded_mailbox_that_nobody_keeps_is_taken_over(
    domain: MailDomain, school: Organisation, suite: Outside
) -> None:
    there = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "lan.01@haiphong.edu.vn"}
    headers = {"Authorization": "Bearer phuong-sandbox", "Content-Type": "application/scim+json"}
    suite.ask("POST", "mailsuite/scim/v2/Users", content=json.dumps(there), headers=headers).raise_for_status()
    a_teacher(school, name="Trần Lan", work_email="lan.01@haiphong.edu.vn")

    assert carry_out(domain)["done"] == 1

    (box,) = boxes_at(suite).values()
    assert box["external_id"] == str(Mailbox.objects.get().pk)


def test_a_suite_that_never_takes_an_address_is_given_up_and_asked_again_by_hand(
    domain: MailDomain, school: Organisation, suite: Outside
) -> None:
    a_teacher(school, name="Trần Lan")
    suite.fail("mailsuite", conflict="*")

    carry_out(domain)
    stuck = state_counts(domain)
    suite.fail("mailsuite", conflict="")
    again = try_again(domain.pk, by=SYSTEM)
    told = tell_suite(Progress())

    assert (stuck["given_up"], stuck["waiting"]) == (1, 0)
    assert (again, told["done"]) == (1, 1)
    assert state_counts(domain)["given_up"] == 0


def test_a_wrong_key_gives_nothing_up(domain: MailDomain, school: Organisation, suite: Outside, settings: Any) -> None:
    for name in ("Trần An", "Trần Bình"):
        a_teacher(school, name=name)
    settings.MAILSUITE_KEY = "wrong"

    told = carry_out(domain)

    assert told["later"] == 1
    assert told["problem"].startswith("401")
    assert state_counts(domain)["waiting"] == 2


def test_without_a_suite_nothing_is_told(domain: MailDomain, school: Organisation, settings: Any) -> None:
    settings.MAILSUITE_URL = ""
    a_teacher(school)

    assert carry_out(domain) == {"off": "PHUONG_MAILSUITE_URL"}
    assert state_counts(domain)["waiting"] == 1
