"""Workers killed at any point, and two at once: each person's facts reach the gateway once, nobody is forgotten."""

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
from tests.outside import Outside
from tests.server import template_name
from tests.verifying import gateway_environment, received

PHUONG = str(Path(sys.executable).with_name("phuong"))
NAME = f"verification_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
PEOPLE = 240
BATCH = 20
MAKE = f"""
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.testing import a_commune, a_school
from phuong.verification.testing import somebody
with acting(SYSTEM):
    school = a_school(a_commune("11311"))
    for place in range({PEOPLE}):
        somebody(school, number=f"0312{{place % 10}}2{{place:06d}}")
"""


@pytest.fixture
def environment(outside: Outside) -> Iterator[dict[str, str]]:
    """Give a database of its own with people to be asked about, and a gateway that takes its time."""
    with psycopg.connect(embedded.url(embedded.SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(f"drop database if exists {NAME} with (force)")
        connection.execute(f"create database {NAME} template {template_name()} owner phuong_owner")
    urls = {
        f"DATABASE_URL{suffix}": embedded.url(role, NAME)
        for suffix, role in (("", "phuong_app"), ("_OWNER", "phuong_owner"), ("_BATCH", "phuong_batch"))
    }
    told = {**os.environ, **urls, **gateway_environment(outside, batch=BATCH, timeout=1)}
    subprocess.run([PHUONG, "shell", "-c", MAKE], env=told, check=True, stdout=subprocess.DEVNULL)
    yield told
    with psycopg.connect(embedded.url(embedded.SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(f"drop database if exists {NAME} with (force)")


def start(environment: dict[str, str], *arguments: str) -> "subprocess.Popen[str]":
    command = [PHUONG, "verify-identities", "run", "--json", *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: "subprocess.Popen[str]") -> dict[str, object]:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return dict(json.loads(out))


def asked(statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(embedded.url(embedded.BATCH, NAME), autocommit=True) as connection:
        return connection.execute(statement).fetchall()


def states() -> dict[object, object]:
    return dict(asked("select identity_state, count(*) from registry_person group by 1"))  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_run_killed_again_and_again_sends_every_fact_once(environment: dict[str, str], outside: Outside) -> None:
    outside.fail("lgsp", slow=0.05, full_name="*3", pending="*7")
    chance = random.Random(31)
    kills = 0
    for _ in range(4):
        process = start(environment)
        assert process.stderr is not None
        process.stderr.readline()  # it has begun
        time.sleep(chance.uniform(0.02, 1.2))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.communicate()

    outside.fail("lgsp", slow="", pending="")
    last = finish(start(environment))

    assert kills >= 2
    assert (last["because"], last["left"], last["waiting"]) == ("", 0, 0)
    got = received(outside)
    assert (got["persons"], got["distinct"], got["twice"]) == (PEOPLE, PEOPLE, 0)
    assert states() == {"matched": PEOPLE - PEOPLE // 10, "mismatched": PEOPLE // 10}
    assert asked("select count(*), count(distinct facts) from verification_check") == [(PEOPLE, PEOPLE)]
    assert asked("select count(*) from verification_dispatch where state <> 'answered'") == [(0,)]
    assert asked("select count(*) from tasks_assignment where origin = 'verification' and state = 'open'") == [(1,)]


@pytest.mark.faults
def test_two_runs_at_once_share_the_people_and_send_nobody_twice(environment: dict[str, str], outside: Outside) -> None:
    outside.fail("lgsp", slow=0.05)

    both = [start(environment), start(environment)]
    told = [finish(each) for each in both]

    assert sum(int(str(each["asked"])) for each in told) == PEOPLE
    assert all(each["asked"] for each in told)
    assert received(outside) | {"requests": 0} == {
        "requests": 0,
        "persons": PEOPLE,
        "distinct": PEOPLE,
        "twice": 0,
        "again": 0,
    }
    assert states() == {"matched": PEOPLE}


@pytest.mark.faults
def test_the_command_tells_where_it_stands_and_how_it_ended(environment: dict[str, str], outside: Outside) -> None:
    def command(*arguments: str, **changed: str) -> tuple[int, dict[str, object]]:
        done = subprocess.run(
            [PHUONG, "verify-identities", *arguments, "--json"],
            env={**environment, **changed},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, json.loads(done.stdout)

    off = command("run", PHUONG_LGSP_URL="")
    unknown = command("run", "--org", "x99")
    outside.fail("lgsp", down="*")
    down = command("run", "--limit", "30", "--wait", "1")
    outside.fail("lgsp", down="")
    time.sleep(6)
    good = command("run", "--limit", "30")
    status = command("status", "--org", "vn.p31")

    assert (off[0], off[1]["error"], off[1]["lacks"]) == (1, "verification.not_connected", "PHUONG_LGSP_URL")
    assert (unknown[0], unknown[1]["error"]) == (2, "not_there")
    assert (down[0], down[1]["because"]) == (1, "outage")
    assert (good[0], good[1]["asked"], good[1]["left"]) == (0, 30, PEOPLE - 50)
    assert status[0] == 0
    assert (status[1]["connected"], status[1]["people"], status[1]["left"]) == (True, 50, PEOPLE - 50)
    assert status[1]["quota"] == {"today": 50, "per_day": 1_000_000, "per_minute": 1000}
