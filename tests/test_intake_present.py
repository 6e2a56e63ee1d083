"""What stands, taken out as a file and brought in again, changes nothing: import → export → import is a fixed point."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from phuong.academics.models import ABSENT, GradeSheet
from phuong.academics.testing import a_mark
from phuong.facilities.api import Equipment, Room
from phuong.intake.declarations import sheet_named
from phuong.kernel.codelists import entries_of
from phuong.kernel.contributions import codes
from phuong.registry.api import Person
from phuong.registry.testing import a_teaching
from tests.test_intake import apply, bring, csv
from tests.world import World, a_world

KINDS = sorted(codes(type(sheet_named("learners"))))
_BY = {"schools": "division_officer", "marks": "principal"}


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def taken_out(world: World, kind: str, *, role: str) -> bytes:
    answer = world.client(role).get(reverse("intake:present", args=[kind]))
    assert answer.status_code == 200
    return bytes(answer.content)


def rows_of(content: bytes) -> list[list[Any]]:
    return list(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python())


def role_for(kind: str) -> str:
    return _BY.get(kind, "clerk")


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_taken_out_and_brought_in_again_is_all_the_same(world: World, kind: str) -> None:
    room = Room.objects.get(organisation=world.school)
    Equipment.objects.create(organisation=world.school, room=room, kind="computer", quantity=30, working=28)
    Equipment.objects.create(organisation=world.school, kind="projector", quantity=2, working=2, asset_code="MC-01")
    a_teaching(world.group, world.lan)
    _some_marks(world)
    content = taken_out(world, kind, role=role_for(kind))

    batch = bring(world, content, kind=kind, role=role_for(kind), name="ra.xlsx")

    written = len(rows_of(content)) - 1
    assert written > 0
    assert (batch.to_create, batch.to_change, batch.same, batch.refused) == (0, 0, written, 0)


def _some_marks(world: World) -> None:
    """Write marks of every sort: whole and half ones, absent, a remark, a locked column, an exempt pupil."""
    first, second = Person.objects.filter(place=world.school, is_learner=True).order_by("full_name")
    a_mark(world.group, first, regular=[80, None, ABSENT], midterm=75, final=100, remark="Tiến bộ")
    a_mark(world.group, second, regular=[0], midterm=63, is_exempt=True)
    a_mark(world.group, first, subject="GDTC", regular=[1, 0], midterm=1, final=ABSENT)
    GradeSheet.objects.update(locks={"r1": {"by": "x", "at": "2026-10-01"}})


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_was_mended_in_the_file_is_changed_and_headings_of_either_language_are_known(
    world: World, language: str
) -> None:
    client = world.client("clerk")
    client.cookies["django_language"] = language
    out = rows_of(client.get(reverse("intake:present", args=["learners"])).content)
    place = next(row for row in out if "Đỗ Khánh An" in row)
    place[place.index("Đỗ Khánh An")] = "Đỗ Khánh Ân"
    lines = [",".join(str(cell) for cell in row) for row in out]

    batch = apply(world, bring(world, csv(*lines)))

    assert (batch.to_create, batch.to_change, batch.refused) == (0, 1, 0)
    assert Person.objects.get(pk=world.an.pk).full_name == "Đỗ Khánh Ân"


NAMES = st.tuples(
    st.sampled_from(["Nguyễn", "Trần", "Đỗ", "Tôn Nữ"]),
    st.sampled_from(["Văn", "Thị", "Khánh", "Hoà"]),
    st.sampled_from(["An", "Ánh", "Ích", "Khuê", "Ưng"]),
).map(" ".join)
WORDS = st.text("=+-@'\"; ,.0123456789aăâđêôơưẶễ/()#\t", max_size=30)


@st.composite
def a_list(draw: Callable[[Any], Any]) -> list[dict[str, str]]:
    """Draw learners as a file may hold them: odd texts, codes, empty cells."""
    rows = []
    for place in range(draw(st.integers(1, 8))):
        rows.append(
            {
                "Họ và tên": draw(NAMES),
                "Ngày sinh": f"{draw(st.integers(1, 28)):02d}/{draw(st.integers(1, 12)):02d}/{2010 + place}",
                "Giới tính": draw(st.sampled_from(["Nam", "Nữ"])),
                "Mã hồ sơ": draw(st.sampled_from(["", f"HS-{place}", f"00{place}"])),
                "Dân tộc": draw(st.sampled_from(["", *[titles[0] for titles in entries_of("ethnicity").values()]])),
                "Nơi sinh": draw(WORDS),
                "Địa chỉ": draw(WORDS),
                "Điện thoại": draw(st.sampled_from(["", "0912345678", "+84 912 345 678"])),
                "Lớp": draw(st.sampled_from(["", "8A3"])),
            }
        )
    return rows


@given(a_list())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_import_export_import_is_a_fixed_point(world: World, rows: list[dict[str, str]]) -> None:
    with transaction.atomic():
        heads = list(rows[0])
        lines = ['"' + '","'.join(row[head].replace('"', '""') for head in heads) + '"' for row in rows]
        first = apply(world, bring(world, csv(",".join(heads), *lines)))
        out = taken_out(world, "learners", role="clerk")

        again = bring(world, out, name="ra.xlsx")
        once_more = taken_out(world, "learners", role="clerk")

        assert first.refused == 0
        assert (again.to_create, again.to_change, again.refused) == (0, 0, 0), rows
        assert rows_of(once_more) == rows_of(out)
        transaction.set_rollback(True)
