"""How long a province takes to load, against a plain COPY of the very same rows on the same server."""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections, transaction
from django.utils import timezone

from phuong.demo.accounts import with_accounts
from phuong.demo.catalog import catalogs
from phuong.demo.load import Table, load, tables
from phuong.demo.province import Province

LayOut = Callable[[psycopg.Cursor[Any], str], None]
_BLOCK = 1 << 20
_WHOLE_TABLES_AT_MOST = 300_000  # learners: with a million, every index and key kept up row by row takes minutes
_REFERENCES = """
select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint
where conrelid = any(%(tables)s::regclass[]) and contype = 'f' order by oid
"""


def load_figures(learners: int = 200_000, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Load a province (whatever stands there is replaced), then copy its rows into tables of two kinds.

    ``floor`` and ``value`` in seconds, ``ratio`` how many times the floor's speed: the value is the whole load, rows
    made, indexes, keys and statistics included. Both floors are COPY from binary files: one into logged tables with a
    primary key and nothing else, one into tables with every index, check and key of the real ones in place. The
    second is left out where it would take minutes: above 300,000 learners.
    """
    start = time.perf_counter()
    province = Province(catalogs(), learners, seed, timezone.localdate())
    with transaction.atomic(using="owner"):
        connections["owner"].ensure_connection()
        connection = connections["owner"].connection
        load(connection, with_accounts(province), total=learners, say=lambda line: None, replace=True)
    value = time.perf_counter() - start
    what = f"demo load of {learners:,} learners"
    with tempfile.TemporaryDirectory() as folder:
        with transaction.atomic(using="owner"), connections["owner"].connection.cursor() as cursor:
            bare = _copies(cursor, Path(folder), "bare_", _bare)
        yield _figure(f"{what}, against a bare COPY, primary key only", value, bare)
        if learners <= _WHOLE_TABLES_AT_MOST:
            with transaction.atomic(using="owner"), connections["owner"].connection.cursor() as cursor:
                whole = _copies(cursor, Path(folder), "whole_", _whole)
            more = "against a plain COPY into the tables as they stand"
            yield _figure(f"{what}, {more} (measured up to {_WHOLE_TABLES_AT_MOST:,} learners)", value, whole)


def _figure(what: str, value: float, floor: float) -> dict[str, Any]:
    return {
        "what": what,
        "value": round(value, 2),
        "unit": "s",
        "floor": round(floor, 2),
        "ratio": round(floor / value, 3),
    }


def _copies(cursor: psycopg.Cursor[Any], folder: Path, prefix: str, lay_out: LayOut) -> float:
    """Copy every table's binary file into a table named with ``prefix``, and give the seconds of the copying."""
    known = tables().values()
    for table in known:
        if not (folder / table.name).exists():
            _dump(cursor, f"copy {table.name} ({_columns(table)}) to stdout (format binary)", folder / table.name)
    lay_out(cursor, prefix)
    start = time.perf_counter()
    for table in known:
        statement = f"copy {prefix}{table.name} ({_columns(table)}) from stdin (format binary)"
        _read(cursor, statement, folder / table.name)
    cursor.execute("set constraints all immediate")
    seconds = time.perf_counter() - start
    cursor.execute(f"drop table {', '.join(prefix + table.name for table in known)}")
    return seconds


def _bare(cursor: psycopg.Cursor[Any], prefix: str) -> None:
    """Lay out tables with a primary key and nothing else."""
    for table in tables().values():
        cursor.execute(f"create table {prefix}{table.name} (like {table.name} including defaults)")
        cursor.execute(f"alter table {prefix}{table.name} add primary key ({table.key})")


def _whole(cursor: psycopg.Cursor[Any], prefix: str) -> None:
    """Lay out tables with the indexes, checks, exclusions and references of the real ones."""
    names = [table.name for table in tables().values()]
    for name in names:
        cursor.execute(f"create table {prefix}{name} (like {name} including all)")
    for table, definition in cursor.execute(_REFERENCES, {"tables": names}).fetchall():
        there = definition.replace(" REFERENCES ", f" REFERENCES {prefix}", 1)
        cursor.execute(f"alter table {prefix}{table} add {there}".encode())


def _columns(table: Table) -> str:
    return ", ".join(f'"{column}"' for column in table.columns)


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
