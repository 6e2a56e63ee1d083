"""Reads for other systems: pages of records by key, what changed in a list since, and the feed of all that changed."""

import base64
import binascii
import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count

from phuong.gateway.declarations import Followed, followed
from phuong.gateway.errors import BadCursor, CursorTooOld
from phuong.gateway.models import Delivery
from phuong.gateway.models.hooks import DeliveryState, Lane
from phuong.kernel.changes import KEPT_DAYS, horizon
from phuong.kernel.scope import Actor
from phuong.records.api import CHOICE, RECORD, REMOVE, Field, RecordKind, plain, value_of

_FEED = """
select txid::text, id, on_id, act, at, key_before, key_after from kernel_change
where on_kind = %s and txid < %s::xid8 and (txid, id) > (%s::xid8, %s)
and at >= %s order by txid, id limit %s
"""
# each table by its own index, merged: as quick at any length of the log, whatever the number of resources
_STREAM = """
select l.txid::text, l.id, l.on_kind, l.on_id, l.act, l.at, l.key_before, l.key_after
from unnest(%(tables)s::text[]) k(name) cross join lateral (
  select * from kernel_change
  where on_kind = k.name collate "C" and txid < %(until)s::xid8 and (txid, id) > (%(txid)s::xid8, %(line)s)
  order by txid, id limit %(limit)s
) l order by l.txid, l.id limit %(limit)s
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
    if (cursor and place.at < kept_from) or (since and since < kept_from) or _is_ahead(place, present):
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


def _is_ahead(place: Place, present: Place) -> bool:
    """Say whether a place is of a database that had come further: this one was brought back from a backup."""
    return int(place.txid) > int(present.txid)


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


@dataclass(frozen=True)
class Event:
    """Something that happened to one record. ``cursor``: go on after it from there; ``act`` one of ``ACTS``.

    ``before``, ``after``: the official code, or the keys of two records that became one.
    """

    id: str
    cursor: str
    at: dt.datetime
    kind: str
    record: UUID
    act: str
    href: str  # where the record is read; empty when it is gone, or lies elsewhere
    before: str | None = None
    after: str | None = None

    def facts(self) -> dict[str, Any]:
        """Write it for machines."""
        return {
            "id": self.id,
            "cursor": self.cursor,
            "at": self.at.isoformat(),
            "kind": self.kind,
            "resource_id": str(self.record),
            "act": self.act,
            "before": self.before,
            "after": self.after,
            "href": self.href,
        }


@dataclass(frozen=True)
class Told:
    """A part of the feed; ``next`` is where to go on, ``is_more`` says that there is something already."""

    events: list[Event]
    next: str
    is_more: bool


@dataclass(frozen=True)
class _Line:
    """A line of the log."""

    txid: str
    line: int
    table: str
    record: UUID
    act: str
    at: dt.datetime
    before: str | None
    after: str | None

    @property
    def place(self) -> Place:
        return Place(self.txid, self.line, self.at)


ACTS = ("made", "changed", "key_changed", "moved_away", "removed")
GONE = ("moved_away", "removed")


def events_of(actor: Actor, wanted: Sequence[Followed], *, cursor: str, limit: int) -> Told:
    """Read the feed of ``wanted`` resources as the actor sees them, at most ``limit`` lines of the log.

    In the order of transactions, and only what is older than every open one: nothing committed later can be missed.
    Two statements, and one for each resource that occurs. A record of a table that several resources share is told of
    under each that shows it; one that is gone under each of ``wanted``, for nobody knows any more what it was.

    :raises CursorTooOld: lines after the cursor may have been forgotten, or it is of another database
    :raises BadCursor: it is none of ours
    """
    present, place = present_place(), read_cursor(cursor)
    if place.at < present.at - dt.timedelta(days=KEPT_DAYS) or _is_ahead(place, present):
        raise CursorTooOld
    tables = sorted({each.table for each in wanted})
    asked: dict[str, Any] = {
        "tables": tables,
        "until": present.txid,
        "txid": place.txid,
        "line": place.line,
        "limit": limit,
    }
    with connection.cursor() as reader:
        reader.execute(_STREAM, asked)
        lines = [_Line(*row) for row in reader.fetchall()]
    seen = _seen(actor, lines)
    events = list(_events(lines, wanted, seen, place))
    is_more = len(lines) == limit
    return Told(events, write_cursor(lines[-1].place if is_more else present), is_more)


def _seen(actor: Actor, lines: Iterable[_Line]) -> dict[str, set[UUID]]:
    """Give the records that are there now for the actor, by resource: one statement each."""
    keys: dict[str, set[UUID]] = defaultdict(set)
    for each in lines:
        keys[each.table].add(each.record)
    return {
        each.name: set(each.rows(actor).filter(pk__in=keys[each.table]).order_by().values_list("pk", flat=True))
        for each in followed()
        if each.table in keys
    }


def _events(
    lines: Iterable[_Line], wanted: Sequence[Followed], seen: dict[str, set[UUID]], start: Place
) -> Iterator[Event]:
    resources: dict[str, list[Followed]] = defaultdict(list)
    for each in wanted:
        resources[each.table].append(each)
    known: dict[str, set[UUID]] = defaultdict(set)
    for each in followed():
        known[each.table] |= seen.get(each.name, set())
    before = start
    for line in lines:
        told = [
            (each.name, act)
            for each in resources[line.table]
            if (act := _act(line, is_shown=line.record in seen[each.name], is_there=line.record in known[line.table]))
        ]
        for number, (name, act) in enumerate(told, start=1):
            after = line.place if number == len(told) else before  # all of a line, or the line again
            keys = (line.before, line.after) if act == "key_changed" else (None, None)
            is_read = act not in GONE and line.record in seen[name]
            href = f"/api/v1/{name}/{line.record}" if is_read else ""
            yield Event(f"{line.line}.{name}", write_cursor(after), line.at, name, line.record, act, href, *keys)
        before = line.place


def _act(line: _Line, *, is_shown: bool, is_there: bool) -> str:
    """Say what a line tells of a resource; nothing where a later line tells it, or another resource."""
    if line.act == "removed":
        return "removed"
    if line.act == "moved":
        return "" if is_there else "moved_away"
    is_key = bool(line.before and line.after and line.before != line.after)
    if not is_shown:  # what went into a record of another place is told where it was, too
        return "key_changed" if is_key and not is_there else ""
    return "key_changed" if is_key else line.act


def dead_counts(hooks: Sequence[UUID]) -> dict[UUID, int]:
    """Count what could not be delivered to each webhook, trials apart: those with none are left out."""
    dead = Delivery.objects.filter(hook__in=hooks, state=DeliveryState.DEAD).exclude(lane=Lane.TEST)
    return dict(dead.order_by().values_list("hook").annotate(count=Count("pk")))
