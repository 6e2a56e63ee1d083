"""Overviews of a school: progress of entry, how marks lie, honours."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from phuong.academics.models import Result
from phuong.academics.testing import a_mark
from phuong.academics.tests.test_gradebook import Scene
from phuong.registry.testing import a_class, a_learner, a_school, a_teaching


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


def test_progress_counts_what_is_there_of_what_the_class_owes(scene: Scene) -> None:
    a_teaching(scene.group, scene.hoa, subject="NGUVAN")  # no sheet yet
    scene.save("lan", *((at, code, "8", None) for at in range(3) for code in ("r1", "r2", "r3", "r4", "midterm")))
    scene.save("lan", (0, "final", "8", None))
    where = reverse("academics:progress")

    page = scene.clients["head"].get(where, {"ki": "1"})
    file = scene.clients["head"].get(where, {"ki": "1", "as": "csv"})

    by_subject = {each.subject: each for each in page.context["behind"]}
    assert (by_subject["TOAN"].share, by_subject["TOAN"].lacking) == (88, "cuối kì 2")
    assert (by_subject["NGUVAN"].share, by_subject["NGUVAN"].columns) == (0, 4)
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert ["8A3", "Toán", "Nguyễn Thị Lan", "3", "88"] in [row[:5] for row in rows]


@pytest.mark.parametrize("name", ["progress", "distributions", "honours", "absent", "workload", "substitutes"])
def test_an_overview_costs_the_same_with_few_and_with_many_classes(
    scene: Scene, name: str, django_assert_num_queries: Any
) -> None:
    head, where = scene.clients["head"], reverse(f"academics:{name}")
    a_mark(scene.group, scene.pupils[0], midterm=-1, average=70)
    head.get(where)
    with CaptureQueriesContext(connection) as few:
        head.get(where)
    for place in range(8):
        group = a_class(scene.school, name=f"7B{place}")
        a_teaching(group, scene.lan)
        a_mark(group, a_learner(scene.school, group), midterm=-1, average=70)

    with django_assert_num_queries(len(few)):
        assert head.get(where).status_code == 200


def test_a_line_of_the_statistics_leads_to_the_sheet_or_to_the_class(scene: Scene) -> None:
    unwritten = a_teaching(scene.group, scene.hoa, subject="NGUVAN")
    sheet, own = a_mark(scene.group, scene.pupils[0]).sheet, reverse("registry:class", args=[scene.group.pk])
    grid, other = (reverse("academics:grid", args=[scene.group.pk, code, 1]) for code in ("TOAN", "NGUVAN"))

    told = {
        who: [scene.clients[who].get(reverse("academics:one_sheet", args=[key.pk])).url for key in (sheet, unwritten)]
        for who in ("head", "lan", "hoa")
    }

    assert told["head"] == [grid, other]
    assert told["lan"][0] == grid
    assert told["hoa"][1] == other
    assert own in (*told["lan"], *told["hoa"])
    assert scene.clients["head"].get(reverse("academics:one_sheet", args=[scene.group.pk])).status_code == 404


def spread(scene: Scene) -> list[Any]:
    where = reverse("academics:distributions")
    page = scene.clients["head"].get(where, {"mon": "TOAN", "ki": "1", "cot": "average"})
    return [(kind, one.count, one.bands, one.is_hidden) for kind, one, _mean in page.context["grades"][0][1]]


def test_marks_lie_in_bands_and_other_schools_are_told_of_only_when_they_are_many(scene: Scene) -> None:
    for pupil, average in zip(scene.pupils, (34, 65, 90), strict=True):
        a_mark(scene.group, pupil, average=average)
    others = [a_school(scene.school.parent), a_school(scene.school.parent)]
    for at, school in enumerate(others):
        group = a_class(school, grade=8, name="8A")
        for _place in range(3):
            a_mark(group, a_learner(school, group), average=50)
        if not at:
            few = spread(scene)

    many = spread(scene)

    own = ("class", 3, (1, 0, 0, 1, 1), False)
    assert (few[0], few[-1][-1]) == (own, True)
    assert many[-1] == ("around", 9, (1, 0, 6, 1, 1), False)


def test_honours_are_listed_by_class_without_an_order_of_merit(scene: Scene) -> None:
    for place, pupil in enumerate(scene.pupils[:2]):
        row = pupil.enrolments.get()
        facts = {"organisation": scene.school, "school_year": scene.group.school_year, "part": 0, "rule": "TT22/2021"}
        honour = ("gioi", "xuat_sac")[place]
        Result.objects.create(
            enrolment=row,
            learner=pupil,
            path=row.path,
            honour=honour,
            inputs_hash="x",
            computed_at=timezone.now(),
            **facts,
        )
    where = reverse("academics:honours")

    page = scene.clients["head"].get(where).content.decode()
    file = scene.clients["head"].get(where, {"as": "xlsx"})

    assert page.index("Bùi Hoàng An") < page.index("Đặng Ngọc Anh")
    assert "Vũ Thùy Chi" not in page
    assert file.status_code == 200
    assert [scene.clients[who].get(where).status_code for who in ("lan", "hoa")] == [404, 404]
