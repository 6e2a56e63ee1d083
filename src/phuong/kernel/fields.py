"""Column types of ours: a place in the organisation tree, and Vietnamese sort keys."""

from typing import Any

from django.db import models
from django.db.models.lookups import PostgresOperatorLookup


class Path(models.Field):  # type: ignore[type-arg]  # not generic at run time
    """A place in the organisation tree, as ``ltree``: ``vn.p31.c11311.s31310123``."""

    description = "ltree"

    def db_type(self, connection: Any) -> str:
        """Name the PostgreSQL type."""
        return "ltree"


@Path.register_lookup
class Under(PostgresOperatorLookup):
    """``path__under='vn.p31'``: this place or any below it."""

    lookup_name = "under"
    postgres_operator = "<@"


@Path.register_lookup
class Above(PostgresOperatorLookup):
    """``path__above='vn.p31.c11311'``: this place or any above it."""

    lookup_name = "above"
    postgres_operator = "@>"


class SortText(models.TextField):  # type: ignore[type-arg]  # not generic at run time
    """Text compared byte by byte (collation C): sort keys and codes, fast and the same on every server."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Fix the collation."""
        kwargs["db_collation"] = "C"
        super().__init__(*args, **kwargs)


class TransactionId(models.Field):  # type: ignore[type-arg]  # not generic at run time
    """The writing transaction (``xid8``), as a whole number that only grows."""

    description = "xid8"

    def db_type(self, connection: Any) -> str:
        """Name the PostgreSQL type."""
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        """Read the number."""
        return None if value is None else int(value)
