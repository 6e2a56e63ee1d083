"""Between provinces: a learner leaves only once the acceptance is on paper, and comes in once and as one person."""

import datetime as dt
import io
import zipfile

import pytest

from phuong.identity.api import TooManyTries
from phuong.kernel.contributions import _kept, contribute
from phuong.kernel.models import AuditEntry
from phuong.kernel.refusals import NotThere
from phuong.kernel.vault import unseal
from phuong.notices.api import Notice
from phuong.registry.api import Enrolment, Guardianship, Person
from phuong.registry.testing import a_class, a_learner, a_school, an_enrolment
from phuong.transfers.actions.asking import Elsewhere, Wish, ask_by_package, ask_to_come_in, ask_to_leave
from phuong.transfers.actions.completing import Arrival, Departure, complete_arrival, complete_departure
from phuong.transfers.actions.stepping import take_step
from phuong.transfers.api import HandOver, PackedFile
from phuong.transfers.errors import BadPackage, CannotAsk, CannotComplete, LearnerElsewhere, UnderWay, WrongState
from phuong.transfers.files import content_of
from phuong.transfers.models import Package, Transfer
from phuong.transfers.rules.package import HandedGuardian, HandedLearner, HandedRecord, unpack
from phuong.transfers.testing import BORN, NUMBER, Cast
from phuong.transfers.tests.conftest import TODAY

pytestmark = pytest.mark.django_db
HA_LONG = Elsewhere("THCS Hạ Long", "Quảng Ninh")
MINH = "022313000777"


def let_go(cast: Cast) -> Transfer:
    transfer = ask_to_leave(cast.an.pk, HA_LONG, Wish(8, "theo bố mẹ"), by=cast.mother)
    return take_step(transfer.pk, act="release", by=cast.head)


def leave(cast: Cast, transfer: Transfer, *, paper_on: dt.date = TODAY, day: dt.date = TODAY) -> Transfer:
    return complete_departure(transfer.pk, Departure("12/GTN-HL", paper_on, day), by=cast.clerk)


def sits(person: Person) -> bool:
    return Enrolment.objects.filter(learner=person, ends_on__isnull=True).exists()


def test_a_learner_stays_until_the_other_provinces_paper_is_recorded(cast: Cast) -> None:
    transfer = ask_to_leave(cast.an.pk, HA_LONG, Wish(8), by=cast.clerk)
    assert (transfer.kind, transfer.to_name, transfer.asked_by) == ("out", "THCS Hạ Long, Quảng Ninh", "present")
    assert transfer.due_on == dt.date(2026, 12, 1)
    assert sits(cast.an)
    transfer = take_step(transfer.pk, act="release", by=cast.head)
    assert transfer.due_on == dt.date(2026, 12, 8)
    assert sits(cast.an)

    transfer = leave(cast, transfer)

    row = Enrolment.objects.get(learner=cast.an)
    assert (row.ends_on, row.status, row.reason) == (TODAY, "transferred_out_of_province", "moved_with_family")
    assert (transfer.state, transfer.paper_number, transfer.done_on) == ("completed", "12/GTN-HL", TODAY)
    told = Notice.objects.filter(account__username="binh").order_by("-id")[0]
    assert told.detail.startswith("Con đã chuyển sang THCS Hạ Long, Quảng Ninh từ")


@pytest.mark.parametrize(
    ("paper_on", "day", "field"),
    [
        (TODAY + dt.timedelta(days=1), TODAY, "paper_on"),
        (TODAY, TODAY + dt.timedelta(days=1), "day"),
        (TODAY, TODAY - dt.timedelta(days=1), "day"),
    ],
)
def test_days_that_do_not_fit_let_nobody_go(cast: Cast, paper_on: dt.date, day: dt.date, field: str) -> None:
    transfer = let_go(cast)

    with pytest.raises(CannotComplete) as caught:
        leave(cast, transfer, paper_on=paper_on, day=day)

    assert caught.value.field == field
    assert sits(cast.an)
    assert Transfer.objects.get().state == "released"
    assert Enrolment.objects.get().status == "studying"


def test_without_a_release_or_from_elsewhere_nobody_leaves(cast: Cast) -> None:
    transfer = ask_to_leave(cast.an.pk, HA_LONG, Wish(8), by=cast.mother)
    with pytest.raises(WrongState):
        leave(cast, transfer)
    take_step(transfer.pk, act="release", by=cast.head)
    with pytest.raises(NotThere):
        complete_departure(transfer.pk, Departure("1", TODAY, TODAY), by=cast.new_clerk)
    with pytest.raises(NotThere):
        ask_to_leave(cast.an.pk, HA_LONG, Wish(8), by=cast.new_clerk)

    assert sits(cast.an)


def test_the_old_school_does_not_put_somebody_into_a_class_elsewhere(cast: Cast) -> None:
    transfer = let_go(cast)

    with pytest.raises((CannotComplete, NotThere)):
        complete_arrival(transfer.pk, Arrival(cast.group.pk, TODAY), by=cast.clerk)

    assert sits(cast.an)


def a_stranger(**facts: object) -> HandedRecord:
    learner = {"full_name": "Lê Thị Minh", "birth_date": BORN, "sex": "female", "number": MINH, **facts}
    guardian = HandedGuardian(full_name="Lê Văn Cha", relation="father", custody="full", phone="0912345678")
    return HandedRecord(
        learner=HandedLearner(**learner),  # type: ignore[arg-type]
        school="THCS Hạ Long",
        province="Quảng Ninh",
        class_name="8C",
        grade=8,
        guardians=(guardian,),
    )


def come_in(cast: Cast, handed: HandedRecord) -> Transfer:
    return ask_to_come_in(handed, Wish(8), by=cast.new_clerk)


def arrive(cast: Cast, transfer: Transfer, *, is_another: bool = False) -> Transfer:
    return complete_arrival(transfer.pk, Arrival(cast.new_group.pk, TODAY, is_another), by=cast.new_clerk)


def test_who_comes_from_another_province_becomes_a_person_on_the_day_of_the_class(cast: Cast) -> None:
    people = Person.objects.count()
    transfer = come_in(cast, a_stranger())
    assert (transfer.kind, transfer.due_on) == ("in", dt.date(2026, 12, 8))
    take_step(transfer.pk, act="accept", by=cast.new_head)
    assert Person.objects.count() == people
    assert MINH.encode() not in bytes(Transfer.objects.get().record_cipher or b"")

    transfer = arrive(cast, transfer)

    minh = Person.objects.get(full_name="Lê Thị Minh")
    assert (minh.place_id, minh.is_learner, unseal(bytes(minh.number_cipher or b""))) == (cast.new.pk, True, MINH)
    row = Enrolment.objects.get(learner=minh)
    assert (row.class_group_id, row.starts_on, row.status) == (cast.new_group.pk, TODAY, "transferred_in")
    tie = Guardianship.objects.get(learner=minh)
    assert (tie.guardian.full_name, tie.relation, tie.guardian.phone) == ("Lê Văn Cha", "father", "0912345678")
    assert (transfer.state, transfer.learner_id) == ("completed", minh.pk)


def test_a_number_known_in_the_province_must_come_by_a_transfer_within_it(cast: Cast) -> None:
    with pytest.raises(CannotAsk, match="đang học trong tỉnh"):
        come_in(cast, a_stranger(number=NUMBER))
    Enrolment.objects.filter(learner=cast.an).update(during=("2026-09-05", "2026-11-01"))
    with pytest.raises(CannotAsk, match="khác ngày sinh"):
        come_in(cast, a_stranger(number=NUMBER, birth_date=dt.date(2012, 1, 1)))

    assert Transfer.objects.count() == 0


def test_trying_numbers_is_stopped_like_looking_up(cast: Cast) -> None:
    for _try in range(10):
        with pytest.raises(CannotAsk):
            come_in(cast, a_stranger(number=NUMBER))

    with pytest.raises(TooManyTries):
        come_in(cast, a_stranger())

    assert AuditEntry.objects.filter(did="transfers.number_known", path=cast.new.path).count() == 10
    assert Transfer.objects.count() == 0


def test_who_went_away_and_comes_back_is_the_same_person(cast: Cast) -> None:
    leave(cast, let_go(cast))
    transfer = come_in(cast, a_stranger(number=NUMBER, full_name="Đỗ Khánh An"))
    take_step(transfer.pk, act="accept", by=cast.new_head)
    people = Person.objects.count()

    arrive(cast, transfer)

    cast.an.refresh_from_db()
    assert Person.objects.count() == people
    assert cast.an.place_id == cast.new.pk
    statuses = Enrolment.objects.filter(learner=cast.an).order_by("starts_on").values_list("status", flat=True)
    assert list(statuses) == ["transferred_out_of_province", "transferred_in"]


def test_two_schools_cannot_both_take_in_one_number(cast: Cast) -> None:
    come_in(cast, a_stranger())

    with pytest.raises(UnderWay):
        ask_to_come_in(a_stranger(), Wish(8), by=cast.clerk)

    assert Transfer.objects.count() == 1


def test_who_was_entered_meanwhile_by_hand_does_not_come_in_twice(cast: Cast) -> None:
    transfer = come_in(cast, a_stranger())
    take_step(transfer.pk, act="accept", by=cast.new_head)
    other = a_school(cast.new.territory, name="THCS Thứ Ba")
    by_hand = a_learner(other, name="Lê Thị Minh")
    Person.objects.filter(pk=by_hand.pk).update(
        number_hash=Transfer.objects.get().number_hash, number_cipher=b"x", number_check="agrees"
    )
    an_enrolment(by_hand, a_class(other, name="8X"))

    with pytest.raises(LearnerElsewhere):
        arrive(cast, transfer)

    assert Person.objects.filter(full_name="Lê Thị Minh").count() == 1
    assert Transfer.objects.get().state == "accepted"


def test_a_record_alike_is_looked_at_first(cast: Cast) -> None:
    a_learner(cast.new, cast.new_group, name="Lê Thị Minh")
    transfer = come_in(cast, a_stranger())
    take_step(transfer.pk, act="accept", by=cast.new_head)

    with pytest.raises(CannotComplete) as caught:
        arrive(cast, transfer)
    assert caught.value.field == "is_another"
    arrive(cast, transfer, is_another=True)

    assert Person.objects.filter(full_name="Lê Thị Minh").count() == 2


@pytest.mark.parametrize(
    ("facts", "words"),
    [({"birth_date": dt.date(2030, 1, 1)}, "Năm sinh"), ({"birth_date": dt.date(1900, 1, 1)}, "Năm sinh")],
)
def test_a_record_that_breaks_a_rule_is_refused_at_once(cast: Cast, facts: dict[str, object], words: str) -> None:
    with pytest.raises(CannotAsk, match=words):
        come_in(cast, a_stranger(**facts))

    assert Transfer.objects.count() == 0


@pytest.fixture
def marks() -> HandOver:
    """Marks as an upper app would hand them over; forgotten after the test."""
    given = HandOver("marks", "Bảng điểm", lambda learner: [PackedFile("marks.json", "Bảng điểm", b'{"TOAN": 9}')])
    contribute(given)
    yield given
    _kept[HandOver].pop("marks")


def test_what_other_apps_hand_over_goes_along(cast: Cast, marks: HandOver) -> None:
    let_go(cast)

    read = unpack(content_of(Package.objects.get()))

    assert read.files["marks.json"] == b'{"TOAN": 9}'
    assert [each.title for each in read.manifest.files] == ["Hồ sơ học sinh", "Bảng điểm", "Phiếu chuyển hồ sơ"]


def test_a_package_made_here_is_taken_in_elsewhere(cast: Cast) -> None:
    """Two provinces on the platform: what the one hands over the other reads without typing."""
    leave(cast, let_go(cast))
    content = content_of(Package.objects.get())
    Person.objects.filter(pk=cast.an.pk).update(number_hash=None, number_cipher=None, number_check="missing")

    transfer = ask_by_package("goi.zip", content, Wish(8), by=cast.new_clerk)
    take_step(transfer.pk, act="accept", by=cast.new_head)
    arrive(cast, transfer)

    came = Person.objects.get(full_name="Đỗ Khánh An", place=cast.new)
    assert (came.birth_date, came.sex, unseal(bytes(came.number_cipher or b""))) == (BORN, "male", NUMBER)
    assert [tie.guardian.full_name for tie in came.guardians.all()] == ["Trần Thị Bình"]
    kept = Package.objects.get(transfer=transfer)
    assert content_of(kept) == content
    assert kept.digest == Package.objects.exclude(transfer=transfer).get().digest


def changed(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            told = old.read(name)
            new.writestr(name, told.replace(NUMBER.encode(), MINH.encode()) if name == "record.json" else told)
    return packed.getvalue()


@pytest.mark.parametrize("what", ["changed", "nonsense"])
def test_a_package_that_was_touched_makes_nothing_and_says_where(cast: Cast, what: str) -> None:
    let_go(cast)
    content = changed(content_of(Package.objects.get())) if what == "changed" else b"nonsense"

    with pytest.raises(BadPackage) as caught:
        ask_by_package("goi.zip", content, Wish(8), by=cast.new_clerk)

    assert ("record.json" if what == "changed" else "ZIP") in caught.value.detail
    assert Transfer.objects.count() == 1


def test_a_name_that_cannot_be_printed_is_told_not_lost(cast: Cast) -> None:
    Person.objects.filter(pk=cast.an.pk).update(birthplace="漢字")
    transfer = ask_to_leave(cast.an.pk, HA_LONG, Wish(8), by=cast.mother)

    with pytest.raises(BadPackage, match="漢"):
        take_step(transfer.pk, act="release", by=cast.head)

    assert Transfer.objects.get().state == "requested"
