"""Work mailboxes: the plan, what is written down, what a mail suite is told over real HTTP, killed workers included."""

import datetime as dt
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.outside import Outside

from phuong.identity.testing import an_account
from phuong.kernel.jobs import Progress
from phuong.kernel.models import Job
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.kernel.text import search_key
from phuong.provisioning.actions.mailboxes import adopt_recorded, apply_plan, set_domain, try_again
from phuong.provisioning.actions.telling import take_orders
from phuong.provisioning.errors import DomainTaken
from phuong.provisioning.jobs.telling import carry_out_plans, tell_suite
from phuong.provisioning.models import MailAddress, Mailbox, MailDomain
from phuong.provisioning.queries.mailboxes import plan_counts, state_counts
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


def addresses() -> list[str]:
    return sorted(Mailbox.objects.values_list("address", flat=True))


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


def test_every_member_of_staff_gets_an_address_of_their_own(domain: MailDomain, school: Organisation) -> None:
    for name in ("Nguyễn Thị Lan", "Nguyễn Thị Lan", "Đỗ Khánh"):
        a_teacher(school, name=name)
    left = a_teacher(school, name="Lê Nghỉ")
    leave(left)
    before = plan_counts(domain)

    done = apply_plan(domain.pk, by=SYSTEM)

    assert before == done == {**NOTHING, "create": 3}
    assert addresses() == [
        "do-khanh@haiphong.edu.vn",
        "nguyen-thi-lan2@haiphong.edu.vn",
        "nguyen-thi-lan@haiphong.edu.vn",
    ]
    assert apply_plan(domain.pk, by=SYSTEM) == NOTHING


def test_an_address_in_the_record_is_kept_when_nobody_else_has_it(domain: MailDomain, school: Organisation) -> None:
    a_teacher(school, name="Trần Lan", work_email="lan.01@haiphong.edu.vn")
    a_teacher(school, name="Trần Mai", work_email="lan.01@haiphong.edu.vn")
    a_teacher(school, name="Trần Hoa", work_email="hoa@elsewhere.vn")

    apply_plan(domain.pk, by=SYSTEM)

    assert addresses() == [
        "lan.01@haiphong.edu.vn",
        "tran-hoa@haiphong.edu.vn",
        "tran-mai@haiphong.edu.vn",
    ]


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


def test_after_years_an_address_may_be_somebody_else_s(domain: MailDomain, school: Organisation) -> None:
    lan = a_teacher(school, name="Nguyễn Thị Lan")
    apply_plan(domain.pk, by=SYSTEM)
    leave(lan)
    apply_plan(domain.pk, by=SYSTEM)
    MailAddress.objects.update(freed_on=timezone.localdate() - dt.timedelta(days=366 * 10))
    another = a_teacher(school, name="Nguyễn Thị Lan")
    apply_plan(domain.pk, by=SYSTEM)
    come_back(lan)

    apply_plan(domain.pk, by=SYSTEM)

    assert Mailbox.objects.get(person=another).address == "nguyen-thi-lan@haiphong.edu.vn"
    assert Mailbox.objects.get(person=lan).address == "nguyen-thi-lan2@haiphong.edu.vn"


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


def test_recorded_addresses_are_adopted_as_they_stand(domain: MailDomain, school: Organisation) -> None:
    a_teacher(school, name="Trần Lan", work_email="lan.01@haiphong.edu.vn")
    a_teacher(school, name="Trần Mai", work_email="lan.01@haiphong.edu.vn")
    a_teacher(school, name="Trần Hoa")

    assert adopt_recorded(domain.pk, by=SYSTEM) == 1
    assert state_counts(domain) == {"active": 1, "suspended": 0, "waiting": 0, "given_up": 0}
    assert plan_counts(domain) == {**NOTHING, "create": 2}


def test_only_domains_kept_automatically_are_carried_out_at_night(domain: MailDomain, school: Organisation) -> None:
    a_teacher(school)

    assert carry_out_plans(Progress()) == {}
    set_domain(unit=domain.organisation, name=domain.name, keep_years=10, is_automatic=True, by=SYSTEM)
    assert carry_out_plans(Progress()) == {"haiphong.edu.vn": {**NOTHING, "create": 1}}
    assert Job.objects.filter(name="provisioning.tell").count() == 1


def test_a_domain_in_use_is_not_renamed(domain: MailDomain, school: Organisation) -> None:
    a_teacher(school)
    apply_plan(domain.pk, by=SYSTEM)

    for name in ("other.edu.vn", "x"):
        with pytest.raises(DomainTaken):
            set_domain(unit=domain.organisation, name=name, keep_years=10, is_automatic=False, by=SYSTEM)

    assert MailDomain.objects.get().name == "haiphong.edu.vn"


def test_a_plan_is_carried_out_by_its_own_place_only(domain: MailDomain, school: Organisation) -> None:
    a_teacher(school)
    stranger = Actor(scope=school.path, permissions=frozenset(SYSTEM.permissions))

    with acting(stranger), pytest.raises(NotThere):
        apply_plan(domain.pk, by=stranger)

    assert not Mailbox.objects.exists()


def test_a_mailbox_is_seen_at_its_own_school_only(domain: MailDomain, school: Organisation) -> None:
    lan = a_teacher(school, name="Trần Lan")
    apply_plan(domain.pk, by=SYSTEM)
    elsewhere = a_school(Organisation.objects.get(code="11311"))

    with acting(Actor(scope=elsewhere.path)):
        assert not Mailbox.objects.exists()
        assert not MailAddress.objects.exists()
    with acting(Actor(scope=school.path)):
        assert Mailbox.objects.get().person_id == lan.pk


def test_a_plan_costs_the_same_statements_for_two_and_for_forty(domain: MailDomain, school: Organisation) -> None:
    counted = []
    for size in (2, 40):
        for number in range(size):
            a_teacher(school, name=f"Trần {'ABCDEFGH'[number % 8]}")
        with CaptureQueriesContext(
            connection,
        ) as planned:
            assert apply_plan(domain.pk, by=SYSTEM)["create"] == size
        counted.append(len(planned))

    assert counted[0] == counted[1]


def test_the_person_s_page_says_how_the_mailbox_stands(domain: MailDomain, school: Organisation) -> None:
    lan = a_teacher(school, name="Trần Lan")
    apply_plan(domain.pk, by=SYSTEM)
    browser = Client()
    browser.force_login(an_account("principal", school))

    page = browser.get(f"/nguoi/{lan.pk}/").content.decode()

    assert "tran-lan@haiphong.edu.vn: chờ: cấp mới" in page


def test_the_command_shows_a_plan_and_carries_it_out(
    domain: MailDomain, school: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    a_teacher(school, name="Trần Lan")

    call_command("mailboxes", "plan", "--org", "31", "--json")
    planned = json.loads(capsys.readouterr().out)
    is_untouched = not Mailbox.objects.exists()
    call_command("mailboxes", "apply", "--org", school.code, "--json")
    applied = json.loads(capsys.readouterr().out)
    call_command("mailboxes", "report", "--org", "31", "--json")
    report = json.loads(capsys.readouterr().out)

    assert planned["counts"] == applied["counts"] == {**NOTHING, "create": 1}
    assert planned["steps"][0]["name"] == "Trần Lan"
    assert is_untouched
    assert report["state"]["waiting"] == 1
