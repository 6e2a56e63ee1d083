"""Lists that stay fast at any depth: keyset paging by an index, never OFFSET, never COUNT."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.db.models.expressions import Func, Value
from django.db.models.fields import BooleanField
from django.http import QueryDict
from django.utils.functional import cached_property

SIZES = (25, 50, 100)


class _RowAfter(Func):
    """``(a, b) > (x, y)``: the row comparison that an index on (a, b) answers directly."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, columns: Sequence[str], values: Sequence[Any], operator: str) -> None:
        keys = [F(column) for column in columns]
        super().__init__(*keys, *[Value(value) for value in values])
        half = "(" + ", ".join(["%s"] * len(columns)) + ")"
        self.shape = f"{half} {operator} {half}"

    def as_sql(self, compiler: Any, connection: Any, *_shape: Any, **_extra: Any) -> Any:  # type: ignore[override]
        """Write the comparison."""
        del connection
        parts, params = [], []
        for expression in self.source_expressions:
            sql, values = compiler.compile(expression)
            parts.append(sql)
            params.extend(values)
        return self.shape % tuple(parts), params


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows, and the addresses before and after it."""

    rows: list[Any]
    size: int
    next_key: str
    previous_key: str
    query: QueryDict
    first: int = 0

    @cached_property
    def next_url(self) -> str:
        """Give the address of the next page, or nothing at the end."""
        return self._url(after=self.next_key) if self.next_key else ""

    @cached_property
    def previous_url(self) -> str:
        """Give the address of the page before, or nothing at the start."""
        return self._url(before=self.previous_key) if self.previous_key else ""

    def _url(self, **key: str) -> str:
        query = self.query.copy()
        for name in ("after", "before"):
            query.pop(name, None)
        query.update(key)
        return "?" + query.urlencode()


def keyset_page(
    rows: QuerySet[Any, Any],
    *,
    by: Sequence[str],
    query: QueryDict,
    size: int | None = None,
    read: Callable[[Any, str], Any] | None = None,
    newest_first: bool = False,
) -> Page:
    """Cut one page out of ``rows``, ordered by the columns ``by`` (the last one unique); annotations may be among them.

    ``newest_first``: all columns from the largest down. ``query`` carries ``after`` or ``before`` (opaque keys), and
    ``size``; nonsense in them is ignored.
    """
    size = size or _size(query)
    reading = read or _read
    backwards = bool(query.get("before"))
    goes_down = backwards is not newest_first
    key = _decode(query.get("before") or query.get("after") or "", rows, by)
    ordered = rows.order_by(*[f"-{column}" if goes_down else column for column in by])
    if key is not None:
        ordered = ordered.filter(_RowAfter(by, key, "<" if goes_down else ">"))
    found = list(ordered[: size + 1])
    has_more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    has_next = has_more if not backwards else bool(found)
    has_previous = (key is not None) if not backwards else has_more
    keys = [[str(reading(row, column)) for column in by] for row in (found[0], found[-1])] if found else []
    return Page(
        rows=found,
        size=size,
        next_key=_encode(keys[1]) if keys and has_next else "",
        previous_key=_encode(keys[0]) if keys and has_previous else "",
        query=query,
    )


def _read(row: Any, column: str) -> Any:
    value = row
    for part in column.split("__"):
        value = value[part] if isinstance(value, dict) else getattr(value, part)
    return value


def _size(query: QueryDict) -> int:
    return next((size for size in SIZES if query.get("size") == str(size)), SIZES[0])


def _encode(values: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _decode(text: str, rows: QuerySet[Any, Any], columns: Sequence[str]) -> list[Any] | None:
    """Read a key; ``None`` when any part of it is not a value of its column."""
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(values, list) or len(values) != len(columns):
            return None
        return [_value(rows, column, value) for column, value in zip(columns, values, strict=True)]
    except (binascii.Error, ValueError, ValidationError, RecursionError):
        return None


def _value(rows: QuerySet[Any, Any], column: str, value: Any) -> Any:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(column)
    value.encode()
    if column in rows.query.annotations:
        return rows.query.annotations[column].output_field.to_python(value)
    *joins, last = column.split("__")
    options: Any = rows.model._meta
    for part in joins:
        options = options.get_field(part).related_model._meta
    return options.get_field(last).to_python(value)


def keys_in(values: Iterable[str]) -> list[UUID]:
    """Read the keys of ticked rows; nonsense among them is ignored."""
    return [key for key in map(_key, values) if key is not None]


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
