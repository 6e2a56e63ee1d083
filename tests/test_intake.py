"""Files come in: checked without harm, applied a unit at a time, undone exactly; every kind of file."""

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from phuong.facilities.api import Equipment, Room
from phuong.intake.actions.applying import run
from phuong.intake.models import Batch, Part
from phuong.intake.queries import findings_of
from phuong.kernel.jobs import Progress
from phuong.kernel.vault import fingerprint, unseal
from phuong.registry.api import (
    ClassGroup,
    Enrolment,
    Guardianship,
    Organisation,
    Person,
    StaffPosition,
    TeachingAssignment,
)
from phuong.registry.testing import a_class, a_learner, a_teacher
from tests.world import World, a_world

LEARNERS = "Họ và tên,Ngày sinh,Giới tính,Số định danh,Lớp,Dân tộc"


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def csv(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def xlsx(headings: list[str], *rows: list[Any]) -> bytes:
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("HS")
    for place, row in enumerate([headings, *rows]):
        sheet.write_row(place, 0, row)
    book.close()
    return kept.getvalue()


def bring(
    world: World, content: bytes, *, kind: str = "learners", role: str = "clerk", name: str = "hs.csv", **facts: str
) -> Batch:
    where = reverse("intake:bring", args=[kind])
    data = {"effective_on": "05/09/2026", "mode": "add", **facts, "file": SimpleUploadedFile(name, content)}
    answer = world.client(role).post(where, data)
    assert answer.status_code == 302, answer.content.decode()
    return step(Batch.objects.latest("asked_at"), "check")


def step(batch: Batch, what: str) -> Batch:
    run(Progress(), str(batch.pk), what)
    batch.refresh_from_db()
    return batch


def apply(world: World, batch: Batch, *, role: str = "clerk", **facts: str) -> Batch:
    assert batch.state == "checked", batch.wrong
    answer = world.client(role).post(reverse("intake:act", args=[batch.pk, "ap-dung"]), facts)
    assert answer.status_code == 302
    batch.refresh_from_db()
    return step(batch, "apply")


def undo(world: World, batch: Batch, *, role: str = "clerk") -> Batch:
    world.client(role).post(reverse("intake:act", args=[batch.pk, "hoan-tac"]))
    batch.refresh_from_db()
    return step(batch, "undo")


def counts(batch: Batch) -> tuple[int, int, int, int]:
    return batch.to_create, batch.to_change, batch.same, batch.refused


def codes(batch: Batch) -> list[tuple[str, str]]:
    return [(each["cell"], each["code"]) for each in findings_of(batch)["problems"]]


def test_new_learners_are_made_with_their_class_and_sealed_number(world: World) -> None:
    number = "031213001234"
    batch = bring(world, csv(LEARNERS, f"Lê Văn Mới,05/09/2013,Nam,{number},{world.group.name},Kinh"))

    assert (batch.state, counts(batch)) == ("checked", (1, 0, 0, 0))
    assert not Person.objects.filter(full_name="Lê Văn Mới").exists()

    apply(world, batch)

    made = Person.objects.get(full_name="Lê Văn Mới")
    sitting = Enrolment.objects.get(learner=made)
    assert (made.place_id, made.sex, made.ethnicity, made.is_learner) == (world.school.pk, "male", "01", True)
    assert unseal(bytes(made.number_cipher)) == number
    assert (made.number_check, bytes(made.number_hash)) == ("agrees", fingerprint(number))
    assert (sitting.class_group_id, sitting.during.lower, sitting.during.upper) == (
        world.group.pk,
        dt.date(2026, 9, 5),
        None,
    )


def test_the_same_file_twice_changes_nothing(world: World) -> None:
    content = csv(LEARNERS, f"Lê Văn Mới,05/09/2013,Nam,031213001234,{world.group.name},Kinh")
    apply(world, bring(world, content))
    before = Person.objects.count()

    again = bring(world, content)
    apply(world, again)

    assert counts(again) == (0, 0, 1, 0)
    assert (Person.objects.count(), Part.objects.filter(batch=again).count()) == (before, 0)


def test_a_learner_found_by_name_and_birth_date_is_changed_and_an_empty_cell_keeps_what_stands(world: World) -> None:
    Person.objects.filter(pk=world.an.pk).update(address="12 Lạch Tray", ethnicity="")
    born = world.an.birth_date.strftime("%d/%m/%Y")
    batch = bring(world, csv("Họ tên,Ngày sinh,Giới tính,Dân tộc,Địa chỉ", f"đỗ khánh an,{born},Nam,Tày,"))

    assert counts(batch) == (0, 1, 0, 0)
    shown = findings_of(batch)["change"][0]
    assert ["Dân tộc", "", "Tày"] in [list(each) for each in shown]
    apply(world, batch)

    world.an.refresh_from_db()
    assert (world.an.ethnicity, world.an.address, world.an.full_name) == ("02", "12 Lạch Tray", "đỗ khánh an")


def test_wrong_cells_are_named_with_their_cure_and_the_right_rows_go_in(world: World) -> None:
    batch = bring(
        world,
        csv(
            LEARNERS,
            f"Lê Văn Mới,31/02/2013,Nam,031213001234,{world.group.name},Kinh",
            f"Mới,05/09/2013,Trung tính,12345,{world.group.name},Kinh",
            "Trần Thị Đúng,05/09/2013,Nữ,,9Z,Kinh",
            f"Phạm Thị Hợp,06/09/2013,Nữ,,{world.group.name},Kinh",
        ),
    )

    assert codes(batch) == [
        ("B2", "bad_date"),
        ("A3", "not_possible"),
        ("C3", "unknown_code"),
        ("D3", "not_possible"),
        ("E4", "unknown_class"),
    ]
    assert counts(batch) == (1, 0, 0, 3)
    page = world.client("clerk").get(reverse("intake:batch", args=[batch.pk])).content.decode()
    assert "B2" in page
    assert "Áp dụng 1 dòng" in page
    back = world.client("clerk").get(reverse("intake:problems", args=[batch.pk]))
    assert back.content[:2] == b"PK"

    apply(world, batch)

    assert Person.objects.filter(full_name__in=["Phạm Thị Hợp", "Trần Thị Đúng"]).count() == 1


def test_undo_takes_back_what_was_made_and_changed_but_not_what_others_did_since(world: World) -> None:
    born = world.an.birth_date.strftime("%d/%m/%Y")
    before = {row["id"]: row for row in Person.objects.values()}
    sitting = list(Enrolment.objects.order_by("id").values())
    other = a_class(world.school, name="7A9", grade=7)
    batch = bring(
        world,
        csv(
            LEARNERS,
            f"Đỗ Khánh An,{born},Nam,,{other.name},Tày",
            "Lê Văn Mới,05/09/2013,Nam,031213001234,7A9,Kinh",
            "Lê Văn Giữ,06/09/2013,Nam,,7A9,Kinh",
        ),
    )
    apply(world, batch)
    assert Enrolment.objects.get(learner=world.an, ends_on=None).class_group == other
    Person.objects.filter(full_name="Lê Văn Giữ").update(address="sửa sau")

    batch = undo(world, batch)

    part = Part.objects.get(batch=batch)
    assert (batch.state, part.left_alone) == ("undone", 1)
    assert not Person.objects.filter(full_name="Lê Văn Mới").exists()
    assert Person.objects.get(full_name="Lê Văn Giữ").address == "sửa sau"
    assert {row["id"]: row for row in Person.objects.exclude(full_name="Lê Văn Giữ").values()} == before
    assert list(Enrolment.objects.filter(pk__in=[row["id"] for row in sitting]).order_by("id").values()) == sitting


def test_a_whole_list_that_ends_too_many_is_held_until_somebody_confirms(world: World) -> None:
    learners = [
        a_learner(world.school, world.group, name=f"Học Sinh {name}") for name in ("Bảo", "Chi", "Dũng", "Giang")
    ]
    born = learners[0].birth_date.strftime("%d/%m/%Y")
    content = csv(LEARNERS, f"Học Sinh Bảo,{born},Nam,,{world.group.name},Kinh")

    batch = bring(world, content, mode="whole")
    sitting = Enrolment.objects.filter(class_group=world.group, ends_on=None).count()

    assert (batch.to_end, {each["group"] for each in batch.held}) == (sitting - 1, {"", world.group.name})
    world.client("clerk").post(reverse("intake:act", args=[batch.pk, "ap-dung"]))
    batch.refresh_from_db()
    assert batch.state == "checked"

    apply(world, batch, confirmed="yes")

    assert Enrolment.objects.filter(class_group=world.group, ends_on=None).count() == 1
    assert Part.objects.get(batch=batch).ended == sitting - 1
    undo(world, batch)
    assert Enrolment.objects.filter(class_group=world.group, ends_on=None).count() == sitting


def test_a_whole_list_with_wrong_rows_ends_nobody(world: World) -> None:
    batch = bring(world, csv(LEARNERS, f"X,05/09/2013,Nam,,{world.group.name},Kinh"), mode="whole")

    assert (batch.to_end, batch.refused) == (0, 1)
    assert [each["code"] for each in batch.notices] == ["whole_with_problems"]


def test_a_number_known_elsewhere_is_refused_without_saying_whose(world: World) -> None:
    Person.objects.filter(pk=world.stranger.pk).update(
        number_hash=fingerprint("031213001234"), number_cipher=b"x", number_check="agrees"
    )

    batch = bring(world, csv(LEARNERS, f"Lê Văn Mới,05/09/2013,Nam,031213001234,{world.group.name},Kinh"))

    assert codes(batch) == [("D2", "known_elsewhere")]
    page = world.client("clerk").get(reverse("intake:batch", args=[batch.pk])).content.decode()
    assert world.stranger.full_name not in page
    assert world.other_school.name not in page


def test_two_rows_of_one_learner_are_refused(world: World) -> None:
    line = f"Lê Văn Mới,05/09/2013,Nam,031213001234,{world.group.name},Kinh"

    assert {code for _cell, code in codes(bring(world, csv(LEARNERS, line, line)))} == {"twice_in_file"}


def test_columns_that_are_not_recognised_are_mapped_by_hand_and_remembered(world: World) -> None:
    strange = csv("Cột một,Cột hai,Cột ba", "Lê Văn Mới,05/09/2013,Nam")
    client = world.client("clerk")
    answer = client.post(
        reverse("intake:bring", args=["learners"]),
        {"effective_on": "05/09/2026", "file": SimpleUploadedFile("la.csv", strange)},
    )
    batch = Batch.objects.latest("asked_at")
    assert answer.url == reverse("intake:map", args=[batch.pk])
    assert "Lê Văn Mới" in client.get(answer.url).content.decode()

    wrong = client.post(answer.url, {"column_0": "full_name", "column_1": "birth_date"})
    right = client.post(
        answer.url, {"column_0": "full_name", "column_1": "birth_date", "column_2": "sex", "save_as": "Phần mềm A"}
    )

    assert wrong.status_code == 422
    assert "Giới tính" in wrong.content.decode()
    assert right.status_code == 302
    assert step(Batch.objects.get(pk=batch.pk), "check").to_create == 1
    page = client.get(reverse("intake:bring", args=["learners"])).content.decode()
    assert "Phần mềm A" in page
    saved = page.split('name="saved"')[1].split('value="')[2].split('"')[0]
    assert bring(world, strange, saved=saved).to_create == 1


def test_an_officer_brings_in_rows_of_many_schools_each_in_its_own_transaction(world: World) -> None:
    rows = [
        f"{world.school.code},Lê Văn Mới,05/09/2013,Nam,,{world.group.name}",
        f"{world.other_school.name},Lê Văn Khác,05/09/2013,Nam,,{world.other_group.name}",
        "khong-co,Lê Văn Lạ,05/09/2013,Nam,,7A",
    ]
    batch = bring(
        world, csv("Mã trường,Họ và tên,Ngày sinh,Giới tính,Số định danh,Lớp", *rows), role="division_officer"
    )

    assert codes(batch) == [("A4", "unknown_unit")]
    apply(world, batch, role="division_officer")

    assert sorted(Part.objects.filter(batch=batch).values_list("created", flat=True)) == [1, 1]
    assert Person.objects.get(full_name="Lê Văn Khác").path == world.other_school.path


def test_staff_guardians_classes_enrolments_teaching_rooms_and_equipment_come_in(world: World) -> None:
    classes = bring(world, csv("Tên lớp,Cấp học,Khối,GVCN", "6A7,THCS,6,Nguyễn Thị Lan"), kind="classes")
    apply(world, classes)
    group = ClassGroup.objects.get(organisation=world.school, name="6A7")
    assert (group.grade, group.homeroom_id, group.school_year) == (6, world.lan.pk, 2026)

    staff = bring(
        world,
        csv(
            "Họ và tên,Ngày sinh,Giới tính,Chức vụ,Môn dạy,Trình độ",
            "Vũ Văn Toán,01/02/1990,Nam,Giáo viên,Toán,Đại học",
        ),
        kind="staff",
    )
    apply(world, staff)
    teacher = Person.objects.get(full_name="Vũ Văn Toán")
    post = StaffPosition.objects.get(person=teacher)
    assert (post.group, post.organisation_id, teacher.qualifications.count()) == ("teacher", world.school.pk, 1)

    teaching = bring(world, csv("Lớp,Môn,Giáo viên,Số tiết", "6A7,Toán,Vũ Văn Toán,4"), kind="teaching")
    apply(world, teaching)
    given = TeachingAssignment.objects.get(class_group=group)
    assert (given.person_id, given.periods) == (teacher.pk, 4)
    again = bring(world, csv("Lớp,Môn,Giáo viên,Số tiết", "6A7,Toán,Nguyễn Thị Lan,4"), kind="teaching")
    assert counts(again) == (0, 1, 0, 0)

    born = world.an.birth_date.strftime("%d/%m/%Y")
    moved = bring(world, csv("Họ tên học sinh,Ngày sinh học sinh,Lớp", f"Đỗ Khánh An,{born},6A7"), kind="enrolments")
    apply(world, moved)
    assert Enrolment.objects.get(learner=world.an, ends_on=None).class_group == group

    guardians = bring(
        world,
        csv(
            "Họ tên học sinh,Ngày sinh học sinh,Họ và tên,Quan hệ,Điện thoại",
            f"Đỗ Khánh An,{born},Đỗ Văn Cha,Cha,0912345678",
            "Bùi Thị Ánh,,Bùi Văn Cha,Cha,0912345679",
        ),
        kind="guardians",
    )
    assert codes(guardians) == []
    apply(world, guardians)
    assert Guardianship.objects.filter(learner=world.an, guardian__full_name="Đỗ Văn Cha", relation="father").exists()

    rooms = bring(world, csv("Tên phòng,Loại phòng,Loại công trình,Chỗ ngồi", "205,Phòng học,Kiên cố,40"), kind="rooms")
    apply(world, rooms)
    room = Room.objects.get(organisation=world.school, name="205")
    equipment = bring(
        world,
        csv("Loại thiết bị,Phòng,Số lượng,Còn dùng được", "Máy tính để bàn,205,20,18", "Máy tính để bàn,999,1,2"),
        kind="equipment",
    )
    assert {code for _cell, code in codes(equipment)} == {"unknown_room", "more_than_all"}
    apply(world, equipment)
    assert Equipment.objects.get(room=room).working == 18
    for batch in (equipment, rooms, guardians, moved, teaching, staff, classes):
        undo(world, batch)
    assert not Person.objects.filter(full_name__in=["Vũ Văn Toán", "Đỗ Văn Cha"]).exists()
    assert not ClassGroup.objects.filter(name="6A7").exists()


def test_schools_come_in_under_the_unit_that_manages_them(world: World) -> None:
    batch = bring(
        world,
        csv(
            "Mã trường,Tên trường,Xã phường,Loại hình trường,Cấp học,Loại hình sở hữu",
            f"31319999,Trường THCS Mới,{world.commune.name},Trường trung học cơ sở,THCS,Công lập",
        ),
        kind="schools",
        role="division_officer",
    )
    assert codes(batch) == []

    apply(world, batch, role="division_officer")

    made = Organisation.objects.get(code="31319999")
    assert (made.parent_id, made.territory_id, made.path) == (
        world.commune.pk,
        world.commune.pk,
        f"{world.commune.path}.s31319999",
    )
    assert made.school.level == "lower_secondary"
    undo(world, batch, role="division_officer")
    assert not Organisation.objects.filter(code="31319999").exists()


def test_dates_and_numbers_of_a_spreadsheet_are_read_and_lost_zeros_are_told(world: World) -> None:
    content = xlsx(
        ["Họ và tên", "Ngày sinh", "Giới tính", "Số định danh", "Lớp"],
        ["Lê Văn Mới", dt.date(2013, 9, 5), "Nam", "031213001234", world.group.name],
        ["Lê Văn Số", dt.date(2013, 9, 6), "Nam", 31213001235, world.group.name],
    )

    batch = bring(world, content, name="hs.xlsx")

    assert codes(batch) == [("D3", "leading_zeros_lost")]
    assert batch.to_create == 1


def test_the_template_of_every_kind_can_be_fetched_and_is_read_back_as_its_own(world: World) -> None:
    for kind in ("learners", "staff", "guardians", "classes", "enrolments", "teaching", "rooms", "equipment"):
        answer = world.client("clerk").get(reverse("intake:template", args=[kind]))
        assert (answer.status_code, answer.content[:2]) == (200, b"PK")


def test_a_file_that_cannot_be_read_is_refused_with_the_cure_and_nothing_is_kept(world: World) -> None:
    where = reverse("intake:bring", args=["learners"])
    file = SimpleUploadedFile("hs.xlsx", b"%PDF-1.7 not a spreadsheet")

    answer = world.client("clerk").post(where, {"effective_on": "05/09/2026", "file": file})

    assert answer.status_code == 422
    assert not Batch.objects.exists()


def test_the_command_applies_a_right_file_and_refuses_a_wrong_one_whole(world: World, tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.csv", tmp_path / "wrong.csv"
    right.write_bytes(csv(LEARNERS, f"Lê Văn Mới,05/09/2013,Nam,,{world.group.name},Kinh"))
    wrong.write_bytes(csv(LEARNERS, "Lê Văn Hai,31/02/2013,Nam,,,Kinh", "Lê Văn Ba,01/02/2013,Nam,,,Kinh"))
    out = io.StringIO()
    call_command("import", "learners", str(right), "--org", world.school.code, "--json", stdout=out)
    done = json.loads(out.getvalue())
    assert (done["read"], done["create"], done["applied"], done["errors"]) == (1, 1, True, [])

    out = io.StringIO()
    with pytest.raises(SystemExit) as left:
        where = ("--org", world.school.code, "--report", str(tmp_path / "r.xlsx"))
        call_command("import", "learners", str(wrong), *where, "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (left.value.code, told["applied"], told["errors"][0]["cell"]) == (2, False, "B2")
    assert (tmp_path / "r.xlsx").read_bytes()[:2] == b"PK"
    assert not Person.objects.filter(full_name="Lê Văn Ba").exists()


def test_rows_of_several_schools_that_name_people_of_each_are_all_kept(world: World) -> None:
    a_teacher(world.other_school, name="Ngô Văn Hải")
    places = [(world.school, world.group, "Nguyễn Thị Lan"), (world.other_school, world.other_group, "Ngô Văn Hải")]
    rows = [f"{school.code},{group.name},Toán,{teacher}" for school, group, teacher in places]
    batch = bring(world, csv("Mã trường,Lớp,Môn,Giáo viên", *rows), kind="teaching", role="division_officer")

    apply(world, batch, role="division_officer")

    found = TeachingAssignment.objects.values_list("organisation_id", "class_group_id", "person__full_name")
    assert set(found) == {(school.pk, group.pk, teacher) for school, group, teacher in places}


def test_a_row_that_is_no_longer_right_when_applied_is_left_out_and_told(world: World) -> None:
    group = a_class(world.school, name="7A9", grade=7)
    rows = [f"{world.school.code},Lê Văn {name},05/09/2013,Nam,{group.name}" for name in ("Ân", "Bảo")]
    rows.append(f"{world.other_school.code},Lê Văn Cơ,05/09/2013,Nam,{world.other_group.name}")
    batch = bring(world, csv("Mã trường,Họ tên,Ngày sinh,Giới tính,Lớp", *rows), role="division_officer")
    group.delete()

    apply(world, batch, role="division_officer")
    page = world.client("division_officer").get(reverse("intake:batch", args=[batch.pk])).content.decode()

    parts = {part.unit: (part.created, part.refused) for part in Part.objects.filter(batch=batch)}
    assert parts == {world.school.pk: (0, 2), world.other_school.pk: (1, 0)}
    assert "2 dòng không còn đúng lúc áp dụng: Trường chưa có lớp 7A9" in page
    assert not Person.objects.filter(full_name__in=["Lê Văn Ân", "Lê Văn Bảo"]).exists()
