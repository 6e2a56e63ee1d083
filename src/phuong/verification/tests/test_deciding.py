"""What somebody decides about a difference, who hears of it, and that nothing is written over without it."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from phuong.identity.testing import an_account
from phuong.kernel.attachments import BadFile
from phuong.kernel.models import Attachment, AuditEntry, Job
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.notices.api import Notice
from phuong.records.api import BadValues, Why, change_record, kind_named, make_record
from phuong.registry.api import Organisation, Person, identity_history
from phuong.registry.testing import a_class, a_commune, a_guardian, a_school, a_teacher, an_enrolment
from phuong.tasks.api import Assignment
from phuong.verification.access import cases_seen_by
from phuong.verification.actions.deciding import decide
from phuong.verification.actions.telling import tell_units_of_cases
from phuong.verification.errors import NoSuchDifference
from phuong.verification.models import Check
from phuong.verification.testing import a_case, give_number, somebody

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 giay khai sinh"


@pytest.fixture
def school() -> Organisation:
    return a_school(a_commune("11311"))


@pytest.fixture
def an(school: Organisation) -> Person:
    return somebody(school, "Đỗ Khánh An", number="031212000001")


def clerk_of(school: Organisation, *permissions: str) -> Actor:
    held = frozenset(permissions) or frozenset({Permission.PERSONS_EDIT, Permission.PERSONS_READ})
    return Actor(scope=school.path, name="Văn thư Hoa", organisation_id=school.pk, permissions=held)


def now(person: Person) -> Person:
    return Person.objects.select_related("place").get(pk=person.pk)


def test_taking_every_value_changes_the_record_with_its_reason_and_it_matches(school: Organisation, an: Person) -> None:
    check = a_case(an, full_name="Đỗ Khánh Anh", birth_date="2012-05-30", sex="female", number="031312000001")

    state = decide(
        an.pk, check.pk, take=["full_name", "birth_date", "sex", "number"], reason="Theo khai sinh", by=clerk_of(school)
    )

    row = now(an)
    assert (row.full_name, row.birth_date, row.sex) == ("Đỗ Khánh Anh", dt.date(2012, 5, 30), "female")
    assert (state, row.identity_state, row.identity_source) == ("matched", "matched", "population")
    assert row.number_check == "agrees"
    check.refresh_from_db()
    assert (check.decision, check.reason, check.decided_by_name) == ("taken", "Theo khai sinh", "Văn thư Hoa")
    current = Check.objects.get(person=an, is_current=True)
    assert (current.state, current.dispatch_id) == ("matched", None)
    steps = identity_history(row)
    assert [(step.before, step.after, step.reason) for step in steps][:2] == [
        ("unverified", "matched", "đã sửa theo CSDL quốc gia về dân cư"),
        ("mismatched", "unverified", "Theo khai sinh"),
    ]
    acts = set(AuditEntry.objects.filter(about=an.pk).values_list("did", flat=True))
    assert acts == {"verification.taken", "record.changed"}


def test_taking_some_values_has_the_record_asked_about_anew(school: Organisation, an: Person) -> None:
    check = a_case(an, full_name="Đỗ Khánh Anh", sex="female")

    state = decide(an.pk, check.pk, take=["full_name"], reason="Theo khai sinh", by=clerk_of(school))

    row = now(an)
    assert (state, row.full_name, row.sex) == ("unverified", "Đỗ Khánh Anh", "male")


def test_keeping_ours_writes_nothing_but_the_decision_with_its_proof(school: Organisation, an: Person) -> None:
    check = a_case(an, full_name="Đỗ Khánh Anh")
    file = SimpleUploadedFile("khai-sinh.pdf", PDF)

    state = decide(an.pk, check.pk, take=[], reason="Hộ tịch ghi sai", upload=file, by=clerk_of(school))

    row = now(an)
    assert (state, row.full_name) == ("mismatched", "Đỗ Khánh An")
    check.refresh_from_db()
    assert (check.decision, check.reason, check.is_current) == ("kept", "Hộ tịch ghi sai", True)
    kept = Attachment.objects.get(on_kind="verification")
    assert (kept.on_id, kept.path, kept.permission) == (an.pk, school.path, Permission.PERSONS_EDIT)
    assert not AuditEntry.objects.filter(did="record.changed").exists()


def test_a_bad_file_or_a_bad_value_writes_nothing(school: Organisation, an: Person) -> None:
    check = a_case(an, full_name="An")

    with pytest.raises(BadFile):
        decide(an.pk, check.pk, take=[], reason="x", upload=SimpleUploadedFile("x.exe", b"MZ"), by=clerk_of(school))
    with pytest.raises(BadValues):
        decide(an.pk, check.pk, take=["full_name"], reason="x", by=clerk_of(school))

    check.refresh_from_db()
    assert (check.decision, now(an).full_name) == ("", "Đỗ Khánh An")


@pytest.mark.parametrize("change", ["another_check", "changed_record", "unknown_field"])
def test_a_decision_on_what_is_no_longer_so_is_refused(school: Organisation, an: Person, change: str) -> None:
    check = a_case(an, full_name="Đỗ Khánh Anh")
    take = ["full_name"]
    if change == "another_check":
        Check.objects.filter(pk=check.pk).update(round=2)
        a_case(an, full_name="Đỗ Khánh Ánh")
    elif change == "changed_record":
        Person.objects.filter(pk=an.pk).update(sex="female")
    else:
        take = ["sex"]

    with pytest.raises(NoSuchDifference):
        decide(an.pk, check.pk, take=take, reason="x", by=clerk_of(school))

    check.refresh_from_db()
    assert (check.decision, now(an).full_name) == ("", "Đỗ Khánh An")


def test_a_case_is_seen_and_decided_by_those_alone_who_may_change_the_record(school: Organisation, an: Person) -> None:
    check = a_case(an, full_name="Đỗ Khánh Anh")
    lan = give_number(a_teacher(school), "031190000001")
    a_case(lan, sex="male")
    mother = give_number(a_guardian(an), "031188000001")
    a_case(mother, "not_found")
    other = a_school(a_commune("11314"))
    elsewhere = clerk_of(other, *Permission)

    seen = {
        permission: set(cases_seen_by(clerk_of(school, permission, Permission.PERSONS_READ, Permission.STAFF_READ)))
        for permission in (Permission.PERSONS_EDIT, Permission.STAFF_EDIT, Permission.EXPORT)
    }

    assert seen == {Permission.PERSONS_EDIT: {an, mother}, Permission.STAFF_EDIT: {lan}, Permission.EXPORT: set()}
    for actor in (elsewhere, clerk_of(school, Permission.PERSONS_READ), replace(elsewhere, scope="")):
        with pytest.raises(NotThere):
            decide(an.pk, check.pk, take=[], reason="x", by=actor)
    with acting(Actor(scope=other.path)):
        assert not Check.objects.exists()
    with acting(Actor(persons=(an.pk,))):
        assert list(Check.objects.all()) == [check]


def tasks_at(unit: Organisation) -> list[tuple[str, str]]:
    rows = Assignment.objects.filter(organisation=unit, origin="verification").order_by("id")
    return list(rows.values_list("title", "state"))


def test_a_school_has_one_task_with_the_count_and_it_ends_by_itself(school: Organisation, an: Person) -> None:
    clerk = an_account("clerk", school)
    check = a_case(an, full_name="Đỗ Khánh Anh")
    mine = somebody(school, "Lê Văn Ân")

    told = [tell_units_of_cases(), tell_units_of_cases()]
    first = tasks_at(school)
    a_case(mine, "not_found")
    tell_units_of_cases()
    second = tasks_at(school)
    decide(an.pk, check.pk, take=[], reason="x", by=clerk_of(school))
    tell_units_of_cases()
    third = tasks_at(school)
    Person.objects.filter(pk=mine.pk).update(identity_state="matched")
    done = tell_units_of_cases()

    assert told == [{"units": 1, "new": 1, "done": 0}, {"units": 1, "new": 0, "done": 0}]
    assert first == third == [("Đối chiếu dân cư: 1 hồ sơ chưa khớp", "open")]
    assert second == [("Đối chiếu dân cư: 2 hồ sơ chưa khớp", "open")]
    assert done == {"units": 0, "new": 0, "done": 1}
    assert tasks_at(school) == [("Đối chiếu dân cư: 1 hồ sơ chưa khớp", "done")]
    notice = Notice.objects.get(account=clerk)
    assert (notice.title, notice.url) == ("1 hồ sơ chưa khớp với CSDL quốc gia về dân cư", "/doi-chieu-dan-cu/")


def test_each_school_hears_of_its_own_and_a_task_of_another_kind_stays(school: Organisation, an: Person) -> None:
    other = a_school(a_commune("11314"))
    a_case(an, full_name="Đỗ Khánh Anh")
    for _ in range(2):
        a_case(somebody(other), "duplicate")
    own = Assignment.objects.create(
        path=school.path, organisation=school, origin="own", title="x", responsibility="x", given_path=school.path
    )

    told = tell_units_of_cases()

    assert told["units"] == 2
    assert tasks_at(other) == [("Đối chiếu dân cư: 2 hồ sơ chưa khớp", "open")]
    assert tasks_at(school) == [("Đối chiếu dân cư: 1 hồ sơ chưa khớp", "open")]
    own.refresh_from_db()
    assert own.state == "open"


def test_a_record_mended_by_hand_is_asked_about_anew(school: Organisation, an: Person, settings: Any) -> None:
    values, why = {"full_name": "Đỗ Khánh Anh"}, Why("sửa tay")
    kind = kind_named("learner")
    settings.PHUONG_LGSP = {**settings.PHUONG_LGSP, **dict.fromkeys(("url", "cert", "key", "ca", "answers"), "x")}

    change_record(kind, an.pk, values=values, by=SYSTEM, why=why)
    before = Job.objects.filter(name="verification.follow").count()
    a_case(now(an), sex="female")
    change_record(kind, an.pk, values={"full_name": "Đỗ Khánh Ánh"}, by=SYSTEM, why=why)

    assert before == 0
    assert Job.objects.get(name="verification.follow").arguments == {"person": str(an.pk)}


def test_checks_go_with_the_person_to_another_school(school: Organisation, an: Person) -> None:
    other = a_school(a_commune("11314"))
    check = a_case(an, full_name="Đỗ Khánh Anh")
    an_enrolment(an, a_class(school))
    group = a_class(other)

    make_record(
        kind_named("enrolment"),
        owner=now(an),
        values={"class_group": group.pk, "since": dt.date(2026, 11, 20), "status": "studying", "reason": ""},
        by=SYSTEM,
    )

    check.refresh_from_db()
    assert (now(an).place, check.path) == (other, other.path)


def test_a_place_changed_behind_our_back_is_followed_at_the_next_telling(school: Organisation, an: Person) -> None:
    other = a_school(a_commune("11314"))
    check = a_case(an, full_name="Đỗ Khánh Anh")
    Person.objects.filter(pk=an.pk).update(place=other, path=other.path)

    tell_units_of_cases()

    check.refresh_from_db()
    assert check.path == other.path
    assert tasks_at(other) == [("Đối chiếu dân cư: 1 hồ sơ chưa khớp", "open")]
