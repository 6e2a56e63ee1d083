"""The offices that take data in: certificates, signed requests, each batch once, rows by contract, totals."""

import json
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.outside import Outside
from tests.sharing import held, lose, rows_of

from phuong_sandbox.tests.test_lgsp import signed_call

BELOW = "/v1/city/schools"
TEXT = {"type": "string", "title": "x", "x-title-en": "x"}
FIELDS = {
    "id": TEXT,
    "commune_code": {**TEXT, "maxLength": 5},
    "unit_code": {**TEXT, "minLength": 1},
    "level": {**TEXT, "enum": ["primary"]},
    "opened_on": {**TEXT, "type": ["string", "null"], "format": "date"},
    "seats": {"type": "integer", "minimum": 0, "maximum": 9},
    "in_use": {"type": "boolean"},
}
SCHEMA = {"type": "object", "additionalProperties": False, "required": list(FIELDS), "properties": FIELDS}
ROW = {"id": "a", "commune_code": "11311", "unit_code": "u1", "level": "primary", "opened_on": None, "seats": 0}
GOOD = {**ROW, "in_use": True}


def ask(outside: Outside, method: str, path: str, told: Any = None, **changed: Any) -> httpx.Response:
    body = json.dumps(told, ensure_ascii=False).encode() if told is not None else b""
    papers = Path(outside.intake_papers)
    return signed_call(outside.intake, papers, method, f"{BELOW}{path}", body, **changed)


def announce(outside: Outside, delivery: str = "d1", kind: str = "full", **facts: Any) -> httpx.Response:
    told = {"id": delivery, "kind": kind, "why": "asked", "basis": "NĐ", "contract": {"version": 1, "schema": SCHEMA}}
    return ask(outside, "POST", "/deliveries", {**told, **facts})


def bring(outside: Outside, *rows: Any, delivery: str = "d1", number: int = 1, **changed: Any) -> httpx.Response:
    told = {"rows": list(rows), "removed": changed.pop("removed", [])}
    return ask(outside, "PUT", f"/deliveries/{delivery}/batches/{number}", told, **changed)


def end(outside: Outside, batches: int, rows: int, delivery: str = "d1") -> httpx.Response:
    return ask(outside, "POST", f"/deliveries/{delivery}/close", {"batches": batches, "rows": rows})


def test_a_delivery_is_announced_brought_and_closed_and_its_totals_are_told(outside: Outside) -> None:
    opened = announce(outside)
    brought = bring(outside, GOOD, {**GOOD, "id": "b", "unit_code": "u2"})
    closed = end(outside, 1, 2)

    by_commune = ask(outside, "GET", "/totals").json()["totals"]
    by_unit = ask(outside, "GET", "/totals?commune=11311").json()["totals"]

    assert (opened.status_code, brought.status_code, closed.json()) == (201, 201, {"rows": 2})
    assert by_commune["11311"][0] == 2
    assert {unit: rows for unit, (rows, _digest) in by_unit.items()} == {"u1": 1, "u2": 1}
    digests = sum(int(digest, 16) for _rows, digest in by_unit.values())
    assert int(by_commune["11311"][1], 16) == digests % 16**15
    assert "city/schools" in outside.ask("GET", "warehouse/").text


def test_a_batch_that_comes_again_is_not_taken_again_and_another_under_its_number_is_refused(outside: Outside) -> None:
    announce(outside)
    key = str(uuid.uuid4())
    first = bring(outside, GOOD, request_id=key)

    again = bring(outside, GOOD, request_id=key)
    other = bring(outside, {**GOOD, "seats": 1}, request_id=key)
    twice = bring(outside, GOOD)

    assert [each.status_code for each in (first, again, other, twice)] == [201, 200, 409, 409]
    assert again.json() == {"rows": 1, "again": True}
    there = held(outside, "city/schools")
    assert (there["again"], there["twice"], rows_of(outside, "city/schools")) == (1, 2, {"a": GOOD})


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({**GOOD, "more": 1}, "fields"),
        (ROW, "fields"),
        (dict(reversed(GOOD.items())), "fields"),
        ({**GOOD, "level": "x"}, "level"),
        ({**GOOD, "level": None}, "level"),
        ({**GOOD, "commune_code": "113110"}, "commune_code"),
        ({**GOOD, "unit_code": ""}, "unit_code"),
        ({**GOOD, "opened_on": "2026-13-01"}, "opened_on"),
        ({**GOOD, "seats": 10}, "seats"),
        ({**GOOD, "seats": True}, "seats"),
        ({**GOOD, "in_use": 1}, "in_use"),
    ],
)
def test_a_row_that_is_not_as_the_contract_says_refuses_its_whole_batch(
    outside: Outside, row: dict[str, Any], fault: str
) -> None:
    announce(outside)

    answer = bring(outside, {**GOOD, "id": "b"}, row)

    assert (answer.status_code, answer.json()["error"]) == (422, f"row 2: {fault}")
    assert rows_of(outside, "city/schools") == {}


def test_another_schema_under_a_known_version_is_refused(outside: Outside) -> None:
    announce(outside)
    other = {**SCHEMA, "properties": {**FIELDS, "seats": {"type": "string"}}}

    answer = announce(outside, "d2", contract={"version": 1, "schema": other})
    newer = announce(outside, "d3", contract={"version": 2, "schema": other})

    assert (answer.status_code, answer.json()) == (409, {"error": "contract_changed"})
    assert newer.status_code == 201


def test_what_a_delivery_of_everything_or_of_units_does_not_bring_is_gone(outside: Outside) -> None:
    there = {**GOOD, "id": "b", "unit_code": "u2"}
    announce(outside)
    bring(outside, GOOD, there, {**GOOD, "id": "c"})
    end(outside, 1, 3)

    announce(outside, "d2", "mend", units=["u1"])
    bring(outside, GOOD, delivery="d2")
    end(outside, 1, 1, "d2")
    mended = sorted(rows_of(outside, "city/schools"))
    announce(outside, "d3", "changes")
    bring(outside, removed=["b", "unknown"], delivery="d3")
    end(outside, 1, 0, "d3")
    changed = sorted(rows_of(outside, "city/schools"))
    announce(outside, "d4")
    end(outside, 0, 0, "d4")

    assert (mended, changed, rows_of(outside, "city/schools")) == (["a", "b"], ["a"], {})


def test_an_end_that_does_not_add_up_is_refused(outside: Outside) -> None:
    announce(outside)
    bring(outside, GOOD, number=2)

    lacking, other = end(outside, 2, 1), end(outside, 0, 2)

    assert (lacking.status_code, lacking.json()) == (409, {"error": "incomplete", "missing": [1]})
    assert other.status_code == 409
    assert end(outside, 0, 0, "d9").status_code == 404


def test_who_shows_no_certificate_or_does_not_sign_is_not_let_in(outside: Outside) -> None:
    with pytest.raises(httpx.HTTPError):
        ask(outside, "GET", "/totals", pair=None)
    unsigned = ask(outside, "GET", "/totals", signature="x.y.z")
    unknown = ask(outside, "GET", "/totals", pair="unknown")

    assert (unsigned.status_code, unknown.status_code) == (401, 401)


def test_failures_can_be_switched_on_by_act(outside: Outside) -> None:
    outside.fail("warehouse", down="open", refuse="city/*")

    down = announce(outside)
    outside.fail("warehouse", down="", lost="open")
    lost = announce(outside)
    refused = bring(outside, GOOD)

    assert (down.status_code, lost.status_code, refused.status_code) == (503, 504, 422)
    assert len(held(outside, "city/schools")["deliveries"]) == 1


def test_rows_can_be_lost(outside: Outside) -> None:
    announce(outside)
    bring(outside, GOOD, {**GOOD, "id": "b", "unit_code": "u2"})

    assert lose(outside, "city/schools", unit="u2") == 1
    assert sorted(rows_of(outside, "city/schools")) == ["a"]
    assert outside.ask("POST", "warehouse/lose.json", json={"service": "x"}).status_code == 404
