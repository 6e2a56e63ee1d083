"""Merges and runs killed at random moments (SIGKILL): nothing is lost, nothing doubled, everything can be undone.

``kill_merges`` and ``kill_runs`` play some rounds on a database of their own; tests play few, and
``python -m tests.merging_faults 100`` plays as many as one likes. The other words are what the killed children do.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parents[1]
PEOPLE = 12  # each known twice
_TABLES = ("registry_person", "registry_enrolment", "registry_guardianship", "registry_formerkey", "identity_account")
_HALF = """
select p.id from matching_pair p
where (select count(*) from registry_person o where o.id in (p.one, p.two)) = 2
  and exists (select 1 from matching_merge m where m.dropped in (p.one, p.two) and m.undone_at is null)
union all select p.id from matching_pair p
where (select count(*) from registry_person o where o.id in (p.one, p.two)) <> 2
  and not exists (select 1 from matching_merge m join registry_formerkey f on f.id = m.dropped
    where m.dropped in (p.one, p.two) and m.undone_at is null)
union all select m.id from matching_merge m where not exists (select 1 from matching_touched t where t.merge_id = m.id)
"""


@contextmanager
def a_database(name: str) -> Iterator[dict[str, str]]:
    """Give the environment of a fresh database with people known twice; gone afterwards."""
    from phuong.config import embedded
    from tests.server import template_name

    server = embedded.url(embedded.SUPERUSER, "postgres")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"drop database if exists {name} with (force)")
        connection.execute(f"create database {name} template {template_name()} owner phuong_owner")
    urls = {
        f"DATABASE_URL{suffix}": embedded.url(role, name)
        for suffix, role in (("", "phuong_app"), ("_OWNER", "phuong_owner"), ("_BATCH", "phuong_batch"))
    }
    environment = {**os.environ, **urls, "DJANGO_SETTINGS_MODULE": "phuong.config.settings"}
    try:
        _finish(_child(environment, "prepare"))
        yield environment
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"drop database if exists {name} with (force)")


def _child(environment: dict[str, str], *words: str) -> "subprocess.Popen[str]":
    """Start a child, and wait until it begins its work."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.merging_faults", *words],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
    )
    if child.stdout is None:
        raise RuntimeError(" ".join(words))
    with child.stdout as told:
        if told.readline().strip() != "ready":
            raise RuntimeError(" ".join(words))
    return child


def _finish(child: "subprocess.Popen[str]") -> None:
    if child.wait(timeout=300):
        raise RuntimeError("the child failed")


def _killed(child: "subprocess.Popen[str]", after: float) -> bool:
    """Kill a child after some seconds, unless it was quicker; says whether it was killed."""
    time.sleep(after)
    was_busy = child.poll() is None
    child.send_signal(signal.SIGKILL)
    child.wait(timeout=30)
    return was_busy


def _asked(environment: dict[str, str], statement: str) -> list[Any]:
    with psycopg.connect(environment["DATABASE_URL_BATCH"], autocommit=True) as connection:
        return connection.execute(statement.encode()).fetchall()


def _picture(environment: dict[str, str]) -> str:
    return json.dumps([_asked(environment, f"select to_jsonb(t)::text from {each} t order by 1") for each in _TABLES])


def kill_merges(rounds: int, *, seed: int, name: str) -> dict[str, int]:
    """Kill a row of merges in each round; gives how many were killed and how many merges came to be.

    :raises AssertionError: a merge is neither there nor not there, or undoing all does not bring everything back
    """
    chance, killed, merged = random.Random(seed), 0, 0
    with a_database(name) as environment:
        before = _picture(environment)
        for _round in range(rounds):
            killed += _killed(_child(environment, "merge"), chance.uniform(0, 0.5))
            if _asked(environment, _HALF):
                raise AssertionError("a merge is neither there nor not there")
            merged = _asked(environment, "select count(*) from matching_merge where undone_at is null")[0][0]
            killed += _killed(_child(environment, "undo"), chance.uniform(0, 0.3))
            if _asked(environment, _HALF):
                raise AssertionError("an undoing is neither done nor not done")
        _finish(_child(environment, "undo"))
        if _picture(environment) != before:
            raise AssertionError("not everything came back")
    return {"killed": killed, "merged": merged}


def kill_runs(rounds: int, *, seed: int, name: str) -> dict[str, int]:
    """Kill a run in each round, then let it go on; gives how many were killed and the pairs that were found.

    :raises AssertionError: pairs are missing or doubled, or the run is not done
    """
    chance, killed = random.Random(seed), 0
    with a_database(name) as environment:
        _asked(environment, "delete from matching_pair returning id")
        for _round in range(rounds):
            killed += _killed(_child(environment, "run"), chance.uniform(0.05, 1.5))
        _finish(_child(environment, "run"))
        found = _asked(environment, "select count(*), count(distinct (one, two)) from matching_pair")[0]
        states = {state for (state,) in _asked(environment, "select state from matching_run")}
        if tuple(found) != (PEOPLE, PEOPLE) or states != {"done"}:
            raise AssertionError(f"{found} pairs, {states}")
    return {"killed": killed, "pairs": found[0]}


def _play(word: str) -> None:
    """Do what a child does, in the database of its environment."""
    import django

    django.setup()
    from tests.merging_faults_children import ACTS

    ACTS[word]()


if __name__ == "__main__":
    if sys.argv[1].isdigit():
        import tests.server  # noqa: F401 - starts PostgreSQL

        for play in (kill_merges, kill_runs):
            print(play.__name__, play(int(sys.argv[1]), seed=int(time.time()), name="faults"))
    else:
        _play(sys.argv[1])
