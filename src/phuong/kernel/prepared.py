"""Statements that PostgreSQL plans once a connection, for the few that every page asks.

Between client and server no pooler may stand that gives another connection to each transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.postgresql.base import ServerBindingCursor


@contextmanager
def prepared(using: str = "default") -> Iterator[Any]:
    """Give a cursor whose statements are kept on the server from their sixth run on; for words that never change."""
    connection = connections[using]
    connection.ensure_connection()
    binding: Any = ServerBindingCursor
    with binding(connection.connection) as raw:
        yield connection.make_debug_cursor(raw) if connection.queries_logged else connection.make_cursor(raw)
