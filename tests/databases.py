"""Databases of their own, copied from the migrated template: to migrate, or to commit into from several threads."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections

from phuong.config import embedded
from tests.server import template_name


@contextmanager
def a_copy(prefix: str) -> Iterator[str]:
    """Copy the template; gives the name of the database, which is dropped afterwards."""
    name = f"{prefix}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with psycopg.connect(embedded.url(embedded.SUPERUSER, "postgres"), autocommit=True) as server:
        server.execute(f"drop database if exists {name} with (force)")
        server.execute(f"create database {name} template {template_name()} owner phuong_owner")
        try:
            yield name
        finally:
            server.execute(f"drop database {name} with (force)")


@contextmanager
def committing(blocker: Any) -> Iterator[None]:
    """Let this test and every thread of it work in a copy of the template, where transactions end.

    For tests without the fixture ``db``; ``blocker``: pytest-django's ``django_db_blocker``. A thread closes its
    connections itself.
    """
    with a_copy("committed") as name:
        kept = connections["default"], connections.settings["default"]
        connections.settings["default"] = {**kept[1], "NAME": name}
        connections["default"] = connections.create_connection("default")
        try:
            with blocker.unblock():
                yield
        finally:
            connections["default"].close()
            connections["default"], connections.settings["default"] = kept
