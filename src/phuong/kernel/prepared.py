"""Statements that PostgreSQL plans once a connection, for the few that every page asks.

Between client and server no pooler may stand that gives another connection to each transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorDebugWrapper


@contextmanager
def prepared(using: str = "default") -> Iterator[Any]:
    """Give a cursor whose statements are kept on the server from their sixth run on; for words that never change."""
    connection = connections[using]
    connection.ensure_connection()
    binding: Any = ServerBindingCursor
    with binding(connection.connection) as raw:
        yield _Told(raw, connection) if connection.queries_logged else connection.make_cursor(raw)


class _Told(CursorDebugWrapper):
    """Logs statements with their values in place, as Django's own cursors do."""

    @contextmanager
    def debug_sql(self, sql: Any = None, params: Any = None, *_how: Any, **_more: Any) -> Iterator[None]:
        """Time one statement."""
        with super().debug_sql(self.db.ops.compose_sql(sql, params), params):
            yield
