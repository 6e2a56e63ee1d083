"""Marks come in as a file: read as the grid reads them, under the rules of the grid, and undone cell by cell."""

import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from phuong.academics.actions.closing import close_year
from phuong.academics.actions.marks import Cell, lock_column, save_cells
from phuong.academics.models import ABSENT, EntryWindow, GradeSheet, Mark, MarkChange
from phuong.academics.queries.opening import opened
from phuong.identity.testing import an_account
from phuong.intake.declarations import sheet_named
from phuong.intake.models import Batch, Part
from phuong.intake.queries import headings_of
from phuong.intake.rules import bare
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.kernel.text import search_key
from phuong.registry.api import Person, TeachingAssignment
from phuong.registry.testing import a_class, a_learner, a_teaching
from tests.test_intake import apply, bring, codes, counts, csv, step, undo
from tests.test_intake_present import rows_of
from tests.world import World, a_world

HEAD = "Mã HS,Họ và tên,Lớp,Môn,Học kỳ,ĐĐGtx1,ĐĐGtx2,ĐĐGtx3,ĐĐGtx4,ĐĐGgk,ĐĐGck"
CELLS = ("regular", "midterm", "final", "average", "is_exempt", "remark")


@pytest.fixture
def world(db: None) -> World:
    world = a_world()
    a_teaching(world.group, world.lan)
    return world


def row(world: World, marks: str, *, name: str = "Đỗ Khánh An", subject: str = "Toán", group: str = "") -> str:
    return f",{name},{group or world.group.name},{subject},HK1,{marks}"


def marks(world: World, *lines: str, role: str = "principal", head: str = HEAD, **facts: str) -> Batch:
    return bring(world, csv(head, *lines), kind="marks", role=role, name="diem.csv", **facts)


def lan_of(world: World) -> Actor:
    account = world.accounts["teacher"]
    permissions = frozenset({"academics:marks:write"})
    return Actor(str(world.school.path), account_id=account.pk, name="Lan", permissions=permissions)


def write(world: World, column: str, value: int | None, was: int | None, *, pupil: Person | None = None) -> None:
    lan = lan_of(world)
    cells = [Cell((pupil or world.an).pk, column, value, was)]
    with acting(lan):
        saved = save_cells(opened(lan, world.group.pk, "TOAN", 1), cells)
    assert not saved.closed
    assert not saved.conflicts


def mark(world: World, subject: str = "TOAN") -> Mark:
    return Mark.objects.get(learner=world.an, sheet__subject=subject)


def cells_of(found: Mark) -> tuple[Any, ...]:
    return tuple(getattr(found, name) for name in CELLS)


def test_marks_of_a_whole_file_are_written_with_their_averages_and_the_import_stands_in_their_history(
    world: World,
) -> None:
    write(world, "midterm", 60, None)
    batch = marks(
        world,
        row(world, '8,"7,5",6.25,v,7,8'),
        row(world, "9,9,,,9,10", name="Bùi Thị Ánh"),
        row(world, "Đ,CĐ,,,Đ,đạt", subject="Thể dục"),
    )

    assert (codes(batch), counts(batch)) == ([], (2, 1, 0, 0))
    apply(world, batch, role="principal")

    found, last = mark(world), MarkChange.objects.filter(mark=mark(world).pk).latest("id")
    assert cells_of(found) == ([80, 75, 63, ABSENT], 70, 80, 75, False, "")
    assert (mark(world, "GDTC").regular, mark(world, "GDTC").average) == ([1, 0], 0)
    assert (last.reason, last.what["midterm"]) == ("nạp tệp diem.csv", [60, 70])
    assert GradeSheet.objects.get(subject="TOAN").version == found.version == 2
    assert Part.objects.get(batch=batch).changed == 1


def test_the_same_file_twice_changes_nothing_and_empty_cells_keep_what_stands(world: World) -> None:
    line = row(world, "8,,,,7,8")
    apply(world, marks(world, line), role="principal")
    changes = MarkChange.objects.count()

    again = apply(world, marks(world, line, row(world, ",,,,,", name="Bùi Thị Ánh")), role="principal")

    assert counts(again) == (0, 0, 2, 0)
    assert (MarkChange.objects.count(), Mark.objects.count()) == (changes, 1)


def test_wrong_cells_are_named_with_what_to_do_and_nothing_of_their_rows_goes_in(world: World) -> None:
    other = a_class(world.school, name="8A9")
    a_learner(world.school, other, name="Trần Văn Kia")
    batch = marks(
        world,
        row(world, "12,-1,abc,,75,Đ"),
        row(world, "7,8,,,Đ,", subject="GDTC"),
        row(world, "8,8,,,8,8", name="Trần Văn Kia"),
        row(world, "8,8,,,8,8", name="Hoàng Văn Xa"),
        row(world, "8,8,8,8,8,8", subject="Tin học"),
        row(world, "8,,,,,", subject="Ngoại ngữ 2"),
        row(world, "8,,,,,", subject="Đạo đức"),
        row(world, "M,,,,,", name="Bùi Thị Ánh", subject="Ngữ văn"),
        row(world, "8,,,,,", group="9Z", subject="Ngữ văn"),
    )

    assert codes(batch) == [
        ("F2", "short"),
        ("G2", "number"),
        ("H2", "number"),
        ("J2", "short"),
        ("K2", "scored"),
        ("F3", "remark"),
        ("G3", "remark"),
        ("B4", "unknown_record"),
        ("B5", "unknown_record"),
        ("H6", "no_column"),
        ("I6", "no_column"),
        ("D7", "not_taken"),
        ("D8", "no_sheet"),
        ("F9", "not_exempt"),
        ("C10", "unknown_class"),
    ]
    apply(world, batch, role="principal")
    assert not Mark.objects.exists()


def test_locked_columns_closed_windows_and_exempt_pupils_are_as_in_the_grid(world: World) -> None:
    write(world, "r1", 80, None)
    write(world, "final", ABSENT, None)
    write(world, "r1", 50, None, pupil=Person.objects.get(full_name="Bùi Thị Ánh"))
    Mark.objects.filter(learner__full_name="Bùi Thị Ánh").update(is_exempt=True)
    lock_column(world.group, "TOAN", 1, "r1", by=lan_of(world))
    facts = {"path": world.school.path, "organisation": world.school, "school_year": 2026, "term": 1}
    for column, day in (("midterm", dt.date(2099, 1, 1)), ("final", dt.date(2020, 1, 1))):
        EntryWindow.objects.create(**facts, column=column, opens_on=day, closes_on=day)

    wrong = marks(world, row(world, "9,8,,,7,8"), row(world, "5,6,,M,M,", name="Bùi Thị Ánh"))
    EntryWindow.objects.create(**facts, column="makeup", opens_on=dt.date(2020, 1, 1), closes_on=dt.date(2099, 1, 1))
    right = marks(world, row(world, "8,8,,,,8"), row(world, "5,M,,M,M,", name="Bùi Thị Ánh"))
    apply(world, right, role="principal")

    assert codes(wrong) == [("F2", "locked"), ("J2", "early"), ("K2", "late"), ("G3", "exempt")]
    assert (codes(right), counts(right)) == ([], (0, 1, 1, 0))
    assert (mark(world).regular, mark(world).final) == ([80, 80], 80)


def test_a_closed_year_takes_nothing_that_would_change_it(world: World) -> None:
    apply(world, marks(world, row(world, "8,,,,7,8")), role="principal")
    close_year(world.school, 2026, by=SYSTEM)

    batch = marks(world, row(world, "8,,,,7,8"), row(world, "9,,,,,", name="Bùi Thị Ánh"))

    assert (codes(batch), counts(batch)) == ([("C3", "year_closed")], (0, 0, 1, 1))


def test_a_code_that_belongs_to_somebody_else_is_refused(world: World) -> None:
    Person.objects.filter(full_name="Bùi Thị Ánh").update(code="HS02")

    batch = marks(world, "HS02" + row(world, "8,,,,,"), "HS02" + row(world, "8,,,,,", name="Bùi Thị Ánh"))

    assert codes(batch) == [("B2", "other_name")]


def test_undo_gives_back_exactly_what_stood(world: World) -> None:
    write(world, "r1", 80, None)
    write(world, "midterm", 60, None)
    before = {each.learner_id: cells_of(each) for each in Mark.objects.all()}
    head = f"{HEAD},Nhận xét"
    lines = (row(world, "9,9,,,7,8,Tiến bộ"), row(world, "9,9,,,9,10,", name="Bùi Thị Ánh"))
    batch = apply(world, marks(world, *lines, head=head), role="principal")

    batch = undo(world, batch, role="principal")

    part = Part.objects.get(batch=batch)
    assert (part.restored, part.left_alone, batch.state) == (2, 0, "undone")
    assert cells_of(mark(world)) == before[world.an.pk]
    assert cells_of(Mark.objects.get(learner__full_name="Bùi Thị Ánh")) == ([], None, None, None, False, "")
    assert MarkChange.objects.latest("id").reason == "hoàn tác: nạp tệp diem.csv"


def test_undo_leaves_what_somebody_wrote_or_locked_since_and_tells_it(world: World) -> None:
    batch = marks(world, row(world, "9,8,,,7,8"), row(world, "9,,,,9,", name="Bùi Thị Ánh"))
    apply(world, batch, role="principal")
    write(world, "r2", 50, 80)
    write(world, "r3", 60, None)
    lock_column(world.group, "TOAN", 1, "final", by=lan_of(world))

    batch = undo(world, batch, role="principal")

    part = Part.objects.get(batch=batch)
    assert (part.restored, part.left_alone) == (1, 1)
    assert cells_of(mark(world)) == ([None, 50, 60], None, 80, None, False, "")
    page = world.client("principal").get(reverse("intake:batch", args=[batch.pk])).content.decode()
    assert "Để nguyên vì đã có người sửa" in page


def test_a_column_locked_between_check_and_writing_leaves_the_rows_out(world: World) -> None:
    batch = marks(world, row(world, "9,8,,,7,8"))
    with acting(lan_of(world)):
        lock_column(world.group, "TOAN", 1, "r1", by=lan_of(world))

    apply(world, batch, role="principal")

    assert Part.objects.get(batch=batch).refused == 1
    assert not Mark.objects.exists()


def test_a_teacher_brings_in_the_own_sheets_alone_and_sees_no_other_import(world: World) -> None:
    heads = marks(world, row(world, "9,,,,,", name="Bùi Thị Ánh", subject="Ngữ văn"))
    mine = marks(world, row(world, "8,,,,,"), row(world, "8,,,,,", subject="Ngữ văn"), role="teacher")
    apply(world, mine, role="teacher")

    client = world.client("teacher")
    assert codes(mine) == [("D3", "not_theirs")]
    assert (mark(world).regular, Mark.objects.count()) == ([80], 1)
    assert client.get(reverse("intake:batch", args=[heads.pk])).status_code == 404
    assert str(heads.pk) not in client.get(reverse("intake:batches")).content.decode()
    assert client.get(reverse("intake:present", args=["marks"])).status_code == 404
    assert world.client("principal").get(reverse("intake:batch", args=[mine.pk])).status_code == 200
    TeachingAssignment.objects.all().delete()
    undo(world, mine, role="principal")
    assert mark(world).regular == []


def test_the_template_names_columns_that_are_known_again(world: World) -> None:
    content = world.client("teacher").get(reverse("intake:template", args=["marks"])).content

    heads = [str(cell) for cell in rows_of(content)[0] if cell]
    known = headings_of(sheet_named("marks"))
    assert {known[bare(head, search_key(head))] for head in heads} >= {"class_name", "subject", "term", "r1", "final"}


def test_the_command_checks_without_writing_and_refuses_a_wrong_file_whole(world: World, tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.csv", tmp_path / "wrong.csv"
    right.write_bytes(csv(HEAD, row(world, "8,,,,7,8")))
    wrong.write_bytes(csv(HEAD, row(world, "8,,,,7,12"), row(world, "8,,,,,", name="Bùi Thị Ánh")))
    where = ("--org", world.school.code, "--json")
    out = io.StringIO()
    call_command("import", "marks", str(right), "--dry-run", *where, stdout=out)
    tried = json.loads(out.getvalue())
    assert (tried["create"], tried["applied"], Mark.objects.exists()) == (1, False, False)

    with pytest.raises(SystemExit) as left:
        call_command("import", "marks", str(wrong), *where, stdout=io.StringIO())
    assert (left.value.code, Mark.objects.exists()) == (2, False)

    call_command("import", "marks", str(right), *where, stdout=io.StringIO())
    assert mark(world).final == 80


def test_many_rows_cost_as_many_statements_as_few(world: World) -> None:
    names = [f"Lê Văn {first}{second}" for first in "BCDGH" for second in "aeiou"]
    for name in names:
        a_learner(world.school, world.group, name=name)

    costs = []
    for some in (names[:1], names[1:2], names[2:]):  # the first makes the sheet
        batch = marks(world, *(row(world, "8,7,,,6,9", name=name) for name in some))
        with CaptureQueriesContext(connection) as asked:
            step(_ready(batch), "apply")
        costs.append(len(asked))

    assert (costs[1], Mark.objects.count()) == (costs[2], len(names))


def _ready(batch: Batch) -> Batch:
    batch.state = "applying"
    batch.save(update_fields=["state"])
    return batch


def test_another_teacher_may_not_bring_in_what_a_colleague_teaches(world: World) -> None:
    world.accounts["teacher"] = an_account("teacher", world.school, person=world.colleague, username="minh.x")

    batch = marks(world, row(world, "8,,,,,"), role="teacher")

    assert (codes(batch), batch.is_own) == ([("D2", "not_theirs")], True)
