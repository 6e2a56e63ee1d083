"""What people do with a file: bring it, map its columns, have it applied or undone. The work itself is a job."""

import datetime as dt
import hashlib
from collections.abc import Mapping as Facts
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from phuong.intake.access import batch_for, brings_own, sheet_for
from phuong.intake.declarations import Sheet, sheet_named
from phuong.intake.errors import EndsTooMany, NotMapped, NotNow
from phuong.intake.models import Batch, Mapping
from phuong.intake.queries import mapping_of, table_of
from phuong.intake.rules import missing_columns
from phuong.kernel.audit import record
from phuong.kernel.jobs import later
from phuong.kernel.scope import Actor
from phuong.kernel.text import nfc
from phuong.kernel.vault import seal_bytes

State = Batch.State
MOST_NAME = 120


@dataclass(frozen=True)
class Wish:
    """What a person wants of a file: its kind, the unit of rows that name none, the day from which it holds."""

    kind: str
    on: dt.date
    mode: str = "add"
    unit: tuple[UUID, str] | None = None
    reason: str = ""
    saved: UUID | None = None  # a saved way of reading headings


@transaction.atomic
def receive(name: str, content: bytes, wish: Wish, *, by: Actor) -> Batch:
    """Keep a file and ask for its check; when required columns are not found, it waits to be mapped.

    :raises NotThere: the actor may not bring in such files
    :raises Unreadable: no table can be read from it; nothing is kept
    """
    sheet = sheet_for(by, wish.kind)
    batch = Batch(
        path=wish.unit[1] if wish.unit else by.scope,
        kind=sheet.code,
        name=nfc(name.replace("\0", "").replace("\\", "/").rpartition("/")[2])[-MOST_NAME:],
        digest=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content=seal_bytes(content),
        unit=wish.unit[0] if wish.unit else None,
        unit_path=wish.unit[1] if wish.unit else "",
        mode=wish.mode if sheet.missing else "add",
        effective_on=wish.on,
        reason=wish.reason,
        asked_by=by.account_id,
        asked_by_name=by.name,
        is_own=brings_own(by, sheet),
    )
    batch.save(force_insert=True)
    table = table_of(batch, sheet)
    saved = (
        Mapping.objects.filter(pk__in=[wish.saved] if wish.saved else [], path__above=by.scope)
        .values_list("columns", flat=True)
        .first()
    )
    found = mapping_of(sheet, table, saved)
    batch.sheet, batch.heading_row = table.sheet, table.heading_row
    batch.mapping = {str(place): name for place, name in found.items()}
    if not missing_columns(_required(sheet), found.values()):
        _ask_check(batch)
    batch.save()
    record("intake.received", on_kind="batch", on_id=batch.pk, note=f"{sheet.code}: {len(table.rows)}")
    return batch


def _required(sheet: Sheet) -> list[str]:
    return [column.name for column in sheet.columns if column.required]


def _ask_check(batch: Batch) -> None:
    batch.state = State.CHECKING
    later("intake.run", path=batch.path, batch_id=str(batch.pk), step="check")


@transaction.atomic
def map_columns(
    batch_id: UUID, columns: Facts[int, str], *, sheet_name: str = "", save_as: str = "", by: Actor
) -> Batch:
    """Say which column is which, and ask for the check; ``save_as`` keeps this way of reading for the next file.

    :raises NotThere: not an import of this actor
    :raises NotNow: it was applied already
    :raises NotMapped: required columns are missing, or one is named twice
    """
    batch = batch_for(by, batch_id, writing=True)
    if batch.state not in (State.MAPPING, State.CHECKED, State.UNREADABLE):
        raise NotNow
    sheet = sheet_named(batch.kind)
    if sheet_name and sheet_name != batch.sheet:
        return _other_sheet(batch, sheet, sheet_name)
    chosen = {place: name for place, name in columns.items() if sheet.column(name)}
    if missing := missing_columns(_required(sheet), chosen.values()):
        raise NotMapped(missing=missing)
    if len(set(chosen.values())) < len(chosen):
        raise NotMapped(twice=sorted({name for name in chosen.values() if list(chosen.values()).count(name) > 1}))
    table = table_of(batch, sheet)
    batch.mapping = {str(place): name for place, name in chosen.items() if 0 <= place < len(table.headings)}
    if save_as:
        heads = {table.headings[place]: name for place, name in chosen.items() if place < len(table.headings)}
        Mapping.objects.update_or_create(
            path=by.scope,
            kind=sheet.code,
            name=nfc(save_as)[:80],
            defaults={"columns": heads, "saved_by_name": by.name},
        )
    _ask_check(batch)
    batch.save()
    return batch


def _other_sheet(batch: Batch, sheet: Sheet, name: str) -> Batch:
    """Read another sheet of the same file from the beginning."""
    batch.sheet, batch.heading_row, batch.state = name, 0, State.MAPPING
    table = table_of(batch, sheet)
    batch.sheet, batch.heading_row = table.sheet, table.heading_row
    batch.mapping = {str(place): column for place, column in mapping_of(sheet, table).items()}
    batch.save()
    return batch


@transaction.atomic
def apply(batch_id: UUID, *, confirmed: bool = False, by: Actor) -> Batch:
    """Ask for a checked file to be applied; rows with problems are left out.

    ``confirmed``: somebody has seen that a large part of a class or school ends.

    :raises NotThere: not an import of this actor
    :raises NotNow: it is not checked, or applied already
    :raises EndsTooMany: too much would end, and nobody confirmed it
    """
    batch = batch_for(by, batch_id, writing=True)
    if batch.state != State.CHECKED:
        raise NotNow
    if batch.held and not confirmed:
        raise EndsTooMany
    batch.held_confirmed_by = by.name if batch.held else ""
    batch.state = State.APPLYING
    batch.save(update_fields=["state", "held_confirmed_by"])
    record("intake.apply", on_kind="batch", on_id=batch.pk, note=f"{batch.kind}: {batch.to_create} + {batch.to_change}")
    later("intake.run", path=batch.path, batch_id=str(batch.pk), step="apply")
    return batch


@transaction.atomic
def undo(batch_id: UUID, *, by: Actor) -> Batch:
    """Ask for an applied file to be undone; what somebody changed since stays as it is, and is counted.

    :raises NotThere: not an import of this actor
    :raises NotNow: it was not applied, or undone already
    """
    batch = batch_for(by, batch_id, writing=True)
    if batch.state != State.APPLIED:
        raise NotNow
    batch.state, batch.is_own = State.UNDOING, brings_own(by, sheet_named(batch.kind))  # with the right of who asks
    batch.save(update_fields=["state", "is_own"])
    record("intake.undo", on_kind="batch", on_id=batch.pk)
    later("intake.run", path=batch.path, batch_id=str(batch.pk), step="undo")
    return batch


@transaction.atomic
def drop(batch_id: UUID, *, by: Actor) -> Batch:
    """Give up a file that was not applied; its content is forgotten.

    :raises NotThere: not an import of this actor
    :raises NotNow: it was applied
    """
    batch = batch_for(by, batch_id, writing=True)
    if batch.state not in (State.MAPPING, State.CHECKED, State.UNREADABLE):
        raise NotNow
    batch.state, batch.content, batch.rows, batch.problems = State.DROPPED, None, None, None
    batch.save(update_fields=["state", "content", "rows", "problems"])
    return batch


@transaction.atomic
def resume(batch_id: UUID, *, by: Actor) -> Batch:
    """Go on with a step that was stopped or fell: what is done already is not done again.

    :raises NotThere: not an import of this actor
    :raises NotNow: no step is under way
    """
    batch = batch_for(by, batch_id, writing=True)
    steps = {State.CHECKING: "check", State.APPLYING: "apply", State.UNDOING: "undo"}
    if batch.state not in steps:
        raise NotNow
    later("intake.run", path=batch.path, batch_id=str(batch.pk), step=steps[State(batch.state)])
    return batch
