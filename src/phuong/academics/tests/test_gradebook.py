"""The gradebook: whose sheet it is, saving cells as a set, clashes, closed columns, the plain form, amendments."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from phuong.academics.models import ABSENT, Amendment, EntryWindow, GradeSheet, Mark, MarkChange
from phuong.academics.rules.cells import BadCell, read_cell, shown_cell
from phuong.identity.testing import an_account
from phuong.kernel.models import AuditEntry
from phuong.registry.api import ClassGroup, Organisation, Person
from phuong.registry.testing import a_class, a_commune, a_learner, a_province, a_school, a_teacher, a_teaching


class Scene:
    """A class of 8A3 with three pupils, its teacher of mathematics, its homeroom teacher, a principal."""

    def __init__(self) -> None:
        a_province()
        self.school: Organisation = a_school(a_commune("11311"))
        self.lan = a_teacher(self.school, name="Nguyễn Thị Lan")
        self.hoa = a_teacher(self.school, name="Trần Thị Hoa")
        self.group: ClassGroup = a_class(self.school, homeroom=self.hoa)
        names = ("Bùi Hoàng An", "Đặng Ngọc Anh", "Vũ Thùy Chi")
        self.pupils: list[Person] = [a_learner(self.school, self.group, name=name) for name in names]
        a_teaching(self.group, self.lan)
        self.clients = {
            "lan": self._client("teacher", self.lan),
            "hoa": self._client("homeroom_teacher", self.hoa),
            "head": self._client("principal", None),
        }

    def _client(self, role: str, person: Person | None) -> Client:
        client = Client()
        client.force_login(an_account(role, self.school, person=person, username=f"{role}.x", name=role))
        return client

    def url(self, name: str, *more: Any, subject: str = "TOAN") -> str:
        return reverse(f"academics:{name}", args=[self.group.pk, subject, 1, *more])

    def save(self, who: str, *cells: tuple[int, str, str, int | None]) -> Any:
        sent = [{"l": str(self.pupils[at].pk), "c": column, "v": typed, "w": was} for at, column, typed, was in cells]
        return self.clients[who].post(self.url("save"), json.dumps({"cells": sent}), content_type="application/json")

    def mark(self, at: int) -> Mark:
        return Mark.objects.get(learner=self.pupils[at])


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("75", 75),
        ("7,5", 75),
        ("8", 80),
        ("10", 100),
        ("6.25", 63),
        ("0", 0),
        ("100", 100),
        (" v ", ABSENT),
        ("", None),
    ],
)
def test_a_cell_is_read_as_teachers_type_it(typed: str, value: int | None) -> None:
    assert read_cell(typed, is_scored=True) == value
    assert read_cell(shown_cell(value, is_scored=True), is_scored=True) == value


@pytest.mark.parametrize("typed", ["125", "10,1", "-1", "bảy", "7,5,1", "1e2", "٧"])
def test_what_is_no_mark_is_refused(typed: str) -> None:
    with pytest.raises(BadCell):
        read_cell(typed, is_scored=True)


def test_remarks_are_read_and_shown(scene: Scene) -> None:
    assert [read_cell(text, is_scored=False) for text in ("Đ", "cđ", "V", "")] == [1, 0, ABSENT, None]
    assert [shown_cell(value, is_scored=False) for value in (1, 0, ABSENT, None)] == ["Đ", "CĐ", "V", ""]


def test_cells_are_saved_as_a_set_with_the_average_and_every_change_is_kept(scene: Scene) -> None:
    first = scene.save(
        "lan", (0, "r1", "8", None), (0, "r2", "9", None), (0, "midterm", "7", None), (0, "final", "8", None)
    )
    again = scene.save("lan", (0, "final", "85", 80), (1, "midterm", "v", None))

    mark = scene.mark(0)
    changes = list(MarkChange.objects.filter(mark=mark.pk).order_by("id").values_list("what", "name"))
    assert (first.json()["version"], again.json()["version"]) == (1, 2)
    assert (mark.regular, mark.midterm, mark.final, mark.average) == ([80, 90], 70, 85, 81)
    assert scene.mark(1).midterm == ABSENT
    assert changes[-1] == ({"final": [80, 85]}, "teacher")
    assert changes[0][0]["regular"] == [[], [80, 90]]


def test_a_cell_somebody_else_changed_meanwhile_is_left_and_both_values_are_told(scene: Scene) -> None:
    scene.save("lan", (0, "midterm", "7", None))

    late = scene.save("lan", (0, "midterm", "6", None), (1, "midterm", "5", None))

    told = late.json()
    assert [(each["theirs"], each["by"]) for each in told["conflicts"]] == [(70, "teacher")]
    assert (scene.mark(0).midterm, scene.mark(1).midterm) == (70, 50)


def test_the_same_cell_written_twice_is_no_clash(scene: Scene) -> None:
    scene.save("lan", (0, "midterm", "7", None))

    assert scene.save("lan", (0, "midterm", "7,0", None)).json()["conflicts"] == []
    assert scene.mark(0).version == 1


def test_who_does_not_teach_the_subject_reads_or_is_not_let_in(scene: Scene) -> None:
    stranger = scene._client("clerk", None)
    colleague = a_teacher(scene.school, name="Phạm Văn Minh")
    client = Client()
    client.force_login(an_account("teacher", scene.school, person=colleague, username="minh"))

    assert scene.clients["hoa"].get(scene.url("grid")).status_code == 200
    assert scene.clients["head"].get(scene.url("grid")).status_code == 200
    assert scene.save("hoa", (0, "r1", "8", None)).status_code == 403
    assert scene.save("head", (0, "r1", "8", None)).status_code == 403
    assert [each.get(scene.url("grid")).status_code for each in (stranger, client)] == [404, 404]
    assert not Mark.objects.exists()


def test_a_locked_column_and_one_out_of_its_window_take_nothing(scene: Scene) -> None:
    scene.save("lan", (0, "r1", "8", None))
    scene.clients["lan"].post(scene.url("lock", "r1"))
    EntryWindow.objects.create(
        path=scene.school.path,
        organisation=scene.school,
        school_year=scene.group.school_year,
        term=1,
        column="final",
        opens_on=dt.date(2099, 1, 1),
        closes_on=dt.date(2099, 1, 2),
    )

    told = scene.save("lan", (0, "r1", "9", 80), (0, "final", "9", None), (0, "r2", "9", None)).json()

    assert {each["c"] for each in told["closed"]} == {"r1", "final"}
    assert (scene.mark(0).regular, scene.mark(0).final) == ([80, 90], None)
    page = scene.clients["lan"].get(scene.url("grid")).content.decode()
    assert "đã khóa" in page
    assert "mở 1/1" in page


def test_a_cell_of_nobody_in_the_class_is_told_as_not_taken(scene: Scene) -> None:
    stranger = a_learner(scene.school, name="Lê Văn Lạ")
    sent = {"cells": [{"l": str(stranger.pk), "c": "r1", "v": "8", "w": None}]}

    told = scene.clients["lan"].post(scene.url("save"), json.dumps(sent), content_type="application/json").json()

    assert told["closed"] == [{"l": str(stranger.pk), "c": "r1"}]
    assert not Mark.objects.filter(learner=stranger).exists()


def test_the_plain_form_saves_what_was_changed_and_keeps_what_others_wrote_since(scene: Scene) -> None:
    scene.save("lan", (0, "r1", "8", None))
    form = {
        "version": "1",
        "l": [str(each.pk) for each in scene.pupils],
        "r1": ["8,0", "7", ""],
        "midterm": ["", "x", "9"],
    }
    wrong = scene.clients["lan"].post(scene.url("grid"), form)
    scene.save("lan", (2, "midterm", "5", 90))

    late = scene.clients["lan"].post(scene.url("grid"), {**form, "version": "2", "midterm": ["", "", "8"]})

    assert (wrong.status_code, "Dòng 2" in wrong.content.decode()) == (422, True)
    assert (scene.mark(1).regular, scene.mark(2).midterm) == ([70], 50)
    assert (late.status_code, "điểm của họ được giữ" in late.content.decode()) == (422, True)


def test_others_see_what_changed_after_their_version(scene: Scene) -> None:
    scene.save("lan", (0, "r1", "8", None))
    scene.save("lan", (1, "r1", "6", None))

    told = scene.clients["hoa"].get(scene.url("changes"), {"after": "1"}).json()

    assert (told["version"], [row["l"] for row in told["rows"]]) == (2, [str(scene.pupils[1].pk)])
    assert told["rows"][0]["r"] == [60]


def test_a_locked_mark_changes_only_when_somebody_else_approves(scene: Scene) -> None:
    scene.save("lan", (0, "midterm", "7", None))
    scene.clients["lan"].post(scene.url("lock", "midterm"))
    where = scene.url("amend", scene.pupils[0].pk, "midterm")

    empty = scene.clients["lan"].post(where, {"value": "8", "reason": ""})
    scene.clients["lan"].post(where, {"value": "8", "reason": "cộng sai"})
    asked = Amendment.objects.get()
    own = scene.clients["lan"].post(reverse("academics:decide", args=[asked.pk, "duyet"]))
    page = scene.clients["head"].get(reverse("academics:amendments")).content.decode()
    scene.clients["head"].post(reverse("academics:decide", args=[asked.pk, "duyet"]), {"answer": ""})
    again = scene.clients["head"].post(reverse("academics:decide", args=[asked.pk, "duyet"]))

    last = MarkChange.objects.latest("id")
    assert (empty.status_code, own.status_code, "cộng sai" in page) == (422, 404, True)
    assert (scene.mark(0).midterm, last.what, last.reason) == (80, {"midterm": [70, 80]}, "teacher: cộng sai")
    assert again.status_code == 422
    assert AuditEntry.objects.filter(did="academics.amendment_approved").count() == 1


def test_a_remark_assessed_subject_has_its_own_columns(scene: Scene) -> None:
    a_teaching(scene.group, scene.lan, subject="GDTC")
    sent = {
        "cells": [
            {"l": str(scene.pupils[0].pk), "c": code, "v": "Đ", "w": None} for code in ("r1", "r2", "midterm", "final")
        ]
    }

    scene.clients["lan"].post(scene.url("save", subject="GDTC"), json.dumps(sent), content_type="application/json")

    mark = scene.mark(0)
    assert (mark.sheet.is_scored, mark.sheet.columns, mark.average) == (False, 2, 1)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"cells": 1}', b'{"cells": [{"l": "x"}]}', b"[" * 9999])
def test_what_is_no_request_is_refused_in_words(scene: Scene, body: bytes) -> None:
    answer = scene.clients["lan"].post(scene.url("save"), body, content_type="application/json")

    assert answer.status_code in (400, 422)


def test_a_grid_costs_the_same_with_few_and_with_many_pupils(scene: Scene, django_assert_num_queries: Any) -> None:
    scene.clients["lan"].get(scene.url("grid"))
    with CaptureQueriesContext(connection) as few:
        scene.clients["lan"].get(scene.url("grid"))
    for place in range(40):
        a_learner(scene.school, scene.group, name=f"Lê Văn {place}x")

    with django_assert_num_queries(len(few)):
        scene.clients["lan"].get(scene.url("grid"))
    asked = [each["sql"] for each in few if each["sql"].startswith(("SELECT", " select", "\nselect"))]
    assert len(asked) <= 10


def test_nothing_of_marks_is_deleted_or_rewritten(scene: Scene) -> None:
    scene.save("lan", (0, "r1", "8", None))
    for act in (lambda: Mark.objects.all().delete(), lambda: MarkChange.objects.update(what={})):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    assert GradeSheet.objects.count() == 1
