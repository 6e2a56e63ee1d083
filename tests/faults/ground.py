"""A database of its own, children that work in it, and the blows they get."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from phuong.config import embedded
from tests.server import template_name

ROOT = Path(__file__).resolve().parents[2]
_ROLES = {"": embedded.APP, "_OWNER": embedded.OWNER, "_BATCH": embedded.BATCH}


@dataclass
class Ground:
    """Where a play is played. ``strikes_server``: PostgreSQL is killed too, in half of the blows."""

    play: str
    name: str
    chance: random.Random
    strikes_server: bool = False
    killed: int = 0
    servers_killed: int = 0

    def child(self, *words: str) -> "subprocess.Popen[str]":
        """Start a child on an act, and wait until it begins its work."""
        urls = {f"DATABASE_URL{suffix}": embedded.url(role, self.name) for suffix, role in _ROLES.items()}
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.faults", self.play, *words],
            cwd=ROOT,
            env={**os.environ, **urls, "DJANGO_SETTINGS_MODULE": "phuong.config.settings"},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if self.strikes_server else None,
        )
        if child.stdout is None:
            raise RuntimeError(" ".join(words))
        with child.stdout as told:
            if told.readline().strip() != "ready":
                raise RuntimeError(f"{self.play} {' '.join(words)}: not ready")
        return child

    def finish(self, *words: str) -> None:
        """Let a child do its act to the end."""
        child = self.child(*words)
        if child.wait(timeout=300):
            raise RuntimeError(f"{self.play} {' '.join(words)}: the child failed")

    def strike(self, *words: str, within: float) -> None:
        """Start an act, and kill it, or PostgreSQL under it, after some part of ``within`` seconds."""
        child = self.child(*words)
        time.sleep(self.chance.uniform(0, within))
        self.killed += child.poll() is None
        if self.strikes_server and self.chance.random() < 1 / 2:
            self.servers_killed += 1
            _kill_server()
            time.sleep(0.2)
            child.kill()
            child.wait(timeout=30)
            embedded.start()
        else:
            child.kill()
            child.wait(timeout=30)

    def asked(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the database as nobody's application."""
        with psycopg.connect(embedded.url(embedded.BATCH, self.name), autocommit=True) as connection:
            return connection.execute(statement.encode()).fetchall()

    def picture(self, *tables: str) -> list[Any]:
        """Give every row of some tables, to be compared with later."""
        return [self.asked(f"select to_jsonb(t)::text from {each} t order by 1") for each in tables]


def _kill_server() -> None:
    """Kill PostgreSQL with all its processes, as the machine would that runs out of memory."""
    told = embedded.data_dir() / "postmaster.pid"
    head = int(told.read_text().splitlines()[0])
    family = [head, *(int(each) for each in Path(f"/proc/{head}/task/{head}/children").read_text().split())]
    for each in family:
        os.kill(each, signal.SIGKILL)
    while any(Path(f"/proc/{each}/status").exists() and not _is_dead(each) for each in family):
        time.sleep(0.02)
    told.unlink()  # where nobody collects dead processes, the number in it would still be taken for a running server


def _is_dead(process: int) -> bool:
    try:
        return "State:\tZ" in Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


@contextmanager
def a_ground(play: str, name: str, *, seed: int, strikes_server: bool = False) -> Iterator[Ground]:
    """Give a fresh database, prepared by the act ``prepare`` of the play; gone afterwards."""
    _again(name, f"create database {name} template {template_name()} owner phuong_owner")
    ground = Ground(play, name, random.Random(seed), strikes_server)
    try:
        ground.finish("prepare")
        yield ground
    finally:
        _again(name)


def _again(name: str, then: str = "") -> None:
    with psycopg.connect(embedded.url(embedded.SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(f"drop database if exists {name} with (force)".encode())
        if then:
            connection.execute(then.encode())
