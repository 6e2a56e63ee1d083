"""The journal's pages: what opening a record leaves behind, who may search it, what a family is told."""

import ast
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from phuong.identity.testing import PASSWORD
from phuong.journal.declarations import AREAS
from phuong.kernel.audit import LIST_SEEN, SEEN, record
from phuong.kernel.models import AuditEntry
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.api import Organisation, Person
from tests.world import World, a_world

pytestmark = pytest.mark.django_db
SOURCE = Path(__file__).resolve().parents[1] / "src" / "phuong"


@pytest.fixture
def world() -> World:
    return a_world()


def openings(person: Person) -> list[tuple[str, str]]:
    """Give role and unit of each opening of a record, in order."""
    rows = AuditEntry.objects.filter(did=SEEN, about=person.pk).order_by("at")
    return list(rows.values_list("role", "unit"))


def page_of(client: Client, route: str, *arguments: Any, **query: Any) -> str:
    answer = client.get(reverse(route, args=arguments), query)
    assert answer.status_code == 200
    return answer.content.decode()


def body_of(page: str) -> str:
    """Give the rows of the table alone: the top bar names the reader."""
    return page.split("<tbody", 1)[1].split("</tbody>")[0]


def test_opening_a_record_is_kept_once_for_an_account_whatever_the_page(world: World) -> None:
    clerk = world.client("clerk")

    for _time in range(2):
        page_of(clerk, "registry:person", world.an.pk)
    page_of(clerk, "records:history", "learner", world.an.pk)
    page_of(clerk, "records:change", "learner", world.an.pk)
    page_of(world.client("teacher"), "registry:person", world.an.pk)

    assert openings(world.an) == [("clerk", "THCS Lạch Tray"), ("teacher", "THCS Lạch Tray")]


def test_a_refused_opening_is_no_opening(world: World) -> None:
    assert world.client("teacher").get(reverse("registry:person", args=[world.stranger.pk])).status_code == 404

    assert openings(world.stranger) == []


def test_the_family_opening_its_own_record_is_kept(world: World) -> None:
    page_of(world.client("guardian"), "registry:person", world.an.pk)

    entry = AuditEntry.objects.get(did=SEEN)
    assert (entry.role, entry.about, entry.path) == ("guardian", world.an.pk, world.school.path)


@pytest.mark.parametrize(
    ("route", "arguments", "on_id"),
    [
        ("registry:learners", [], "registry.learners"),
        ("registry:staff", [], "registry.staff"),
        ("registry:class", ["group"], ""),
        ("measures:records", ["=registry.learners_with_number", "school"], "registry.learners_with_number"),
    ],
)
def test_opening_a_list_of_people_is_kept(world: World, route: str, arguments: list[str], on_id: str) -> None:
    given = [name[1:] if name.startswith("=") else getattr(world, name).pk for name in arguments]

    page_of(world.client("principal"), route, *given)
    page_of(world.client("principal"), route, *given)

    entry = AuditEntry.objects.get(did=LIST_SEEN)
    assert entry.on_id == (on_id or str(given[0]))


def test_a_list_of_schools_leaves_no_line(world: World) -> None:
    page_of(world.client("principal"), "registry:schools")
    page_of(world.client("principal"), "measures:records", "registry.standard_primary", world.school.pk)

    assert not AuditEntry.objects.filter(did=LIST_SEEN).exists()


def test_a_changed_record_stands_in_the_journal_of_its_school(world: World) -> None:
    where = reverse("records:change", args=["learner", world.an.pk])
    officer = world.client("division_officer")
    form = officer.get(where).context["form"]
    sent = {name: value for name, value in form.initial.items() if value not in (None, "")}

    answer = officer.post(where, {**sent, "birthplace": "Kiến An", "reason": "bổ sung"})

    assert answer.status_code == 302
    entry = AuditEntry.objects.get(did="record.changed")
    assert (entry.about, entry.path) == (world.an.pk, world.school.path)
    assert "Sửa hồ sơ" in body_of(page_of(world.client("principal"), "journal:search", act="writing"))


def test_a_family_is_told_role_and_unit_and_no_name(world: World) -> None:
    for role in ("clerk", "department_leader", "guardian", "learner"):
        page_of(world.client(role), "registry:person", world.an.pk)

    rows = body_of(page_of(world.client("guardian"), "journal:openings", world.an.pk))

    assert "Văn thư" in rows
    assert "THCS Lạch Tray" in rows
    assert "Lãnh đạo Sở" in rows
    assert "Chính tài khoản này" in rows
    assert "Gia đình" in rows
    for account in world.accounts.values():
        assert account.display_name not in rows


def test_those_who_look_after_records_see_names_and_a_teacher_does_not(world: World) -> None:
    page_of(world.client("clerk"), "registry:person", world.an.pk)

    assert "Clerk" in body_of(page_of(world.client("principal"), "journal:openings", world.an.pk))
    assert "Clerk" not in body_of(page_of(world.client("teacher"), "journal:openings", world.an.pk))


def test_the_record_leads_to_who_opened_it(world: World) -> None:
    where = reverse("journal:openings", args=[world.an.pk])

    assert where in page_of(world.client("learner"), "registry:person", world.an.pk)


def test_a_record_nobody_opened_says_so(world: World) -> None:
    assert "Chưa ai mở hồ sơ này" in page_of(world.client("guardian"), "journal:openings", world.an.pk)


def test_the_journal_is_searched_by_person_account_act_record_and_days(world: World) -> None:
    page_of(world.client("clerk"), "registry:person", world.an.pk)
    page_of(world.client("division_officer"), "registry:person", world.stranger.pk)
    auditor = world.client("auditor")
    today = timezone.localdate()

    def found(**query: Any) -> int:
        return page_of(auditor, "journal:search", **query).count("person.seen")

    assert found() == 2
    assert found(person="đỗ khánh") == 1
    assert found(person="Không Ai") == 0
    assert found(who="clerk") == 1
    assert found(who=world.accounts["division_officer"].username) == 1
    assert found(record=str(world.stranger.pk)) == 1
    assert found(act="reading") == 2
    assert found(act="taking") == 0
    assert found(first=str(today), last=str(today)) == 2
    assert found(last="2026-01-01") == 0
    assert found(first="nonsense", last="9999-12-31", after="!!") == 2


def test_an_auditor_reads_whose_record_it_was_but_gets_no_way_into_it(world: World) -> None:
    page_of(world.client("clerk"), "registry:person", world.an.pk)
    where = reverse("registry:person", args=[world.an.pk])

    rows = body_of(page_of(world.client("auditor"), "journal:search"))

    assert world.an.full_name in rows
    assert where not in rows
    assert where in body_of(page_of(world.client("principal"), "journal:search"))


def test_a_principal_sees_the_journal_of_the_own_school_only(world: World) -> None:
    officer = world.client("division_officer")
    page_of(officer, "registry:person", world.an.pk)
    page_of(officer, "registry:person", world.stranger.pk)

    principal = world.client("principal")

    assert page_of(principal, "journal:search").count("person.seen") == 1
    assert page_of(principal, "journal:search", record=str(world.stranger.pk)).count("person.seen") == 0
    assert page_of(principal, "journal:search", person=world.stranger.full_name).count("person.seen") == 0


def test_signing_in_is_kept_as_the_act_of_the_account(world: World) -> None:
    sent = {"username": world.accounts["clerk"].username, "password": PASSWORD}

    assert Client().post(reverse("identity:sign_in"), sent).status_code == 302

    entry = AuditEntry.objects.get(did="identity.signed_in")
    assert (entry.account_id, entry.actor_name) == (world.accounts["clerk"].pk, "Clerk")


def statements(client: Client, where: str) -> int:
    assert client.get(where).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert client.get(where).status_code == 200
    ignored = ("SAVEPOINT", "RELEASE", "ROLLBACK TO")
    return len([each for each in queries.captured_queries if not each["sql"].startswith(ignored)])


def lines(world: World, people: list[Person], count: int) -> None:
    for number in range(count):
        person = people[number % len(people)]
        record("record.changed", on_kind="learner", on_id=person.pk, about=person.pk, path=world.school.path)


@pytest.mark.parametrize("route", ["journal:search", "journal:openings"])
def test_two_hundred_lines_take_as_few_statements_as_two(world: World, route: str) -> None:
    client = world.client("principal")
    people = list(Person.objects.filter(place=Organisation.objects.get(pk=world.school.pk)))
    where = reverse(route, args=[world.an.pk] if route == "journal:openings" else []) + "?size=100"
    with acting(SYSTEM):
        lines(world, people, 2)
    with_two = statements(client, where)

    with acting(SYSTEM):
        lines(world, people if route == "journal:search" else [world.an], 198)
    with_many = statements(client, where)

    assert with_many == with_two
    assert with_many <= 16


def test_the_pages_of_the_journal_go_on_without_a_line_twice(world: World) -> None:
    with acting(SYSTEM):
        lines(world, [world.an], 60)
    client, where, found = world.client("principal"), "?act=writing", []
    while where:
        page = client.get(reverse("journal:search") + where).context["table"].pager
        found += [row.pk for row in page.rows]
        where = page.next_url

    assert len(found) == len(set(found)) == 60
    assert found == sorted(found, reverse=True)


def test_every_kept_act_belongs_to_an_area_with_a_name() -> None:
    kept = {
        node.args[0].value
        for file in SOURCE.rglob("*.py")
        if "tests" not in file.parts
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("record", "seen", "record_refusal")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }

    assert {did.partition(".")[0] for did in kept} - set(AREAS) == set()
    assert "registry.exported" in kept
