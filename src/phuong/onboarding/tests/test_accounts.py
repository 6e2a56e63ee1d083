"""Accounts from the registry: names, roles, life cycle, idempotence."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phuong.identity.api import ACCOUNT_KINDS, Account, RoleAssignment, follow_facts, open_missing
from phuong.identity.testing import an_account
from phuong.kernel.contributions import contribution
from phuong.kernel.jobs import Cancelled, JobKind, Progress
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.kernel.today import today
from phuong.onboarding.actions import accounts as bulk
from phuong.onboarding.queries import account_report
from phuong.records.api import end_record, kind_named
from phuong.registry.api import Enrolment, Person, StaffPosition
from phuong.registry.testing import a_class, a_commune, a_guardian, a_learner, a_person, a_school, a_teacher

pytestmark = pytest.mark.django_db


def opened(people: list[Person], kind: str = "staff") -> list[str]:
    open_missing(ACCOUNT_KINDS[kind], [each.pk for each in people])
    return list(Account.objects.filter(person__in=people).order_by("person_id").values_list("username", flat=True))


def roles_of(person: Person) -> dict[str, Any]:
    rows = RoleAssignment.objects.filter(account__person=person)
    return {row.role: (row.during.lower, row.during.upper) for row in rows}


def test_staff_are_named_by_their_name_without_marks_and_twins_are_numbered() -> None:
    school = a_school()
    people = [a_teacher(school, name="Đỗ Thị Ánh") for _ in range(3)]

    assert sorted(opened(people)) == ["anhdt", "anhdt2", "anhdt3"]
    assert opened([a_teacher(school, name="Đỗ Thị Ánh")]) == ["anhdt4"]


def test_a_name_somebody_had_by_hand_is_passed_over() -> None:
    school = a_school()
    an_account("clerk", school, username="anhdt")
    an_account("clerk", school, username="anhdt2")

    assert opened([a_teacher(school, name="Đỗ Thị Ánh")]) == ["anhdt3"]


def test_learners_are_named_by_their_code_and_one_whose_code_is_taken_by_name() -> None:
    school = a_school()
    one, twin, bare = a_learner(school, code="HP-001"), a_learner(school, code="HP001"), a_learner(school)

    opened([one, twin, bare], "learners")

    names = {person.pk: Account.objects.get(person=person).username for person in (one, twin, bare)}
    assert names == {one.pk: "hp001", twin.pk: "annv", bare.pk: "annv2"}


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.text(min_size=1, max_size=30).filter(lambda text: "\0" not in text), min_size=1, max_size=12))
def test_any_name_gets_a_sign_in_name_of_its_own_in_plain_letters(names: list[str]) -> None:
    school = a_school(a_commune(f"9{Person.objects.count() + StaffPosition.objects.count():06d}{len(names)}"))
    people = [a_person(school, name=name.encode("utf-8", "ignore").decode(), is_staff=True) for name in names]

    made = opened(people)

    assert len(set(made)) == len(people)
    assert all(re.fullmatch(r"[a-z0-9]+", name) for name in made)


def test_an_opened_account_has_no_password_and_the_roles_of_its_facts() -> None:
    school = a_school()
    principal = a_teacher(school, name="Lê Văn Hiệu", group="manager", position="principal")
    teacher = a_teacher(school)
    a_class(school, homeroom=teacher)

    opened([principal, teacher])

    assert not Account.objects.get(person=teacher).has_usable_password()
    assert roles_of(principal) == {"principal": (dt.date(2020, 8, 1), None)}
    assert roles_of(teacher) == {
        "teacher": (dt.date(2020, 8, 1), None),
        "homeroom_teacher": (dt.date(2026, 8, 1), dt.date(2027, 8, 1)),
    }


def test_twice_doubles_nothing_and_a_newcomer_is_added() -> None:
    school = a_school()
    group = a_class(school)
    for number in range(5):
        a_guardian(a_learner(school, group, code=f"M{number}"), name=f"Trần Thị Bình {number}")

    first = {kind: bulk.create_all(Progress(), kind=kind, under=school.path)["made"] for kind in ACCOUNT_KINDS}
    counts = (Account.objects.count(), RoleAssignment.objects.count())
    again = {kind: bulk.create_all(Progress(), kind=kind, under=school.path)["made"] for kind in ACCOUNT_KINDS}
    a_learner(school, group, code="M9")

    assert first == {"staff": 0, "learners": 5, "guardians": 5}
    assert again == {"staff": 0, "learners": 0, "guardians": 0}
    assert (Account.objects.count(), RoleAssignment.objects.count()) == counts == (10, 10)
    assert bulk.create_all(Progress(), kind="learners", under=school.path)["made"] == 1


def test_statements_do_not_grow_with_the_people(django_assert_num_queries: Any) -> None:
    for count, code in ((2, "11311"), (200, "11329")):
        school = a_school(a_commune(code))
        group = a_class(school)
        for number in range(count):
            a_learner(school, group, code=f"{count}-{number}")
        with django_assert_num_queries(19):
            bulk.create_all(Progress(), kind="learners", under=school.path)

    assert Account.objects.count() == 202


def test_stopped_in_the_middle_it_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    schools = [a_school(a_commune(code)) for code in ("11311", "11329", "11341")]
    for school in schools:
        a_learner(school, a_class(school), code=f"K{school.code}")
    monkeypatch.setattr(bulk, "BATCH", 1)

    class Stops(Progress):
        def step(self, done: int, total: int, message: str = "") -> None:
            if done == 2:
                raise Cancelled

    with pytest.raises(Cancelled):
        bulk.create_all(Stops(), kind="learners", under="vn.p31")
    kept = Account.objects.count()
    result = bulk.create_all(Progress(), kind="learners", under="vn.p31")

    assert kept == 2
    assert result["made"] == 1
    assert Account.objects.count() == 3


def test_another_school_is_left_alone() -> None:
    here, there = a_school(), a_school(a_commune("11329"))
    a_teacher(here)
    stranger = a_teacher(there)

    bulk.create_all(Progress(), kind="staff", under=here.path)

    assert Account.objects.count() == 1
    assert not Account.objects.filter(person=stranger).exists()


def test_access_ends_the_day_the_posting_ends() -> None:
    school = a_school()
    teacher = a_teacher(school)
    opened([teacher])

    StaffPosition.objects.filter(person=teacher).update(during=(dt.date(2020, 8, 1), today()))
    bulk.follow_all(Progress())

    held = RoleAssignment.objects.filter(account__person=teacher)
    assert held.get().during.upper == today()
    assert not held.filter(during__contains=today()).exists()


def test_access_ends_at_once_when_the_clerk_ends_the_posting() -> None:
    school = a_school()
    teacher = a_teacher(school)
    opened([teacher])
    post = StaffPosition.objects.get(person=teacher)
    clerk = Actor(scope=school.path, name="Văn", permissions=SYSTEM.permissions)

    with acting(clerk):
        end_record(kind_named("position"), post.pk, on=today(), by=clerk, reason="chuyển trường")

    assert not RoleAssignment.objects.filter(account__person=teacher, during__contains=today()).exists()


def test_a_role_given_by_hand_ends_with_the_posting_it_is_for_and_others_stay() -> None:
    school = a_school()
    teacher = a_teacher(school)
    an_account("teacher", school, person=teacher)
    office = an_account("auditor", school)
    StaffPosition.objects.filter(person=teacher).update(during=(dt.date(2020, 8, 1), today()))

    follow_facts([teacher.pk])

    assert roles_of(teacher)["teacher"][1] == today()
    assert office.roles.get().during.upper is None


def test_a_posting_that_goes_on_again_opens_again() -> None:
    school = a_school()
    teacher = a_teacher(school)
    opened([teacher])
    posts = StaffPosition.objects.filter(person=teacher)
    posts.update(during=(dt.date(2020, 8, 1), today()))
    follow_facts([teacher.pk])
    posts.update(during=(dt.date(2020, 8, 1), None))

    follow_facts([teacher.pk])

    assert roles_of(teacher) == {"teacher": (dt.date(2020, 8, 1), None)}


def test_a_learner_keeps_access_thirty_days_after_leaving() -> None:
    school = a_school()
    learner = a_learner(school, a_class(school))
    opened([learner], "learners")
    left = dt.date(2026, 11, 1)
    Enrolment.objects.filter(learner=learner).update(during=(dt.date(2026, 9, 5), left))

    follow_facts([learner.pk])

    assert roles_of(learner)["learner"][1] == left + dt.timedelta(days=30)


def test_the_nightly_clock_asks_for_it() -> None:
    kind = contribution(JobKind, "onboarding.follow")

    assert kind is not None
    assert kind.nightly


def test_the_report_counts_by_kind_and_school() -> None:
    school = a_school()
    a_learner(school, a_class(school), code="X1")
    a_teacher(school)
    bulk.create_all(Progress(), kind="staff", under=school.path)

    rows = {row["kind"]: row for row in account_report("vn.p31")}

    assert rows["staff"] == {
        "org": school.code,
        "name": school.name,
        "kind": "staff",
        "people": 1,
        "accounts": 1,
        "activated": 0,
    }
    assert (rows["learners"]["people"], rows["learners"]["accounts"]) == (1, 0)


def test_the_command_line_opens_and_reports(capsys: pytest.CaptureFixture[str]) -> None:
    school = a_school()
    a_teacher(school)

    call_command("accounts", "create-all", "--org", school.code, "--kind", "staff", "--json")
    made = json.loads(capsys.readouterr().out)
    call_command("accounts", "report", "--org", school.code, "--json")
    told = json.loads(capsys.readouterr().out)

    assert (made["people"], made["made"]) == (1, 1)
    assert told[0]["accounts"] == 1
