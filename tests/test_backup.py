"""Backup and restore with PostgreSQL's own programs, on a database of their own beside the tests'."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from phuong.config import embedded
from tests.server import template_name

PHUONG = str(Path(sys.executable).with_name("phuong"))
NAME = f"backup_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    with psycopg.connect(embedded.url(embedded.SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(f"drop database if exists {NAME} with (force)")
        connection.execute(f"create database {NAME} template {template_name()} owner phuong_owner")
    urls = {
        f"DATABASE_URL{suffix}": embedded.url(role, NAME)
        for suffix, role in (("", "phuong_app"), ("_OWNER", "phuong_owner"), ("_BATCH", "phuong_batch"))
    }
    yield {**os.environ, **urls}
    with psycopg.connect(embedded.url(embedded.SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(f"drop database if exists {NAME} with (force)")


def asked(statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(embedded.url(embedded.BATCH, NAME), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def run(environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([PHUONG, *arguments], env=environment, capture_output=True, text=True, check=False)


def test_what_was_backed_up_comes_back_and_nothing_else_is_taken_for_a_backup(
    environment: dict[str, str], tmp_path: Path
) -> None:
    codes = "select count(*) from kernel_codeentry"
    asked(
        "insert into registry_organisation (id, kind, path, code, name, short_name, name_key, search_key) "
        "values (gen_random_uuid(), 'country', 'vn', 'VN', 'Việt Nam', 'Việt Nam', 'a', 'viet nam')"
    )
    before = asked(codes)
    file, junk = tmp_path / "b.dump", tmp_path / "junk"
    junk.write_text("no backup at all")

    assert run(environment, "backup", str(file)).returncode == 0
    asked("delete from kernel_codeentry")
    refused = run(environment, "restore", str(file))
    not_ours = run(environment, "restore", str(junk), "--replace")
    untouched = asked(codes)
    restored = run(environment, "restore", str(file), "--replace")

    assert (refused.returncode, not_ours.returncode, untouched) == (1, 1, [(0,)])
    assert restored.returncode == 0, restored.stderr
    assert asked(codes) == before
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        assert connection.execute("select count(*) from registry_person").fetchone() == (0,)
        policies = connection.execute("select count(*) from pg_policies where tablename = 'registry_person'").fetchone()
    assert policies == (2,)
