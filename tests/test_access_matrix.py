"""Who gets what: every route by every method against every role and object, refused roles included.

The rows stand in ``tests/access/rows``; ``docs/access.md`` is printed from them.
"""

import re
from pathlib import Path

import pytest
from tools.access import page

from phuong.identity.api import roles_by_code
from tests.access.address import address_of
from tests.access.asking import Asking, undone
from tests.access.roles import ALL, WORLD
from tests.access.routes import METHODS, REST, ROSTER, Route, route_named, routes
from tests.access.row import RELATIONS, Row
from tests.access.rows import AREAS, MATRIX, doors

ROOT = Path(__file__).resolve().parents[1]
PAGES = [route for route in routes() if not route.name.startswith((REST, ROSTER))]
PUBLIC = {row.route for row in doors.ROWS}
# one of its kind in the world, or with no relation beside those of its rows
ALONE = {
    "academics:close_year",  # a year of the own school
    "academics:reopen_year",
    "academics:promotion",
    "academics:undo_promotion",
    "plans:settle",
    "plans:indicator",
    "oversight:decide_emergency",
    "oversight:reopen",
    "provisioning:domain",
    "provisioning:mailboxes_act",
}


def of(name: str) -> list[Row]:
    return [row for row in MATRIX if row.route == name]


@pytest.mark.slow
@pytest.mark.parametrize("area", AREAS)
def test_a_route_lets_in_exactly_its_roles(db: None, area: str) -> None:
    asking, wrong = Asking(), {}

    for row in AREAS[area]:
        for method in row.methods.split():
            got = asking.verdicts(row, method)
            for role, verdict in got.items():
                if verdict != ("in" if role in row.roles else "out"):
                    wrong[f"{method} {row} {role}"] = verdict

    assert wrong == {}


@pytest.mark.slow
def test_a_method_that_a_route_does_not_accept_does_nothing(db: None) -> None:
    asking, got = Asking(), {}

    for row in {row.route: row for row in MATRIX if row.roles}.values():
        route, role = route_named(row.route), sorted(row.roles)[0]
        for method in sorted({*METHODS} - {*route.methods} - as_post(route)):
            with undone():
                answer = getattr(asking.client(role), method.lower())(address_of(asking.world, row, role))
            got[f"{method} {row}"] = answer.status_code

    assert {name: status for name, status in got.items() if status != 405} == {}
    assert len(got) > 400


def as_post(route: Route) -> set[str]:
    """Give the methods that a page of django-allauth answers as it does POST, or sends elsewhere before it looks."""
    return {"PUT", "DELETE", "PATCH"} if hasattr(route.view, "view_class") else set()


@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.name)
def test_every_route_is_gated_and_has_a_row_for_each_method_and_relation(route: Route) -> None:
    rows = of(route.name)

    assert not route.name.endswith("None")
    assert route.is_public or route.gate is not None
    assert route.is_public == (route.name in PUBLIC)
    for relation in {row.of for row in rows}:
        methods = {method for row in rows if row.of == relation for method in row.methods.split()}
        assert methods == set(route.methods), relation
    assert rows


@pytest.mark.parametrize("name", sorted({row.route for row in MATRIX}))
def test_a_route_about_an_object_is_tried_with_one_of_somebody_else(name: str) -> None:
    rows = of(name)

    if re.search(r"<uuid:|<int:", route_named(name).path) and name not in ALONE:
        assert len({row.of for row in rows}) > 1


def test_rows_speak_of_known_roles_and_relations_and_none_is_said_twice() -> None:
    said = [(row.route, row.args, method, row.of) for row in MATRIX for method in row.methods.split()]

    assert set(ALL) == set(roles_by_code())
    assert {row.of for row in MATRIX} == set(RELATIONS)
    assert {role for row in MATRIX for role in row.roles} <= WORLD
    assert len(said) == len(set(said))


def test_the_page_of_the_matrix_is_up_to_date() -> None:
    written = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")

    assert written == page(), "run python tools/access.py"
