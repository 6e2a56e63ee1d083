"""Nothing that can be typed, ticked, attached or sent breaks a page: no form, address or call answers with a fault.

Of all that could be thrown a part is, another one for each ``PHUONG_FUZZ_SEED``; ``PHUONG_FUZZ_TIMES=50`` throws fifty
times as much.
"""

import datetime as dt
import os
from random import Random

import pytest
import time_machine
from django.utils import timezone

from phuong.provisioning.testing import a_system
from tests.access.address import address_of, thing
from tests.access.asking import undone
from tests.access.roles import DESK
from tests.access.rows.calls import CALLS
from tests.calling import key_of
from tests.fuzz.attacks import Attack, Most, calls
from tests.fuzz.throwing import POWERFUL, Throwing, rows

SEED = os.environ.get("PHUONG_FUZZ_SEED", "2026")
TIMES = int(os.environ.get("PHUONG_FUZZ_TIMES", "1"))
FORMS, CALL = Most(whole=TIMES, fields=TIMES), 3 * TIMES
USER = '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "an", "displayName": "An"}'
PATCH = (
    '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],'
    ' "Operations": [{"op": "replace", "path": "active", "value": false}]}'
)
SCIM = [
    ("GET", 'Users?filter=userName eq "x"', ""),
    ("POST", "Users", USER),
    ("PUT", "Users/x", USER),
    ("PATCH", "Users/x", PATCH),
    ("DELETE", "Users/x", ""),
    ("GET", "Groups", ""),
    ("POST", "Groups", USER),
    ("POST", ".search", '{"filter": "userName pr"}'),
    ("GET", "Schemas/x", ""),
]


def proved(throwing: Throwing) -> None:
    print(throwing.report())  # what a failing assert would cut short
    assert throwing.faults == {}


@pytest.mark.slow
def test_no_form_and_no_address_answers_with_a_fault(db: None) -> None:
    throwing = Throwing(SEED)

    throwing.go_half_way()
    for act in (throwing.look, lambda row: throwing.attack(row, FORMS)):
        for row in rows():
            act(row)

    proved(throwing)
    assert len(throwing.finder.known) > 200


@pytest.mark.slow
def test_no_call_of_another_system_answers_with_a_fault(db: None) -> None:
    throwing, chance = Throwing(SEED), Random(SEED)
    world = throwing.asking.world
    key, scim = key_of(world, world.province), a_system(world.school).key

    def attack(shown: str, method: str, where: str, body: str) -> None:
        for one in calls(method, where, body, CALL, chance):
            headers = {"Authorization": f"Bearer {shown}"}
            throwing.throw(where, Attack(method, one.where, one.body, {**one.how, "headers": headers}))

    for method, path, body in SCIM:
        attack(scim, method, f"/scim/v2/{path}", body)
    for call in CALLS:
        with undone():
            one = str(thing(world, call.things[0]).pk) if call.things else ""
            attack(key, call.method, "/api/v1/" + call.path.replace("*", one), call.body.replace("*", one))

    proved(throwing)
    assert throwing.thrown.total() > 100


@pytest.mark.slow
def test_every_page_opens_at_a_past_day(db: None) -> None:
    made_on = timezone.localdate() - dt.timedelta(days=2)
    with time_machine.travel(timezone.now() - dt.timedelta(days=2)):
        throwing = Throwing(SEED)
    throwing.asking.sign_in()

    for row in rows():
        if "GET" in row.methods and (role := next((role for role in POWERFUL if role in row.roles & DESK), "")):
            with undone():
                where = address_of(throwing.asking.world, row, role)
                throwing.throw(role, Attack("GET", f"{where}{'&' if '?' in where else '?'}as_of={made_on}"))

    proved(throwing)
    assert throwing.thrown.total() > 100
