"""Exemption from a subject, tests made up, substitutes."""

import datetime as dt
import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from phuong.academics.models import ABSENT, EntryWindow, GradeSheet, Mark, MarkChange, Substitution
from phuong.academics.queries.results import cases_of
from phuong.academics.tests.test_gradebook import Scene
from phuong.academics.tests.test_results import many_pupils
from phuong.kernel.today import today


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


def a_window(scene: Scene, column: str, opens: int, closes: int) -> EntryWindow:
    """Set a window by days from today."""
    school, day = scene.school, today()
    facts = {"organisation": school, "school_year": scene.group.school_year, "term": 1, "column": column}
    days = {"opens_on": day + dt.timedelta(days=opens), "closes_on": day + dt.timedelta(days=closes)}
    return EntryWindow.objects.create(path=school.path, **facts, **days)


def test_an_exempt_pupil_has_closed_cells_counts_nowhere_and_may_be_taken_back(scene: Scene) -> None:
    scene.save("lan", (0, "r1", "8", None), (0, "r2", "8", None), (0, "midterm", "8", None), (0, "final", "8", None))
    where = scene.url("exempt", scene.pupils[0].pk, "mien")
    refused = [scene.clients[who].post(where, {"reason": "x"}).status_code for who in ("lan", "hoa")]
    head = scene.clients["head"]
    head.post(where, {"reason": " "})
    assert (refused, scene.mark(0).is_exempt) == ([404, 404], False)

    head.post(where, {"reason": "Giấy của bệnh viện"})

    told = scene.save("lan", (0, "final", "9", 80)).json()
    page = scene.clients["lan"].get(scene.url("grid")).content.decode()
    case = next(each for each in cases_of(scene.school.pk, 2026).found if each.sitting.learner == scene.pupils[0].pk)
    last = MarkChange.objects.latest("id")
    assert (scene.mark(0).average, len(told["closed"]), ">miễn<" in page) == (None, 1, True)
    assert (last.what, last.reason) == ({"is_exempt": [False, True]}, "Giấy của bệnh viện")
    assert "TOAN" not in case.year.scored
    form = {"version": "9", "l": [str(each.pk) for each in scene.pupils], "r1": ["M", "7", "6"]}
    assert scene.clients["lan"].post(scene.url("grid"), form).status_code == 302
    head.post(scene.url("exempt", scene.pupils[0].pk, "thoi-mien"), {"reason": "Học lại bình thường"})
    assert (scene.mark(0).is_exempt, scene.mark(0).average, scene.mark(1).regular) == (False, 80, [70])


def test_a_pupil_without_any_mark_is_made_exempt_from_the_page_of_changes(scene: Scene) -> None:
    where = scene.url("story", scene.pupils[1].pk)

    assert [scene.clients[who].get(where).status_code for who in ("lan", "hoa", "head")] == [404, 404, 200]
    scene.clients["head"].post(scene.url("exempt", scene.pupils[1].pk, "mien"), {"reason": "khuyết tật"})
    assert scene.mark(1).is_exempt


def test_in_the_days_of_make_up_tests_only_the_absent_are_given_a_mark(scene: Scene) -> None:
    scene.save("lan", (0, "midterm", "v", None), (1, "midterm", "6", None))
    a_window(scene, "midterm", -9, -2)
    late = scene.save("lan", (0, "midterm", "7", ABSENT)).json()
    a_window(scene, "makeup", -1, 3)
    page = scene.clients["lan"].get(scene.url("grid")).content.decode()

    told = scene.save("lan", (0, "midterm", "", ABSENT), (1, "midterm", "9", 60), (2, "midterm", "9", None)).json()
    form = {"version": "9", "l": [str(each.pk) for each in scene.pupils], "midterm": ["7,5", "M", "M"]}
    made = scene.clients["lan"].post(scene.url("grid"), form)

    assert (len(late["closed"]), len(told["closed"]), made.status_code) == (1, 3, 302)
    assert (page.count('<input name="midterm"'), page.count('type="hidden" name="midterm"')) == (1, 2)
    assert (scene.mark(0).midterm, scene.mark(1).midterm) == (75, 60)


def test_who_was_absent_is_listed_to_school_and_teacher_with_a_link(scene: Scene) -> None:
    scene.save("lan", (0, "midterm", "v", None), (1, "final", "v", None), (2, "r1", "v", None))
    where = reverse("academics:absent")

    pages = {who: scene.clients[who].get(where).content.decode() for who in scene.clients}

    assert all("Bùi Hoàng An" in page and "Đặng Ngọc Anh" in page for page in pages.values())
    assert "Vũ Thùy Chi" not in pages["lan"]
    assert f"{scene.url('grid')}#e-{scene.pupils[0].pk}" in pages["lan"]
    other = scene._client("clerk", None)
    assert other.get(where).status_code == 404


def test_the_absent_are_listed_page_by_page_each_once_at_the_same_cost(scene: Scene) -> None:
    head, where, costs = scene.clients["head"], reverse("academics:absent"), []
    scene.save("lan", (0, "midterm", "v", None), (1, "midterm", "v", None))
    sheet = GradeSheet.objects.get(subject="TOAN")
    for pupils in ([], many_pupils(scene.group, 58)):
        facts = {"path": sheet.path, "sheet": sheet, "midterm": ABSENT}
        Mark.objects.bulk_create(Mark(**facts, enrolment=each, learner_id=each.learner_id) for each in pupils)
        head.get(where)
        with CaptureQueriesContext(connection) as queries:
            page = head.get(where).content.decode()
        costs.append(len(queries))
    found, pages = re.findall("#e-([-0-9a-f]+)", page), [page]
    while following := re.search(r'href="(\?[^"]*after=[^"]+)"', pages[-1]):
        pages.append(head.get(where + unescape(following[1])).content.decode())
        found += re.findall("#e-([-0-9a-f]+)", pages[-1])

    assert costs[0] == costs[1]
    assert (len(pages), len(found), len(set(found))) == (3, 60, 60)
    assert "60 em" in page


def substitute(scene: Scene, client: Client, **more: Any) -> Any:
    facts = {"class_group": scene.group.pk, "subject": "TOAN", "person": scene.hoa.pk, "reason": "Cô Lan ốm"}
    day = today()
    days = {"starts_on": f"{day:%d/%m/%Y}", "ends_on": f"{day + dt.timedelta(days=5):%d/%m/%Y}"}
    return client.post(reverse("academics:substitutes"), {**facts, **days, **more})


def test_a_substitute_writes_the_sheet_for_these_days_beside_the_teacher(scene: Scene) -> None:
    assert scene.save("hoa", (0, "r1", "8", None)).status_code == 403
    made = substitute(scene, scene.clients["head"])
    twice = substitute(scene, scene.clients["head"])

    assert (made.status_code, twice.status_code) == (302, 422)
    assert [scene.save(who, (0, code, "8", None)).status_code for who, code in (("hoa", "r1"), ("lan", "r2"))] == [
        200,
        200,
    ]
    page = scene.clients["lan"].get(scene.url("grid")).content.decode()
    assert "Trần Thị Hoa dạy thay môn này" in page
    assert "Toán, lớp" in scene.clients["hoa"].get(reverse("academics:sheets")).content.decode()
    listed = scene.clients["head"].get(reverse("academics:substitutes")).content.decode()
    assert "Trần Thị Hoa" in listed
    kept = Substitution.objects.get()
    assert scene.clients["lan"].post(reverse("academics:substitute_ended", args=[kept.pk])).status_code == 404
    scene.clients["head"].post(reverse("academics:substitute_ended", args=[kept.pk]))
    assert scene.save("hoa", (0, "r1", "9", 80)).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [{"ends_on": "01/01/2020"}, {"ends_on": "01/01/2099"}, {"subject": "KHOAHOC"}, {"person": ""}, {"starts_on": "x"}],
)
def test_a_substitution_that_cannot_be_is_refused_in_words(scene: Scene, wrong: dict[str, str]) -> None:
    answer = substitute(scene, scene.clients["head"], **wrong)

    assert (answer.status_code, "error" in answer.content.decode()) == (422, True)


def test_the_week_of_each_teacher_is_held_against_the_norm(scene: Scene) -> None:
    substitute(scene, scene.clients["head"])

    page = scene.clients["head"].get(reverse("academics:workload")).content.decode()
    file = scene.clients["head"].get(reverse("academics:workload"), {"as": "xlsx"})

    assert "Nguyễn Thị Lan" in page
    assert "thiếu 15" in page  # four periods a week of nineteen
    assert file.status_code == 200
    assert scene.clients["lan"].get(reverse("academics:workload")).status_code == 404
