"""The right comes first, then the proof: nobody is asked for a proof of what is not theirs."""

import time
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import transaction
from django.test import Client
from django.urls import reverse

from phuong.kernel.gates import FRESH
from phuong.oversight.models import RoleRequest
from phuong.plans.testing import an_indicator
from tests.test_access_matrix import MADE, ROUTES, a_role_request, address
from tests.world import ROLES, World, a_world

PROOF = "/tai-khoan/xac-nhan/"
REFUSED = {403, 404, 409}
NOT_TO_GIVE = {"oversight:decide": {422}}  # elsewhere 422 is what was typed
KEY = "=00000000-0000-7000-8000-00000000000a"
# route, arguments (one of the own place, one of another, one of nobody, an act that is none), method
CASES = [
    ("identity:link_vneid", [], "post"),
    ("identity:unlink_vneid", [], "post"),
    ("signon:register", [], "get"),
    ("signon:act", ["site", "=giu"], "post"),
    ("signon:act", ["site", "=gi-do"], "post"),
    ("signon:act", [KEY, "=dung"], "post"),
    ("onboarding:renew_one", ["school", "an"], "post"),
    ("onboarding:renew_one", ["school", "lan"], "post"),
    ("onboarding:renew_one", ["school", "colleague"], "post"),
    ("onboarding:renew_one", ["school", "stranger"], "post"),
    ("onboarding:renew_one", ["other_school", "stranger"], "post"),
    ("onboarding:renew_one", ["school", KEY], "post"),
    ("onboarding:renew_class", ["group"], "post"),
    ("onboarding:renew_class", ["other_group"], "post"),
    ("provisioning:new_system", [], "get"),
    ("provisioning:act", ["system", "=doi-khoa"], "get"),
    ("provisioning:act", ["other_system", "=doi-khoa"], "get"),
    ("provisioning:act", ["system", "=doi-khoa"], "post"),
    ("provisioning:act", ["system", "=gi-do"], "post"),
    ("provisioning:act", ["other_system", "=ngung"], "post"),
    ("provisioning:act", [KEY, "=ngung"], "post"),
    ("oversight:give", [], "get"),
    ("oversight:give", ["?school"], "post"),
    ("oversight:give", ["?other_school"], "post"),
    ("oversight:decide", ["role_request", "=duyet"], "post"),
    ("oversight:decide", ["role_request", "=tu-choi"], "post"),
    ("oversight:decide", ["role_request", "=gi-do"], "post"),
    ("oversight:decide", ["own_request", "=duyet"], "post"),
    ("oversight:decide", [KEY, "=duyet"], "post"),
    ("oversight:emergency", [], "get"),
    ("oversight:emergency", [], "post"),
    ("oversight:decide_emergency", ["emergency_use", "=da-xem"], "post"),
    ("oversight:decide_emergency", ["emergency_use", "=duyet"], "post"),
    ("oversight:decide_emergency", ["emergency_use", "=gi-do"], "post"),
    ("oversight:decide_emergency", [KEY, "=da-xem"], "post"),
    ("oversight:answer", ["support_asked", "=duyet"], "post"),
    ("oversight:answer", ["support_asked", "=thu-hoi"], "post"),
    ("oversight:answer", ["support_asked", "=gi-do"], "post"),
    ("oversight:answer", ["support_across", "=duyet"], "post"),
    ("oversight:answer", [KEY, "=duyet"], "post"),
    ("oversight:cap", [], "post"),
    ("oversight:reopen", ["export_stop"], "post"),
    ("oversight:reopen", [KEY], "post"),
]


@pytest.fixture
def world(db: None) -> World:
    an_indicator()
    return a_world()


def proved(client: Client) -> Client:
    """Let a browser have given its proof just now."""
    session = client.session
    session["account_authentication_methods_user"] = session[SESSION_KEY]
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()
    return client


def own_request(world: World) -> RoleRequest:
    """A request of the division officer for a role, which another person must approve."""
    request = a_role_request(world)
    RoleRequest.objects.filter(pk=request.pk).update(asked_by=world.accounts["division_officer"])
    return request


def where_of(world: World, route: str, names: list[str]) -> str:
    if any(name.startswith("?") for name in names):
        unit = getattr(world, names[0][1:])
        return f"{reverse(route)}?unit={unit.pk}"
    return address(world, route, names)


def asked(client: Client, method: str, where: str) -> tuple[int, str]:
    """Ask, then undo what it did; gives the status and where it leads."""
    with transaction.atomic():
        answer: Any = getattr(client, method)(where, {"because": "x"} if method == "post" else {})
        transaction.set_rollback(True)
    return answer.status_code, answer.get("Location", "")


def test_every_route_that_asks_for_a_proof_stands_in_the_table() -> None:
    fresh = {name for name, pattern in ROUTES if getattr(pattern.callback, FRESH, None) is not None}

    assert {route for route, _names, _method in CASES} == fresh


@pytest.mark.slow
def test_who_is_refused_with_a_proof_is_refused_without_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MADE, "own_request", own_request)

    wrong, told = [], set()
    for route, names, method in CASES:
        where = where_of(world, route, names)
        for role in ROLES:
            with_proof = asked(proved(world.client(role)), method, where)
            without = asked(world.client(role), method, where)
            is_refused = with_proof[0] in (REFUSED | NOT_TO_GIVE.get(route, set()))
            is_right = without[0] == with_proof[0] if is_refused else without[1].startswith(PROOF)
            told.add((route, is_refused))
            if not is_right or with_proof[1].startswith(PROOF):
                wrong.append((route, names, role, with_proof, without))

    assert wrong == []
    open_to_all = {(route, True) for route in ("identity:unlink_vneid",)}
    closed_to_all = {(route, False) for route in ("identity:link_vneid",)}  # VNeID is not set up here
    assert told == {(route, said) for route, _names, _method in CASES for said in (True, False)} - (
        open_to_all | closed_to_all
    )


def test_the_right_is_looked_at_before_the_second_factor_too(world: World, settings: Any) -> None:
    settings.PHUONG_MFA = "required"
    across = where_of(world, "oversight:decide_emergency", [KEY, "=da-xem"])

    assert world.client("division_officer").post(across).status_code == 404
