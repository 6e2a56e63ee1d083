"""What everybody reads of what was opened, what nobody reads of what was not, and no person in any of it."""

import csv
import hashlib
import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.world import World, a_world

from phuong.kernel.jobs import Progress
from phuong.kernel.models import AuditEntry
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor
from phuong.measures.api import Snapshot, refresh_measures
from phuong.opendata.actions import open_dataset, refresh_editions, shut_dataset
from phuong.opendata.declarations import datasets
from phuong.opendata.errors import NothingCounted
from phuong.opendata.models import Edition, Publication
from phuong.opendata.testing import OFFICER, an_open_dataset
from phuong.registry.api import Organisation, Person
from phuong.registry.testing import a_class, a_guardian, a_learner, a_school, a_teacher

CODES = [each.code for each in datasets()]


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def rows_of(code: str) -> list[dict[str, str]]:
    answer = Client().get(reverse("opendata:file", args=["31", code]) + "?bom=0")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def grow(school: Organisation, count: int) -> None:
    group = a_class(school, name=f"8B{count}")
    for number in range(count):
        a_learner(school, group, name=f"Học Trò {number}")


def test_nothing_is_open_until_an_officer_opens_it_and_both_acts_are_kept(world: World) -> None:
    public, page = Client(), reverse("opendata:dataset", args=["31", "truong-hoc"])
    officer = world.client("division_officer")
    shut = [public.get(page).status_code, public.get(reverse("opendata:file", args=["31", "truong-hoc"])).status_code]

    before = officer.get(reverse("opendata:preview", args=["truong-hoc"])).content.decode()
    assert officer.post(reverse("opendata:open", args=["truong-hoc"])).status_code == 302
    opened = public.get(page)
    assert officer.post(reverse("opendata:shut", args=["truong-hoc"])).status_code == 302

    assert shut == [404, 404]
    assert "THCS Lạch Tray" in before
    assert opened.status_code == 200
    assert "THCS Lạch Tray" in opened.content.decode()
    assert public.get(page).status_code == 404
    assert Edition.objects.count() == 0
    acts = AuditEntry.objects.filter(did__startswith="opendata.").order_by("pk")
    assert list(acts.values_list("did", "note")) == [("opendata.opened", "truong-hoc"), ("opendata.shut", "truong-hoc")]


def test_nobody_opens_for_a_commune_or_without_the_right(world: World) -> None:
    for actor in (
        Actor(scope=world.commune.path, permissions=SYSTEM.permissions),
        Actor(scope="vn.p31", permissions=frozenset()),
        Actor(),
    ):
        with pytest.raises(NotThere):
            open_dataset("truong-hoc", by=actor)
    with pytest.raises(NotThere):
        open_dataset("khong-co", by=OFFICER)
    assert Publication.objects.count() == 0


def test_without_a_count_nothing_is_opened(world: World) -> None:
    Snapshot.objects.all().delete()

    with pytest.raises(NothingCounted):
        open_dataset("hoc-sinh", by=OFFICER)

    answer = world.client("division_officer").post(reverse("opendata:open", args=["hoc-sinh"]), follow=True)
    assert "Chưa có lần tính" in answer.content.decode()


def test_a_file_has_a_mark_for_spreadsheets_a_tag_and_may_be_kept(world: World) -> None:
    an_open_dataset()
    where = reverse("opendata:file", args=["31", "truong-hoc"])

    marked, plain = Client().get(where), Client().get(where + "?bom=0")
    again = Client(headers={"If-None-Match": marked["ETag"]}).get(where)
    other = Client(headers={"If-None-Match": marked["ETag"]}).get(where + "?bom=0")

    assert marked.content == b"\xef\xbb\xbf" + plain.content
    assert hashlib.sha256(plain.content).hexdigest() == Edition.objects.get().digest
    assert (again.status_code, again.content, other.status_code) == (304, b"", 200)
    assert marked["Cache-Control"] == "public, max-age=3600"
    assert "Cookie" not in marked.get("Vary", "")
    assert not marked.cookies
    assert reverse("opendata:schema", args=["31", "truong-hoc"]) in marked["Link"]


def test_the_catalogue_leads_to_files_that_are_what_it_says(world: World) -> None:
    for code in CODES:
        an_open_dataset(code)

    catalog = Client().get(reverse("opendata:catalog"))
    told = json.loads(catalog.content)

    assert catalog["Content-Type"] == "application/ld+json"
    assert len(told["dcat:dataset"]) == len(CODES)
    for dataset in told["dcat:dataset"]:
        (file,) = dataset["dcat:distribution"]
        content = Client().get(file["dcat:downloadURL"]["@id"] + "?bom=0").content
        schema = Client().get(file["dct:conformsTo"]["@id"])
        assert file["spdx:checksum"]["spdx:checksumValue"]["@value"] == hashlib.sha256(content).hexdigest()
        assert file["dcat:byteSize"]["@value"] == str(len(content))
        columns = [each["name"] for each in json.loads(schema.content)["tableSchema"]["columns"]]
        assert next(csv.reader(io.StringIO(content.decode()))) == columns
        assert Client().get(dataset["@id"]).status_code == 200
    english = json.loads(Client().get("/en" + reverse("opendata:catalog")).content)
    assert english == told


def test_no_name_number_or_contact_of_anybody_is_in_any_file_or_page(world: World) -> None:
    type(world.school.school).objects.filter(pk=world.school.pk).update(
        phone="0225388888", email="rieng@truong.example"
    )
    Person.objects.filter(pk=world.an.pk).update(code="HS-0007", address="Số 5, Lạch Tray", phone="0912345678")
    a_guardian(world.stranger, name="Mạc Thị Xa")
    names = [*Person.objects.values_list("full_name", flat=True), "HS-0007", "0912345678", "0225388888", "rieng@"]
    told = ""
    for code in CODES:
        an_open_dataset(code)
        told += Client().get(reverse("opendata:file", args=["31", code])).content.decode()
        told += Client().get(reverse("opendata:dataset", args=["31", code])).content.decode()

    assert len(names) > 10
    assert [name for name in names if name in told] == []


def test_few_learners_are_not_told_nor_what_would_tell_them(world: World) -> None:
    grow(world.other_school, 8)  # 9 in the other commune, 2 lower and 1 upper secondary in the own
    grow(a_school(world.other_commune, name="TH Bên Sông", level="primary"), 30)
    refresh_measures(Progress(), day="2026-11-22")

    an_open_dataset("hoc-sinh")

    cells = {
        (each["commune_code"], each["level"]): (each["learners"], each["is_hidden"]) for each in rows_of("hoc-sinh")
    }
    assert cells == {
        ("11311", "lower_secondary"): ("", "true"),
        ("11311", "upper_secondary"): ("", "true"),
        ("11329", "lower_secondary"): ("", "true"),  # 11 in the province less 9 would tell of the 2
        ("11329", "primary"): ("", "true"),
    }
    assert Edition.objects.get().hidden == 4


def test_enough_people_are_told_by_commune_level_and_school_year(world: World) -> None:
    for school in (world.school, world.other_school):
        grow(school, 20)
    grow(world.high_school, 12)
    for number in range(9):
        a_teacher(world.other_school, name=f"Cô {number}")
    Snapshot.objects.all().delete()
    for day in ("2026-04-01", "2026-05-01", "2026-11-22"):
        refresh_measures(Progress(), day=day)

    an_open_dataset("hoc-sinh")
    an_open_dataset("doi-ngu")

    learners = [
        (each["school_year"], each["counted_on"], each["commune_code"], each["learners"])
        for each in rows_of("hoc-sinh")
    ]
    assert learners[:3] == [
        ("2026-2027", "2026-11-22", "11311", "22"),
        ("2026-2027", "2026-11-22", "11311", "13"),
        ("2026-2027", "2026-11-22", "11329", "21"),
    ]
    assert {year for year, _day, _commune, _count in learners} == {"2025-2026", "2026-2027"}
    assert {day for year, day, _commune, _count in learners if year == "2025-2026"} == {"2026-05-01"}
    staff = {each["commune_code"]: each["staff"] for each in rows_of("doi-ngu")}
    assert set(staff) == {"11311", "11329"}


def test_schools_facilities_and_indicators_are_told(world: World) -> None:
    for code in ("truong-hoc", "mang-luoi", "co-so-vat-chat", "chi-tieu"):
        an_open_dataset(code)

    schools, network, rooms, indicators = map(rows_of, ("truong-hoc", "mang-luoi", "co-so-vat-chat", "chi-tieu"))

    assert {each["school_name"] for each in schools} == {"THCS Lạch Tray", "THCS Bên Sông", "THPT Ngô Quyền"}
    assert [(each["commune_code"], each["level"], each["schools"]) for each in network] == [
        ("11311", "lower_secondary", "1"),
        ("11311", "upper_secondary", "1"),
        ("11329", "lower_secondary", "1"),
    ]
    own = next(each for each in rooms if each["commune_code"] == "11311")
    assert (own["classrooms"], own["classrooms_online"], own["schools"]) == ("1", "1", "2")
    (indicator,) = indicators
    assert (indicator["year"], indicator["target"], indicator["value"]) == ("2026", "90", "")  # three learners in all


def test_files_are_written_anew_once_a_month_and_only_where_open(world: World) -> None:
    an_open_dataset("mang-luoi")
    an_open_dataset("doi-ngu")
    shut_dataset("doi-ngu", by=OFFICER)
    first = Edition.objects.get().made_at

    same = refresh_editions(Progress())
    Edition.objects.update(as_of="2026-10-01")
    later = refresh_editions(Progress())

    assert (same, later) == ({"open": 1, "written": 0}, {"open": 1, "written": 1})
    assert Edition.objects.get().made_at > first
    assert str(Edition.objects.get().as_of) == "2026-11-22"


@pytest.mark.parametrize("name", ["opendata:opened", "opendata:dataset", "opendata:catalog", "opendata:desk"])
def test_a_page_costs_the_same_for_a_small_and_a_large_province(world: World, name: str) -> None:
    client = world.client("division_officer") if name == "opendata:desk" else Client()
    where = reverse(name, args=["31", "mang-luoi"] if name == "opendata:dataset" else [])
    an_open_dataset("mang-luoi")
    costs = []
    for count in (2, 200):
        _schools(count)
        an_open_dataset("mang-luoi")
        if count > 2:
            for code in CODES:
                an_open_dataset(code)
        client.get(where)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(where).status_code == 200
        costs.append(len(queries))

    assert costs[0] == costs[1] <= 15


def _schools(count: int) -> None:
    commune = Organisation.objects.get(kind="ward", code="11311")
    for number in range(count):
        a_school(commune, name=f"Trường {number}")


def test_strange_addresses_are_not_there(world: World) -> None:
    an_open_dataset()
    for where in ("/du-lieu-mo/22/truong-hoc/", "/du-lieu-mo/31/khong-co.csv", "/du-lieu-mo/31/hoc-sinh.csv"):
        assert Client().get(where).status_code == 404
