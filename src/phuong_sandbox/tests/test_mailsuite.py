"""A mail suite kept over SCIM."""

import json
from typing import Any

import httpx
import pytest
from tests.outside import Outside

KEY = {"Authorization": "Bearer phuong-sandbox", "Content-Type": "application/scim+json"}
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def ask(outside: Outside, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
    content = None if body is None else json.dumps(body)
    return outside.ask(method, f"mailsuite/scim/v2{path}", content=content, **{"headers": KEY, **options})


def make(outside: Outside, address: str = "lan@x.vn", **facts: Any) -> httpx.Response:
    return ask(outside, "POST", "/Users", {"schemas": [USER], "userName": address, "externalId": "7", **facts})


def kept_by(outside: Outside) -> list[dict[str, Any]]:
    return list(outside.ask("GET", "mailsuite/messages.json").json()["messages"])


def test_a_mailbox_is_made_found_renamed_and_suspended(outside: Outside) -> None:
    made = make(outside, displayName="Lan")
    found = ask(outside, "GET", "/Users", params={"filter": 'externalId eq "7"'}).json()["Resources"][0]
    body = {**found, "userName": "lan.anh@x.vn", "active": False, "emails": [{"value": "lan@x.vn"}]}
    changed = ask(outside, "PUT", f"/Users/{found['id']}", body)

    assert (made.status_code, changed.status_code) == (201, 200)
    (box,) = kept_by(outside)
    assert (box["address"], box["aliases"], box["active"]) == ("lan.anh@x.vn", ["lan@x.vn"], False)
    page = outside.ask("GET", "mailsuite/").text
    assert "lan.anh@x.vn" in page
    assert "đã khóa" in page


def test_an_address_or_an_alias_belongs_to_one(outside: Outside) -> None:
    make(outside, emails=[{"value": "cu@x.vn"}])

    assert make(outside, "LAN@x.vn", externalId="8").status_code == 409
    assert make(outside, "cu@x.vn", externalId="8").status_code == 409
    assert len(kept_by(outside)) == 1


def test_a_caller_without_the_key_is_not_served(outside: Outside) -> None:
    answer = ask(outside, "GET", "/Users", headers={"Authorization": "Bearer guess"})

    assert answer.status_code == 401
    assert make(outside).status_code == 201


@pytest.mark.parametrize(("switch", "status"), [("busy", 429), ("down", 503), ("conflict", 409)])
def test_failures_meet_the_addresses_they_name(outside: Outside, switch: str, status: int) -> None:
    outside.fail("mailsuite", **{switch: "lan@*"})

    refused = make(outside)

    assert refused.status_code == status
    assert ("Retry-After" in refused.headers) == (status == 429)
    assert make(outside, "mai@x.vn").status_code == 201
    assert [box["address"] for box in kept_by(outside)] == ["mai@x.vn"]


def test_an_answer_may_be_lost_after_the_work_is_done(outside: Outside) -> None:
    outside.fail("mailsuite", lost="*")

    assert make(outside).status_code == 504
    assert [box["address"] for box in kept_by(outside)] == ["lan@x.vn"]


def test_what_is_no_scim_is_refused(outside: Outside) -> None:
    for body in ([], {"schemas": [USER]}, "x"):
        assert ask(outside, "POST", "/Users", body).status_code == 400
    assert ask(outside, "GET", "/Nothing").status_code == 404
    assert kept_by(outside) == []
