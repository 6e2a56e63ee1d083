"""Holding something by its name until the transaction ends: what no row stands for can be waited for as well."""

from django.db import connection


def hold(name: str) -> None:
    """Hold ``name`` alone: whoever holds or shares it is waited for, whoever comes later waits.

    A function of the database shares it as ``pg_advisory_xact_lock_shared(hashtextextended(name, 0))``.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
