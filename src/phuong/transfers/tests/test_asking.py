"""Asking for a transfer within the province: who may, for whom, and how little anybody learns by trying."""

import datetime as dt

import pytest

from phuong.identity.api import TooManyTries
from phuong.kernel.models import AuditEntry
from phuong.kernel.refusals import NotThere
from phuong.registry.api import Enrolment, Guardianship
from phuong.registry.testing import a_learner, a_school
from phuong.transfers.actions.asking import Wish, ask_for_child, ask_to_receive, find_learner
from phuong.transfers.actions.stepping import take_step
from phuong.transfers.errors import CannotAsk, UnderWay
from phuong.transfers.models import Transfer
from phuong.transfers.queries import Told
from phuong.transfers.testing import BORN, NUMBER, Cast, a_transfer

pytestmark = pytest.mark.django_db
TOLD = Told(NUMBER, BORN)
EIGHT = Wish(8, "gia đình chuyển nhà")


def asked(cast: Cast) -> Transfer:
    return ask_for_child(cast.an.pk, cast.new.pk, EIGHT, by=cast.mother)


def test_a_school_asks_by_exact_number_and_birth_date(cast: Cast) -> None:
    transfer = ask_to_receive(TOLD, EIGHT, by=cast.new_clerk)

    assert transfer is not None
    assert (transfer.learner_id, transfer.asked_by, transfer.from_class) == (cast.an.pk, "receiving", "8A3")
    looked = AuditEntry.objects.get(did="transfers.looked_up")
    assert (looked.path, looked.about, looked.unit) == (cast.old.path, cast.an.pk, "THCS Bên Sông")


@pytest.mark.parametrize(
    "told",
    [
        Told(NUMBER, BORN + dt.timedelta(days=1)),
        Told("031213009999", BORN),
        Told("031213009999", BORN + dt.timedelta(days=1)),
        Told("", BORN),
    ],
)
def test_wrong_facts_give_the_same_answer_as_unknown_ones_and_are_counted(cast: Cast, told: Told) -> None:
    assert find_learner(told, by=cast.new_clerk) is None
    assert ask_to_receive(told, EIGHT, by=cast.new_clerk) is None

    failed = AuditEntry.objects.filter(did="transfers.not_found")
    assert {(each.path, each.about) for each in failed} == {(cast.new.path, None)}
    assert failed.count() == 2
    assert Transfer.objects.count() == 0


def test_who_sits_nowhere_is_as_unknown_as_anybody(cast: Cast) -> None:
    Enrolment.objects.filter(learner=cast.an).update(during=("2026-09-05", "2026-10-01"))

    assert find_learner(TOLD, by=cast.new_clerk) is None


def test_a_school_cannot_browse_and_a_teacher_cannot_look_at_all(cast: Cast) -> None:
    for _try in range(10):
        assert find_learner(Told("031213009999", BORN), by=cast.new_clerk) is None
    with pytest.raises(TooManyTries):
        find_learner(TOLD, by=cast.new_clerk)
    with pytest.raises(NotThere):
        find_learner(TOLD, by=cast.mother)

    assert find_learner(TOLD, by=cast.new_head) is not None  # another account of the same school


@pytest.mark.parametrize(
    ("grade", "words"),
    [(5, "không dạy khối"), (10, "không dạy khối"), (13, "không dạy khối"), (-1, "không dạy khối")],
)
def test_a_grade_that_the_school_does_not_teach_is_refused(cast: Cast, grade: int, words: str) -> None:
    with pytest.raises(CannotAsk, match=words):
        ask_for_child(cast.an.pk, cast.new.pk, Wish(grade), by=cast.mother)

    assert Transfer.objects.count() == 0


def test_nobody_asks_for_who_sits_there_already_or_without_a_class(cast: Cast) -> None:
    with pytest.raises(CannotAsk, match="chính trường này"):
        ask_to_receive(TOLD, EIGHT, by=cast.clerk)
    with pytest.raises(CannotAsk, match="chính trường này"):
        ask_for_child(cast.an.pk, cast.old.pk, EIGHT, by=cast.mother)
    Enrolment.objects.all().delete()
    with pytest.raises(CannotAsk, match="chưa được xếp vào lớp"):
        asked(cast)

    assert Transfer.objects.count() == 0


@pytest.mark.parametrize("custody", ["none_contact_allowed", "none"])
def test_only_who_raises_the_child_asks(cast: Cast, custody: str) -> None:
    Guardianship.objects.update(custody=custody)

    with pytest.raises(NotThere):
        asked(cast)

    assert Transfer.objects.count() == 0


def test_another_familys_child_is_not_there(cast: Cast) -> None:
    stranger = a_learner(cast.old, cast.group, name="Hoàng Văn Xa")
    transfer = a_transfer(stranger, cast.new)

    with pytest.raises(NotThere):
        ask_for_child(stranger.pk, cast.new.pk, EIGHT, by=cast.mother)
    with pytest.raises(NotThere):
        take_step(transfer.pk, act="withdraw", by=cast.mother)

    assert Transfer.objects.get().state == "requested"


def test_a_second_request_waits_for_the_first(cast: Cast) -> None:
    third = a_school(cast.new.territory, name="THCS Thứ Ba")
    first = asked(cast)

    with pytest.raises(UnderWay):
        ask_for_child(cast.an.pk, third.pk, EIGHT, by=cast.mother)
    with pytest.raises(UnderWay):
        ask_to_receive(TOLD, EIGHT, by=cast.new_clerk)
    take_step(first.pk, act="withdraw", by=cast.mother)
    ask_for_child(cast.an.pk, third.pk, EIGHT, by=cast.mother)

    assert sorted(Transfer.objects.values_list("state", flat=True)) == ["requested", "withdrawn"]
