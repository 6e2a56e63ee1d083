"""Starts PostgreSQL for the tests before Django reads its settings (a conftest would be too late).

One migrated template database is kept under ``.cache``, named by a hash of all migrations; each worker gets a copy.
Tests connect as ``phuong_app``: row security holds for them as for everybody.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[1]
OTHER_HOME = os.environ.get("PHUONG_TESTS_HOME")  # where PostgreSQL may be killed: it keeps what it committed
HOME = Path(OTHER_HOME or ROOT / ".cache" / "tests")


def _digest() -> str:
    files = sorted((ROOT / "src").glob("phuong/*/migrations/*.py"))
    files += [ROOT / "requirements" / "dev.txt", ROOT / "src" / "phuong" / "kernel" / "protection.py"]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def template_name() -> str:
    """Name the migrated template that every database of the tests is copied from."""
    return f"template_{_digest()}"


def _start() -> None:
    os.environ["PHUONG_HOME"] = str(HOME)
    os.environ["PHUONG_MFA"] = "offered"  # tests of the obligation set it anew
    os.environ.pop("DATABASE_URL", None)
    (HOME / "static").mkdir(parents=True, exist_ok=True)
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        from phuong.config import embedded

        embedded.start(fast=not OTHER_HOME)
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        template = template_name()
        name = f"tests_{worker}"
        with psycopg.connect(embedded.url(embedded.SUPERUSER, "postgres"), autocommit=True) as connection:
            _make_template(connection, template)
            connection.execute(f"drop database if exists {name} with (force)")
            connection.execute(f"create database {name} template {template} owner phuong_owner")
    os.environ["DATABASE_URL"] = embedded.url(embedded.APP, name)
    os.environ["DATABASE_URL_OWNER"] = embedded.url(embedded.OWNER, name)
    os.environ["DATABASE_URL_BATCH"] = embedded.url(embedded.BATCH, name)


def _make_template(connection: psycopg.Connection, template: str) -> None:
    from phuong.config import embedded

    if connection.execute("select 1 from pg_database where datname = %s and datallowconn", [template]).fetchone():
        return
    connection.execute(f"drop database if exists {template}_new with (force)")
    connection.execute(f"create database {template}_new owner phuong_owner")
    with psycopg.connect(embedded.url(embedded.OWNER, f"{template}_new"), autocommit=True) as inside:
        for extension in embedded.EXTENSIONS:
            inside.execute(f"create extension if not exists {extension}")
    urls = {
        f"DATABASE_URL{suffix}": embedded.url(role, f"{template}_new")
        for suffix, role in (("", "phuong_app"), ("_OWNER", "phuong_owner"), ("_BATCH", "phuong_batch"))
    }
    subprocess.run(
        [str(Path(sys.executable).with_name("phuong")), "upgrade", "--verbosity", "0", "--skip-checks"],
        check=True,
        env={**os.environ, **urls},
    )
    connection.execute(f"alter database {template}_new rename to {template}")


_start()
