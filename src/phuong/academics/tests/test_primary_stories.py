"""What changed on a primary sheet: who wrote what when, before and after; changed after its time by amendment only."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from phuong.academics.models import Amendment, EntryWindow, MarkChange, PrimaryRating, PrimaryRecord
from phuong.academics.profiles import primary
from phuong.academics.testing import YEAR, a_mark
from phuong.academics.tests.test_primary_pages import Scene
from phuong.academics.tests.test_results import many_pupils
from phuong.identity.testing import an_account
from phuong.registry.testing import a_class, a_learner, a_school, a_teacher, a_teaching

pytestmark = pytest.mark.django_db
CODES = (*primary().qualities, *primary().competences)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def address(scene: Scene, name: str = "primary_story", *more: Any, subject: str = "TOAN", period: int = 4) -> str:
    return reverse(f"academics:{name}", args=[scene.group.pk, subject, period, *more])


def rated(seen: int, level: str, test: str, remark: str = "") -> dict[str, list[str]]:
    return {"v": [str(seen)] * 2, "level": [level, "H"], "test": [test, "7"], "remark": [remark, ""]}


def test_the_story_of_a_sheet_says_who_wrote_what_before_and_after(scene: Scene) -> None:
    lan = scene.client("teacher", scene.lan)
    for seen, level, test in ((0, "C", "4"), (1, "H", "6")):
        assert lan.post(scene.url(), scene.form() | rated(seen, level, test, "Đã tiến bộ")).status_code == 302
    lan.post(scene.url(3), scene.form() | rated(0, "T", "9"))

    sheet = lan.get(scene.url()).content.decode()
    whole = lan.get(address(scene)).content.decode()
    one = lan.get(address(scene, "primary_pupil", scene.pupils[0].learner_id)).content.decode()

    assert address(scene) in sheet
    assert address(scene, "primary_pupil", scene.pupils[0].learner_id) in sheet
    assert "<b>Mức đạt được</b> <s>C</s> → <b>H</b>" in whole
    assert "<b>Điểm kiểm tra</b> <s>4</s> → <b>6</b>" in whole
    assert whole.index("<s>C</s> → <b>H</b>") < whole.index("<s>∅</s> → <b>C</b>")
    assert "<b>Bùi Thị Ánh</b>: " in whole
    assert "Bùi Thị Ánh" not in one
    assert "<s>4</s> → <b>6</b>" in one
    assert "<b>9</b>" not in whole


def test_the_story_of_qualities_names_each_that_changed(scene: Scene) -> None:
    lan = scene.client("teacher", scene.lan)
    for seen, first in enumerate(("c", "đ")):
        ratings = {code: [first if code == CODES[0] else "t", ""] for code in CODES}
        form = scene.form(seen, **ratings, remark=["Ngoan", ""]) | {"v": [str(seen), "0"]}
        assert lan.post(scene.records_url(2), form).status_code == 302

    text = lan.get(address(scene, subject="pham-chat", period=2)).content.decode()

    assert f"<b>{primary().qualities[CODES[0]]}</b> <s>C</s> → <b>Đ</b><small>" in text


@pytest.mark.parametrize("subject", ["TOAN", "pham-chat"])
def test_who_does_not_read_a_sheet_reads_no_story_of_it(scene: Scene, subject: str) -> None:
    hoa, head, nobody = scene.client("teacher", scene.hoa), scene.client("principal"), scene.pupils[0].pk

    assert hoa.get(address(scene, subject=subject)).status_code == 404
    assert head.get(address(scene, subject=subject)).status_code == 200
    assert head.get(address(scene, "primary_pupil", nobody, subject=subject)).status_code == 404


def test_a_story_takes_as_many_statements_with_many_changes(scene: Scene) -> None:
    lan, counts = scene.client("teacher", scene.lan), []
    many = [*scene.pupils, *many_pupils(scene.group, 58)]
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.bulk_load', 'off', true)")
    for pupils in (scene.pupils, many):
        form = {"l": [str(each.learner_id) for each in pupils], "v": ["0"] * len(pupils)}
        form |= {"level": ["T"] * len(pupils), "test": ["9"] * len(pupils), "remark": [""] * len(pupils)}
        lan.post(scene.url(), form)
        lan.get(address(scene))
        with CaptureQueriesContext(connection) as queries:
            text = lan.get(address(scene)).content.decode()
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert text.count('<li class="li">') == 25


def over(scene: Scene, term: int = 2) -> None:
    """End the time of the end of a term."""
    past, school = dt.date(2026, 10, 1), scene.school
    where = {"path": school.path, "organisation": school, "school_year": YEAR, "term": term}
    EntryWindow.objects.create(**where, column="final", opens_on=past, closes_on=past)


def amend(scene: Scene, client: Client, column: str, value: str, *, subject: str = "TOAN", at: int = 0) -> Any:
    where = address(scene, "primary_amend", scene.pupils[at].learner_id, column, subject=subject)
    return client.post(where, {"value": value, "reason": "ghi nhầm em"})


def decided(client: Client, act: str = "duyet") -> int:
    asked = Amendment.objects.get(state="asked")
    return client.post(reverse("academics:decide", args=[asked.pk, act]), {"answer": ""}).status_code


def test_after_its_time_a_cell_changes_when_somebody_else_approves(scene: Scene) -> None:
    lan, head = scene.client("teacher", scene.lan), scene.client("principal")
    lan.post(scene.url(), scene.form() | rated(0, "C", "4", "Chậm"))
    over(scene)

    closed = lan.post(scene.url(), scene.form() | rated(1, "T", "9")).status_code
    page = lan.get(address(scene, "primary_pupil", scene.pupils[0].learner_id)).content.decode()
    refused = [amend(scene, lan, "test", "11").status_code, amend(scene, lan, "level", "C").status_code]
    refused += [amend(scene, head, "level", "T").status_code]
    asked = [amend(scene, lan, "level", "H").status_code]
    again = amend(scene, lan, "level", "T").status_code
    listed = head.get(reverse("academics:amendments")).content.decode()
    before = scene.said()[0]
    asked += [decided(lan), decided(head)]

    assert closed == 409
    assert address(scene, "primary_amend", scene.pupils[0].learner_id, "test") in page
    assert refused == [422, 422, 404]
    assert (asked, again, before) == ([302, 404, 302], 422, ("C", 4, "Chậm"))
    assert "4A, Toán, Cuối năm, Mức đạt được: <s>C</s> → <b>H</b>" in listed
    assert scene.said() == [("H", 4, "Chậm"), ("H", 7, "")]
    last = MarkChange.objects.latest("id")
    assert (last.what, last.reason) == ({"level": ["C", "H"]}, "Teacher: ghi nhầm em")


def test_words_tests_and_qualities_are_amended_too_and_whoever_was_not_rated(scene: Scene) -> None:
    lan, head = scene.client("teacher", scene.lan), scene.client("principal")
    over(scene)
    for column, value, subject in (
        ("test", "8", "TOAN"),
        ("remark", "Có\r\n tiến bộ", "TOAN"),
        ("remark", "Ngoan", "pham-chat"),
        (CODES[0], "D", "pham-chat"),
        ("is_outstanding", "1", "pham-chat"),
    ):
        assert amend(scene, lan, column, value, subject=subject).status_code == 302
        assert decided(head) == 302

    row = PrimaryRecord.objects.get()
    assert scene.said()[0] == ("", 8, "Có tiến bộ")
    assert (row.ratings, row.remark, row.is_outstanding, row.version) == ({CODES[0]: "D"}, "Ngoan", True, 3)
    assert amend(scene, lan, "decided", "1", subject="pham-chat").status_code == 404


def test_a_refused_amendment_changes_nothing_and_one_that_came_too_late_neither(scene: Scene) -> None:
    lan, head = scene.client("teacher", scene.lan), scene.client("principal")
    lan.post(scene.url(), scene.form() | rated(0, "C", "4"))
    amend(scene, lan, "level", "T")
    lan.post(scene.url(), scene.form() | rated(1, "H", "4"))

    late = decided(head)
    told = decided(head, "tu-choi")

    assert (late, told, scene.said()[0]) == (422, 302, ("H", 4, ""))
    assert Amendment.objects.get().state == "refused"


def test_a_locked_remark_of_a_secondary_sheet_is_amended() -> None:
    school = a_school()
    lan, head = a_teacher(school), Client()
    group = a_class(school)
    a_teaching(group, lan)
    mark, client = a_mark(group, a_learner(school, group), remark="Chăm"), Client()
    client.force_login(an_account("teacher", school, person=lan))
    head.force_login(an_account("principal", school))
    where = [group.pk, "TOAN", 1, mark.learner_id]
    before = client.get(reverse("academics:story", args=where)).content.decode()
    client.post(reverse("academics:lock", args=[group.pk, "TOAN", 1, "remark"]))

    page = client.get(reverse("academics:story", args=where)).content.decode()
    form = client.get(reverse("academics:amend", args=[*where, "remark"])).content.decode()
    sent = client.post(reverse("academics:amend", args=[*where, "remark"]), {"value": "Chăm, khá", "reason": "thiếu"})
    listed = head.get(reverse("academics:amendments")).content.decode()

    assert (reverse("academics:amend", args=[*where, "remark"]) in before, sent.status_code) == (False, 302)
    assert reverse("academics:amend", args=[*where, "remark"]) in page
    assert ">\nChăm</textarea>" in form
    assert "Nhận xét: <s>Chăm</s> → <b>Chăm, khá</b>" in listed
    assert decided(head) == 302
    mark.refresh_from_db()
    assert (mark.remark, mark.regular, mark.midterm) == ("Chăm, khá", [80, 70], 60)
    assert MarkChange.objects.latest("id").what == {"remark": ["Chăm", "Chăm, khá"]}


def test_the_list_of_amendments_takes_as_many_statements_with_many(scene: Scene) -> None:
    head, counts = scene.client("principal"), []
    for count in (2, 20):
        for pupil in many_pupils(scene.group, count):
            where: dict[str, Any] = {"path": pupil.path, "enrolment": pupil, "learner_id": pupil.learner_id}
            about = PrimaryRating.objects.create(**where, subject="TOAN", period=4)
            asked = {"column": "level", "before": "", "after": "T", "reason": "x", "asked_by_name": "Lan"}
            Amendment.objects.create(path=pupil.path, rating=about, **asked)
        head.get(reverse("academics:amendments"))
        with CaptureQueriesContext(connection) as queries:
            assert head.get(reverse("academics:amendments")).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]
