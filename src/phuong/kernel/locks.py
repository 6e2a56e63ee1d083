"""Holding something by its name until the transaction ends: what no row stands for can be waited for as well."""

from django.db import connection


def hold(name: str) -> None:
    """Hold ``name`` alone: whoever holds or shares it is waited for, whoever comes later waits."""
    _take("pg_advisory_xact_lock", name)


def share(name: str) -> None:
    """Hold ``name`` together with others who share it, but with nobody who holds it alone."""
    _take("pg_advisory_xact_lock_shared", name)


def _take(function: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"select {function}(hashtextextended(%s, 0))", [name])
