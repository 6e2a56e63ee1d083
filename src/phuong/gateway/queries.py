"""Reads for other systems: pages of records by key, and what changed since."""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection

from phuong.gateway.errors import BadCursor, CursorTooOld
from phuong.kernel.changes import KEPT_DAYS, horizon
from phuong.kernel.scope import Actor
from phuong.records.api import CHOICE, RECORD, REMOVE, Field, RecordKind, plain, value_of

_FEED = """
select txid::text, id, on_id, act, at, key_before, key_after from kernel_change
where on_kind = %s and txid < %s::xid8 and (txid, id) > (%s::xid8, %s)
and at >= %s order by txid, id limit %s
"""
LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
ENDED = "ended_on"
_MOST_DIGITS = 18
_MOST_SECONDS = 2**36


@dataclass(frozen=True)
class Place:
    """A place in the log: everything up to this line of this transaction has been told, as the log stood ``at``."""

    txid: str = "0"
    line: int = 0
    at: dt.datetime = LONG_AGO


@dataclass
class Changes:
    """What happened to records of one kind since a point; ``next`` is where to go on, also when nothing is left."""

    ids: list[UUID] = field(default_factory=list)
    removed: list[dict[str, Any]] = field(default_factory=list)
    key_changes: list[dict[str, Any]] = field(default_factory=list)
    next: str = ""


def fields_out(kind: RecordKind) -> list[Field]:
    """Give the fields that are read out: all but secrets and what is asked only when a record is made."""
    own = [each for each in kind.fields if not each.secret and not (each.virtual and each.at_start_only)]
    return [*own, *kind.also]


@dataclass(frozen=True)
class Source:
    """Records that are read out: their rows as the actor sees them, how they are written, the table the log names."""

    table: str
    rows: Any
    write: Callable[[Any], list[dict[str, Any]]]


def source_of(kind: RecordKind, actor: Actor, of: UUID | None = None) -> Source:
    """Give the records of a kind the actor sees, of one owner when asked."""
    rows = kind.rows(actor)
    rows = rows.filter(**{kind.owner: of}) if of and kind.owner else rows
    return Source(kind.model._meta.db_table, rows, partial(items_of, kind))


def page_of(source: Source, *, after: UUID | None, limit: int) -> tuple[list[dict[str, Any]], str]:
    """Cut a page by key: as quick at any depth. Gives the records and the key to go on from (empty at the end)."""
    key = source.rows.model._meta.pk.name
    rows = source.rows.order_by(key)
    if after is not None:
        rows = rows.filter(**{f"{key}__gt": after})
    items = source.write(rows[: limit + 1])
    return items[:limit], str(items[limit - 1]["id"]) if len(items) > limit else ""


def items_of(kind: RecordKind, rows: Any) -> list[dict[str, Any]]:
    """Write records for machines; plain columns are read without making objects."""
    shown = fields_out(kind)
    if kind.ending == "during" or any(each.read is not None for each in shown):
        return [item_of(kind, row, shown) for row in rows]
    own = [("of", f"{kind.owner}_id", plain)] if kind.owner else []
    end = [(ENDED, kind.ending, plain)] if ends(kind) else []
    told = [(each.name, each.column, _writer(each)) for each in shown]
    names, columns, writers = zip(("id", "pk", plain), *own, *told, *end, strict=True)
    found = rows.select_related(None).values_list(*columns)
    return [{name: write(value) for name, write, value in zip(names, writers, row, strict=True)} for row in found]


def _writer(field: Field) -> Callable[[Any], Any]:
    """Give how a value is written: a code that is not known is no code."""
    return _code_or_none if field.codes or field.type == CHOICE else plain


def _code_or_none(value: Any) -> Any:
    return None if value == "" else value


def item_of(kind: RecordKind, row: Any, shown: Sequence[Field] | None = None) -> dict[str, Any]:
    """Write one record for machines."""
    facts: dict[str, Any] = {"id": str(row.pk)}
    if kind.owner:
        facts["of"] = plain(getattr(row, f"{kind.owner}_id"))
    for each in shown or fields_out(kind):
        value = getattr(row, each.column) if each.type == RECORD else value_of(each, row)
        facts[each.name] = _writer(each)(value)
    if ends(kind):
        value = getattr(row, kind.ending)
        facts[ENDED] = plain(value.upper if kind.ending == "during" and value else value)
    return facts


def ends(kind: RecordKind) -> bool:
    """Say whether a record of this kind is ended by a day, and stays to be read."""
    return bool(kind.ending) and kind.ending != REMOVE


def present_place() -> Place:
    """Give the place in the log of all that is told today: what is open now comes after it."""
    txid, now = horizon()
    return Place(txid, 0, now)


def changes_of(table: str, *, cursor: str, since: dt.datetime | None, limit: int) -> Changes:
    """Read the log of changes of one table within the acting scope, in the order of their transactions.

    Only what is older than every open transaction is given, so nothing that is committed later can be missed.

    :raises CursorTooOld: lines after the cursor, or after ``since``, may have been forgotten
    """
    present, place = present_place(), read_cursor(cursor)
    kept_from = present.at - dt.timedelta(days=KEPT_DAYS)
    if (cursor and place.at < kept_from) or (since and since < kept_from) or int(place.txid) > int(present.txid):
        raise CursorTooOld
    with connection.cursor() as reader:
        reader.execute(_FEED, [table, present.txid, place.txid, place.line, since or LONG_AGO, limit])
        rows = reader.fetchall()
    told = Changes(next=write_cursor(Place(rows[-1][0], rows[-1][1], rows[-1][4]) if len(rows) == limit else present))
    last: dict[UUID, str] = {}
    for _txid, _line, record, act, at, before, after in rows:
        last.pop(record, None)
        last[record] = act
        if act in ("removed", "moved"):
            told.removed.append({"id": str(record), "at": at.isoformat()})
        if before and after and before != after:
            told.key_changes.append({"id": str(record), "before": before, "after": after})
    told.ids = [record for record, act in last.items() if act != "removed"]
    return told


def changed_items(source: Source, told: Changes) -> list[dict[str, Any]]:
    """Give the present values of what changed, in order, as far as it is still seen; the rest is gone."""
    found = {item["id"]: item for item in source.write(source.rows.filter(pk__in=told.ids))}
    told.removed = [each for each in told.removed if each["id"] not in found]
    return [found[str(key)] for key in told.ids if str(key) in found]


def write_cursor(place: Place) -> str:
    """Write a place in the log as an opaque text."""
    content = json.dumps([place.txid, place.line, int(place.at.timestamp())])
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def read_cursor(text: str) -> Place:
    """Read a place in the log.

    :raises BadCursor: it is none of ours
    """
    if not text:
        return Place()
    try:
        txid, line, seconds = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise BadCursor from error
    is_number = isinstance(txid, str) and txid.isascii() and txid.isdecimal() and len(txid) <= _MOST_DIGITS
    if not is_number or not _is_whole(line, 2**62) or not _is_whole(seconds, _MOST_SECONDS):
        raise BadCursor
    return Place(txid, line, dt.datetime.fromtimestamp(seconds, tz=dt.UTC))


def _is_whole(value: Any, below: int) -> bool:
    return type(value) is int and 0 <= value < below
