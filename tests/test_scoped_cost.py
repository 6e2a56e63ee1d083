"""Kolibri #7299, #6008: a hierarchical filter of roles that costs more with every other school. Here it does not."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from phuong.kernel.keys import uuid7
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.kernel.text import name_sort_key, search_key, vi_key
from phuong.registry.api import Organisation, Person
from phuong.registry.testing import a_commune
from tests.world import World, a_world

FEW, MANY, PEOPLE = 3, 300, 40
MOST_RATIO = 1.5
LISTS = ["registry:learners", "registry:staff"]


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def other_schools(count: int, *, first: int) -> None:
    """Add ``count`` schools across the river with 40 learners and 4 teachers each, in two statements."""
    commune = Organisation.objects.filter(code="11999").first() or a_commune("11999")
    schools = [
        Organisation(
            id=uuid7(),
            kind="school",
            path=f"{commune.path}.s{number}",
            code=f"s{number}",
            parent=commune,
            territory=commune,
            name=f"Trường {number}",
            short_name=f"Trường {number}",
            name_key=vi_key(f"Trường {number}"),
            search_key=search_key(f"Trường {number}"),
        )
        for number in range(first, first + count)
    ]
    Organisation.objects.bulk_create(schools)
    Person.objects.bulk_create(
        [
            Person(
                id=uuid7(),
                place=school,
                path=school.path,
                full_name=f"Nguyễn Văn {number}",
                name_key=name_sort_key(f"Nguyễn Văn {number}"),
                search_key=search_key(f"Nguyễn Văn {number}"),
                sex="male",
                is_learner=number % 10 != 0,
                is_staff=number % 10 == 0,
            )
            for school in schools
            for number in range(PEOPLE + 4)
        ],
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("select kernel_scope()")


def statements(world: World, route: str, role: str = "principal") -> list[str]:
    """Give the statements that the list of a role asks."""
    client = world.client(role)
    client.get(reverse(route))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse(route)).status_code == 200
    return [each["sql"] for each in asked]


def the_list(asked: list[str]) -> str:
    return next(sql for sql in asked if 'FROM "registry_person"' in sql and "LIMIT" in sql)


def buffers(sql: str, actor: Actor) -> tuple[int, int]:
    """Run a statement as somebody; gives the pages it touched and the rows it looked at and threw away."""
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, buffers, format json) {sql}".replace("%", "%%"))
        found = cursor.fetchone()[0]
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], _thrown(plan)


def _thrown(plan: dict[str, Any]) -> int:
    own = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
    return int(own) + sum(_thrown(each) for each in plan.get("Plans", []))


@pytest.mark.slow
@pytest.mark.parametrize("route", LISTS)
def test_scoped_list_constant_cost(world: World, route: str) -> None:
    principal = Actor(scope=world.school.path, permissions=SYSTEM.permissions)
    other_schools(FEW, first=0)
    few = statements(world, route)
    sql = the_list(few)
    few_pages, few_thrown = buffers(sql, principal)

    other_schools(MANY - FEW, first=FEW)
    many = statements(world, route)
    many_pages, many_thrown = buffers(sql, principal)
    whole_pages, _thrown_away = buffers(sql, SYSTEM)

    assert len(many) == len(few)
    assert many_pages <= MOST_RATIO * whole_pages + 2


@pytest.mark.parametrize("role", ["commune_officer", "department_leader"])
@pytest.mark.parametrize("route", LISTS)
def test_a_list_of_any_scope_is_read_along_an_index(world: World, route: str, role: str) -> None:
    sql = the_list(statements(world, route, role))

    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off; set local enable_bitmapscan = off")
        cursor.execute(f"explain {sql}".replace("%", "%%"))
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Index Scan" in plan
    assert "Sort" not in plan, plan
