"""OneRoster 1.2: what a client may read, how it asks, what a vendor's bundle becomes."""

import base64
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from phuong.registry.api import TeachingAssignment
from phuong.roster.access import CORE, DEMOGRAPHICS, ROSTER
from tests.calling import a_client, open_world
from tests.world import World

SERVICE = "/ims/oneroster/rostering/v1p2/"
FOREIGN = ("Hoàng Văn Xa", "THCS Bên Sông", "Vũ Thị Cao")


@pytest.fixture
def world(db: None) -> Iterator[World]:
    for found in open_world():
        a_teaching(found)
        yield found


def a_teaching(world: World, subject: str = "TOAN") -> TeachingAssignment:
    return TeachingAssignment.objects.create(
        path=world.school.path,
        organisation=world.school,
        class_group=world.group,
        person=world.colleague,
        subject=subject,
        during=("2026-09-05", None),
    )


def ask_token(key: str, *scopes: str, way: str = "basic", **body: str) -> Any:
    key_id, _dot, secret = key.partition(".")
    facts = {"grant_type": "client_credentials", **({"scope": " ".join(scopes)} if scopes else {}), **body}
    headers = {}
    if way == "basic":
        headers["Authorization"] = "Basic " + base64.b64encode(f"{key_id}:{secret}".encode()).decode()
    else:
        facts |= {"client_id": key_id, "client_secret": secret}
    content = urlencode(facts)
    return Client().post(
        "/ims/oneroster/token", content, content_type="application/x-www-form-urlencoded", headers=headers
    )


def reader(world: World, *scopes: str, unit: Any = None, **terms: Any) -> "Caller":
    _made, key = a_client(world, unit, **terms)
    return Caller(ask_token(key, *(scopes or (ROSTER, CORE, DEMOGRAPHICS))).json()["access_token"])


class Caller:
    def __init__(self, token: str) -> None:
        self.headers = {"Authorization": f"Bearer {token}"}

    def ask(self, where: str, **query: Any) -> Any:
        return Client(headers=self.headers).get(SERVICE + where, query)

    def list(self, where: str, **query: Any) -> list[dict[str, Any]]:
        answer = self.ask(where, **query)
        assert answer.status_code == 200, answer.content.decode()
        (rows,) = answer.json().values()
        return list(rows)


def test_every_kind_is_listed_and_read_alone_and_links_lead_to_what_can_be_read(world: World) -> None:
    caller = reader(world)
    links = []

    for name in ("orgs", "schools", "academicSessions", "terms", "courses", "classes", "users", "students", "teachers",
                 "enrollments", "demographics"):
        rows = caller.list(name)
        assert rows, name
        for row in rows:
            alone = caller.ask(f"{name}/{row['sourcedId']}")
            assert alone.status_code == 200, (name, row)
            assert list(alone.json().values()) == [row]
            values = [each for value in row.values() for each in (value if isinstance(value, list) else [value])]
            links += [each["href"] for each in values if isinstance(each, dict) and "href" in each]
    assert caller.list("gradingPeriods") == []
    for link in sorted(set(links)):
        assert caller.ask(link.partition(SERVICE)[2]).status_code == 200, link
