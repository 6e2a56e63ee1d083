"""A vendor's bundle taken into a school from a page: checked first, then kept, and refused with its reasons."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from phuong.registry.api import Enrolment, Person
from phuong.registry.testing import a_school
from tests.test_roster import bundle, vendor_bundle
from tests.world import World, a_world

DAY = "20/11/2026"


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def post(world: World, file: Path, *, role: str = "clerk", **facts: str) -> Any:
    data = {"effective_on": DAY, "act": "check", **facts, "file": SimpleUploadedFile("b.zip", file.read_bytes())}
    return world.client(role).post(reverse("roster:bring"), data)


def test_a_clerk_sees_what_a_bundle_of_the_own_school_would_do(world: World, tmp_path: Path) -> None:
    answer = post(world, bundle(world, tmp_path))

    rows = answer.context["told"]
    assert answer.status_code == 200
    assert [(row["create"], row["change"], row["end"]) for row in rows] == [(0, 0, 0)] * len(rows)
    assert "chưa ghi gì" in answer.content.decode()


def test_an_officer_checks_takes_and_is_asked_before_many_leave(world: World, tmp_path: Path) -> None:
    school = a_school(world.commune, name="THCS Mới")
    at = {"role": "division_officer", "school": school.code}
    trial = post(world, vendor_bundle(tmp_path), **at)
    before = Person.objects.filter(place=school).count()
    kept = post(world, vendor_bundle(tmp_path), act="apply", **at)
    few = vendor_bundle(tmp_path, roles=lambda rows: [row for row in rows if row["userSourcedId"] not in ("s1", "s2")])
    held = post(world, few, act="apply", **at)
    confirmed = post(world, few, act="apply", confirmed="on", **at)

    assert (trial.status_code, before) == (200, 0)
    assert sum(row["create"] for row in kept.context["told"]) == 13
    assert (held.status_code, "phần năm" in held.content.decode()) == (422, True)
    assert confirmed.status_code == 200
    assert Enrolment.objects.filter(organisation=school, ends_on=None).count() == 6


def test_wrong_rows_a_strange_file_and_a_strange_school_are_told(world: World, tmp_path: Path) -> None:
    at = {"role": "division_officer", "school": world.school.code}
    wrong = vendor_bundle(tmp_path, demographics=lambda rows: [row for row in rows if row["sourcedId"] != "s3"])
    strange = tmp_path / "x.zip"
    strange.write_bytes(b"PK not a zip")

    rows = post(world, wrong, act="apply", **at)
    file = post(world, strange, **at)
    school = post(world, wrong, **{**at, "school": "khong-co"})

    assert (rows.status_code, rows.context["errors"][0]["sourcedId"]) == (422, "s3")
    assert (file.status_code, "zip" in file.content.decode()) == (422, True)
    assert (school.status_code, "Không thấy trường" in school.content.decode()) == (422, True)
    assert not Person.objects.filter(full_name__startswith="Lê Văn B").exists()
