"""What changed on a primary sheet: who wrote what when, before and after; changed after its time by amendment only."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from phuong.academics.profiles import primary
from phuong.academics.tests.test_primary_pages import Scene
from phuong.academics.tests.test_results import many_pupils

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
