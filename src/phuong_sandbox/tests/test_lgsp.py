"""The gateway to the population database: certificates on both ends, signed requests, answers later, quotas."""

import datetime as dt
import hashlib
import json
import ssl
import time
import uuid
from base64 import b64encode, urlsafe_b64encode
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import ECKey
from tests.outside import Outside

AN = {"number": "031212000001", "full_name": "Đỗ Khánh An", "birth_date": "2012-05-31", "sex": "male"}
LAN = {"number": "031190000002", "full_name": "Nguyễn Thị Lan", "birth_date": "1990-04-12", "sex": "female"}
PATH = "/v1/checks"


def digest_of(body: bytes) -> str:
    return f"sha-256=:{b64encode(hashlib.sha256(body).digest()).decode()}:"


def signed_call(root: str, papers: Path, method: str, path: str, body: bytes = b"", **changed: Any) -> httpx.Response:
    """Call as the registered client does; ``changed`` replaces what makes the call good."""
    request_id = changed.get("request_id") or str(uuid.uuid4())
    at = changed.get("at") or f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    digest = changed.get("digest") or digest_of(body)
    payload = "\n".join((method, path, request_id, at, digest)).encode()
    key = ECKey.import_key((papers / changed.get("signed_with", "client.key")).read_bytes())
    signature = jws.detach_content(jws.serialize_compact({"alg": "ES256"}, payload, key, algorithms=["ES256"]))
    headers = {
        "X-Request-Id": request_id,
        "X-Signed-At": at,
        "Content-Digest": digest,
        "X-JWS-Signature": changed.get("signature", signature),
    }
    context = ssl.create_default_context(cafile=str(papers / "ca.pem"))
    if pair := changed.get("pair", "client"):
        context.load_cert_chain(papers / f"{pair}.pem", papers / f"{pair}.key")
    with httpx.Client(verify=context, timeout=changed.get("timeout", 20)) as client:
        return client.request(method, root + path, content=body, headers=headers)


def call(outside: Outside, method: str, path: str, body: bytes = b"", **changed: Any) -> httpx.Response:
    """Call the gateway."""
    return signed_call(outside.gateway, Path(outside.papers), method, path, body, **changed)


def persons(*rows: dict[str, str]) -> bytes:
    return json.dumps({"persons": [{"ref": str(place), **row} for place, row in enumerate(rows)]}).encode()


def send(outside: Outside, *rows: dict[str, str], **changed: Any) -> httpx.Response:
    return call(outside, "POST", PATH, persons(*rows), **changed)


def results(outside: Outside, ticket: str) -> list[dict[str, Any]]:
    told = call(outside, "GET", f"{PATH}/{ticket}").json()
    return list(told["results"])


def counted(outside: Outside) -> dict[str, int]:
    told = outside.ask("GET", "lgsp/messages.json").json()
    return {name: told[name] for name in ("requests", "persons", "distinct", "twice", "again")}


def load(outside: Outside, *rows: dict[str, str]) -> None:
    outside.ask("POST", "lgsp/citizens.json", json=list(rows)).raise_for_status()


def verify(outside: Outside, answer: httpx.Response, request_id: str) -> None:
    certificate = x509.load_pem_x509_certificate((Path(outside.papers) / "answers.pem").read_bytes())
    key = ECKey.import_key(certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    digest = digest_of(answer.content)
    payload = "\n".join((str(answer.status_code), request_id, answer.headers["X-Signed-At"], digest)).encode()
    head, _, tail = answer.headers["X-JWS-Signature"].split(".")
    middle = urlsafe_b64encode(payload).rstrip(b"=").decode()
    jws.deserialize_compact(f"{head}.{middle}.{tail}", key, algorithms=["ES256"])


def test_a_batch_is_taken_with_a_ticket_and_answered_later_with_a_signature(outside: Outside) -> None:
    load(outside, AN, {**LAN, "full_name": "Nguyễn Thị Lân"})
    outside.fail("lgsp", not_found="*9")
    unknown = {**AN, "number": "031212000009", "full_name": "Vũ Không"}

    taken = send(outside, AN, LAN, unknown, request_id="r-1")
    answered = results(outside, taken.json()["ticket"])

    assert (taken.status_code, taken.json()["persons"]) == (202, 3)
    verify(outside, taken, "r-1")
    assert answered == [
        {"ref": "0", "result": "match"},
        {"ref": "1", "result": "mismatch", "fields": {"full_name": "Nguyễn Thị Lân"}},
        {"ref": "2", "result": "not_found"},
    ]
    assert counted(outside) == {"requests": 1, "persons": 3, "distinct": 3, "twice": 0, "again": 0}
    assert "Nhận hai lần" in outside.ask("GET", "lgsp/").text


@pytest.mark.parametrize("pair", [None, "stranger"])
def test_who_shows_no_certificate_of_its_authority_does_not_come_in(outside: Outside, pair: str | None) -> None:
    with pytest.raises(httpx.HTTPError):
        send(outside, AN, pair=pair)

    assert counted(outside)["requests"] == 0


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"pair": "unknown"}, "unknown_client"),
        ({"signature": ""}, "signature"),
        ({"signature": "x.y.z"}, "signature"),
        ({"signed_with": "stranger.key"}, "signature"),
        ({"digest": digest_of(b"other")}, "digest"),
        ({"at": "2026-11-02T08:00:00Z"}, "moment"),
        ({"at": "2026-11-02T08:00:00"}, "moment"),
        ({"at": "yesterday"}, "moment"),
    ],
)
def test_a_request_that_is_not_signed_as_it_stands_is_refused(
    outside: Outside, changed: dict[str, str], fault: str
) -> None:
    answer = send(outside, AN, **changed)

    assert (answer.status_code, answer.json()) == (401, {"error": fault})
    assert counted(outside)["requests"] == 0


def test_a_request_sent_again_changes_nothing_and_another_one_under_its_id_is_refused(outside: Outside) -> None:
    first = send(outside, AN, request_id="r-1").json()

    second = send(outside, AN, request_id="r-1")
    other = send(outside, LAN, request_id="r-1")

    assert (second.status_code, second.json()) == (202, {**first, "again": True})
    assert other.status_code == 409
    assert counted(outside) == {"requests": 1, "persons": 1, "distinct": 1, "twice": 0, "again": 1}


def test_facts_that_come_in_two_requests_are_counted(outside: Outside) -> None:
    send(outside, AN, LAN)

    send(outside, AN)

    assert counted(outside) == {"requests": 2, "persons": 3, "distinct": 2, "twice": 1, "again": 0}


def test_each_kind_of_difference_can_be_switched_on(outside: Outside) -> None:
    rows = [{**AN, "number": f"03121200000{digit}"} for digit in range(6)]
    outside.fail("lgsp", full_name="*0", birth_date="*1", sex="*2", number="*3", duplicate="*4", pending="*5")

    taken = send(outside, *rows).json()
    told = call(outside, "GET", f"{PATH}/{taken['ticket']}").json()

    assert told["state"] == "partial"
    assert [each.get("fields", each["result"]) for each in told["results"]] == [
        {"full_name": "Đỗ Văn Khác"},
        {"birth_date": "2012-05-01"},
        {"sex": "female"},
        {"number": "031212000004"},
        "duplicate",
        "pending",
    ]
    outside.fail("lgsp", pending="")
    assert call(outside, "GET", f"{PATH}/{taken['ticket']}").json()["state"] == "done"


def test_two_citizens_of_one_number_and_one_citizen_of_another_number_are_told(outside: Outside) -> None:
    load(outside, AN, {**LAN, "number": AN["number"], "full_name": "Vũ Hoa"}, LAN)
    outside.fail("lgsp", only_loaded="*")

    ticket = send(outside, AN, {**LAN, "number": "031190000099"}, {**AN, "number": "031212000077"}).json()["ticket"]

    assert results(outside, ticket) == [
        {"ref": "0", "result": "duplicate"},
        {"ref": "1", "result": "mismatch", "fields": {"number": LAN["number"]}},
        {"ref": "2", "result": "mismatch", "fields": {"number": AN["number"]}},
    ]


def test_quotas_say_when_to_come_again(outside: Outside) -> None:
    outside.fail("lgsp", per_minute=1)
    send(outside, AN)
    by_minute = send(outside, LAN)
    outside.fail("lgsp", per_minute="", per_day=2)
    by_day = send(outside, LAN, {**AN, "number": "031212000003"})

    assert (by_minute.status_code, by_day.status_code) == (429, 429)
    assert 1 <= int(by_minute.headers["Retry-After"]) <= 61
    assert 61 < int(by_day.headers["Retry-After"]) <= 86_400
    assert send(outside, LAN).status_code == 202
    assert counted(outside)["persons"] == 2


def test_outage_lost_answer_slowness_and_delay_are_played(outside: Outside) -> None:
    outside.fail("lgsp", down="send")
    assert send(outside, AN).status_code == 503
    outside.fail("lgsp", down="", lost="send")
    assert send(outside, AN, request_id="r-1").status_code == 504
    outside.fail("lgsp", lost="", slow=1)
    with pytest.raises(httpx.TimeoutException):
        send(outside, AN, request_id="r-1", timeout=0.3)
    outside.fail("lgsp", slow="", delay=100)

    taken = send(outside, AN, request_id="r-1").json()

    assert taken["again"]
    assert call(outside, "GET", f"{PATH}/{taken['ticket']}").json()["state"] == "working"
    assert counted(outside)["distinct"] == 1


def test_a_slow_request_from_before_a_reset_is_not_taken_after_it(outside: Outside) -> None:
    outside.fail("lgsp", slow=1)
    with pytest.raises(httpx.TimeoutException):
        send(outside, AN, timeout=0.3)

    outside.forget()
    time.sleep(1)

    assert counted(outside)["requests"] == 0


def test_an_answer_can_carry_a_wrong_signature(outside: Outside) -> None:
    outside.fail("lgsp", bad_signature="send")

    answer = send(outside, AN, request_id="r-1")

    with pytest.raises(BadSignatureError):
        verify(outside, answer, "r-1")


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", persons(), persons({**AN, "number": "31"}), persons({**AN, "sex": ""}), persons(AN) * 2],
)
def test_what_is_no_list_of_persons_is_refused(outside: Outside, body: bytes) -> None:
    before = counted(outside)["requests"]

    assert call(outside, "POST", PATH, body).status_code == 422
    assert counted(outside)["requests"] == before


def test_a_lost_ticket_is_not_there(outside: Outside) -> None:
    ticket = send(outside, AN).json()["ticket"]

    assert outside.ask("POST", "lgsp/lose.json").json() == {"lost": 1}

    assert call(outside, "GET", f"{PATH}/{ticket}").status_code == 404


def test_citizens_are_loaded_by_the_page_too(outside: Outside) -> None:
    outside.ask("POST", "lgsp/citizens", data={**AN, "full_name": "Đỗ Khánh Anh"})
    bad = outside.ask("POST", "lgsp/citizens", data={"number": "1"})
    refused = outside.ask("POST", "lgsp/citizens.json", json={"number": "1"})

    assert "bad_citizen" in bad.headers["Location"]
    assert refused.status_code == 422
    assert results(outside, send(outside, AN).json()["ticket"])[0]["fields"] == {"full_name": "Đỗ Khánh Anh"}
    assert outside.ask("PUT", "lgsp/failures.json", json={"per_day": "x"}).status_code == 422
