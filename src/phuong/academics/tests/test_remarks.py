"""Remarks in the grid, and the phrase bank."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from phuong.academics.models import MarkChange, Phrase
from phuong.academics.tests.test_gradebook import Scene
from phuong.identity.testing import an_account
from phuong.registry.testing import a_school, a_teacher


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


def say(scene: Scene, who: str, *remarks: tuple[int, str, str]) -> Any:
    sent = [{"l": str(scene.pupils[at].pk), "v": text, "w": was} for at, text, was in remarks]
    return scene.clients[who].post(scene.url("say"), json.dumps({"remarks": sent}), content_type="application/json")


def test_remarks_are_saved_as_a_set_seen_by_others_and_clash_like_marks(scene: Scene) -> None:
    scene.save("lan", (0, "r1", "8", None))

    first = say(scene, "lan", (0, "Chăm học, còn <ẩu>", ""), (1, "Tiến bộ", "")).json()
    late = say(scene, "lan", (0, "Khác", ""), (1, "Tiến bộ rõ", "Tiến bộ")).json()

    assert (first["version"], first["conflicts"]) == (2, [])
    assert [each["theirs"] for each in late["conflicts"]] == ["Chăm học, còn <ẩu>"]
    assert (scene.mark(0).regular, scene.mark(1).remark) == ([80], "Tiến bộ rõ")
    told = scene.clients["hoa"].get(scene.url("changes"), {"after": "2"}).json()
    assert [row["t"] for row in told["rows"]] == ["Tiến bộ rõ"]
    assert MarkChange.objects.latest("id").what == {"remark": ["Tiến bộ", "Tiến bộ rõ"]}
    assert "Chăm học, còn &lt;ẩu&gt;" in scene.clients["lan"].get(scene.url("grid")).content.decode()


def test_who_only_reads_says_nothing_and_a_locked_column_takes_none(scene: Scene) -> None:
    assert [say(scene, who, (0, "x", "")).status_code for who in ("hoa", "head")] == [403, 403]
    scene.clients["lan"].post(scene.url("lock", "remark"))

    told = say(scene, "lan", (0, "x", "")).json()

    assert (told["closed"], told["rows"]) == ([str(scene.pupils[0].pk)], [])
    assert not MarkChange.objects.exists()
    assert 'name="remark"' not in scene.clients["lan"].get(scene.url("grid")).content.decode()


def test_the_plain_form_saves_marks_and_remarks_of_one_row_and_keeps_what_others_said(scene: Scene) -> None:
    form = {"version": "0", "l": [str(each.pk) for each in scene.pupils], "r1": ["8", "", ""]}

    both = scene.clients["lan"].post(scene.url("grid"), {**form, "remark": ["Tốt", "", ""]})
    late = scene.clients["lan"].post(scene.url("grid"), {**form, "remark": ["Kém", "Khá", ""]})
    long = scene.clients["lan"].post(scene.url("grid"), {**form, "version": "9", "remark": ["a" * 501, "Khá", ""]})

    assert (both.status_code, scene.mark(0).regular, scene.mark(0).remark) == (302, [80], "Tốt")
    assert (late.status_code, "nhận xét ấy được giữ" in late.content.decode()) == (422, True)
    assert (scene.mark(1).remark, "Dòng 1" in long.content.decode()) == ("Khá", True)


@pytest.mark.parametrize("body", [b"", b"{}", b'{"remarks": [{"l": "x"}]}', b'{"remarks": [[]]}', b"[" * 9999])
def test_what_is_no_request_is_refused_in_words(scene: Scene, body: bytes) -> None:
    answer = scene.clients["lan"].post(scene.url("say"), body, content_type="application/json")

    assert answer.status_code in (400, 422)


def test_own_phrases_are_ones_own_and_the_schools_are_for_all_of_it(scene: Scene) -> None:
    lan, head, page = scene.clients["lan"], scene.clients["head"], reverse("academics:phrases")
    stranger = Client()
    there = a_school(scene.school.parent)
    stranger.force_login(an_account("teacher", there, person=a_teacher(there), username="there"))

    lan.post(page, {"text": "Nắm chắc bài", "subject": "TOAN"})
    lan.post(page, {"text": "Lễ phép", "subject": "homeroom", "is_shared": "on"})  # may not share
    head.post(page, {"text": "Chăm ngoan", "subject": "", "is_shared": "on"})

    def offered(client: Client, subject: str) -> list[str]:
        told = client.get(reverse("academics:phrases_offered", args=[subject])).json()["phrases"]
        return [each["t"] for each in told]

    assert offered(lan, "TOAN") == ["Nắm chắc bài", "Chăm ngoan"]
    assert offered(lan, "homeroom") == ["Lễ phép", "Chăm ngoan"]
    assert (offered(scene.clients["hoa"], "TOAN"), offered(stranger, "TOAN")) == (["Chăm ngoan"], [])
    shared = Phrase.objects.get(account=None)
    own = Phrase.objects.get(subject="TOAN")
    refused = [lan.post(reverse("academics:phrase_removed", args=[shared.pk])).status_code]
    refused += [each.post(reverse("academics:phrase_removed", args=[own.pk])).status_code for each in (head, stranger)]
    assert refused == [404, 404, 404]
    assert lan.post(reverse("academics:phrase_removed", args=[own.pk])).status_code == 302
    assert Phrase.objects.count() == 2
