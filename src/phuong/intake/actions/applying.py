"""Applying a checked file, one transaction a unit, and undoing it exactly."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

import polars as pl
import structlog
from django.db import IntegrityError, connection
from django.db.models import Model
from django.utils import timezone

from phuong.intake.actions.checking import author_of, check, frame_of, held
from phuong.intake.declarations import WHOLE, Sheet, Undone, sheet_named
from phuong.intake.drafts import REFUSED, SAME, Draft, resolved
from phuong.intake.errors import EndsTooMany
from phuong.intake.models import Batch, Part
from phuong.intake.reading import Table
from phuong.intake.staging import Stage, staged
from phuong.kernel.audit import record
from phuong.kernel.calendar import school_year_of
from phuong.kernel.hands import HANDS, side_by_side
from phuong.kernel.jobs import Progress
from phuong.kernel.keys import uuid7_texts
from phuong.kernel.locks import hold
from phuong.kernel.memory import give_back
from phuong.kernel.refusals import Refused
from phuong.kernel.scope import SYSTEM, Actor, acting, present_context
from phuong.kernel.today import today

log = structlog.get_logger()
State = Batch.State
SET_ROWS = 5000
_NO_TABLE = Table("", "", (), (), 0, [], [], (), "", {})
_RESTORE = """
update {table} t set ({columns}) = row({old}) from {events} e
where e.pgh_context_id = %(context)s and e.{tracked} = t.{key} and e.pgh_label = 'update'
and not exists (select 1 from {events} f where f.{tracked} = e.{tracked}
  and (f.pgh_id > e.pgh_id and f.pgh_context_id <> %(context)s
    or f.pgh_id < e.pgh_id and f.pgh_context_id = %(context)s))
"""
_TOUCHED = "select count(distinct {tracked}) from {events} where pgh_context_id = %(context)s and pgh_label = 'update'"
_REMOVE = """
delete from {table} t where t.{key} = any(%(keys)s::uuid[])
and not exists (select 1 from {events} f where f.{tracked} = t.{key} and f.pgh_context_id <> %(context)s)
{unused}
"""
_UNUSED = "and not exists (select 1 from {table} r where r.{column} = t.{key})"


def run(progress: Progress, batch_id: str, step: str) -> Mapping[str, Any]:
    """Do one step of an import as the person who asked; what is done already is not done again."""
    waiting = {"check": State.CHECKING, "apply": State.APPLYING, "undo": State.UNDOING}[step]
    with acting(SYSTEM):
        batch = Batch.objects.defer("content", "rows", "problems").filter(pk=batch_id, state=waiting).first()
    if batch is None:
        return {}
    by = author_of(batch)
    if step == "check":
        with acting(by):
            check(progress, batch, by)
    elif step == "apply":
        apply_all(progress, batch, by)
    else:
        undo_all(progress, batch, by)
    return {"batch": batch_id, "url": f"/nap-du-lieu/{batch_id}/"}


def apply_all(progress: Progress, batch: Batch, by: Actor) -> None:
    """Keep the rows of every unit, each in its own transaction; units that are kept already are passed over."""
    sheet = sheet_named(batch.kind)
    with acting(by):
        units = _by_unit(frame_of(batch, sheet))
        done = set(Part.objects.filter(batch=batch).values_list("unit", flat=True))
    units = [each for each in units if each.key not in done]
    give_back()
    hands = HANDS if sheet.is_apart else 1
    ready = _ready(batch, sheet, by, units)
    with closing(side_by_side(partial(_apply_ready, batch, sheet, by), ready, hands=hands)) as steps:
        for place, _done in enumerate(steps, 1):
            progress.step(place, len(units))
    with acting(by):
        batch.state, batch.applied_at = State.APPLIED, timezone.now()
        batch.save(update_fields=["state", "applied_at"])
    progress.step(len(units), len(units))


@dataclass(frozen=True)
class _Ready:
    """A unit, what its rows speak of, and what imports had done there when that was looked up."""

    unit: "_Unit"
    draft: Draft
    before: set[UUID]


def _ready(batch: Batch, sheet: Sheet, by: Actor, units: "Sequence[_Unit]") -> "Iterator[_Ready]":
    """Give the units with what their rows speak of, looked up a set at a time."""
    for some in _sets(units, alone=batch.mode == WHOLE):
        with acting(by):
            before = _parts_of(some)
            drafts = _resolved(batch, sheet, by, some)
        yield from (_Ready(unit, draft, before) for unit, draft in zip(some, drafts, strict=True))


def _apply_ready(batch: Batch, sheet: Sheet, by: Actor, ready: _Ready) -> None:
    """Keep the rows of a unit in one transaction, or say which rule refused them."""
    unit, reason = ready.unit, ": ".join(filter(None, (f"nạp tệp {batch.name}", batch.reason)))
    try:
        with acting(replace(by, scope=unit.path), reason=reason, effective_on=batch.effective_on):
            _apply_unit(batch, sheet, by, unit, ready.draft, ready.before)
    except (IntegrityError, Refused) as refusal:
        _note_failed(batch, by, unit, refusal)


def _note_failed(batch: Batch, by: Actor, unit: "_Unit", refusal: Exception) -> None:
    """Say that nothing of this unit's rows was kept, and which rule refused them."""
    diagnosis = getattr(refusal.__cause__, "diag", None)
    words = getattr(diagnosis, "constraint_name", None) or getattr(refusal, "detail", "") or type(refusal).__name__
    with acting(replace(by, scope=unit.path)):
        facts = {"path": unit.path, "state": Part.State.FAILED, "wrong": words, "context_id": present_context()}
        Part.objects.get_or_create(batch=batch, unit=unit.key, defaults=facts)
    log.warning("intake.unit_refused", batch=str(batch.pk), unit=str(unit.key), rule=words)


@dataclass(frozen=True)
class _Unit:
    """A unit and the rows of the file that belong to it."""

    key: UUID
    path: str
    rows: pl.DataFrame


def _by_unit(frame: pl.DataFrame) -> list[_Unit]:
    """Give the rows to be kept by unit; a unit whose rows are all right already still counts for whole lists."""
    frame = frame.filter(pl.col("doing").ne(REFUSED) & pl.col("unit").is_not_null())
    frame = frame.sort("path", "unit", maintain_order=True)  # parts of one frame take no room of their own
    units, start = [], 0
    for unit, path, count in frame.group_by("unit", "path", maintain_order=True).len().iter_rows():
        units.append(_Unit(UUID(str(unit)), str(path), frame.slice(start, count)))
        start += count
    return units


def _sets(units: Sequence[_Unit], *, alone: bool) -> Iterator[list[_Unit]]:
    """Give the units by sets of some thousand rows, looked up at once; of whole lists each alone: it may be held."""
    some: list[_Unit] = []
    for unit in units:
        if some and (alone or sum(len(each.rows) for each in some) + len(unit.rows) > SET_ROWS):
            yield some
            some = []
        some.append(unit)
    if some:
        yield some


def _resolved(batch: Batch, sheet: Sheet, by: Actor, units: Sequence[_Unit]) -> list[Draft]:
    """Look up anew what the rows of some units speak of, for the registry may have moved on; gives a draft a unit."""
    whole = resolved(_draft(batch, sheet, by, units))
    drafts = []
    for unit in units:
        frame = whole.frame.filter(pl.col("unit") == str(unit.key))
        own = set(frame.get_column("row").to_list())
        problems = [each for each in whole.problems if each.row in own]
        drafts.append(replace(whole, frame=frame, problems=problems))
    return drafts


def _parts_of(units: Sequence[_Unit]) -> set[UUID]:
    """Name what imports had done at some units."""
    return set(Part.objects.filter(unit__in=[unit.key for unit in units]).values_list("pk", flat=True))


def _apply_unit(batch: Batch, sheet: Sheet, by: Actor, unit: _Unit, draft: Draft, before: set[UUID]) -> None:
    """Keep the rows of one unit; they are looked up once more when another import came between (not in ``before``)."""
    hold(f"intake {unit.key}")
    if Part.objects.filter(batch=batch, unit=unit.key).exists():
        return
    if _parts_of([unit]) - before:
        draft = _resolved(batch, sheet, by, [unit])[0]
    endings = _endings(draft, batch)
    left_out = draft.refused_rows()
    frame = draft.frame.filter(pl.col("doing").is_in([REFUSED, SAME]).not_())
    if frame.is_empty() and not endings and not left_out:
        return
    frame = frame.with_columns(_new_keys(sheet, len(frame)))
    params = _params(batch, unit) | {"ending": endings}
    types = {"unit": "uuid", "path": "ltree", "target": "uuid", **sheet.types}
    with staged(frame, types) as name:
        is_known = frame.get_column("target").null_count() < len(frame)
        written = sheet.write(Stage(name, frozenset(frame.columns), params, is_known))
    Part.objects.create(
        batch=batch,
        path=unit.path,
        unit=unit.key,
        created=written.created,
        changed=written.changed,
        ended=written.ended,
        made={table: list(keys) for table, keys in written.made.items()},
        context_id=present_context(),
        refused=len(left_out),
        wrong=draft.problems[0].message if left_out else "",
    )
    note = f"{sheet.code}: {written.created} + {written.changed} - {written.ended}"
    record("intake.applied", on_kind="batch", on_id=batch.pk, note=note, path=unit.path)


def _params(batch: Batch, unit: _Unit) -> dict[str, Any]:
    year = school_year_of(batch.effective_on).start
    return {"unit": unit.key, "path": unit.path, "on": batch.effective_on, "today": today(), "year": year}


def _new_keys(sheet: Sheet, size: int) -> list[pl.Series]:
    """Make the keys of what may be made: ``key_<model>`` for each table, ``key`` for the first as well."""
    names = ["key", *(f"key_{model._meta.model_name}" for model in sheet.tables)]
    return [pl.Series(name, uuid7_texts(size), dtype=pl.String) for name in names]


def _draft(batch: Batch, sheet: Sheet, by: Actor, units: Sequence[_Unit]) -> Draft:
    """Make a draft of the rows of some units, numbered anew from 0: a row's number is its place in the frame."""
    own = {column.name for column in sheet.columns}
    mapping = {int(place): name for place, name in batch.mapping.items()}
    home = (str(batch.unit), batch.unit_path) if batch.unit else None
    if len(units) == 1:
        home = (str(units[0].key), units[0].path)
    rows = pl.concat([each.rows for each in units]).sort("row")
    frame = rows.select([name for name in rows.columns if name in own]).with_row_index("row")
    frame = frame.with_columns(pl.col("row").cast(pl.Int32))
    return Draft(sheet, _NO_TABLE, mapping, by, home, batch.mode, batch.effective_on, frame)


def _endings(draft: Draft, batch: Batch) -> list[str]:
    """Give the keys of what ends here.

    :raises EndsTooMany: more would end by now than was looked at
    """
    if draft.mode != WHOLE or batch.refused or draft.refused_rows():
        return []
    seen = {(each["unit"], each["group"]): each["ends"] for each in batch.held} if batch.held_confirmed_by else {}
    if any(each["ends"] > seen.get((each["unit"], each["group"]), 0) for each in held(draft)):
        raise EndsTooMany
    return [each.key for endings in draft.endings.values() for each in endings]


def undo_all(progress: Progress, batch: Batch, by: Actor) -> None:
    """Undo the units of an import, the last first, each in its own transaction."""
    sheet = sheet_named(batch.kind)
    with acting(by):
        parts = list(Part.objects.filter(batch=batch, state=Part.State.APPLIED).order_by("-id"))
    hands = HANDS if sheet.is_apart else 1
    with closing(side_by_side(partial(_undo_apart, batch, sheet, by), parts, hands=hands)) as steps:
        for place, _done in enumerate(steps, 1):
            progress.step(place, len(parts))
    with acting(by):
        batch.state = State.UNDONE
        batch.save(update_fields=["state"])
    progress.step(len(parts), len(parts))


def _undo_apart(batch: Batch, sheet: Sheet, by: Actor, part: Part) -> None:
    """Undo the rows of one unit in a transaction of its own, unless somebody did so meanwhile."""
    with acting(replace(by, scope=part.path), reason=f"hoàn tác: nạp tệp {batch.name}"):
        part = Part.objects.select_for_update().get(pk=part.pk)
        if part.state == Part.State.APPLIED:
            _undo_part(part, sheet)
            record("intake.undone", on_kind="batch", on_id=batch.pk, path=part.path, note=str(part.restored))


@dataclass(frozen=True)
class _Kept:
    """A table and where its old rows are kept."""

    table: str
    events: str
    key: str
    tracked: str
    columns: tuple[str, ...]


def _kept(model: type[Model]) -> _Kept:
    events: Any = model.pgh_event_model  # type: ignore[attr-defined]
    key = model._meta.pk
    column = str(key.column) if key else "id"
    there = {each.column for each in events._meta.concrete_fields}
    own = [each for each in model._meta.concrete_fields if not getattr(each, "generated", False)]
    columns = tuple(str(each.column) for each in own if each.column in there and each.column != column)
    tracked = "pgh_obj_id" if "pgh_obj_id" in there else column
    return _Kept(model._meta.db_table, events._meta.db_table, column, tracked, columns)


def _undo_part(part: Part, sheet: Sheet) -> None:
    """Undo the rows of one unit as its kind of file says; what was left alone is counted."""
    done = (sheet.undo or partial(_from_history, part.context_id, sheet))(part.made)
    part.restored, part.left_alone, part.state = done.restored, done.left_alone, Part.State.UNDONE
    part.save(update_fields=["restored", "left_alone", "state"])


def _from_history(context: UUID, sheet: Sheet, made: Mapping[str, Sequence[str]]) -> Undone:
    """Take away what was made, then give what was changed its old values; children before parents, and back again."""
    wanted = removed = 0
    for model in reversed(sheet.tables):
        keys = made.get(model._meta.db_table, [])
        wanted += len(keys)
        removed += _remove(model, keys, context)
    for model in sheet.tables:
        kept = _kept(model)
        wanted += _count(_TOUCHED, kept, context)
        removed += _execute(_restore(kept), {"context": context})
    return Undone(removed, wanted - removed)


def _restore(kept: _Kept) -> str:
    columns = ", ".join(f'"{each}"' for each in kept.columns)
    old = ", ".join(f'e."{each}"' for each in kept.columns)
    return _RESTORE.format(
        table=kept.table, events=kept.events, key=kept.key, tracked=kept.tracked, columns=columns, old=old
    )


def _remove(model: type[Model], keys: Sequence[str], context: UUID) -> int:
    """Delete the rows that were made, but those changed since or used by others by now."""
    if not keys:
        return 0
    kept = _kept(model)
    unused = " ".join(
        _UNUSED.format(table=each.related_model._meta.db_table, column=each.field.column, key=kept.key)
        for each in model._meta.related_objects
        if each.related_model._meta.db_table != kept.events and getattr(each.field, "db_constraint", True)
    )
    statement = _REMOVE.format(table=kept.table, events=kept.events, key=kept.key, tracked=kept.tracked, unused=unused)
    return _execute(statement, {"keys": list(keys), "context": context})


def _count(query: str, kept: _Kept, context: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query.format(events=kept.events, tracked=kept.tracked), {"context": context})
        return int(cursor.fetchone()[0])


def _execute(statement: str, params: Mapping[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


def forget_files(progress: Progress, days: int = 30) -> Mapping[str, Any]:
    """Forget the content of files that came in more than ``days`` ago: what was done stays known."""
    del progress
    long_ago = timezone.now() - dt.timedelta(days=days)
    with acting(SYSTEM):
        old = Batch.objects.filter(asked_at__lt=long_ago, content__isnull=False).exclude(state=State.APPLYING)
        return {"forgotten": old.update(content=None, rows=None, problems=None)}
