"""Reads for other systems: pages of records by key, and what changed since."""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from phuong.gateway.errors import BadCursor
from phuong.kernel.scope import Actor
from phuong.records.api import RECORD, Field, RecordKind, plain, value_of

_FEED = """
select txid::text, id, on_id, act, at, key_before, key_after from kernel_change
where on_kind = %s and txid < pg_snapshot_xmin(pg_current_snapshot()) and (txid, id) > (%s::xid8, %s)
and at >= %s order by txid, id limit %s
"""
LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MOST_DIGITS = 18


@dataclass
class Changes:
    """What happened to records of one kind since a point; ``next`` is where to go on, also when nothing is left."""

    ids: list[UUID] = field(default_factory=list)
    removed: list[dict[str, Any]] = field(default_factory=list)
    key_changes: list[dict[str, Any]] = field(default_factory=list)
    next: str = ""


def fields_out(kind: RecordKind) -> list[Field]:
    """Give the fields that are read out: all but secrets and what is asked only when a record is made."""
    return [each for each in kind.fields if not each.secret and not (each.virtual and each.at_start_only)]


def page_of(kind: RecordKind, rows: Any, *, after: UUID | None, limit: int) -> tuple[list[dict[str, Any]], str]:
    """Cut a page by key: as quick at any depth. Gives the records and the key to go on from (empty at the end)."""
    key = kind.model._meta.pk.name
    rows = rows.order_by(key)
    if after is not None:
        rows = rows.filter(**{f"{key}__gt": after})
    items = items_of(kind, rows[: limit + 1])
    return items[:limit], str(items[limit - 1]["id"]) if len(items) > limit else ""


def items_of(kind: RecordKind, rows: Any) -> list[dict[str, Any]]:
    """Write records for machines; plain columns are read without making objects."""
    shown = fields_out(kind)
    if any(each.read is not None for each in shown):
        return [item_of(kind, row, shown) for row in rows]
    owner = [f"{kind.owner}_id"] if kind.owner else []
    names = ["id", *(["of"] if owner else []), *[each.name for each in shown]]
    found = rows.select_related(None).values_list("pk", *owner, *[each.column for each in shown])
    return [dict(zip(names, map(plain, row), strict=True)) for row in found]


def item_of(kind: RecordKind, row: Any, shown: Sequence[Field] | None = None) -> dict[str, Any]:
    """Write one record for machines."""
    facts: dict[str, Any] = {"id": str(row.pk)}
    if kind.owner:
        facts["of"] = plain(getattr(row, f"{kind.owner}_id"))
    for each in shown or fields_out(kind):
        facts[each.name] = plain(getattr(row, each.column) if each.type == RECORD else value_of(each, row))
    return facts


def changes_of(kind: RecordKind, *, cursor: str, since: dt.datetime | None, limit: int) -> Changes:
    """Read the log of changes of one kind within the acting scope, in the order of their transactions.

    Only what is older than every open transaction is given, so nothing that is committed later can be missed.
    """
    txid, place = read_cursor(cursor)
    with connection.cursor() as reader:
        reader.execute(_FEED, [kind.model._meta.db_table, txid, place, since or LONG_AGO, limit])
        rows = reader.fetchall()
    told = Changes(next=write_cursor(rows[-1][0], rows[-1][1]) if rows else cursor or write_cursor("0", 0))
    last: dict[UUID, str] = {}
    for _txid, _place, record, act, at, before, after in rows:
        last.pop(record, None)
        last[record] = act
        if act in ("removed", "moved"):
            told.removed.append({"id": str(record), "at": at.isoformat()})
        if before and after and before != after:
            told.key_changes.append({"id": str(record), "before": before, "after": after})
    told.ids = [record for record, act in last.items() if act != "removed"]
    return told


def changed_items(kind: RecordKind, rows: Any, told: Changes) -> list[dict[str, Any]]:
    """Give the present values of what changed, as far as the actor still sees it."""
    found = {item["id"]: item for item in items_of(kind, rows.filter(pk__in=told.ids))}
    told.removed = [each for each in told.removed if each["id"] not in found]
    return [found[str(key)] for key in told.ids if str(key) in found]


def write_cursor(txid: str, place: int) -> str:
    """Write a place in the log as an opaque text."""
    return base64.urlsafe_b64encode(json.dumps([txid, place]).encode()).decode().rstrip("=")


def read_cursor(text: str) -> tuple[str, int]:
    """Read a place in the log.

    :raises BadCursor: it is none of ours
    """
    if not text:
        return "0", 0
    try:
        txid, place = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise BadCursor from error
    is_number = isinstance(txid, str) and txid.isascii() and txid.isdecimal() and len(txid) <= _MOST_DIGITS
    if not is_number or type(place) is not int or not 0 <= place < 2**62:
        raise BadCursor
    return txid, place


def rows_for(kind: RecordKind, actor: Actor, of: UUID | None) -> Any:
    """Give the records the actor sees, of one owner when asked."""
    rows = kind.rows(actor)
    return rows.filter(**{kind.owner: of}) if of and kind.owner else rows
