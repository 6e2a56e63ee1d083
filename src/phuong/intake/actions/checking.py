"""Checking a file: nothing of the registry changes."""

import io
import json
from typing import Any

import polars as pl

from phuong.intake.declarations import HELD_SHARE, WHOLE, Sheet, sheet_named
from phuong.intake.drafts import CHANGE, CREATE, REFUSED, SAME, WAS, Draft, drafted, told
from phuong.intake.models import Batch
from phuong.intake.queries import table_of
from phuong.intake.reading import Table, Unreadable
from phuong.intake.rules import ends_too_many
from phuong.intake.values import as_words
from phuong.kernel.jobs import Progress
from phuong.kernel.memory import give_back, without_collecting
from phuong.kernel.prepared import prepared
from phuong.kernel.scope import Actor
from phuong.kernel.vault import seal_bytes, unseal_bytes

State = Batch.State
SHOWN_ROWS = 20
_SEALED = "update intake_batch set rows = %s, problems = %s where id = %s"


def check(progress: Progress, batch: Batch, by: Actor) -> Draft | None:
    """Check a file as the person who brought it; keeps what was found. Nothing of the registry changes."""
    sheet = sheet_named(batch.kind)
    progress.step(0, 3)
    with without_collecting():
        return _checked(progress, batch, sheet, by)


def _checked(progress: Progress, batch: Batch, sheet: Sheet, by: Actor) -> Draft | None:
    try:
        table = table_of(batch, sheet)
    except Unreadable as refusal:
        batch.state, batch.wrong = State.UNREADABLE, refusal.detail
        batch.save(update_fields=["state", "wrong"])
        return None
    progress.step(1, 3)
    give_back()
    draft = draft_of(batch, sheet, table, by)
    progress.step(2, 3)
    give_back()
    _keep(batch, draft)
    return draft


def draft_of(batch: Batch, sheet: Sheet, table: Table, by: Actor) -> Draft:
    """Read the rows of a file as the actor."""
    home = (str(batch.unit), batch.unit_path) if batch.unit else None
    mapping = {int(place): name for place, name in batch.mapping.items()}
    return drafted(Draft(sheet, table, mapping, by, home, batch.mode, batch.effective_on))


def _keep(batch: Batch, draft: Draft) -> None:
    counts = dict(draft.frame.get_column("doing").value_counts().iter_rows()) if len(draft.frame) else {}
    batch.read = len(draft.frame)
    batch.to_create, batch.to_change = counts.get(CREATE, 0), counts.get(CHANGE, 0)
    batch.same, batch.refused = counts.get(SAME, 0), counts.get(REFUSED, 0)
    batch.to_end = sum(len(endings) for endings in draft.endings.values())
    batch.held = held(draft)
    batch.held_confirmed_by = ""
    batch.notices = [{"code": each.code, "message": each.message, "where": each.where} for each in draft.notices]
    kept = io.BytesIO()
    draft.frame.write_ipc(kept, compression="zstd")
    found = {
        "problems": told(draft),
        "create": shown_rows(draft.frame, draft.sheet, CREATE),
        "change": shown_rows(draft.frame, draft.sheet, CHANGE),
    }
    batch.wrong, batch.state = "", State.CHECKED
    batch.save()
    problems = json.dumps(found, ensure_ascii=False).encode()
    with prepared() as cursor:  # sent beside the words: within them it would stand three times as large
        cursor.execute(_SEALED, [seal_bytes(kept.getvalue()), seal_bytes(problems), batch.pk])


def held(draft: Draft) -> list[dict[str, Any]]:
    """Name the classes and schools of which a whole list would end too large a part."""
    if draft.mode != WHOLE or draft.sheet.sitting is None:
        return []
    ending: dict[tuple[str, str], int] = {}
    for unit, endings in draft.endings.items():
        for each in endings:
            ending[unit, each.group] = ending.get((unit, each.group), 0) + 1
    return [
        {"unit": unit, "group": group, "ends": ends, "of": of}
        for unit, group, ends, of in ends_too_many(ending, draft.sheet.sitting(draft), HELD_SHARE)
    ]


def author_of(batch: Batch) -> Actor:
    """Give the person who brought the file, with no more rights than such files need."""
    sheet = sheet_named(batch.kind)
    rights = frozenset({sheet.own} if batch.is_own else {sheet.permission, *reading(sheet)})
    return Actor(batch.path, (), batch.asked_by, batch.asked_by_name, permissions=rights)


def reading(sheet: Sheet) -> frozenset[str]:
    """Give the right to read that goes with the right to write such records."""
    return frozenset({sheet.permission.replace(":edit", ":read")})


def frame_of(batch: Batch, sheet: Sheet) -> pl.DataFrame:
    """Read the checked rows of an import: what the file said, where each belongs, and what becomes of it."""
    sealed = Batch.objects.values_list("rows", flat=True).get(pk=batch.pk)
    if not sealed:
        return pl.DataFrame()
    kept = unseal_bytes(bytes(sealed))
    told = {"row", "unit", "path", "doing", *(column.name for column in sheet.columns)}
    names = [name for name in pl.read_ipc_schema(io.BytesIO(kept)) if name in told]
    return pl.read_ipc(io.BytesIO(kept), columns=names)


def shown_rows(frame: pl.DataFrame, sheet: Sheet, doing: str) -> list[list[tuple[str, str, str]]]:
    """Show the first rows that will be made or changed: of each (label, before, after), changed fields only."""
    rows = frame[(frame.get_column("doing") == doing).arg_true().head(SHOWN_ROWS)]
    shown = []
    for row in rows.iter_rows(named=True):
        fields = []
        for column in sheet.columns:
            value, was = row.get(column.name), row.get(WAS + column.name)
            if (
                column.is_inner
                or value is None
                or (doing == "change" and was == value and column.name not in _naming(sheet))
            ):
                continue
            before = as_words(column, was) if was != value else ""
            fields.append((str(column.label), before, as_words(column, value)))
        shown.append(fields)
    return shown


def _naming(sheet: Sheet) -> set[str]:
    """Name the columns by which people recognise a row: the first required ones."""
    return {column.name for column in sheet.columns if column.required}
