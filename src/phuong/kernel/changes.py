"""The log of changes: what was made, changed, moved or removed, in an order that a reader can go on from.

A row of the log is written by statement triggers, whatever way the change took. ``txid`` is the writing transaction:
a reader who stays below the oldest transaction still open misses nothing (`pg_snapshot_xmin`).
"""

import datetime as dt
from uuid import UUID

from django.db import connection, connections
from django.db.migrations.operations import RunSQL

_TRIGGER = """
create trigger keep_changes_{event} after {event} on {table}
referencing {tables} for each statement execute function kernel_keep_changes('{path}', '{key}', '{id}');
"""
_TABLES = {
    "insert": "new table as fresh",
    "update": "old table as stale new table as fresh",
    "delete": "old table as stale",
}


class KeepChanges(RunSQL):
    """Log every change of a table. ``path``, ``key``: SQL over the row ``r``, its place and its official code."""

    def __init__(self, table: str, *, path: str = "r.path", key: str = "null", row_id: str = "r.id") -> None:
        """Build the three triggers of ``table``."""
        options = {"path": path.replace("'", "''"), "key": key.replace("'", "''"), "id": row_id}
        forward = "".join(
            _TRIGGER.format(event=event, table=table, tables=tables, **options) for event, tables in _TABLES.items()
        )
        backward = "".join(f"drop trigger keep_changes_{event} on {table};" for event in _TABLES)
        super().__init__(forward, backward)


_KEY = """
insert into kernel_change (txid, at, path, on_kind, on_id, act, key_before, key_after)
values (pg_current_xact_id(), now(), %s::ltree, %s, %s, 'changed', %s, %s)
"""


def tell_key(table: str, *, path: str, before: UUID, after: UUID) -> None:
    """Tell readers of the log that a record goes on under another key: what they kept of ``before`` is ``after``."""
    with connection.cursor() as cursor:
        cursor.execute(_KEY, [path, table, after, str(before), str(after)])


_HORIZON = "select pg_snapshot_xmin(pg_current_snapshot())::text, now()"


def horizon(using: str = "default") -> tuple[str, dt.datetime]:
    """Give the oldest transaction still open, and the moment: what the log holds of older ones is complete."""
    with connections[using].cursor() as cursor:
        cursor.execute(_HORIZON)
        txid, now = cursor.fetchone()
    return str(txid), now


PLACE_OF_UNIT = "(select o.path from registry_organisation o where o.id = r.organisation_id)"
KEPT_DAYS = 400

_MOVES = """
create trigger keep_moves_{table} after update on registry_organisation
referencing old table as stale new table as fresh
for each statement execute function kernel_keep_moves('{table}', '{id}');
"""


class KeepMoves(RunSQL):
    """Log that a row lies elsewhere when its unit moves: for tables placed by their unit alone (``PLACE_OF_UNIT``)."""

    def __init__(self, table: str, *, row_id: str = "id") -> None:
        """Build the trigger for ``table``."""
        forward = _MOVES.format(table=table, id=row_id)
        super().__init__(forward, f"drop trigger keep_moves_{table} on registry_organisation;")


def forget_changes(days: int = KEPT_DAYS) -> int:
    """Delete lines of the log older than ``days`` (at least 90), in one statement; gives how many.

    The roles of the web may not delete from the log; the function of the database may, and nothing younger.
    """
    with connection.cursor() as cursor:
        cursor.execute("select kernel_forget_changes(%s)", [days])
        return int(cursor.fetchone()[0])
