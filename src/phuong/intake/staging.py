"""Rows of a file in a temporary table, and writing them into the tables of the house as sets."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Model

_TYPES = {
    pl.Int16: "smallint",
    pl.Int32: "integer",
    pl.Int64: "bigint",
    pl.Float64: "double precision",
    pl.Boolean: "boolean",
    pl.Date: "date",
}
PART_ROWS = 10_000  # written at once: the text of a large file stands in memory only once
_numbers = count(1)


def _type_of(name: str, dtype: Any, types: Mapping[str, str]) -> str:
    return types.get(name) or _TYPES.get(dtype.base_type(), "text")


@contextmanager
def staged(frame: pl.DataFrame, types: Mapping[str, str] | None = None) -> Iterator[str]:
    """Hold ``frame`` as a temporary table for the time of a block; gives its name.

    ``types``: PostgreSQL types of columns that come as text (uuid, ltree, bytea as ``\\x…``).
    """
    name = f"intake_rows_{next(_numbers)}"
    columns = ", ".join(f'"{each}" {_type_of(each, frame[each].dtype, types or {})}' for each in frame.columns)
    listed = ", ".join(f'"{each}"' for each in frame.columns)
    with connection.cursor() as cursor:
        cursor.execute(f"create temporary table {name} ({columns}) on commit drop")
        with cursor.copy(f"copy {name} ({listed}) from stdin (format csv)") as copy:
            for part in frame.iter_slices(PART_ROWS):
                copy.write(part.write_csv(include_header=False, quote_style="non_numeric").encode())
        cursor.execute(f"analyze {name}")
    yield name
    with connection.cursor() as cursor:  # after a failure the rollback takes it away
        cursor.execute(f"drop table {name}")


def asked(
    frame: pl.DataFrame, query: str, *, types: Mapping[str, str] | None = None, params: Mapping[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    """Ask the database about the rows of ``frame``: ``{rows}`` in ``query`` is their table; one statement."""
    with staged(frame, types) as name, connection.cursor() as cursor:
        cursor.execute(query.replace("{rows}", name), params or {})
        return list(cursor.fetchall())


@dataclass(frozen=True)
class Stage:
    """The rows of one unit, ready to be kept. Expressions are SQL over ``s``, a row of the file."""

    table: str
    columns: frozenset[str]  # of the file, mapped and derived
    params: Mapping[str, Any]  # unit, path, on, today, account
    known: bool = True  # some row speaks of a record that is there: without any there is nothing to update

    def has(self, name: str) -> bool:
        """Say whether the file has this column."""
        return name in self.columns

    def insert(
        self, model: type[Model], values: Mapping[str, str], *, where: str = "true", source: str = ""
    ) -> list[str]:
        """Make a row of ``model`` for each row that ``where`` takes; gives the keys made.

        ``source``: more tables to read from, such as ``join registry_person p on p.id = s.target``.
        """
        values = {**_defaults(model, values), **values}
        columns = ", ".join(f'"{each}"' for each in values)
        expressions = ", ".join(values.values())
        table, key = model._meta.db_table, _key_of(model)
        statement = (
            f"insert into {table} ({columns}) select {expressions} from {self.table} s {source} where {where} "
            f"returning {key}::text"
        )
        return [each for (each,) in self.run(statement)]

    def update(
        self,
        model: type[Model],
        values: Mapping[str, str],
        *,
        key: str = "s.target",
        where: str = "true",
        also: Mapping[str, str] | None = None,
    ) -> int:
        """Change the rows of ``model`` that the file's rows speak of, but those that are right already; gives how many.

        Expressions may use ``t``, the present row; ``also`` is set beside, and makes no row a changed one by itself.
        """
        if not values or not self.known:
            return 0
        present = ", ".join(f't."{each}"' for each in values)
        expressions = ", ".join(values.values())
        both = {**values, **(also or {})}
        columns = ", ".join(f'"{each}"' for each in both)
        statement = (
            f"update {model._meta.db_table} t set ({columns}) = row({', '.join(both.values())}) from {self.table} s "
            f"where t.{_key_of(model)} = {key} and ({where}) and row({present}) is distinct from row({expressions})"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, self.params)
            return int(cursor.rowcount)

    def run(self, statement: str) -> Sequence[tuple[Any, ...]]:
        """Run a statement over the rows (``{rows}``: their table); gives what it returns."""
        with connection.cursor() as cursor:
            cursor.execute(statement.replace("{rows}", self.table), self.params)
            return cursor.fetchall() if cursor.description else []


def _key_of(model: type[Model]) -> str:
    key = model._meta.pk
    return f'"{key.column}"' if key else "id"


def _defaults(model: type[Model], given: Mapping[str, str]) -> dict[str, str]:
    """Give the constants a new row starts with where the file says nothing; the database knows none of them."""
    found: dict[str, str] = {}
    for each in model._meta.concrete_fields:
        if (
            not each.column
            or each.column in given
            or each.primary_key
            or getattr(each, "generated", False)
            or each.null
        ):
            continue
        if each.has_default() and not callable(each.default):
            found[each.column] = _constant(each.default)
        elif each.empty_strings_allowed and each.blank:
            found[each.column] = "''"
    return found


def _constant(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return (
        str(value) if isinstance(value, int | float) else "'" + str(value).replace("'", "''").replace("%", "%%") + "'"
    )
