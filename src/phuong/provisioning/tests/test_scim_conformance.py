"""An independent tester of SCIM finds nothing wrong: in process, and over real HTTP. No body makes the server fail."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import scim2_tester
from django.db import connections
from django.test import Client
from django.test.client import ClientHandler
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status
from werkzeug.serving import make_server

from phuong.provisioning.models import ScimUser
from phuong.provisioning.testing import GROUP, PATCH, USER, Calling, a_system
from phuong.registry.testing import a_school

pytestmark = pytest.mark.django_db
GOOD = {Status.SUCCESS, Status.COMPLIANT, Status.ACCEPTABLE, Status.SKIPPED}


@pytest.fixture
def calling() -> Calling:
    return a_system(a_school())


class Served:
    """Our site as a WSGI program within the transaction of the test."""

    def __init__(self, key: str = "") -> None:
        self.handler, self.key = ClientHandler(enforce_csrf_checks=True), key

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if self.key:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {self.key}"
        answer = self.handler(environ)
        start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.headers.items()))
        return [answer.content]


def troubles_of(results: list[Any]) -> list[str]:
    return [f"{each.resource_type} {each.title}: {each.reason}" for each in results if each.status not in GOOD]


@pytest.mark.slow
def test_the_tester_finds_nothing_wrong_in_process(calling: Calling) -> None:
    client = WSGISCIMClient(Served(calling.key), base_url="http://testserver/scim/v2")
    client.discover()

    results = scim2_tester.check_server(client)

    assert troubles_of(results) == []
    assert sum(each.status is Status.SUCCESS for each in results) > 50


@pytest.fixture
def address() -> Iterator[str]:
    """Serve the site on a port of this machine; one thread, so that the rows of the test are seen."""
    connections["default"].inc_thread_sharing()
    server = make_server("127.0.0.1", 0, Served(), threaded=False)
    shared = connections["default"]

    def serve() -> None:
        connections["default"] = shared
        server.serve_forever(poll_interval=0.05)

    serving = threading.Thread(target=serve, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    serving.join(timeout=10)
    connections["default"].dec_thread_sharing()


class Wire:
    """Carries what the tester asks over real HTTP."""

    def __init__(self, address: str, key: str) -> None:
        self.http = httpx.Client(base_url=address, headers={"Authorization": f"Bearer {key}"}, timeout=20)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        size = int(environ.get("CONTENT_LENGTH") or 0)
        answer = self.http.request(
            environ["REQUEST_METHOD"],
            environ.get("SCRIPT_NAME", "")
            + environ["PATH_INFO"]
            + ("?" + environ["QUERY_STRING"] if environ.get("QUERY_STRING") else ""),
            content=environ["wsgi.input"].read(size),
            headers={"Content-Type": environ.get("CONTENT_TYPE") or "application/scim+json"},
        )
        kept = [(name, value) for name, value in answer.headers.items() if name != "content-encoding"]
        start_response(f"{answer.status_code} {answer.reason_phrase}", kept)
        return [answer.content]


@pytest.mark.slow
def test_the_tester_finds_nothing_wrong_over_http(calling: Calling, address: str) -> None:
    client = WSGISCIMClient(Wire(address, calling.key), base_url=f"{address}/scim/v2")
    client.discover()

    results = scim2_tester.check_server(client)

    assert troubles_of(results) == []
    assert sum(each.status is Status.SUCCESS for each in results) > 50


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["\0", "a" * 5000, "x@y.vn"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = ["userName", "displayName", "active", "emails", "externalId", "userType", "groups", "members", "id", "meta"]
BODIES = st.fixed_dictionaries(
    {"schemas": st.sampled_from([[USER], [GROUP], [PATCH], [], None])},
    optional={
        **dict.fromkeys(NAMES, VALUES),
        "Operations": st.lists(
            st.fixed_dictionaries(
                {"op": st.sampled_from(["add", "remove", "replace", "x"])},
                optional={"path": st.sampled_from([*NAMES, 'emails[value eq "x"].value', "((", ""]), "value": VALUES},
            ),
            max_size=3,
        ),
    },
)
FILTERS = st.sampled_from(
    [
        'userName eq "a"',
        'active eq true and externalId eq "b"',
        "not (emails pr)",
        'id eq "x"',
        "(",
        'meta.created gt "x"',
    ]
) | st.text(max_size=30)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    path=st.sampled_from(
        ["/Users", "/Groups", "/.search", "/Users/.search", "/Bulk", "/Me", "/Users/{id}", "/Groups/x"]
    ),
    body=BODIES | VALUES,
    asked=st.fixed_dictionaries({}, optional={"filter": FILTERS, "startIndex": st.integers(), "count": st.integers()}),
)
def test_no_call_makes_the_server_fail(calling: Calling, method: str, path: str, body: Any, asked: Any) -> None:
    known = ScimUser.objects.filter(client=calling.client, removed_at=None).values_list("account_id", flat=True).first()
    at = path.replace("{id}", str(known or "none"))

    answer = Client(raise_request_exception=False).generic(
        method,
        f"/scim/v2{at}",
        json.dumps(body).encode(),
        content_type="application/scim+json",
        headers={"Authorization": f"Bearer {calling.key}"},
        query_params={name: str(value) for name, value in asked.items()},
    )

    assert answer.status_code < 500 or (answer.status_code == 501 and answer.headers["Content-Type"]), answer.content
    if answer.status_code >= 400:
        assert "urn:ietf:params:scim:api:messages:2.0:Error" in answer.json()["schemas"]
