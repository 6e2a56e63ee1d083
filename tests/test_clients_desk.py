"""Keys of other systems: made once, approved by who holds the data, rotated with an overlap, bounded, ended."""

import datetime as dt
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from phuong.gateway.access import forget_callers
from phuong.gateway.actions.clients import Terms, approve_client, change_client, make_client, rotate_key
from phuong.gateway.errors import CannotGrant, KeyChanged
from phuong.gateway.models import ApiClient, ClientUse
from phuong.kernel.models import AuditEntry
from phuong.kernel.permissions import Permission
from phuong.kernel.rates import take_call
from phuong.kernel.refusals import BadInput, NotThere
from phuong.kernel.scope import SYSTEM, Actor
from phuong.notices.api import Notice
from phuong_client import Problem
from tests.calling import Application, a_client, client_of, key_of, open_world
from tests.world import World

OPERATOR = Actor(scope="vn.p31", name="Quản trị", permissions=frozenset({Permission.CLIENTS_EDIT}))
ROOMS = frozenset({"facilities:rooms:read"})
NEW = {"name": "Phần mềm thư viện", "permissions": ["facilities:rooms:read"], "rate": "60"}


@pytest.fixture
def world(db: None) -> Iterator[World]:
    yield from open_world()


def status_of(key: str) -> tuple[int, str]:
    forget_callers()
    try:
        client_of(key, tries=1).call("GET", "rooms")
    except Problem as refusal:
        return refusal.status, refusal.code
    return 200, ""


def key_in(page: str) -> str:
    found = re.search(r'id="key" type="text" value="([^"]+)"', page)
    assert found
    return found.group(1)


def make_by_page(world: World, role: str, **facts: Any) -> Any:
    sent = {**NEW, "id": str(uuid4()), "unit": world.school.code, **facts}
    return world.client(role).post(reverse("gateway:new_client"), sent)


def test_a_principal_makes_a_key_for_the_own_school_which_is_shown_once(world: World) -> None:
    answer = make_by_page(world, "principal")

    key = key_in(answer.content.decode())
    client = ApiClient.objects.get()
    assert status_of(key) == (200, "")
    assert "no-store" in answer["Cache-Control"]
    for where in (reverse("gateway:clients"), reverse("gateway:client", args=[client.pk])):
        assert key.split(".")[1] not in world.client("principal").get(where).content.decode()
    assert (client.rate_per_minute, client.approved_by) == (60, world.accounts["principal"].display_name)


def test_a_form_sent_twice_makes_one_client(world: World) -> None:
    same = str(uuid4())

    make_by_page(world, "principal", id=same)
    again = make_by_page(world, "principal", id=same)

    assert again["Location"] == reverse("gateway:client", args=[same])
    assert ApiClient.objects.count() == 1


def test_a_key_for_personal_data_made_by_an_operator_waits_for_the_school(world: World) -> None:
    answer = make_by_page(world, "system_operator", permissions=["registry:persons:read", "facilities:rooms:read"])
    key, client = key_in(answer.content.decode()), ApiClient.objects.get()
    approve = reverse("gateway:approve", args=[client.pk])

    assert status_of(key) == (403, "gateway.not_approved")
    told = Notice.objects.get()
    assert (told.account_id, told.url) == (
        world.accounts["principal"].pk,
        reverse("gateway:client", args=[client.pk]),
    )
    world.client("system_operator").post(approve)
    assert status_of(key) == (403, "gateway.not_approved")
    assert "Duyệt khóa" in world.client("principal").get(reverse("gateway:client", args=[client.pk])).content.decode()
    world.client("principal").post(approve)

    assert status_of(key) == (200, "")
    assert AuditEntry.objects.filter(did="gateway.client_approved", on_id=str(client.pk)).count() == 1


def test_nobody_adds_a_permission_they_do_not_hold(world: World) -> None:
    client, _key = a_client(world, permissions=ROOMS)
    more = Terms(ROOMS | {"registry:persons:read"})

    with pytest.raises(CannotGrant):
        change_client(client.pk, terms=more, by=OPERATOR)

    client.refresh_from_db()
    assert client.permissions == sorted(ROOMS)
    assert change_client(client.pk, terms=more, by=SYSTEM).permissions == sorted(more.permissions)


def test_nobody_makes_a_key_outside_the_own_place_or_for_what_machines_may_not(world: World) -> None:
    principal = Actor(scope=world.school.path, name="x", permissions=SYSTEM.permissions)

    with pytest.raises(NotThere):
        make_client(name="x", unit=world.other_school, terms=Terms(ROOMS), by=principal)
    with pytest.raises(NotThere):
        make_client(name="x", unit=world.school, terms=Terms(ROOMS), by=Actor(scope="vn.p31", permissions=ROOMS))
    with pytest.raises(BadInput):
        make_client(name="x", unit=world.school, terms=Terms(frozenset({Permission.AUDIT_READ})), by=SYSTEM)
    answer = make_by_page(world, "principal", unit=world.other_school.code)

    assert answer.status_code == 422
    assert not ApiClient.objects.exists()


def test_the_old_key_opens_for_the_days_of_overlap(world: World) -> None:
    client, old = a_client(world)

    client, new = rotate_key(client.pk, overlap_days=7, seen="", by=SYSTEM)
    assert (status_of(old)[0], status_of(new)[0]) == (200, 200)
    ApiClient.objects.update(old_until=timezone.now() - dt.timedelta(seconds=1))

    assert (status_of(old)[0], status_of(new)[0]) == (401, 200)


def test_a_key_rotated_without_overlap_dies_at_once(world: World) -> None:
    client, old = a_client(world)

    _client, new = rotate_key(client.pk, overlap_days=0, seen="", by=SYSTEM)

    assert (status_of(old)[0], status_of(new)[0]) == (401, 200)


def test_a_key_rotated_by_an_operator_waits_while_the_old_one_goes_on(world: World) -> None:
    client, old = a_client(world)

    _client, new = rotate_key(client.pk, overlap_days=7, seen="", by=OPERATOR)

    assert status_of(old) == (200, "")
    assert status_of(new) == (403, "gateway.not_approved")
    approve_client(client.pk, by=SYSTEM)
    assert status_of(new) == (200, "")


def test_a_rotation_sent_twice_rotates_once(world: World) -> None:
    client, _old = a_client(world, permissions=ROOMS)
    browser = world.client("principal")
    where = reverse("gateway:rotate", args=[client.pk])
    seen = re.search(r'name="seen" value="(\w+)"', browser.get(where).content.decode())
    assert seen

    key = key_in(browser.post(where, {"overlap": "7", "seen": seen.group(1)}).content.decode())
    again = browser.post(where, {"overlap": "7", "seen": seen.group(1)})

    assert again["Location"] == reverse("gateway:client", args=[client.pk])
    assert status_of(key) == (200, "")
    with pytest.raises(KeyChanged):
        rotate_key(client.pk, overlap_days=1, seen=seen.group(1), by=SYSTEM)


def test_a_client_that_is_ended_opens_nothing_old_key_included(world: World) -> None:
    client, old = a_client(world)
    _client, new = rotate_key(client.pk, overlap_days=30, seen="", by=SYSTEM)

    asked = world.client("principal").get(reverse("gateway:end", args=[client.pk]))
    world.client("principal").post(reverse("gateway:end", args=[client.pk]))

    assert asked.status_code == 200
    assert (status_of(old)[0], status_of(new)[0]) == (401, 401)


def test_a_client_past_its_day_opens_nothing(world: World) -> None:
    key = key_of(world, valid_until=timezone.localdate() - dt.timedelta(days=1))

    assert status_of(key)[0] == 401


@pytest.mark.parametrize(
    ("networks", "status"),
    [((), 200), (("127.0.0.0/8",), 200), (("10.0.0.0/8", "2001:db8::/32"), 403)],
)
def test_a_client_bound_to_networks_calls_from_there_alone(world: World, networks: Any, status: int) -> None:
    assert status_of(key_of(world, networks=networks))[0] == status


def test_behind_our_own_proxy_the_address_it_adds_counts(world: World, settings: Any) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    headers = {"Authorization": f"Bearer {key_of(world, networks=('10.1.0.0/16',))}"}

    with httpx.Client(transport=Application(), base_url="https://testserver/api/v1/", headers=headers) as calls:
        told = [
            calls.get("rooms", headers={"X-Forwarded-For": chain}).status_code
            for chain in ("10.1.2.3", "9.9.9.9, 10.1.2.3", "10.1.2.3, 9.9.9.9", "nonsense")
        ]

    assert told == [200, 200, 403, 403]


def test_a_bad_network_is_named_in_the_form(world: World) -> None:
    answer = make_by_page(world, "principal", networks="10.0.0.0/99")

    assert answer.status_code == 422
    assert "10.1.0.0/16" in answer.content.decode()
    assert not ApiClient.objects.exists()


def test_the_last_day_of_a_call_is_written_once_a_day(world: World) -> None:
    client, key = a_client(world)
    phuong = client_of(key)

    with CaptureQueriesContext(connection) as first:
        phuong.call("GET", "rooms")
    with CaptureQueriesContext(connection) as second:
        phuong.call("GET", "rooms")
        forget_callers()
        phuong.call("GET", "rooms")

    writes = [["clientuse" in each["sql"] and "insert" in each["sql"] for each in found] for found in (first, second)]
    assert [sum(each) for each in writes] == [1, 0]
    assert ClientUse.objects.get(client=client).last_on == timezone.localdate()


def test_every_answer_tells_what_is_left_and_a_refused_one_when_to_come_back(world: World) -> None:
    headers = {"Authorization": f"Bearer {key_of(world, rate=2)}"}

    with httpx.Client(transport=Application(), base_url="http://testserver/api/v1/", headers=headers) as calls:
        told = [calls.get(address) for address in ("rooms", f"learners/{uuid4()}", "rooms")]

    assert [answer.status_code for answer in told] == [200, 404, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in told] == ["1", "0", "0"]
    assert {answer.headers["RateLimit-Policy"] for answer in told} == {"2;w=60"}
    assert 25 <= int(told[2].headers["Retry-After"]) <= 31
    assert told[2].headers["Content-Type"] == "application/problem+json"


def test_an_allowance_fills_up_evenly_and_never_beyond(world: World) -> None:
    client = uuid4()

    spent = [take_call(client, 4, now=1000.0).wait for _time in range(5)]
    later = take_call(client, 4, now=1016.0)
    much_later = take_call(client, 4, now=9000.0)

    assert spent == [0, 0, 0, 0, 16]
    assert (later.wait, later.left) == (0, 0)
    assert (much_later.left, much_later.reset) == (3, 16)
    assert take_call(client, 4, now=5.0).left == 3  # the machine was started anew


@pytest.mark.slow
def test_web_workers_share_one_allowance(world: World) -> None:
    client = uuid4()
    program = (
        "import uuid, phuong.kernel.rates as t;"
        f"print([t.take_call(uuid.UUID('{client}'), 5).wait > 0 for _ in range(3)])"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "phuong.config.settings"}

    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    ).stdout
    here = [take_call(client, 5).wait > 0 for _time in range(3)]

    assert json.loads(told.lower()) == [False, False, False]
    assert here == [False, False, True]


@pytest.mark.parametrize("count", [2, 20])
def test_the_list_of_clients_asks_the_same_for_few_and_many(
    world: World, django_assert_max_num_queries: Any, count: int
) -> None:
    for _time in range(count):
        a_client(world)
    browser = world.client("system_operator")

    with django_assert_max_num_queries(13):
        page = browser.get(reverse("gateway:clients"))

    assert page.content.decode().count("THCS Lạch Tray") == count


def test_a_review_is_due_a_year_after_the_last(world: World) -> None:
    client, key = a_client(world)
    ApiClient.objects.update(reviewed_on=timezone.localdate() - dt.timedelta(days=366))
    browser = world.client("principal")

    before = browser.get(reverse("gateway:clients")).content.decode()
    browser.post(reverse("gateway:review", args=[client.pk]))
    after = browser.get(reverse("gateway:clients")).content.decode()

    assert "Đến hạn rà soát" in before
    assert "Đến hạn rà soát" not in after
    assert status_of(key) == (200, "")


def test_what_is_agreed_is_changed_on_the_page(world: World) -> None:
    client, key = a_client(world)
    sent = {"permissions": ["registry:network:read"], "rate": "7", "valid_until": "31/12/2030", "contact": "Anh Nam"}

    answer = world.client("principal").post(reverse("gateway:client", args=[client.pk]), sent)

    client.refresh_from_db()
    assert answer.status_code == 302
    assert (client.permissions, client.rate_per_minute) == (["registry:network:read"], 7)
    assert (client.valid_until, client.contact) == (dt.date(2030, 12, 31), "Anh Nam")
    assert status_of(key) == (404, "not_there")


def test_the_command_line_has_the_same_verbs(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    def ask(*arguments: str) -> Any:
        call_command("clients", *arguments, "--json")
        return json.loads(capsys.readouterr().out)

    made = ask("create", "--name", "Phần mềm Y", "--org", world.school.code, "--permission", "facilities:rooms:read")
    key_id = made["key"].split(".")[0]
    changed = ask("change", key_id, "--rate", "30", "--until", "2030-01-01", "--network", "127.0.0.0/8")
    rotated = ask("rotate", key_id, "--overlap-days", "1")
    shown = ask("show", key_id)

    assert set(made) == {"name", "org", "key", "permissions"}
    assert (changed["rate"], changed["until"], changed["networks"]) == (30, "2030-01-01", ["127.0.0.0/8"])
    assert (status_of(made["key"])[0], status_of(rotated["key"])[0]) == (200, 200)
    assert shown["approved"] is True
    assert ask("list") == [{"key_id": key_id, "name": "Phần mềm Y", "org": world.school.code, "active": True}]
    assert ask("revoke", key_id) == {"key_id": key_id, "active": False}
    assert status_of(rotated["key"])[0] == 401
