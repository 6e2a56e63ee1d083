"""OneRoster 1.2: what a client may read, how it asks, what a vendor's bundle becomes."""

import base64
import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from phuong.gateway.actions.clients import end_client, rotate_key
from phuong.kernel.jobs import Progress
from phuong.kernel.models import AuditEntry, Job
from phuong.kernel.scope import SYSTEM
from phuong.kernel.vault import fingerprint, seal
from phuong.matching.actions.merging import merge_people
from phuong.registry.api import ClassGroup, Enrolment, Guardianship, Person, TeachingAssignment
from phuong.registry.testing import a_class, a_learner, a_school
from phuong.roster.access import CORE, DEMOGRAPHICS, ROSTER
from phuong.roster.actions.exporting import forget_bundles, make_bundle
from phuong.roster.actions.importing import bring_bundle
from phuong.roster.errors import BadBundle
from phuong.roster.models import Bundle, SourcedId
from phuong.roster.rules.bundles import Unfit, read_bundle, roster_of, school_of
from tests.calling import a_client, open_world
from tests.world import World

SERVICE = "/ims/oneroster/rostering/v1p2/"
ALL_COLLECTIONS = (
    "orgs",
    "schools",
    "academicSessions",
    "terms",
    "gradingPeriods",
    "courses",
    "classes",
    "users",
    "students",
    "teachers",
    "enrollments",
    "demographics",
)
FOREIGN = ("Hoàng Văn Xa", "THCS Bên Sông", "Vũ Thị Cao")


@pytest.fixture
def world(db: None) -> Iterator[World]:
    for found in open_world():
        a_teaching(found)
        yield found


def a_teaching(world: World, subject: str = "TOAN") -> TeachingAssignment:
    return TeachingAssignment.objects.create(
        path=world.school.path,
        organisation=world.school,
        class_group=world.group,
        person=world.colleague,
        subject=subject,
        during=("2026-09-05", None),
    )


def ask_token(key: str, *scopes: str, way: str = "basic", **body: str) -> Any:
    key_id, _dot, secret = key.partition(".")
    facts = {"grant_type": "client_credentials", **({"scope": " ".join(scopes)} if scopes else {}), **body}
    headers = {}
    if way == "basic":
        headers["Authorization"] = "Basic " + base64.b64encode(f"{key_id}:{secret}".encode()).decode()
    else:
        facts |= {"client_id": key_id, "client_secret": secret}
    content = urlencode(facts)
    return Client().post(
        "/ims/oneroster/token", content, content_type="application/x-www-form-urlencoded", headers=headers
    )


def reader(world: World, *scopes: str, unit: Any = None, **terms: Any) -> "Caller":
    _made, key = a_client(world, unit, **terms)
    return Caller(ask_token(key, *(scopes or (ROSTER, CORE, DEMOGRAPHICS))).json()["access_token"])


class Caller:
    def __init__(self, token: str) -> None:
        self.headers = {"Authorization": f"Bearer {token}"}

    def ask(self, where: str, **query: Any) -> Any:
        return Client(headers=self.headers).get(SERVICE + where, query)

    def list(self, where: str, **query: Any) -> list[dict[str, Any]]:
        answer = self.ask(where, **query)
        assert answer.status_code == 200, answer.content.decode()
        (rows,) = answer.json().values()
        return list(rows)


def test_every_kind_is_listed_and_read_alone_and_links_lead_to_what_can_be_read(world: World) -> None:
    caller = reader(world)
    links = []

    for name in ALL_COLLECTIONS:
        rows = caller.list(name)
        assert rows, name
        for row in rows:
            alone = caller.ask(f"{name}/{row['sourcedId']}")
            assert alone.status_code == 200, (name, row)
            assert list(alone.json().values()) == [row]
            values = [each for value in row.values() for each in (value if isinstance(value, list) else [value])]
            links += [each["href"] for each in values if isinstance(each, dict) and "href" in each]
    for link in sorted(set(links)):
        assert caller.ask(link.partition(SERVICE)[2]).status_code == 200, link


def test_the_terms_of_the_year_are_its_grading_periods(world: World, tmp_path: Path) -> None:
    caller = reader(world)

    periods = caller.list("gradingPeriods")
    year = caller.ask("academicSessions/2026").json()["academicSession"]

    facts = [(each["sourcedId"], each["title"], each["startDate"], each["endDate"]) for each in periods]
    assert facts == [
        ("2026.g1", "Học kì I", "2026-09-05", "2027-01-18"),
        ("2026.g2", "Học kì II", "2027-01-18", "2027-05-31"),
    ]
    assert {each["parent"]["sourcedId"] for each in periods} == {"2026"}
    assert [each["sourcedId"] for each in year["children"]] == ["2026.1", "2026.2", "2026.g1", "2026.g2"]
    assert [(each["startDate"], each["endDate"]) for each in caller.list("terms")] == [each[2:] for each in facts]
    written_out = files_of(bundle(world, tmp_path))["academicSessions"]
    kept = [row["parentSourcedId"] for row in written_out if row["type"] == "gradingPeriod"]
    assert (kept, len(written_out)) == (["2026", "2026"], 5)


def test_a_token_is_given_for_the_key_and_dies_with_it(world: World) -> None:
    client, key = a_client(world)
    by_body = ask_token(key, CORE, way="body")
    caller = Caller(by_body.json()["access_token"])

    assert by_body.json()["token_type"] == "Bearer"
    assert (by_body.json()["expires_in"], by_body.json()["scope"]) == (3600, CORE)
    assert by_body["Cache-Control"] == "no-store"
    assert caller.ask("orgs").status_code == 200
    rotate_key(client.pk, overlap_days=0, seen="", by=SYSTEM)
    assert caller.ask("orgs").status_code == 401
    other, other_key = a_client(world)
    again = Caller(ask_token(other_key).json()["access_token"])
    rotate_key(other.pk, overlap_days=7, seen="", by=SYSTEM)
    assert again.ask("orgs").status_code == 200
    end_client(other.pk, by=SYSTEM)
    assert again.ask("orgs").status_code == 401


def test_a_token_is_over_after_an_hour(world: World) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC), tick=False) as clock:
        caller = reader(world)
        assert caller.ask("orgs").status_code == 200
        clock.shift(3601)
        answer = caller.ask("orgs")

    assert (answer.status_code, minor(answer)) == (401, "unauthorisedrequest")
    assert answer["WWW-Authenticate"] == "Bearer"


def minor(answer: Any) -> str:
    (field,) = answer.json()["imsx_CodeMinor"]["imsx_codeMinorField"]
    return str(field["imsx_codeMinorFieldValue"])


def test_what_is_no_key_gets_no_token(world: World) -> None:
    _client, key = a_client(world)
    wrong = ask_token(key.partition(".")[0] + ".wrong")
    unknown = ask_token("0000.wrong", way="body")
    none = Client().post("/ims/oneroster/token", {"grant_type": "client_credentials"})
    other = ask_token(key, grant_type="password")
    strange = ask_token(key, "https://example.org/other")
    without = ask_token(a_client(world, permissions=frozenset({"plans:read"}))[1])

    assert [(each.status_code, each.json()["error"]) for each in (wrong, unknown, none, other, strange, without)] == [
        (401, "invalid_client"),
        (401, "invalid_client"),
        (401, "invalid_client"),
        (400, "unsupported_grant_type"),
        (400, "invalid_scope"),
        (400, "invalid_scope"),
    ]


def test_each_scope_opens_its_own_endpoints(world: World) -> None:
    school = str(world.school.pk)
    asked = ("orgs", "users", "demographics", f"schools/{school}/students")
    opened = {
        (ROSTER,): [200, 200, 403, 200],
        (CORE,): [200, 200, 403, 403],
        (DEMOGRAPHICS,): [403, 403, 200, 403],
        (ROSTER, DEMOGRAPHICS): [200, 200, 200, 200],
    }

    for scopes, expected in opened.items():
        caller = reader(world, *scopes)
        assert [caller.ask(each).status_code for each in asked] == expected, scopes
    usual = Caller(ask_token(a_client(world)[1]).json()["access_token"])
    assert [usual.ask(each).status_code for each in asked] == [200, 200, 403, 200]


def test_calls_are_counted_and_refused_when_there_are_too_many(world: World) -> None:
    caller = reader(world, rate=3)

    answers = [caller.ask("orgs") for _each in range(3)]

    assert [each.status_code for each in answers] == [200, 200, 429]
    assert minor(answers[-1]) == "server_busy"
    assert answers[-1]["Retry-After"]


def test_nothing_of_another_school_and_no_personal_number_is_told(world: World) -> None:
    number = "031213001234"
    Person.objects.filter(pk=world.an.pk).update(
        number_cipher=seal(number), number_hash=fingerprint(number), number_check="agrees"
    )
    caller = reader(world)
    told = [caller.ask(name, limit=1000).content.decode() for name in ALL_COLLECTIONS]
    lost = [f"users/{world.stranger.pk}", f"schools/{world.other_school.pk}", f"classes/{world.other_group.pk}"]

    assert "Đỗ" in "".join(told)
    assert not any(words in text for text in told for words in (*FOREIGN, number))
    for where in [*lost, f"schools/{world.other_school.pk}/students", "users/x", "classes/1.2.3"]:
        answer = caller.ask(where)
        assert (answer.status_code, minor(answer)) == (404, "unknownobject"), where


def test_people_are_told_within_the_permissions_of_the_client(world: World) -> None:
    learners = reader(world, permissions=frozenset({"registry:persons:read"}))
    staff = reader(world, permissions=frozenset({"registry:staff:read"}))

    assert learners.list("teachers") == []
    assert {row["givenName"] for row in learners.list("students")} == {"An", "Ánh"}
    assert {row["givenName"] for row in staff.list("users")} == {"Lan", "Minh"}
    assert {row["role"] for row in staff.list("enrollments")} == {"teacher"}


def test_guardians_are_linked_as_far_as_custody_allows(world: World) -> None:
    caller = reader(world)
    an, binh = str(world.an.pk), str(world.binh.pk)

    assert [each["sourcedId"] for each in caller.ask(f"users/{an}").json()["user"]["agents"]] == [binh]
    linked = caller.ask(f"users/{binh}").json()["user"]
    assert [each["sourcedId"] for each in linked["agents"]] == [an]
    assert [each["role"] for each in linked["roles"]] == ["parent"]
    Guardianship.objects.filter(guardian=world.binh).update(custody="none")
    assert "agents" not in caller.ask(f"users/{an}").json()["user"]
    assert caller.ask(f"users/{binh}").status_code == 404


def test_parts_of_one_object(world: World) -> None:
    caller = reader(world)
    school, group, an, lan, minh = (
        str(each.pk) for each in (world.school, world.group, world.an, world.lan, world.colleague)
    )
    maths = f"{group}.TOAN"

    def names(where: str) -> set[str]:
        return {row["givenName"] for row in caller.list(where)}

    def ids(where: str) -> set[str]:
        return {row["sourcedId"] for row in caller.list(where)}

    assert names(f"classes/{maths}/students") == names(f"classes/{group}/students") == {"An", "Ánh"}
    assert (names(f"classes/{maths}/teachers"), names(f"classes/{group}/teachers")) == ({"Minh"}, {"Lan"})
    assert names(f"schools/{school}/students") == {"An", "Ánh"}
    assert names(f"schools/{school}/teachers") == {"Lan", "Minh"}
    assert names(f"schools/{school}/classes/{maths}/teachers") == {"Minh"}
    assert len(ids(f"schools/{school}/classes/{maths}/enrollments")) == 3
    assert ids(f"schools/{school}/classes") == {group, maths} == ids("terms/2026.1/classes")
    assert ids(f"schools/{school}/courses") == {"08", "08.TOAN"}
    assert ids(f"schools/{school}/terms") == {"2026.1", "2026.2"}
    assert ids("courses/08.TOAN/classes") == {maths}
    assert ids(f"students/{an}/classes") == {group, maths} == ids(f"users/{an}/classes")
    assert (ids(f"teachers/{lan}/classes"), ids(f"teachers/{minh}/classes")) == ({group}, {maths})
    assert len(ids(f"schools/{school}/enrollments")) == 6
    assert ids("terms/2026.1/gradingPeriods") == {"2026.g1"}
    assert caller.ask(f"schools/{school}/classes/{world.other_group.pk}/students").status_code == 404


def test_lists_are_paged_by_offset_and_by_link(world: World) -> None:
    caller = reader(world)
    every = [row["sourcedId"] for row in caller.list("enrollments")]
    first = caller.ask("enrollments", limit=4)

    assert first["X-Total-Count"] == str(len(every)) == "6"
    by_offset = [row["sourcedId"] for row in caller.list("enrollments", limit=4, offset=4)]
    links = dict(reversed(part.strip().split("; rel=")) for part in first["Link"].split(","))
    further = Client(headers=caller.headers).get(links['"next"'].strip("<>"))
    assert [row["sourcedId"] for row in first.json()["enrollments"]] + by_offset == every
    assert [row["sourcedId"] for row in further.json()["enrollments"]] == by_offset
    assert 'rel="next"' not in further["Link"]
    assert minor(caller.ask("users", offset=100_001)) == "invaliddata"
    backwards = [row["sourcedId"] for row in caller.list("enrollments", orderBy="desc")]
    assert backwards == every[::-1]
    last = caller.ask("enrollments", orderBy="desc", limit=4)
    again = Client(headers=caller.headers).get(last["Link"].partition(">")[0].strip("<"))
    assert [row["sourcedId"] for row in again.json()["enrollments"]] == every[::-1][4:]


def test_lists_are_filtered_sorted_and_cut_down(world: World) -> None:
    caller = reader(world)

    def given(**query: str) -> list[str]:
        return [row["givenName"] for row in caller.list("users", **query)]

    assert given(filter="familyName='đỗ'") == ["An"]
    assert given(filter="givenName~'án' OR givenName='Lan'", sort="givenName") == ["Lan", "Ánh"]
    assert given(filter="roles.role='teacher' AND givenName!='Lan'") == ["Minh"]
    assert given(filter=f"primaryOrg.sourcedId='{world.other_school.pk}'") == []
    assert given(filter=f"sourcedId='{world.an.pk}'") == ["An"]
    assert given(filter="sourcedId='other'") == []
    assert given(filter="dateLastModified>'2099-01-01'") == []
    assert len(given(filter="dateLastModified>='2020-01-01T00:00:00Z'")) == 5
    assert given(sort="givenName", orderBy="desc", filter="roles.role='student'") == ["Ánh", "An"]
    assert caller.list("users", fields="givenName,sourcedId", filter="givenName='An'") == [
        {"givenName": "An", "sourcedId": str(world.an.pk)}
    ]
    assert [row["sourcedId"] for row in caller.list("classes", filter="subjectCodes='TOAN'")] == [
        f"{world.group.pk}.TOAN"
    ]
    assert caller.list("enrollments", filter="primary='true' AND beginDate>='2026-09-05' AND role='student'") == []
    born = caller.list("demographics", filter="birthDate<'1990-01-01'")
    assert {row["sex"] for row in born} == {"female"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"filter": "familyName="}, "invalid_filter_field"),
        ({"filter": "number='1'"}, "invalid_filter_field"),
        ({"filter": "familyName='a' XOR givenName='b'"}, "invalid_filter_field"),
        ({"filter": "dateLastModified>'yesterday'"}, "invalid_filter_field"),
        ({"filter": "dateLastModified~'2026'"}, "invalid_filter_field"),
        ({"filter": "roles.role>'a'"}, "invalid_filter_field"),
        ({"filter": "familyName='a\0'"}, "invalid_filter_field"),
        ({"sort": "number"}, "invalid_sort_field"),
        ({"sort": "roles.role"}, "invalid_sort_field"),
        ({"orderBy": "up"}, "invalid_sort_field"),
        ({"fields": "number"}, "invalid_selection_field"),
        ({"limit": "many"}, "invaliddata"),
        ({"offset": "-1"}, "invaliddata"),
        ({"after": "here"}, "invaliddata"),
    ],
)
def test_a_query_that_cannot_be_answered_is_refused_in_the_words_of_the_standard(
    world: World, query: dict[str, str], code: str
) -> None:
    answer = reader(world).ask("users", **query)

    assert (answer.status_code, minor(answer)) == (400, code)
    assert answer.json()["imsx_codeMajor"] == "failure"


def test_what_has_ended_is_to_be_deleted_and_its_day_is_told(world: World) -> None:
    with time_machine.travel(dt.datetime(2026, 9, 10, 8, tzinfo=dt.UTC)):
        learner = a_learner(world.school, world.group, name="Lê Văn Cũ")
    caller = reader(world)
    before = caller.ask(f"users/{learner.pk}").json()["user"]["dateLastModified"]
    Enrolment.objects.filter(learner=learner).update(during=("2026-09-05", "2026-10-01"), status="transferred_out")
    TeachingAssignment.objects.update(during=("2026-09-05", "2026-10-01"))

    user = caller.ask(f"users/{learner.pk}").json()["user"]
    assert (user["status"], user["enabledUser"]) == ("tobedeleted", "false")
    assert before.startswith("2026-09-10")
    assert user["dateLastModified"] > before
    gone = caller.list("enrollments", filter="status='tobedeleted'")
    assert {row.get("endDate") for row in gone if row["role"] == "teacher"} == {"2026-10-01"}
    assert str(learner.pk) in {row["user"]["sourcedId"] for row in gone}
    (maths,) = caller.list("classes", filter="classType='scheduled'")
    assert maths["status"] == "tobedeleted"
    since = caller.list("users", filter=f"dateLastModified>'{before}'")
    assert str(learner.pk) in {row["sourcedId"] for row in since}


@pytest.mark.parametrize("name", ["orgs", "classes", "users", "students", "enrollments", "demographics", "courses"])
def test_a_list_costs_the_same_with_2_and_with_200_rows(
    world: World, name: str, django_assert_num_queries: Any
) -> None:
    caller = reader(world, unit=world.province)
    caller.ask(name)
    with CaptureQueriesContext(connection) as few:
        assert caller.ask(name, limit=2).status_code == 200
    for number in range(200):
        a_learner(world.school, world.group, name=f"Lê Văn Số{'a' * (number % 9)}")
    for number in range(40):
        a_class(world.school, name=f"6B{number}", grade=6)
    if name == "orgs":
        for _number in range(100):
            a_school(world.commune)

    with django_assert_num_queries(len(few)):
        assert caller.ask(name, limit=200).status_code == 200


def bundle(world: World, tmp_path: Path, unit: Any = None, name: str = "out.zip") -> Path:
    out = tmp_path / name
    unit = unit or world.school
    call_command("roster", "export", "--org", unit.code, "--out", str(out), "--demographics", "--json")
    return out


def bring(unit: Any, file: Path, *options: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("roster", "import", str(file), "--org", unit.code, "--json", *options, stdout=out)
    return dict(json.loads(out.getvalue()))


def files_of(file: Path) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(file) as found:
        return {
            name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(found.read(name).decode())))
            for name in found.namelist()
        }


def written(file: Path, files: dict[str, list[dict[str, str]]]) -> Path:
    with zipfile.ZipFile(file, "w") as made:
        for name, rows in files.items():
            kept = io.StringIO()
            writer = csv.DictWriter(kept, list(rows[0]) if rows else ["sourcedId"])
            writer.writeheader()
            writer.writerows(rows)
            made.writestr(f"{name}.csv", kept.getvalue())
    return file


STEPS = ("staff", "classes", "learners", "guardians", "teaching")


def test_a_bundle_brought_back_to_its_school_changes_nothing(world: World, tmp_path: Path) -> None:
    file = bundle(world, tmp_path)
    people = list(Person.objects.order_by("id").values())

    done = bring(world.school, file)

    assert {step: (done[step]["create"], done[step]["change"], done[step]["end"]) for step in STEPS} == dict.fromkeys(
        STEPS, (0, 0, 0)
    )
    assert done["left_out"] == []
    assert list(Person.objects.order_by("id").values()) == people
    assert bundle(world, tmp_path, name="again.zip").read_bytes() == file.read_bytes()


def test_export_import_export_is_a_fixed_point(world: World, tmp_path: Path) -> None:
    from_vendor = vendor_bundle(tmp_path)
    fresh = a_school(world.commune, name="THCS Mới")
    bring(fresh, from_vendor)
    first = bundle(world, tmp_path, fresh, "first.zip")

    bring(fresh, first)

    assert bundle(world, tmp_path, fresh, "second.zip").read_bytes() == first.read_bytes()
    other = a_school(world.commune, name="THCS Khác")
    bring(other, first)
    assert plain(bundle(world, tmp_path, other, "third.zip")) == plain(first)


def plain(file: Path) -> dict[str, list[tuple[str, ...]]]:
    """Give what a bundle says without the keys, which are another school's."""
    names = {
        "users": ("familyName", "middleName", "givenName", "identifier", "email", "phone", "grades"),
        "classes": ("title", "classCode", "classType", "grades", "courseSourcedId", "subjectCodes"),
        "courses": ("sourcedId", "title", "grades"),
        "enrollments": ("role", "primary", "beginDate", "endDate"),
        "demographics": ("birthDate", "sex"),
        "roles": ("roleType", "role"),
    }
    found = files_of(file)
    return {name: sorted(tuple(row[each] for each in kept) for row in found[name]) for name, kept in names.items()}


def vendor_bundle(tmp_path: Path, name: str = "vendor.zip", **changes: Any) -> Path:
    files = vendor_files()
    for name_of_file, change in changes.items():
        files[name_of_file] = change(files[name_of_file])
    return written(tmp_path / name, files)


def vendor_files() -> dict[str, list[dict[str, str]]]:
    users = [("t1", "Lan", "Thị", "Trần"), ("t2", "Hải", "", "Ngô"), ("p1", "Sơn", "Văn", "Lý")]
    pupils = [(f"s{place}", "An", "Văn" + "a" * place, "Lê") for place in range(8)]
    return {
        "manifest": [
            {"propertyName": "oneroster.version", "value": "1.2"},
            {"propertyName": "file.users", "value": "bulk"},
            {"propertyName": "source.systemName", "value": "VendorSIS"},
        ],
        "orgs": [{"sourcedId": "o1", "name": "THCS Mới", "type": "school", "identifier": "x"}],
        "courses": [{"sourcedId": "c1", "title": "Toán 7", "grades": "07", "subjects": "Toán"}],
        "classes": [
            {
                "sourcedId": "k1",
                "title": "7A1",
                "classType": "homeroom",
                "grades": "07",
                "schoolSourcedId": "o1",
                "courseSourcedId": "",
            },
            {
                "sourcedId": "k2",
                "title": "Toán 7A1",
                "classType": "scheduled",
                "grades": "07",
                "schoolSourcedId": "o1",
                "courseSourcedId": "c1",
            },
        ],
        "users": [
            {"sourcedId": key, "givenName": given, "middleName": middle, "familyName": family, "identifier": f"X{key}"}
            for key, given, middle, family in [*users, *pupils]
        ],
        "roles": [
            {"userSourcedId": key, "roleType": "primary", "role": role, "orgSourcedId": "o1"}
            for key, role in [("t1", "teacher"), ("t2", "teacher"), ("p1", "principal")]
            + [(each[0], "student") for each in pupils]
        ],
        "enrollments": [
            {"classSourcedId": group, "userSourcedId": key, "role": role, "primary": "true", "beginDate": "2026-09-05"}
            for group, key, role in [("k1", "t1", "teacher"), ("k2", "t2", "teacher")]
            + [(group, each[0], "student") for each in pupils for group in ("k1", "k2")]
        ],
        "demographics": [
            {"sourcedId": key, "birthDate": f"{year}-03-0{place % 9 + 1}", "sex": "female"}
            for place, (key, year) in enumerate(
                [*((each[0], 1985) for each in users), *((each[0], 2014) for each in pupils)]
            )
        ],
    }


def test_a_vendors_bundle_comes_in_once_and_renames_are_followed(world: World, tmp_path: Path) -> None:
    school = a_school(world.commune, name="THCS Mới")
    trial = bring(school, vendor_bundle(tmp_path), "--dry-run")
    assert (trial["learners"]["create"], trial["applied"]) == (8, False)
    assert not Person.objects.filter(place=school).exists()
    assert not SourcedId.objects.exists()

    first = bring(school, vendor_bundle(tmp_path))

    made = {"staff": 3, "classes": 1, "learners": 8, "teaching": 1}
    assert {step: first[step]["create"] for step in STEPS if step in first} == made
    group = ClassGroup.objects.get(organisation=school)
    assert (group.name, group.grade, group.level, group.homeroom.full_name) == (
        "7A1",
        7,
        "lower_secondary",
        "Trần Thị Lan",
    )
    taught = TeachingAssignment.objects.get(class_group=group)
    assert (taught.subject, taught.person.full_name) == ("TOAN", "Ngô Hải")
    assert Enrolment.objects.filter(class_group=group, ends_on=None).count() == 8
    assert SourcedId.objects.filter(organisation=school, source="VendorSIS").count() == 12

    again = bring(school, vendor_bundle(tmp_path))
    told = {step: (again[step]["create"], again[step]["change"]) for step in STEPS if step in again}
    assert set(told.values()) == {(0, 0)}

    def renamed(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return [row | ({"givenName": "Bình", "identifier": ""} if row["sourcedId"] == "s0" else {}) for row in rows]

    def regrouped(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return [row | ({"title": "7A9"} if row["sourcedId"] == "k1" else {}) for row in rows]

    changed = bring(school, vendor_bundle(tmp_path, users=renamed, classes=regrouped))
    assert (changed["learners"]["create"], changed["learners"]["change"]) == (0, 1)
    assert Person.objects.get(place=school, full_name="Lê Văn Bình").code == "Xs0"
    group.refresh_from_db()
    assert (group.name, ClassGroup.objects.filter(organisation=school).count()) == ("7A9", 1)
    assert Enrolment.objects.filter(class_group=group, ends_on=None).count() == 8


def with_guardians(files: dict[str, list[dict[str, str]]]) -> dict[str, list[dict[str, str]]]:
    """Add a mother of two by her children, a guardian by herself, and somebody whom no learner here has."""
    people = {
        "g1": ("Hoa", "Thị", "Lý", "parent"),
        "g2": ("Ba", "", "Lê", "guardian"),
        "g3": ("Tư", "", "Lê", "parent"),
    }
    columns = {"agentSourcedIds": "", "phone": ""}
    users = [
        {**columns, **row, **({"agentSourcedIds": "g1,t1"} if row["sourcedId"] in ("s0", "s1") else {})}
        for row in files["users"]
    ]
    users += [
        {
            **{"sourcedId": key, "givenName": given, "middleName": middle, "familyName": family, "identifier": ""},
            **{"agentSourcedIds": "s1,elsewhere" if key == "g2" else "elsewhere", "phone": f"090123456{key[1]}"},
        }
        for key, (given, middle, family, _role) in people.items()
    ]
    roles = [
        {"userSourcedId": key, "roleType": "primary", "role": role, "orgSourcedId": "district"}
        for key, (*_names, role) in people.items()
    ]
    born = [{"sourcedId": "g1", "birthDate": "1986-02-03", "sex": "female"}]
    return {
        **files,
        "users": users,
        "roles": files["roles"] + roles,
        "demographics": files["demographics"] + born,
    }


def test_guardians_come_in_with_their_learners_and_stay_as_the_school_knows_them(world: World, tmp_path: Path) -> None:
    school = a_school(world.commune, name="THCS Mới")
    file = written(tmp_path / "vendor.zip", with_guardians(vendor_files()))

    first = bring(school, file)

    kept = Guardianship.objects.filter(learner__place=school)
    told = [
        (each.learner.code, each.guardian.full_name, each.relation, each.contact_order)
        for each in kept.select_related("learner", "guardian").order_by("learner__code", "contact_order")
    ]
    assert told == [
        ("Xs0", "Lý Thị Hoa", "mother", 1),
        ("Xs1", "Lý Thị Hoa", "mother", 1),
        ("Xs1", "Lê Ba", "guardian", 2),
    ]
    assert kept.values("guardian").distinct().count() == 2
    assert first["guardians"]["create"] == 3
    assert not Person.objects.filter(full_name="Lê Tư").exists()

    kept.filter(relation="guardian").update(relation="grandparent", custody="none")
    again = bring(school, file)

    assert (again["guardians"]["create"], again["guardians"]["change"]) == (0, 0)
    assert list(kept.filter(relation="grandparent").values_list("custody", flat=True)) == ["none"]


def test_a_bundle_that_would_empty_a_class_is_held_until_somebody_confirms(world: World, tmp_path: Path) -> None:
    school = a_school(world.commune, name="THCS Mới")
    bring(school, vendor_bundle(tmp_path))
    few = vendor_bundle(tmp_path, roles=lambda rows: [row for row in rows if row["userSourcedId"] not in ("s1", "s2")])

    with pytest.raises(SystemExit) as left:
        bring(school, few)

    assert left.value.code == 1
    assert Enrolment.objects.filter(organisation=school, ends_on=None).count() == 8
    done = bring(school, few, "--confirm-ending")
    assert (done["learners"]["end"], Enrolment.objects.filter(organisation=school, ends_on=None).count()) == (2, 6)


def test_a_wrong_row_is_named_and_nothing_is_written(world: World, tmp_path: Path, capsys: Any) -> None:
    school = a_school(world.commune, name="THCS Mới")
    wrong = vendor_bundle(tmp_path, demographics=lambda rows: [row for row in rows if row["sourcedId"] != "s3"])

    with pytest.raises(SystemExit) as left:
        bring(school, wrong)

    assert left.value.code == 2
    assert "learners\ts3\t" in capsys.readouterr().err
    assert not Person.objects.filter(place=school).exists()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda files: files | {"users": []}, "empty"),
        (lambda files: files | {"manifest": [{"propertyName": "file.users", "value": "delta"}]}, "delta"),
        (lambda files: files | {"orgs": files["orgs"] + [files["orgs"][0] | {"sourcedId": "o2"}]}, "which_school"),
    ],
)
def test_a_bundle_that_is_none_is_refused_with_its_reason(
    world: World, tmp_path: Path, change: Any, reason: str
) -> None:
    with pytest.raises(BadBundle) as refused:
        bring_bundle(
            written(tmp_path / "x.zip", change(vendor_files())).read_bytes(),
            world.school,
            on=dt.date(2026, 11, 20),
            by=SYSTEM,
        )

    assert refused.value.facts["reason"] == reason


def test_what_is_no_zip_is_refused(world: World) -> None:
    for content in (b"", b"PK\3\4 no", b"sourcedId,name"):
        with pytest.raises(BadBundle):
            bring_bundle(content, world.school, on=dt.date(2026, 11, 20), by=SYSTEM)


def test_a_bundle_is_asked_for_made_by_a_job_taken_and_forgotten(world: World) -> None:
    client = world.client("clerk")
    asked = client.post(reverse("roster:bundles"), {"demographics": "1"})
    job = Job.objects.get(name="roster.bundle")

    make_bundle(Progress(), **job.arguments)

    made = Bundle.objects.get()
    page = client.get(reverse("roster:bundles")).content.decode()
    taken = client.get(reverse("roster:bundle", args=[made.pk]))
    assert asked.status_code == 302
    assert "THCS Lạch Tray" in page
    assert taken["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(taken.content)) as found:
        told = "".join(found.read(name).decode() for name in found.namelist())
    assert "demographics.csv" in found.namelist()
    assert "Khánh" in told
    assert not any(words in told for words in FOREIGN)
    entry = AuditEntry.objects.get(did="roster.bundle_taken")
    assert (entry.note, str(entry.on_id)) == (str(made.people), str(made.pk))
    Bundle.objects.update(made_at=timezone.now() - dt.timedelta(days=8))
    assert forget_bundles(Progress()) == {"forgotten": 1}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_bundle_with_anything_in_it_is_read_or_refused(data: st.DataObject) -> None:
    files = vendor_files()
    for _change in range(data.draw(st.integers(1, 6))):
        name = data.draw(st.sampled_from(sorted(files)))
        row = data.draw(st.sampled_from(files[name]))
        row[data.draw(st.sampled_from(sorted(row)))] = data.draw(st.text(max_size=20))
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        for name, rows in files.items():
            text = io.StringIO()
            writer = csv.DictWriter(text, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
            made.writestr(f"{name}.csv", text.getvalue().encode("utf-8", "replace"))
    content = bytearray(kept.getvalue())
    if data.draw(st.booleans()):
        content[data.draw(st.integers(0, len(content) - 1))] ^= 0xFF

    try:
        vendor = read_bundle(bytes(content))
        roster_of(vendor, school_of(vendor, "x", "y"), dt.date(2026, 11, 20))
    except Unfit as unfit:
        assert unfit.code in ("broken", "delta", "empty", "which_school", "too_large")  # noqa: PT017


def test_a_record_found_to_be_anothers_is_told_to_be_deleted(world: World) -> None:
    double = a_learner(world.school, world.group, name="Đỗ Khánh An", birth_date=world.an.birth_date)
    merge_people(world.an.pk, double.pk, {}, by=SYSTEM)

    told = {row["sourcedId"]: row for row in reader(world).list("users", limit=200)}

    assert told[str(world.an.pk)]["status"] == "active"
    assert (told[str(double.pk)]["status"], told[str(double.pk)]["enabledUser"]) == ("tobedeleted", "false")
