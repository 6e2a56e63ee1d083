"""The right comes first, then the proof: nobody is asked for a proof of what is not theirs."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from phuong.identity.api import Account
from phuong.identity.testing import PASSWORD, an_account, assign
from phuong.kernel.gates import FRESH
from phuong.oversight.models import ExportCap, RoleRequest
from phuong.registry.testing import a_commune, a_province, a_school
from tests.access.address import address_of, body_of
from tests.access.asking import Asking, undone
from tests.access.roles import NONE
from tests.access.routes import routes
from tests.access.row import Row
from tests.access.rows import MATRIX
from tests.access.things import THINGS, a_role_request
from tests.world import World, a_world

PROOF = "/tai-khoan/xac-nhan/"
REFUSED = {403, 404, 409}
NOT_TO_GIVE = {"oversight:decide": {422}}  # elsewhere 422 is what was typed
KEY = "=00000000-0000-7000-8000-00000000000a"
SOME = ("division_officer", "system_operator", "commune_officer", "principal", "clerk", "teacher", "guardian")
FRESH_ROUTES = {route.name for route in routes() if getattr(route.view, FRESH, None) is not None}
# beside the rows of the matrix: what nobody has, acts that there are not, what one may not decide oneself
FURTHER = [
    Row("signon:act", "site =gi-do", "", "POST", NONE),
    Row("signon:act", f"{KEY} =dung", "", "POST", NONE),
    Row("provisioning:act", "system =gi-do", "", "GET POST", NONE),
    Row("provisioning:act", f"{KEY} =ngung", "", "POST", NONE),
    Row("oversight:decide", "role_request =duyet", "", "POST", NONE),
    Row("oversight:decide", "role_request =gi-do", "", "POST", NONE),
    Row("oversight:decide", "own_request =duyet", "", "POST", NONE),
    Row("oversight:decide", f"{KEY} =duyet", "", "POST", NONE),
    Row("oversight:decide_emergency", "emergency_use =duyet", "", "POST", NONE),
    Row("oversight:decide_emergency", "emergency_use =gi-do", "", "POST", NONE),
    Row("oversight:decide_emergency", f"{KEY} =da-xem", "", "POST", NONE),
    Row("oversight:answer", "support_asked =thu-hoi", "", "POST", NONE),
    Row("oversight:answer", "support_asked =gi-do", "", "POST", NONE),
    Row("oversight:answer", f"{KEY} =duyet", "", "POST", NONE),
    Row("oversight:reopen", KEY, "", "POST", NONE, body="because=x"),
    Row("onboarding:renew_one", "school lan", "", "POST", NONE),
    Row("onboarding:renew_one", "school colleague", "", "POST", NONE),
    Row("onboarding:renew_one", "other_school stranger", "", "POST", NONE),
    Row("onboarding:renew_one", f"school {KEY}", "", "POST", NONE),
    Row("onboarding:renew_class", KEY, "", "POST", NONE),
]
CASES = [
    (row, method)
    for row in [*MATRIX, *FURTHER]
    if row.route in FRESH_ROUTES
    for method in row.methods.split()
    if method in ("GET", "POST")
]


def own_request(world: World) -> RoleRequest:
    """A request of the division officer for a role, which another person must approve."""
    request = a_role_request(world, world.commune)
    RoleRequest.objects.filter(pk=request.pk).update(asked_by=world.accounts["division_officer"])
    return request


def asked(asking: Asking, row: Row, method: str, role: str, *, proved: bool) -> tuple[int, str]:
    """Ask as a role that gave its proof just now, or did not, then undo it; gives the status and where it leads."""
    with undone():
        where, body = address_of(asking.world, row, role), body_of(asking.world, row, role)
        client = asking.client(role)
        if not proved:
            session = client.session
            del session["account_authentication_methods"]
            session.save()
        answer: Any = getattr(client, method.lower())(where, body if method == "POST" else None)
    return answer.status_code, answer.get("Location", "")


@pytest.mark.slow
def test_who_is_refused_with_a_proof_is_refused_without_one(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(THINGS, "own_request", own_request)
    asking, wrong, told = Asking(), [], set()

    for row, method in CASES:
        for role in SOME:
            proved = asked(asking, row, method, role, proved=True)
            without = asked(asking, row, method, role, proved=False)
            is_refused = proved[0] in (REFUSED | NOT_TO_GIVE.get(row.route, set()))
            is_right = without[0] == proved[0] if is_refused else without[1].startswith(PROOF)
            told.add((row.route, is_refused))
            if not is_right or proved[1].startswith(PROOF):
                wrong.append((f"{method} {row} {role}", proved, without))

    assert wrong == []
    never = {("identity:unlink_vneid", True), ("identity:link_vneid", False)}  # open to all; not set up here
    assert told == {(route, said) for route in FRESH_ROUTES for said in (True, False)} - never


def test_the_right_is_looked_at_before_the_second_factor_too(db: None, settings: Any) -> None:
    settings.PHUONG_MFA = "required"
    world = a_world()
    nothing = address_of(world, Row("oversight:decide_emergency", f"{KEY} =da-xem", "", "POST", NONE), "")

    assert world.client("division_officer").post(nothing).status_code == 404


def use(client: Client, account: Account, role: str, **facts: Any) -> None:
    """Take on one of the account's roles in this browser."""
    session = client.session
    session.update({"role": str(account.roles.get(role=role).pk), **facts})
    session.save()


def test_an_act_that_waited_for_a_proof_is_not_done_in_another_role(db: None) -> None:
    account = an_account("system_operator", a_province(), username="tuan")
    assign(account, "clerk", a_school(a_commune("11311")))
    client, page = Client(), reverse("oversight:cap")
    client.post("/dang-nhap/", {"username": "tuan", "password": PASSWORD})
    long_ago = [{"method": "password", "at": 0, "reauthenticated": True}]
    use(client, account, "system_operator", account_authentication_methods=long_ago)
    waits = client.post(page, {"role": "principal", "rows": "5", "units": "5"})["Location"]

    use(client, account, "clerk")
    refused = client.post(waits, {"password": PASSWORD})
    use(client, account, "system_operator")
    proved = client.post(waits, {"password": PASSWORD})

    assert (refused.status_code, ExportCap.objects.count()) == (404, 0)
    assert (proved.status_code, proved["Location"], ExportCap.objects.count()) == (302, page, 0)
