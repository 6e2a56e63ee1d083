"""Reads of the desk: the history of a record."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from phuong.kernel.models import AuditEntry
from phuong.records.declarations import RECORD, Field, RecordKind, kind_named
from phuong.records.values import shown, value_of

MOST_STEPS = 200


@dataclass(frozen=True)
class Difference:
    """One field before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """One step in the life of a record."""

    at: dt.datetime
    what: str
    subject: str
    by: str
    reason: str
    effective_on: dt.date | None
    differences: list[Difference]


def history_of(kind: RecordKind, row: Any) -> list[Step]:
    """Give the steps of a record and of what hangs on it, latest first: who, when, why, before and after.

    A handful of statements, whatever the number of steps.
    """
    keys = kind.keys_of(row.pk)
    steps = list(_steps(kind, [row], _old_rows(kind, {f"{kind.model._meta.pk.attname}__in": keys}), of_part=False))
    for code, reference in kind.parts:
        part = kind_named(code)
        rows = list(part.model._default_manager.filter(**{reference: row.pk}))
        steps += _steps(part, rows, _old_rows(part, {f"{reference}_id__in": keys}), of_part=True)
    steps += _beginnings(keys)
    return sorted(steps, key=lambda step: step.at, reverse=True)[:MOST_STEPS]


def _old_rows(kind: RecordKind, wanted: dict[str, Any]) -> list[Any]:
    events = kind.model.pgh_event_model  # type: ignore[attr-defined]
    return list(events.objects.filter(**wanted).order_by("pgh_created_at", "pgh_id")[: MOST_STEPS * 2])


def _steps(kind: RecordKind, present: Iterable[Any], kept: list[Any], *, of_part: bool) -> Iterator[Step]:
    """Pair each kept old row with the row that came after it."""
    key = kind.model._meta.pk.attname
    after = {getattr(row, key): row for row in present}
    own = set(after)
    contexts = contexts_of(row.pgh_context_id for row in kept)
    names = _names(kind, [*kept, *after.values()])
    for old in reversed(kept):
        new = after.get(getattr(old, key))
        is_end = old.pgh_label == "delete"
        differences = [] if is_end else list(_differences(kind, old, new, names))
        after[getattr(old, key)] = old
        if not is_end and not differences:
            continue
        context = contexts.get(old.pgh_context_id, {})
        effective = context.get("effective_on")
        yield Step(
            old.pgh_created_at,
            _what(is_end=is_end, is_same=is_end and not of_part and getattr(old, key) not in own),
            f"{kind.title}: {kind.name_of(old)}" if of_part else "",
            context.get("name", ""),
            context.get("reason", ""),
            dt.date.fromisoformat(effective) if effective else None,
            differences,
        )


def _what(*, is_end: bool, is_same: bool) -> str:
    """Name a step; ``is_same``: what ended was another record of this very person."""
    if is_same:
        return _("Gộp một hồ sơ khác của cùng người này")
    return _("Xóa") if is_end else _("Sửa")


def _differences(kind: RecordKind, old: Any, new: Any, names: dict[UUID, str]) -> Iterator[Difference]:
    for field in kind.fields:
        before, after = value_of(field, old), value_of(field, new) if new is not None else None
        if before != after and (before or after) not in (None, "", []):
            yield Difference(str(field.label), shown(field, before, names), shown(field, after, names))


def _names(kind: RecordKind, rows: list[Any]) -> dict[UUID, str]:
    """Name every record that the rows point to, one statement a reference."""
    names: dict[UUID, str] = {}
    for field in kind.fields:
        if field.type == RECORD:
            names |= names_of(field, {getattr(row, field.column) for row in rows})
    return names


def names_of(field: Field, keys: Iterable[Any]) -> dict[UUID, str]:
    """Give the names of the records a reference points to."""
    to = kind_named(field.kind)
    found = to.model._default_manager.filter(pk__in=[key for key in keys if key])
    return {each.pk: to.name_of(each) for each in found}


def contexts_of(keys: Iterable[UUID | None]) -> dict[UUID, dict[str, Any]]:
    """Give what was said with each change: account, name, reason, the day it holds from."""
    wanted = sorted({str(key) for key in keys if key})
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("select id, metadata from pghistory_context where id = any(%s::uuid[])", [wanted])
        return {key: facts if isinstance(facts, dict) else json.loads(facts) for key, facts in cursor.fetchall()}


def _beginnings(keys: list[UUID]) -> list[Step]:
    made = AuditEntry.objects.filter(on_id__in=[str(key) for key in keys], did="record.made", refused=False)
    acts = made.order_by("id")[: len(keys)]
    return [Step(act.at, _("Tạo"), "", act.actor_name, act.note, None, []) for act in acts]


def last_writer(kind: RecordKind, row: Any) -> tuple[str, dt.datetime | None]:
    """Say who changed a record last, and when."""
    kept = _old_rows(kind, {kind.model._meta.pk.attname: row.pk})
    if not kept:
        return "", None
    facts = contexts_of([kept[-1].pgh_context_id])
    return facts.get(kept[-1].pgh_context_id, {}).get("name", ""), kept[-1].pgh_created_at
