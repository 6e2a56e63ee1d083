"""Loads a province through COPY, in one transaction, with indexes and keys built once at the end."""

import io
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import polars.selectors as cs
import psycopg
from django.apps import apps
from django.db import models

from phuong.demo.province import Piece

Say = Callable[[str], None]
_WAITING = 1  # pieces made ahead of the loading
_BLOCK = 1 << 22  # bytes handed over at a time
_MODELS = (
    "registry.Organisation",
    "registry.OrganisationAlias",
    "registry.Lineage",
    "registry.School",
    "registry.ClassGroup",
    "registry.Person",
    "registry.Guardianship",
    "registry.Enrolment",
    "registry.StaffPosition",
    "registry.Qualification",
    "facilities.Building",
    "facilities.Room",
    "facilities.Equipment",
    "facilities.Programme",
    "identity.Account",
    "identity.RoleAssignment",
)
_CONSTRAINTS = """
select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
where conrelid = any(%(tables)s::regclass[]) and contype in ('f', 'p', 'u', 'x')
   or confrelid = any(%(tables)s::regclass[]) and contype = 'f'
order by contype = 'f', contype <> 'p', oid
"""
_INDEXES = """
select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index i
where indrelid = any(%(tables)s::regclass[]) and not indisprimary
  and not exists (select from pg_constraint c where c.conindid = i.indexrelid) order by indexrelid
"""
_FORCED = """
select oid::regclass::text from pg_class
where oid = any(%(tables)s::regclass[]) and relrowsecurity and relforcerowsecurity
"""
_SETTINGS = """
set local maintenance_work_mem = '512MB'; set local max_parallel_maintenance_workers = 2;
set local work_mem = '256MB'; set local default_statistics_target = 50;
select set_config('app.scope', 'vn', true);
"""


class TablesNotEmpty(RuntimeError):
    """A table to be filled holds rows already; the message names it."""


@dataclass(frozen=True)
class Table:
    """A table as COPY needs it. ``columns``: all but generated ones, in the table's order."""

    name: str
    key: str
    columns: tuple[str, ...]
    defaults: dict[str, Any]

    def csv(self, frame: pl.DataFrame) -> bytes:
        """Write rows as CSV (tab-separated): null is nothing, the empty text is quoted, bytes are hexadecimal."""
        known = set(frame.columns)
        unknown = known - set(self.columns)
        if unknown:
            raise KeyError(f"{self.name}: {sorted(unknown)}")
        more = {name: pl.lit(self.defaults[name]) for name in self.columns if name not in known}
        binary = (pl.lit("\\x") + cs.binary().bin.encode("hex")).name.keep()
        buffer = io.BytesIO()
        frame.with_columns(binary, **more).select(self.columns).write_csv(buffer, include_header=False, separator="\t")
        return buffer.getvalue()

    def copy_statement(self) -> str:
        """Give the COPY statement; rows are frozen, as the table was emptied in this transaction."""
        columns = ", ".join(f'"{column}"' for column in self.columns)
        return f"copy {self.name} ({columns}) from stdin (format csv, delimiter E'\\t', freeze)"


def tables() -> dict[str, Table]:
    """Describe the tables of all models that a province fills."""
    return {name: _table(apps.get_model(name)) for name in _MODELS}


def _table(model: type[models.Model]) -> Table:
    fields = [one for one in model._meta.concrete_fields if not one.generated]
    columns = tuple(str(one.column) for one in fields)
    meta = model._meta
    return Table(meta.db_table, str(meta.pk.column), columns, {str(one.column): one.get_default() for one in fields})


def _histories() -> list[str]:
    """Name the tables of kept old rows that belong to the tables filled."""
    filled = {apps.get_model(name) for name in _MODELS}
    events = [model for model in apps.get_models() if getattr(model, "pgh_tracked_model", None) in filled]
    return [model._meta.db_table for model in events]


@dataclass
class Timing:
    """Seconds of each stage, in order, and rows by table."""

    seconds: dict[str, float] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, say: Say) -> Iterator[None]:
        """Measure one stage and say how long it took."""
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start
        say(f"{name}: {self.seconds[name]:.1f} s")


def load(
    connection: psycopg.Connection[Any], pieces: Iterable[Piece], *, total: int, say: Say, replace: bool = False
) -> Timing:
    """Fill the tables as their owner; the caller holds the transaction.

    The tables must be empty, unless ``replace``: then they are emptied with all that refers to their rows.

    :raises TablesNotEmpty: without ``replace``, where rows stand already
    """
    timing = Timing()
    known = tables()
    names = [table.name for table in known.values()]
    with connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
        cursor.execute("set local app.bulk_load = 'on'")
        if replace:
            cursor.execute(f"truncate {', '.join(names + _histories())} cascade")
        with timing.stage("drop indexes", say):
            constraints, indexes = _drop(cursor, names)
            forced = _unforce(cursor, names)
        _refuse_rows(cursor, names)
        # empty already, but COPY freezes rows only where this transaction has truncated
        cursor.execute(f"truncate {', '.join(names)}")
        with timing.stage("copy", say):
            _copy_all(cursor, known, pieces, total, timing, say)
        with timing.stage("indexes", say):
            for _, definition in indexes:
                _timed(cursor, definition, say)
        with timing.stage("constraints", say):
            for statement in _additions(constraints):
                _timed(cursor, statement, say)
            for name in forced:
                cursor.execute(f"alter table {name} force row level security".encode())
        with timing.stage("analyze", say):
            cursor.execute(f"analyze {', '.join(names)}")
    return timing


def _refuse_rows(cursor: psycopg.Cursor[Any], names: list[str]) -> None:
    for name in names:
        if cursor.execute(f"select 1 from {name} limit 1".encode()).fetchone():
            raise TablesNotEmpty(name)


def _timed(cursor: psycopg.Cursor[Any], statement: str, say: Say) -> None:
    start = time.perf_counter()
    cursor.execute(statement.encode())
    if (seconds := time.perf_counter() - start) > 1:
        say(f"  {seconds:.1f} s {statement[:110]}")


def _drop(cursor: psycopg.Cursor[Any], names: list[str]) -> tuple[list[tuple[str, str, str]], list[tuple[str, str]]]:
    """Drop what is quicker to build once than to keep up row by row; give the definitions."""
    constraints = cursor.execute(_CONSTRAINTS, {"tables": names}).fetchall()
    indexes = cursor.execute(_INDEXES, {"tables": names}).fetchall()
    for table, name, _ in reversed(constraints):
        cursor.execute(f'alter table {table} drop constraint "{name}"'.encode())
    for name, _ in indexes:
        cursor.execute(f"drop index {name}".encode())
    return constraints, indexes


def _unforce(cursor: psycopg.Cursor[Any], names: list[str]) -> list[str]:
    """Let the owner past row security, so that a key is not checked row by row against a scope; name the tables.

    Nobody else sees these tables until the transaction ends, and by then row security is forced again.
    """
    forced = [str(name) for (name,) in cursor.execute(_FORCED, {"tables": names}).fetchall()]
    for name in forced:
        cursor.execute(f"alter table {name} no force row level security".encode())
    return forced


def _additions(constraints: list[tuple[str, str, str]]) -> list[str]:
    """Put together the statements that add constraints again: one for each table, references after all the others."""
    parts: dict[tuple[bool, str], list[str]] = {}
    for table, name, definition in constraints:
        key = (definition.startswith("FOREIGN KEY"), table)
        parts.setdefault(key, []).append(f'add constraint "{name}" {definition}')
    ordered = sorted(parts.items(), key=lambda item: item[0][0])
    return [f"alter table {table} {', '.join(added)}" for (_, table), added in ordered]


def _copy_all(
    cursor: psycopg.Cursor[Any], known: dict[str, Table], pieces: Iterable[Piece], total: int, timing: Timing, say: Say
) -> None:
    done = 0
    cursor.execute("set local role phuong_batch")
    for rows, learners in _ahead(_encoded(pieces, known)):
        for name, count, data in rows:
            with cursor.copy(known[name].copy_statement()) as copy:
                for start in range(0, len(data), _BLOCK):
                    copy.write(data[start : start + _BLOCK])
            timing.rows[name] = timing.rows.get(name, 0) + count
        done += learners
        say(f"learners {done:,}/{total:,}")
    cursor.execute("reset role")


Encoded = tuple[list[tuple[str, int, bytes]], int]


def _encoded(pieces: Iterable[Piece], known: dict[str, Table]) -> Iterator[Encoded]:
    for piece in pieces:
        yield (
            [(name, len(frame), known[name].csv(frame)) for name, frames in piece.tables.items() for frame in frames],
            piece.learners,
        )


def _ahead(items: Iterator[Encoded]) -> Iterator[Encoded]:
    """Make the next items in a thread of their own, while the server reads the last ones."""
    ready: queue.Queue[Encoded | Exception | None] = queue.Queue(_WAITING)

    def make() -> None:
        try:
            for item in items:
                ready.put(item)
        except Exception as error:  # noqa: BLE001
            ready.put(error)
        else:
            ready.put(None)

    threading.Thread(target=make, daemon=True).start()
    while (item := ready.get()) is not None:
        if isinstance(item, Exception):
            raise item
        yield item
