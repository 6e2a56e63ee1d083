"""Workers killed at any point, and two at once: a receiver of webhooks gets every part of the feed, in order."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from phuong.config import embedded
from tests.databases import a_copy
from tests.hooked import arrived, learn
from tests.outside import Outside

PHUONG = str(Path(sys.executable).with_name("phuong"))
BUILDINGS = 6_000
MAKE = """
import json
from phuong.facilities.models import Building
from phuong.gateway.actions.clients import Terms, make_client
from phuong.gateway.actions.hooks import make_hook
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.testing import a_commune, a_school
with acting(SYSTEM):
    school = a_school(a_commune("11311"))
    terms = Terms(frozenset(["facilities:rooms:read"]))
    client, _key = make_client(name="x", unit=school, terms=terms, by=SYSTEM)
    _hook, secret = make_hook(client.pk, url="URL", kinds=[], by=SYSTEM)
for part in range(4):
    with acting(SYSTEM):
        names = [str(part * COUNT + number) for number in range(COUNT)]
        rows = [Building(organisation=school, name=name, construction="solid") for name in names]
        Building.objects.bulk_create(rows)
print(json.dumps(secret))
"""
TELL = """
from phuong.gateway.jobs.hooks import tell_hooks
from phuong.kernel.jobs import Progress
print("ready", flush=True)
tell_hooks(Progress())
"""


@pytest.fixture
def environment(outside: Outside) -> Iterator[dict[str, str]]:
    """Give a database of its own with changes to tell, and a receiver that knows the secret."""
    with a_copy("hooks") as name:
        urls = {
            f"DATABASE_URL{suffix}": embedded.url(role, name)
            for suffix, role in (("", "phuong_app"), ("_OWNER", "phuong_owner"), ("_BATCH", "phuong_batch"))
        }
        told = {**os.environ, **urls, "PHUONG_HOOKS_LOOPBACK": "1"}
        make = MAKE.replace("URL", f"{outside.page}hooks/at/one").replace("COUNT", str(BUILDINGS // 4))
        done = subprocess.run([PHUONG, "shell", "-c", make], env=told, check=True, capture_output=True, text=True)
        learn(outside, one=json.loads(done.stdout.splitlines()[-1]))
        yield told


def start(environment: dict[str, str]) -> "subprocess.Popen[str]":
    process = subprocess.Popen([PHUONG, "shell", "-c", TELL], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    while process.stdout.readline().strip() not in ("ready", ""):
        pass
    return process


def go_on(environment: dict[str, str], outside: Outside) -> None:
    """Tell until all has arrived: an open transaction of another test may hold the feed back for a while."""
    for _ in range(20):
        start(environment).communicate(timeout=120)
        if len(joined(arrived(outside))[0]) >= BUILDINGS:
            return


def asked(environment: dict[str, str], statement: str) -> list[Any]:
    with psycopg.connect(environment["DATABASE_URL_BATCH"], autocommit=True) as connection:
        return connection.execute(statement.encode()).fetchall()


def let_go(environment: dict[str, str]) -> None:
    """Let the lease of a killed worker be over."""
    asked(environment, "update gateway_delivery set next_at = now() where state = 'waiting' returning id")


def joined(messages: list[dict[str, Any]]) -> tuple[list[str], bool]:
    """Give the records told, each message once, and whether each message begins where the one before ended."""
    first: dict[str, dict[str, Any]] = {}
    for each in messages:
        first.setdefault(each["message"], each["body"]["data"])
    parts = list(first.values())
    is_whole = all(one["next"] == two["after"] for one, two in zip(parts, parts[1:], strict=False))
    return [event["resource_id"] for part in parts for event in part["events"]], is_whole


@pytest.mark.faults
def test_a_worker_killed_again_and_again_passes_over_no_part_of_the_feed(
    environment: dict[str, str], outside: Outside
) -> None:
    outside.fail("hooks", slow=0.05)
    chance, kills = random.Random(7), 0
    for _ in range(5):
        process = start(environment)
        time.sleep(chance.uniform(0.05, 0.6))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.communicate()
        let_go(environment)

    outside.fail("hooks", slow="")
    go_on(environment, outside)

    messages = arrived(outside)
    records, is_whole = joined(messages)
    log = "select on_id::text from kernel_change where on_kind = 'facilities_building' order by txid, id"
    made = asked(environment, log)
    assert kills >= 3
    assert is_whole
    assert records == [record for (record,) in made]
    assert len(records) == BUILDINGS
    assert {each["verdict"] for each in messages} == {"good"}
    assert asked(environment, "select distinct state from gateway_delivery") == [("taken",)]


@pytest.mark.faults
def test_two_workers_at_once_tell_each_part_once_and_in_order(environment: dict[str, str], outside: Outside) -> None:
    both = [start(environment), start(environment)]
    for process in both:
        process.communicate(timeout=120)
    go_on(environment, outside)

    messages = arrived(outside)
    records, is_whole = joined(messages)
    assert (is_whole, len(records), len(set(records))) == (True, BUILDINGS, BUILDINGS)
    assert {each["times"] for each in messages} == {1}
