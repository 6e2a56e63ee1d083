"""A transfer between two schools of the province: asked for, accepted, let go, completed; everybody is told."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from phuong.identity.api import Account, RoleAssignment
from phuong.identity.testing import an_account
from phuong.kernel.models import AuditEntry
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import acting
from phuong.notices.api import Notice
from phuong.registry.api import ClassGroup, Enrolment, Guardianship, Person
from phuong.registry.testing import a_class, a_guardian, a_learner, a_school, an_enrolment
from phuong.transfers.actions.asking import Wish, ask_for_child
from phuong.transfers.actions.completing import Arrival, complete_arrival
from phuong.transfers.actions.stepping import take_step
from phuong.transfers.errors import CannotComplete, LearnerElsewhere, NeedsReason, WrongState
from phuong.transfers.files import content_of
from phuong.transfers.models import Package, Step, Transfer
from phuong.transfers.queries import Told
from phuong.transfers.rules.package import unpack
from phuong.transfers.testing import BORN, NUMBER, Cast, a_transfer
from phuong.transfers.tests.conftest import TODAY

pytestmark = pytest.mark.django_db
TOLD = Told(NUMBER, BORN)
EIGHT = Wish(8, "gia đình chuyển nhà")


def asked(cast: Cast) -> Transfer:
    return ask_for_child(cast.an.pk, cast.new.pk, EIGHT, by=cast.mother)


def released(cast: Cast) -> Transfer:
    transfer = asked(cast)
    take_step(transfer.pk, act="accept", by=cast.new_head)
    return take_step(transfer.pk, act="release", by=cast.head)


def enter(cast: Cast, transfer: Transfer, day: dt.date = TODAY) -> Transfer:
    return complete_arrival(transfer.pk, Arrival(cast.new_group.pk, day), by=cast.new_clerk)


def stays(person: Person) -> list[tuple[str, dt.date, dt.date | None, str]]:
    rows = Enrolment.objects.filter(learner=person).select_related("class_group").order_by("starts_on")
    return [(row.class_group.name, row.starts_on, row.ends_on, row.status) for row in rows]


def test_a_family_asks_both_schools_answer_and_the_child_changes_on_one_day(cast: Cast) -> None:
    transfer = asked(cast)
    assert (transfer.state, transfer.asked_by, transfer.due_on) == ("requested", "family", dt.date(2026, 12, 3))
    transfer = take_step(transfer.pk, act="accept", by=cast.new_head)
    assert (transfer.state, transfer.due_on) == ("accepted", dt.date(2026, 12, 1))
    assert stays(cast.an) == [("8A3", dt.date(2026, 9, 5), None, "studying")]
    transfer = take_step(transfer.pk, act="release", by=cast.head)
    assert (transfer.state, transfer.due_on) == ("released", dt.date(2026, 12, 3))
    assert stays(cast.an) == [("8A3", dt.date(2026, 9, 5), None, "studying")]

    transfer = enter(cast, transfer)

    assert (transfer.state, transfer.due_on, transfer.done_on) == ("completed", None, TODAY)
    assert stays(cast.an) == [
        ("8A3", dt.date(2026, 9, 5), TODAY, "transferred_out"),
        ("8B1", TODAY, None, "transferred_in"),
    ]
    cast.an.refresh_from_db()
    cast.binh.refresh_from_db()
    assert {cast.an.place_id, cast.binh.place_id} == {cast.new.pk}
    assert {cast.an.path, cast.binh.path, Guardianship.objects.get().path} == {cast.new.path}
    assert [each.act for each in Step.objects.order_by("id")] == ["ask", "accept", "release", "complete"]


def test_the_new_school_reads_the_record_and_the_old_one_no_longer(cast: Cast) -> None:
    transfer = enter(cast, released(cast))

    with acting(cast.new_clerk):
        assert Person.objects.filter(pk=cast.an.pk).exists()
        assert Transfer.objects.get() == transfer
    with acting(cast.clerk):
        assert not Person.objects.filter(pk=cast.an.pk).exists()
        assert Transfer.objects.get() == transfer
        assert [row.status for row in Enrolment.objects.all()] == ["transferred_out"]


def test_sign_in_follows_the_child_and_the_mother(cast: Cast) -> None:
    an_account("learner", cast.old, person=cast.an, username="an")
    other = a_guardian(cast.an, name="Đỗ Văn Cha")
    sister = a_learner(cast.old, cast.group, name="Đỗ Khánh Em")
    Guardianship.objects.create(guardian=other, learner=sister, path=sister.path, relation="father", custody="full")
    an_account("guardian", cast.old, person=other, username="cha")

    enter(cast, released(cast))

    def places(name: str) -> set[str]:
        held = RoleAssignment.objects.in_force(TODAY + dt.timedelta(days=40)).filter(account__username=name)
        return set(held.values_list("organisation__name", flat=True))

    assert places("an") == {"THCS Bên Sông"}
    assert places("binh") == {"THCS Bên Sông"}
    assert places("cha") == {"THCS Bên Sông", "THCS Lạch Tray"}
    assert Account.objects.get(username="an").path == cast.new.path
    cast_other = Person.objects.get(pk=other.pk)
    assert cast_other.place_id == cast.old.pk  # another child of his learns there


WRONG_HANDS = [
    ("requested", "accept", "new_clerk"),
    ("requested", "accept", "head"),
    ("requested", "accept", "mother"),
    ("requested", "refuse", "clerk"),
    ("requested", "withdraw", "head"),
    ("requested", "withdraw", "new_head"),
    ("requested", "expire", "new_head"),
    ("accepted", "release", "new_head"),
    ("accepted", "release", "clerk"),
    ("accepted", "object", "new_head"),
    ("objected", "refuse", "head"),
    ("released", "withdraw", "new_clerk"),
]


@pytest.mark.parametrize(("state", "act", "who"), WRONG_HANDS)
def test_an_act_in_the_wrong_hands_is_not_there(cast: Cast, state: str, act: str, who: str) -> None:
    transfer = a_transfer(cast.an, cast.new, state=state, asked_by="family")

    with pytest.raises(NotThere):
        take_step(transfer.pk, act=act, reason="vì thế", by=getattr(cast, who))

    assert Transfer.objects.get().state == state
    assert Step.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "act", "who"),
    [("accepted", "accept", "new_head"), ("requested", "release", "head"), ("released", "object", "head")],
)
def test_an_act_that_does_not_fit_the_state_is_refused(cast: Cast, state: str, act: str, who: str) -> None:
    transfer = a_transfer(cast.an, cast.new, state=state)

    with pytest.raises(WrongState):
        take_step(transfer.pk, act=act, reason="vì thế", by=getattr(cast, who))

    assert Transfer.objects.get().state == state


@pytest.mark.parametrize(
    ("state", "act", "who"),
    [("requested", "refuse", "new_head"), ("accepted", "object", "head"), ("objected", "refuse", "new_head")],
)
def test_a_no_without_a_reason_is_refused_and_with_one_is_told(cast: Cast, state: str, act: str, who: str) -> None:
    transfer = a_transfer(cast.an, cast.new, state=state)

    with pytest.raises(NeedsReason):
        take_step(transfer.pk, act=act, reason="  ", by=getattr(cast, who))
    assert Transfer.objects.get().state == state
    take_step(transfer.pk, act=act, reason="hết chỗ", by=getattr(cast, who))

    assert Step.objects.order_by("-id")[0].reason == "hết chỗ"
    assert stays(cast.an) == [("8A3", dt.date(2026, 9, 5), None, "studying")]


def test_an_objection_may_be_settled_by_letting_go_after_all(cast: Cast) -> None:
    transfer = a_transfer(cast.an, cast.new, state="accepted")

    take_step(transfer.pk, act="object", reason="không phải học sinh trường này", by=cast.head)
    transfer = take_step(transfer.pk, act="release", by=cast.head)

    assert transfer.state == "released"
    assert enter(cast, transfer).state == "completed"


def test_a_clerk_of_the_asking_school_withdraws_its_own_request_and_the_family_any(cast: Cast) -> None:
    first = a_transfer(cast.an, cast.new)
    take_step(first.pk, act="withdraw", by=cast.new_clerk)
    second = a_transfer(cast.an, cast.new, state="released")

    take_step(second.pk, act="withdraw", by=cast.mother)

    assert set(Transfer.objects.values_list("state", flat=True)) == {"withdrawn"}


BAD_DAYS = [
    (dt.date(2026, 11, 27), "sau hôm nay"),
    (dt.date(2026, 11, 25), "trước ngày 26/11/2026"),
]


@pytest.mark.parametrize(("day", "words"), BAD_DAYS)
def test_a_day_that_does_not_fit_changes_nothing(cast: Cast, day: dt.date, words: str) -> None:
    transfer = released(cast)

    with pytest.raises(CannotComplete, match=words) as caught:
        enter(cast, transfer, day)

    assert caught.value.field == "day"
    assert stays(cast.an) == [("8A3", dt.date(2026, 9, 5), None, "studying")]
    assert Transfer.objects.get().state == "released"


def test_who_entered_the_present_class_today_changes_tomorrow(cast: Cast) -> None:
    transfer = released(cast)
    Enrolment.objects.update(during=(TODAY, None))

    with pytest.raises(CannotComplete, match="mới vào lớp"):
        enter(cast, transfer)

    assert stays(cast.an) == [("8A3", TODAY, None, "studying")]


def a_wrong_class(cast: Cast, which: str) -> ClassGroup:
    return {
        "grade": lambda: a_class(cast.new, name="9B1", grade=9),
        "year": lambda: a_class(cast.new, name="8C1", school_year=2025),
        "school": lambda: cast.group,
    }[which]()


@pytest.mark.parametrize("which", ["grade", "year", "school"])
def test_a_class_that_does_not_fit_changes_nothing(cast: Cast, which: str) -> None:
    transfer = released(cast)
    group = a_wrong_class(cast, which)

    with pytest.raises((CannotComplete, NotThere)):
        complete_arrival(transfer.pk, Arrival(group.pk, TODAY), by=cast.new_clerk)

    assert stays(cast.an) == [("8A3", dt.date(2026, 9, 5), None, "studying")]
    assert Transfer.objects.get().state == "released"


def test_the_old_school_cannot_complete_and_nobody_twice(cast: Cast) -> None:
    transfer = released(cast)
    with pytest.raises(NotThere):
        complete_arrival(transfer.pk, Arrival(cast.new_group.pk, TODAY), by=cast.clerk)
    enter(cast, transfer)

    with pytest.raises(WrongState):
        enter(cast, transfer)

    assert len(stays(cast.an)) == 2


def test_a_learner_who_left_meanwhile_is_neither_let_go_nor_moved(cast: Cast) -> None:
    other = a_school(cast.new.territory, name="THCS Thứ Ba")
    first, second = a_transfer(cast.an, cast.new, state="accepted"), a_learner(cast.old, cast.group, name="Lê Văn Hai")
    third = a_transfer(second, cast.new, state="released")
    for learner in (cast.an, second):
        Enrolment.objects.filter(learner=learner).update(during=("2026-09-05", "2026-11-01"))
        an_enrolment(learner, a_class(other, name=f"8{learner.full_name[-2:]}"), since=dt.date(2026, 11, 1))

    with pytest.raises(LearnerElsewhere):
        take_step(first.pk, act="release", by=cast.head)
    with pytest.raises(LearnerElsewhere):
        enter(cast, third)

    assert set(Transfer.objects.values_list("state", flat=True)) == {"accepted", "released"}
    assert Package.objects.count() == 0


def test_the_package_of_a_release_holds_record_and_paper(cast: Cast) -> None:
    barred = a_guardian(cast.an, name="Đỗ Văn Cấm", custody="none")
    Person.objects.filter(pk=cast.binh.pk).update(phone="0912 345 678")

    transfer = released(cast)

    package = Package.objects.get()
    read = unpack(content_of(package))
    record = read.record
    assert (record.learner.full_name, record.learner.number, record.class_name) == ("Đỗ Khánh An", NUMBER, "8A3")
    assert [(each.full_name, each.phone) for each in record.guardians] == [("Trần Thị Bình", "0912345678")]
    assert record.barred == 1
    assert barred.full_name.encode() not in read.files["record.json"]
    assert [(each.school, each.class_name) for each in record.enrolments] == [("THCS Lạch Tray", "8A3")]
    assert read.files["phieu-chuyen.pdf"].startswith(b"%PDF-")
    assert (package.path, package.to_path, transfer.pk) == (cast.old.path, cast.new.path, package.transfer_id)
    assert NUMBER.encode() not in bytes(package.content)


def test_each_step_is_told_to_both_schools_and_to_the_family_once(cast: Cast) -> None:
    enter(cast, released(cast))

    told = Notice.objects.filter(kind="transfers.step")
    names = ("binh", *(f"{role}.{place.code}" for role in ("principal", "clerk") for place in (cast.old, cast.new)))
    counts = {name: told.filter(account__username=name).count() for name in names}
    assert counts == dict.fromkeys(names, 4)
    family = list(told.filter(account__username="binh").order_by("id"))
    assert family[0].url == "/chuyen-truong/con/"
    assert "Con vẫn học ở THCS Lạch Tray" in family[0].detail
    assert family[-1].detail.startswith("Con học ở THCS Bên Sông từ")
    school = told.filter(account__username=f"clerk.{cast.old.code}").order_by("id")[1]
    assert "THCS Lạch Tray làm bước tiếp chậm nhất ngày 01/12/2026" in school.detail


def test_each_act_stands_in_the_journal_of_both_schools(cast: Cast) -> None:
    enter(cast, released(cast))

    acts = AuditEntry.objects.filter(on_kind="transfer")
    wanted = {f"transfers.{act}" for act in ("ask", "accept", "release", "complete")}
    for place in (cast.old, cast.new):
        assert set(acts.filter(path=place.path).values_list("did", flat=True)) == wanted
    assert acts.filter(about=cast.an.pk).count() == 4  # a family reads each act once


def test_a_transfer_that_is_over_is_frozen_but_for_its_place(cast: Cast) -> None:
    transfer = enter(cast, released(cast))

    for change in ({"state": "released"}, {"done_on": dt.date(2026, 1, 1)}, {"full_name": "Ai Khác"}):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            Transfer.objects.filter(pk=transfer.pk).update(**change)
    for rows in (Step.objects.all(), Package.objects.all(), Transfer.objects.all()):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            rows._raw_delete("default")
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Step.objects.update(reason="khác")
    Transfer.objects.filter(pk=transfer.pk).update(path="vn.p31.c1", to_path="vn.p31.c2")

    assert Transfer.objects.get().state == "completed"
    assert Step.objects.count() == 4
