"""Work mailboxes: the plan, and what is written down when it is carried out."""

import datetime as dt
import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from phuong.identity.testing import an_account
from phuong.kernel.jobs import Progress
from phuong.kernel.models import Job
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.provisioning.actions.mailboxes import adopt_recorded, apply_plan, set_domain
from phuong.provisioning.errors import DomainTaken
from phuong.provisioning.jobs.telling import carry_out_plans
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


def addresses() -> list[str]:
    return sorted(Mailbox.objects.values_list("address", flat=True))


def leave(person: Person) -> None:
    StaffPosition.objects.filter(person=person).update(during=(dt.date(2020, 8, 1), timezone.localdate()))


def come_back(person: Person) -> None:
    StaffPosition.objects.filter(person=person).update(during=(dt.date(2020, 8, 1), None))


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
