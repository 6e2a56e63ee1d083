"""REST v1: typed, scoped, repeatable, followed without loss."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from tools.openapi import DOCUMENT, SHAPES, shapes_of

from phuong.config.wsgi import application
from phuong.facilities.api import Programme
from phuong.gateway.actions.clients import end_client
from phuong.gateway.models import ApiClient
from phuong.gateway.rest import PLURALS, document_text
from phuong.kernel.codelists import entries_of
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import SYSTEM
from phuong.records.api import kind_named
from phuong.registry.api import Person
from phuong.registry.testing import a_learner
from phuong_client import RESOURCES, Problem
from tests.calling import client_of, key_of, open_world
from tests.world import World

FOREIGN = ("Hoàng Văn Xa", "THCS Bên Sông")
NEW = {"full_name": "Lê Văn Mới", "birth_date": "2013-09-05", "sex": "male", "nationality": "VN"}


@pytest.fixture
def world(db: None) -> Iterator[World]:
    yield from open_world()


def test_the_committed_document_and_the_types_of_the_client_are_those_the_code_gives() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document_text() + "\n"
    assert SHAPES.read_text(encoding="utf-8") == shapes_of(json.loads(document_text()))


def test_every_field_with_a_code_list_names_its_codes_in_the_document(world: World) -> None:
    schemas = json.loads(document_text())["components"]["schemas"]

    named = {kind.code: [each for each in kind.fields if each.codes] for kind in map(kind_named, PLURALS)}
    for code, fields in named.items():
        name = "".join(part.capitalize() for part in PLURALS[code].split("-"))
        for each in fields:
            kept = str(schemas[f"{name}Values"]["properties"][each.name])
            codes = schemas[re.search(r"schemas/(Code\w+)", kept).group(1)]["enum"]
            assert codes == list(entries_of(each.codes))


def test_what_is_read_out_fits_its_own_document(world: World) -> None:
    schemas = json.loads(document_text())["components"]["schemas"]
    phuong = client_of(key_of(world, world.province))

    for code, plural in PLURALS.items():
        name = "".join(part.capitalize() for part in plural.split("-"))
        document = {"$ref": f"#/components/schemas/{name}Item", "components": {"schemas": schemas}}
        checker = jsonschema_rs.Draft202012Validator(document)
        assert [str(fault) for item in phuong.resource(plural).list() for fault in checker.iter_errors(item)] == [], (
            code
        )


def test_a_record_is_made_read_changed_and_followed(world: World) -> None:
    phuong = client_of(key_of(world))
    start = phuong.learners.changes().next

    made = phuong.learners.create(NEW, of=str(world.school.pk), reason="nhập học")
    changed = phuong.learners.change(made["id"], {"birthplace": "Hải Phòng"}, reason="bổ sung", version=made["version"])

    assert phuong.learners.get(made["id"])["birthplace"] == "Hải Phòng"
    assert changed["version"] != made["version"]
    assert {item["full_name"] for item in phuong.learners.list()} == {"Đỗ Khánh An", "Bùi Thị Ánh", "Lê Văn Mới"}
    assert start


def test_pages_follow_each_other_without_a_gap(world: World) -> None:
    whole = [item["id"] for item in client_of(key_of(world, world.province)).learners.list()]
    small = [item["id"] for item in client_of(key_of(world, world.province)).learners.list(limit=1)]

    assert small == whole
    assert len(whole) == Person.objects.filter(is_learner=True).count()


@pytest.mark.parametrize("name", RESOURCES)
def test_nothing_of_another_school_is_ever_told(world: World, name: str) -> None:
    phuong = client_of(key_of(world))
    resource = phuong.resource(name)

    told = (
        str(list(resource.list())) + str(list(resource.list(of=str(world.other_school.pk)))) + str(resource.changes())
    )

    assert not any(words in told for words in FOREIGN)
    assert str(world.stranger.pk) not in told
    assert str(world.other_school.pk) not in told


def test_a_foreign_record_is_not_there(world: World) -> None:
    phuong = client_of(key_of(world))

    for act in (
        lambda: phuong.learners.get(str(world.stranger.pk)),
        lambda: phuong.learners.change(str(world.stranger.pk), {"birthplace": "x"}, reason="x"),
        lambda: phuong.learners.create(NEW, of=str(world.other_school.pk)),
        lambda: phuong.classes.end(str(world.other_group.pk), on="2026-11-01", reason="x"),
    ):
        with pytest.raises(Problem) as refused:
            act()
        assert refused.value.status == 404


def test_the_same_call_twice_makes_one_record(world: World) -> None:
    phuong = client_of(key_of(world))

    first, second = (phuong.learners.create(NEW, of=str(world.school.pk), once="k1") for _time in range(2))

    assert first == second
    assert Person.objects.filter(full_name="Lê Văn Mới").count() == 1
    with pytest.raises(Problem) as refused:
        phuong.learners.create({**NEW, "full_name": "Lê Khác Hẳn"}, of=str(world.school.pk), once="k1")
    assert refused.value.code == "gateway.key_used"


def test_a_change_of_an_old_version_is_refused(world: World) -> None:
    phuong = client_of(key_of(world))
    before = phuong.learners.get(str(world.an.pk))["version"]
    phuong.learners.change(str(world.an.pk), {"birthplace": "A"}, reason="x")

    with pytest.raises(Problem) as refused:
        phuong.learners.change(str(world.an.pk), {"birthplace": "B"}, reason="x", version=before)

    assert (refused.value.status, refused.value.code) == (409, "records.changed_meanwhile")


def test_bad_values_name_their_places(world: World) -> None:
    with pytest.raises(Problem) as refused:
        client_of(key_of(world)).learners.create({**NEW, "full_name": "Mới"}, of=str(world.school.pk))

    assert refused.value.status == 422
    assert set(refused.value.facts["errors"]) == {"full_name"}


def test_no_key_a_wrong_key_and_a_revoked_key_open_nothing(world: World) -> None:
    key = key_of(world)
    revoked = key_of(world)
    end_client(ApiClient.objects.get(key_id=revoked.split(".")[0]).pk, by=SYSTEM)

    for wrong in ("", "x.y", key[:-1] + "!", revoked):
        with pytest.raises(Problem) as refused:
            client_of(wrong).call("GET", "learners")
        assert refused.value.status == 401


def test_a_client_reads_only_what_it_was_granted(world: World) -> None:
    phuong = client_of(key_of(world, permissions=frozenset({"facilities:rooms:read"})))

    assert len(list(phuong.rooms.list())) == 1
    with pytest.raises(Problem) as refused:
        list(phuong.learners.list())
    assert refused.value.status == 404


def test_calls_beyond_the_rate_are_told_to_wait(world: World) -> None:
    phuong = client_of(key_of(world, rate=4), tries=1)

    with pytest.raises(Problem) as refused:
        for _time in range(5):
            phuong.call("GET", "rooms")

    assert refused.value.status == 429


def test_a_personal_number_is_never_read_out(world: World) -> None:
    phuong = client_of(key_of(world))
    phuong.learners.change(str(world.an.pk), {"number": "031213001234"}, reason="x")

    assert "031213001234" not in str(phuong.learners.get(str(world.an.pk)))
    assert "031213001234" not in str(list(phuong.learners.list()))


def test_a_past_day_is_read_by_those_who_may_look_back(world: World) -> None:
    yesterday = str(dt.date.today() - dt.timedelta(days=1))  # noqa: DTZ011
    may = client_of(key_of(world))
    may_not = client_of(key_of(world, permissions=frozenset({"registry:persons:read"})))

    assert list(may.learners.list(as_of=yesterday)) == []  # the world of this test was made today
    assert len(list(may_not.learners.list())) == 2
    for act in (
        lambda: list(may_not.learners.list(as_of=yesterday)),
        lambda: may.learners.get(str(world.an.pk), as_of=yesterday),
    ):
        with pytest.raises(Problem) as refused:
            act()
        assert refused.value.status == 404


def test_plans_come_with_targets_and_small_figures_stay_hidden(world: World) -> None:
    phuong = client_of(key_of(world))

    (line,) = phuong.call("GET", "plans/ke-hoach/indicators")

    assert (line["numerator"], line["actual"], line["target"]) == (None, None, "90.0000")


@pytest.mark.parametrize("count", [2, 200])
def test_a_list_stays_cheap_for_few_and_many(world: World, django_assert_max_num_queries: Any, count: int) -> None:
    for number in range(count):
        a_learner(world.school, name=f"Học Sinh {number}")
    phuong = client_of(key_of(world))

    with django_assert_max_num_queries(17):
        page = phuong.call("GET", "learners", query={"limit": 100})

    assert len(page["items"]) == min(count + 2, 100)


def test_evidence_is_kept_listed_and_read_only_by_those_who_may(world: World) -> None:
    programme = Programme.objects.create(organisation=world.school, school_year=2026, kind="stem", title="Robot")
    bearer = {"Authorization": f"Bearer {key_of(world)}"}
    elsewhere = {"Authorization": f"Bearer {key_of(world, world.other_school)}"}
    where = f"/api/v1/programmes/{programme.pk}/files"
    sent = {"file": SimpleUploadedFile("bien ban.pdf", b"%PDF-1.7 kept")}

    kept = Client(headers=bearer).post(where, sent)

    listed = Client(headers=bearer).get(where).json()["items"]
    content = Client(headers=bearer).get(f"{where}/{kept.json()['id']}")
    assert (kept.status_code, [each["name"] for each in listed]) == (201, ["bien ban.pdf"])
    assert (content.status_code, content.content) == (200, b"%PDF-1.7 kept")
    for address in (where, f"{where}/{kept.json()['id']}"):
        assert Client(headers=elsewhere).get(address).status_code == 404
    reader = {"Authorization": f"Bearer {key_of(world, permissions=frozenset({Permission.FACILITIES_READ}))}"}
    for refused in (reader, elsewhere):
        sent["file"].seek(0)
        assert Client(headers=refused).post(where, sent).status_code == 404
    wrong = Client(headers=bearer).post(where, {"file": SimpleUploadedFile("x.exe", b"MZ")})
    assert (wrong.status_code, wrong["Content-Type"]) == (422, "application/problem+json")


def test_the_page_and_the_document_are_open(world: World) -> None:
    client = world.client("nobody")

    assert client.get(reverse("gateway:guide")).status_code == 200
    assert client.get(reverse("gateway:document")).json()["openapi"].startswith("3.1")


@pytest.mark.slow
def test_no_request_however_strange_breaks_the_server_or_leaks(world: World) -> None:
    key = key_of(world)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    seen: list[str] = []

    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=operation.as_strategy())
        def attack(case: Any) -> None:
            answer = case.call(headers={"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"})
            assert answer.status_code < 500, (case.method, case.path, answer.text[:300])
            seen.append(answer.text)

        attack()

    assert len(seen) > 100
    assert not any(words in text for text in seen for words in FOREIGN)
    assert Person.objects.get(pk=world.stranger.pk).full_name == "Hoàng Văn Xa"
