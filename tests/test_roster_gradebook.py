"""The gradebook service of OneRoster 1.2: line items, results, scales, and who may read them."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from phuong.academics.actions.marks import keep_rows
from phuong.academics.api import ABSENT, GradeSheet, Mark
from phuong.academics.testing import a_mark
from phuong.registry.api import Person
from phuong.registry.testing import a_learner
from phuong.roster.access import CORE, GRADEBOOK, GRADEBOOK_CORE, ROSTER
from phuong.roster.queries.gradebook import GRADEBOOK as KINDS
from tests.calling import a_client, open_world
from tests.test_roster import Caller, a_teaching, ask_token, minor
from tests.world import World

SERVICE = "/ims/oneroster/gradebook/v1p2/"
AT = dt.datetime(2026, 11, 2, 20, tzinfo=dt.UTC)  # the third, in Vietnam


class Gradebook(Caller):
    def ask(self, where: str, **query: Any) -> Any:
        return Client(headers=self.headers).get(SERVICE + where, query)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    for found in open_world():
        a_teaching(found)
        with time_machine.travel(AT):
            a_mark(found.group, found.an, average=71, remark="Chăm")
            a_mark(found.group, neighbour_of(found), is_exempt=True)
            a_mark(found.group, found.an, "GDTC", regular=[1, ABSENT], midterm=0)
            a_mark(found.other_group, found.stranger)
        yield found


def reader(world: World, *scopes: str, unit: Any = None, **terms: Any) -> Gradebook:
    token = ask_token(a_client(world, unit, **terms)[1], *(scopes or (GRADEBOOK,)))
    return Gradebook(token.json()["access_token"])


def neighbour_of(world: World) -> Person:
    return Person.objects.get(full_name="Bùi Thị Ánh")


def sheet_of(world: World, subject: str = "TOAN") -> GradeSheet:
    return GradeSheet.objects.get(class_group=world.group, subject=subject)


def test_every_kind_is_listed_and_read_alone_and_links_lead_to_what_can_be_read(world: World) -> None:
    caller = reader(world, GRADEBOOK, ROSTER)
    links = set()

    for name in KINDS:
        rows = caller.list(name)
        assert rows, name
        for row in rows:
            alone = caller.ask(f"{name}/{row['sourcedId']}")
            assert list(alone.json().values()) == [row]
            assert set(row) <= {"sourcedId", "status", "dateLastModified", *KINDS[name].told}
            links |= {each["href"] for each in row.values() if isinstance(each, dict)}
    for link in sorted(links):
        assert Client(headers=caller.headers).get(link).status_code == 200, link


def test_a_line_item_is_a_column_and_a_result_a_mark_in_it(world: World) -> None:
    caller, sheet = reader(world), sheet_of(world)
    mark = Mark.objects.get(sheet=sheet, learner=world.an)

    items = {
        row["sourcedId"]: row for row in caller.list("lineItems", filter=f"class.sourcedId='{world.group.pk}.TOAN'")
    }
    cells = {
        row["sourcedId"].partition(".")[2]: row
        for row in caller.list(f"classes/{world.group.pk}.TOAN/results")
        if row["student"]["sourcedId"] == str(world.an.pk)
    }

    assert set(items) == {f"{sheet.pk}.{code}" for code in ("r1", "r2", "r3", "r4", "midterm", "final", "average")}
    midterm = items[f"{sheet.pk}.midterm"]
    assert (midterm["title"], midterm["dueDate"]) == ("Toán: giữa kì", "2027-01-18T00:00:00.000Z")
    assert [midterm[each]["sourcedId"] for each in ("category", "gradingPeriod", "academicSession")] == [
        "midterm",
        "2026.g1",
        "2026.1",
    ]
    assert (midterm["resultValueMin"], midterm["resultValueMax"], "scoreScale" in midterm) == (0.0, 10.0, False)
    assert {code: row.get("score") for code, row in cells.items()} == {
        **{"r1": 8.0, "r2": 7.0, "r3": None, "r4": None, "midterm": 6.0, "final": None, "average": 7.1}
    }
    assert {row["scoreStatus"] for code, row in cells.items() if code in ("r3", "final")} == {"not submitted"}
    assert (cells["average"]["comment"], cells["r1"]["scoreDate"]) == ("Chăm", "2026-11-03")
    assert cells["r1"]["lineItem"]["sourcedId"] == f"{sheet.pk}.r1"
    assert cells["r1"]["sourcedId"] == f"{mark.pk}.r1"


def test_a_remark_is_told_by_its_scale_and_who_was_away_or_exempt_has_no_score(world: World) -> None:
    caller = reader(world)
    (scale,) = caller.list("scoreScales")
    sport = {
        row["sourcedId"].partition(".")[2]: row
        for row in caller.list("results", filter=f"class.sourcedId='{world.group.pk}'")
    }
    exempt = caller.list("results", filter=f"student.sourcedId='{neighbour_of(world).pk}'")

    assert scale["scoreScaleValue"] == [
        {"itemValueLHS": "0", "itemValueRHS": "Chưa đạt"},
        {"itemValueLHS": "1", "itemValueRHS": "Đạt"},
    ]
    told = [(sport[code].get("score"), sport[code].get("textScore")) for code in ("r1", "r2", "midterm")]
    assert told == [(1.0, "Đạt"), (None, None), (0.0, "Chưa đạt")]
    assert (sport["r2"]["scoreStatus"], sport["r2"]["missing"]) == ("not submitted", "true")
    assert sport["r1"]["scoreScale"]["sourcedId"] == scale["sourcedId"]
    assert {(row["scoreStatus"], row.get("score")) for row in exempt} == {("exempt", None)}


def test_parts_of_a_class_a_school_a_pupil_and_a_column(world: World) -> None:
    caller, sheet, maths = reader(world), sheet_of(world), f"{world.group.pk}.TOAN"

    def count(where: str) -> int:
        return len(caller.list(where))

    assert count(f"classes/{maths}/categories") == 4
    assert (count(f"classes/{maths}/lineItems"), count(f"schools/{world.school.pk}/lineItems")) == (7, 12)
    assert (count(f"classes/{maths}/scoreScales"), count(f"schools/{world.school.pk}/scoreScales")) == (0, 1)
    assert count(f"classes/{maths}/students/{world.an.pk}/results") == 7
    assert count(f"lineItems/{sheet.pk}.r1/results") == count(f"classes/{maths}/lineItems/{sheet.pk}.r1/results") == 2
    for where in (
        f"classes/{world.group.pk}/lineItems/{sheet.pk}.r1/results",
        f"classes/{maths}/students/{world.stranger.pk}/results",
        f"classes/{world.other_group.pk}/results",
        f"lineItems/{sheet.pk}.r9/results",
    ):
        assert (caller.ask(where).status_code, minor(caller.ask(where))) == (404, "unknownobject"), where


def test_marks_ask_for_their_own_scope_and_the_right_to_read_marks(world: World) -> None:
    asked = ("lineItems", "results", f"schools/{world.school.pk}/lineItems")
    opened = {(GRADEBOOK,): [200, 200, 200], (GRADEBOOK_CORE,): [200, 200, 403], (ROSTER, CORE): [403, 403, 403]}
    people = frozenset({"registry:persons:read", "registry:staff:read"})
    without = ask_token(a_client(world, permissions=people)[1], GRADEBOOK, GRADEBOOK_CORE)
    usual = Gradebook(ask_token(a_client(world)[1]).json()["access_token"])

    for scopes, expected in opened.items():
        assert [reader(world, *scopes).ask(each).status_code for each in asked] == expected, scopes
    assert (without.status_code, without.json()["error"]) == (400, "invalid_scope")
    assert [usual.ask(each).status_code for each in asked] == [403, 403, 403]
    roster = Caller(reader(world, GRADEBOOK).headers["Authorization"].removeprefix("Bearer "))
    assert roster.ask("users").status_code == 403


def test_nothing_of_another_school_is_told(world: World) -> None:
    caller = reader(world)
    other = Mark.objects.get(learner=world.stranger)

    told = "".join(caller.ask(name, limit=1000).content.decode() for name in KINDS)

    assert str(other.pk) not in told
    assert str(other.sheet_id) not in told
    assert caller.ask(f"results/{other.pk}.r1").status_code == 404
    assert caller.ask(f"lineItems/{other.sheet_id}.r1").status_code == 404
    assert reader(world, unit=world.other_school).ask(f"results/{other.pk}.r1").status_code == 200


def test_a_mark_that_is_taken_back_is_heard_of_by_who_follows_changes(world: World) -> None:
    caller, sheet = reader(world), sheet_of(world)
    mark = Mark.objects.get(sheet=sheet, learner=world.an)
    before = caller.list("results", sort="dateLastModified", orderBy="desc")[0]["dateLastModified"]

    mark.midterm = None
    keep_rows(sheet, [mark])

    since = caller.list("results", filter=f"dateLastModified>'{before}'")
    assert {row["sourcedId"] for row in since} == {
        f"{mark.pk}.{code}" for code in ("r1", "r2", "r3", "r4", "midterm", "final", "average")
    }
    (taken,) = [row for row in since if row["sourcedId"].endswith("midterm")]
    assert (taken["scoreStatus"], "score" in taken) == ("not submitted", False)


def test_results_are_paged_filtered_and_sorted(world: World) -> None:
    caller = reader(world)
    every = [row["sourcedId"] for row in caller.list("results")]
    found, where = [], SERVICE + "results?limit=3"
    while where:
        page = Client(headers=caller.headers).get(where)
        found += [row["sourcedId"] for row in page.json()["results"]]
        links = dict(reversed(part.strip().split("; rel=")) for part in page["Link"].split(", "))
        where = links.get('"next"', "").strip("<>")

    assert found == every
    assert len(every) == len(set(every)) == 19
    assert [row["score"] for row in caller.list("results", filter="score>='7'", sort="score")] == [7.0, 7.1, 8.0]
    for query in (
        {"filter": "score>'many'"},
        {"filter": "score>'1e999'"},
        {"filter": "score~'7'"},
        {"sort": "textScore"},
    ):
        assert caller.ask("results", **query).status_code == 400, query


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_filter_and_sort_is_answered_or_refused(world: World, name: str) -> None:
    caller = reader(world)
    samples = ["a", "", "2026-09-05", "7.5", "2026.g1", f"{world.group.pk}.TOAN", "'"]

    answers = [
        caller.ask(name, filter="{}{}'{}'".format(field, operator, value.replace("'", "''")), sort=field).status_code
        for field in (*KINDS[name].fields, "dateLastModified")
        for operator, value in zip(("=", "!=", ">", "<=", "=", "!=", "~"), samples, strict=True)
    ]

    assert set(answers) <= {200, 400}
    assert answers.count(200) > len(answers) // 2


@pytest.mark.parametrize("name", ["lineItems", "results", "scoreScales"])
def test_a_list_costs_the_same_with_2_and_with_200_rows(
    world: World, name: str, django_assert_num_queries: Any
) -> None:
    caller = reader(world, unit=world.province)
    caller.ask(name)
    with CaptureQueriesContext(connection) as few:
        assert len(caller.list(name, limit=2)) == min(2, len(caller.list(name)))
    sport = sheet_of(world, "GDTC")
    for _number in range(40):
        a_mark(world.group, a_learner(world.school, world.group, name="Lê Văn Số"))
    GradeSheet.objects.bulk_create(
        GradeSheet(
            path=sport.path,
            organisation=sport.organisation,
            class_group=sport.class_group,
            school_year=2026,
            term=1,
            subject=f"X{number}",
            is_scored=False,
        )
        for number in range(40)
    )

    with django_assert_num_queries(len(few) // 2):
        assert len(caller.list(name, limit=1000)) > 40
