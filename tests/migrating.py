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
from tests.databases import a_copy


@contextmanager
def a_database(app: str) -> Iterator[tuple[Any, Any]]:
    """Give a connection of the superuser to a migrated database, and what migrates ``app`` in it to a number."""
    with a_copy("migrated") as name:

        def migrate(to: str) -> None:
            roles = (("", embedded.APP), ("_OWNER", embedded.OWNER), ("_BATCH", embedded.BATCH))
            urls = {f"DATABASE_URL{suffix}": embedded.url(role, name) for suffix, role in roles}
            subprocess.run(
                [str(Path(sys.executable).with_name("phuong")), "migrate", app, to, "--database", "owner", "-v", "0"],
                check=True,
                env={**os.environ, **urls},
            )

        with psycopg.connect(embedded.url(embedded.SUPERUSER, name), autocommit=True) as connection:
            connection.execute("drop schema past cascade")
            yield connection, migrate
