"""Senders killed at any point, and two at once: each batch reaches the office once, nothing is lost."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from phuong.config import embedded
from tests.databases import a_copy
from tests.outside import Outside
from tests.sharing import held, office_environment

PHUONG = str(Path(sys.executable).with_name("phuong"))
PEOPLE, BATCH = 240, 10
CITY = "city/learners"
MAKE = f"""
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.testing import a_class, a_commune, a_learner, a_school
from phuong.sharing.testing import a_service
with acting(SYSTEM):
    group = a_class(a_school(a_commune("11311")))
    for place in range({PEOPLE}):
        a_learner(group.organisation, group)
    a_service()
"""


@pytest.fixture
def environment(outside: Outside) -> Iterator[dict[str, str]]:
    """Give a database of its own with learners to be told of, and the offices of the sandbox."""
    with a_copy("sharing") as name:
        urls = {
            f"DATABASE_URL{suffix}": embedded.url(role, name)
            for suffix, role in (("", "phuong_app"), ("_OWNER", "phuong_owner"), ("_BATCH", "phuong_batch"))
        }
        told = {**os.environ, **urls, **office_environment(outside, batch=BATCH, timeout=1)}
        subprocess.run([PHUONG, "shell", "-c", MAKE], env=told, check=True, stdout=subprocess.DEVNULL)
        yield told


def start(environment: dict[str, str], *arguments: str) -> "subprocess.Popen[str]":
    command = [PHUONG, "sharing", "send", "city.learners", "--json", *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def asked(environment: dict[str, str], statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(environment["DATABASE_URL_BATCH"], autocommit=True) as connection:
        return connection.execute(statement).fetchall()


def wait_no_more(environment: dict[str, str]) -> None:
    with psycopg.connect(environment["DATABASE_URL_OWNER"], autocommit=True) as connection:
        connection.execute("select set_config('app.scope', 'vn', false)")
        connection.execute("update sharing_delivery set next_at = now(), held_by = null where state = 'open'")


@pytest.mark.faults
def test_a_sender_killed_again_and_again_brings_every_batch_once(environment: dict[str, str], outside: Outside) -> None:
    outside.fail("warehouse", slow=0.1)
    chance = random.Random(31)
    kills = 0
    for _ in range(4):
        process = start(environment)
        assert process.stderr is not None
        process.stderr.readline()  # it has begun
        time.sleep(chance.uniform(0.02, 0.6))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.communicate()
        wait_no_more(environment)

    outside.fail("warehouse", slow="")
    out, err = start(environment).communicate(timeout=120)

    assert kills >= 3
    last = json.loads(out)
    assert (last["because"], last["differing"], last["ours"]) == ("", 0, PEOPLE), err
    there = held(outside, CITY)
    assert (there["rows"], there["twice"], there["refused"]) == (PEOPLE, 0, 0)
    assert [(each["batches"], each["rows"]) for each in there["deliveries"] if each["kind"] == "full"] == [
        (PEOPLE // BATCH, PEOPLE)
    ]
    assert asked(environment, "select count(*) from sharing_batch where body is not null") == [(0,)]
    assert asked(environment, "select count(*) from sharing_delivery where state <> 'sent'") == [(0,)]


@pytest.mark.faults
def test_of_two_senders_one_waits_and_the_command_says_how_it_ended(
    environment: dict[str, str], outside: Outside
) -> None:
    outside.fail("warehouse", slow=0.2)

    both = [start(environment), start(environment)]
    told = [json.loads(each.communicate(timeout=120)[0]) for each in both]
    outside.fail("warehouse", slow="", down="*")
    down = start(environment, "--wait", "0")
    down_told = json.loads(down.communicate(timeout=60)[0])
    outside.fail("warehouse", down="")
    unknown = subprocess.run(
        [PHUONG, "sharing", "reconcile", "city.nothing", "--json"], env=environment, capture_output=True, check=False
    )
    listed = subprocess.run(
        [PHUONG, "sharing", "list", "--json"], env=environment, capture_output=True, check=True, text=True
    )

    assert sorted(each["because"] for each in told) == ["", "busy"]
    assert sorted(each.returncode for each in both) == [0, 1]
    assert (down.returncode, down_told["because"]) == (1, "outage")
    assert (unknown.returncode, json.loads(unknown.stdout)["error"]) == (2, "not_there")
    line = next(each for each in json.loads(listed.stdout) if each["code"] == "city.learners")
    assert (line["standing"], line["ours"], line["theirs"]) == ("good", PEOPLE, PEOPLE)
    assert held(outside, CITY)["twice"] == 0
