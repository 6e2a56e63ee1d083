"""How long a province takes to load, against a bare COPY of the very same rows on the same server."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections, transaction
from django.utils import timezone

from phuong.demo.accounts import with_accounts
from phuong.demo.catalog import catalogs
from phuong.demo.load import load, tables
from phuong.demo.province import Province

_BLOCK = 1 << 20


def load_figures(learners: int = 200_000, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Load a province (whatever stands there is replaced), then copy its rows into bare tables.

    ``floor`` and ``value`` in seconds: the floor is COPY from binary files into logged tables with a primary key and
    nothing else; the value is the whole load, rows made, indexes, keys and statistics included.
    """
    start = time.perf_counter()
    province = Province(catalogs(), learners, seed, timezone.localdate())
    with transaction.atomic(using="owner"):
        connections["owner"].ensure_connection()
        connection = connections["owner"].connection
        load(connection, with_accounts(province), total=learners, say=lambda line: None, replace=True)
    value = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder, transaction.atomic(using="owner"):
        floor = _bare_copy(connections["owner"].connection, Path(folder))
    yield {
        "what": f"demo load of {learners:,} learners",
        "value": round(value, 2),
        "unit": "s",
        "floor": round(floor, 2),
        "ratio": round(floor / value, 3),
    }


def _bare_copy(connection: psycopg.Connection[Any], folder: Path) -> float:
    """Dump every table to a binary file, copy the files into bare tables, and give the seconds of the copying."""
    seconds = 0.0
    with connection.cursor() as cursor:
        for table in tables().values():
            file, bare = folder / table.name, f"bare_{table.name}"
            columns = ", ".join(f'"{column}"' for column in table.columns)
            _dump(cursor, f"copy {table.name} ({columns}) to stdout (format binary)", file)
            cursor.execute(f"drop table if exists {bare}")
            cursor.execute(f"create table {bare} (like {table.name} including defaults)")
            cursor.execute(f"alter table {bare} add primary key ({table.key})")
            start = time.perf_counter()
            _read(cursor, f"copy {bare} ({columns}) from stdin (format binary)", file)
            seconds += time.perf_counter() - start
            file.unlink()
        for table in tables().values():
            cursor.execute(f"drop table bare_{table.name}")
    return seconds


def _dump(cursor: psycopg.Cursor[Any], statement: str, file: Path) -> None:
    cursor.execute("set local role phuong_batch")
    with cursor.copy(statement) as copy, file.open("wb") as out:
        for block in copy:
            out.write(block)
    cursor.execute("reset role")


def _read(cursor: psycopg.Cursor[Any], statement: str, file: Path) -> None:
    with cursor.copy(statement) as copy, file.open("rb") as source:
        while block := source.read(_BLOCK):
            copy.write(block)
