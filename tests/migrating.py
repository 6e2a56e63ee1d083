"""A database of its own that a test takes back to an older migration and up again."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from phuong.config import embedded
from tests.server import template_name


@contextmanager
def a_database(app: str) -> Iterator[tuple[Any, Any]]:
    """Give a connection of the superuser to a migrated database, and what migrates ``app`` in it to a number."""
    name = f"migrated_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"

    def migrate(to: str) -> None:
        roles = (("", embedded.APP), ("_OWNER", embedded.OWNER), ("_BATCH", embedded.BATCH))
        urls = {f"DATABASE_URL{suffix}": embedded.url(role, name) for suffix, role in roles}
        subprocess.run(
            [str(Path(sys.executable).with_name("phuong")), "migrate", app, to, "--database", "owner", "-v", "0"],
            check=True,
            env={**os.environ, **urls},
        )

    with psycopg.connect(embedded.url(embedded.SUPERUSER, "postgres"), autocommit=True) as server:
        server.execute(f"drop database if exists {name} with (force)")
        server.execute(f"create database {name} template {template_name()} owner phuong_owner")
        try:
            with psycopg.connect(embedded.url(embedded.SUPERUSER, name), autocommit=True) as connection:
                connection.execute("drop schema past cascade")
                yield connection, migrate
        finally:
            server.execute(f"drop database {name} with (force)")
