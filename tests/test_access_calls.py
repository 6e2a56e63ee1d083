"""What each key opens: every call of the REST interface against every permission, with objects of both schools."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from phuong.gateway.access import GRANTABLE, forget_callers
from tests.access.address import thing
from tests.access.asking import OUT, undone
from tests.access.routes import REST, routes
from tests.access.rows.calls import CALLS, Call
from tests.calling import key_of
from tests.world import World, a_world

OF_PROVINCE = {"plans/ke-hoach/doubts/*/settlement"}  # for keys of the whole province
REFUSED = (*OUT, 500)
FILES = {f"{REST}{act}" for act in ("list_files", "get_file", "keep_file")}  # tests/test_api.py
UNLISTED = {f"{REST}api-root", *FILES}  # the first answers 404


@pytest.fixture
def world(db: None) -> Iterator[World]:
    forget_callers()
    yield a_world()
    forget_callers()


def status(world: World, call: Call, key: str, which: int = 0) -> int:
    """Call about the thing of the own school (0) or of the other (1), and undo it."""
    with undone():
        one = str(thing(world, call.things[which]).pk) if call.things else ""
        body = {"data": call.body.replace("*", one), "content_type": "application/json"} if call.body else {}
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        ask = getattr(Client(), call.method.lower())
        return int(ask(f"/api/v1/{call.path.replace('*', one)}", **body, headers=headers).status_code)


@pytest.mark.slow
def test_a_call_is_answered_to_exactly_the_keys_that_hold_its_permissions(world: World) -> None:
    held: dict[tuple[frozenset[str], str], str] = {}
    wrong: dict[str, object] = {}

    def key(permissions: frozenset[str], place: Any) -> str:
        named = (permissions, place.path)
        held[named] = held.get(named) or key_of(world, place, permissions=permissions)
        return held[named]

    for call in CALLS:
        place = world.province if call.path in OF_PROVINCE else world.school
        every = frozenset(GRANTABLE)
        got = {
            "none": status(world, call, ""),
            "just these": status(world, call, key(call.needs, place)),
            **{one: status(world, call, key(every - {one}, place)) for one in call.needs},
        }
        if got.pop("none") != 401 or got.pop("just these") in REFUSED or set(got.values()) - {404}:
            wrong[str(call)] = got

    assert wrong == {}


@pytest.mark.slow
def test_what_lies_at_another_school_is_there_for_no_key_of_this_one(world: World) -> None:
    key = key_of(world)

    got = {str(call): status(world, call, key, 1) for call in CALLS if call.things}

    assert {name: found for name, found in got.items() if found != 404} == {}


def test_every_call_of_the_interface_is_in_the_matrix() -> None:
    known = [route for route in routes() if route.name.startswith(REST) and route.name not in UNLISTED]
    shapes = {(method, _shape(route.path)) for route in known for method in route.methods}

    assert {(call.method, _shape("api/v1/" + call.path.split("?")[0])) for call in CALLS} == shapes


def _shape(path: str) -> str:
    """Write an address with ``*`` for what changes in it."""
    filled = re.sub(r"<[^>]+>|(?<=plans/)ke-hoach|(?<=code-lists/)sex", "*", path)
    return filled.rstrip("/")
