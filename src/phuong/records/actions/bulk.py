"""One field of many records: tried first, applied in one statement, undone exactly."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from phuong.kernel.audit import record
from phuong.kernel.jobs import Progress, later
from phuong.kernel.refusals import NotThere, Refused
from phuong.kernel.scope import SYSTEM, Actor, acting, present_context
from phuong.records.access import bulk_for, may_write
from phuong.records.declarations import Field, RecordKind, Why, kind_named
from phuong.records.errors import TooMany
from phuong.records.models import BulkChange
from phuong.records.values import plain

MOST_RECORDS = 100_000
State = BulkChange.State
_UNDO = """
update {table} t set {column} = e.{column}
from {events} e
where e.pgh_context_id = %s and e.{tracked} = t.{key} and t.{column} is not distinct from %s::{type}
and not exists (select 1 from {events} f where f.{tracked} = t.{key} and f.pgh_id > e.pgh_id
  and f.{column} is distinct from %s::{type})
"""


@transaction.atomic
def ask_bulk(
    kind: RecordKind, rows: QuerySet[Any], *, change: tuple[Field, Any], why: Why, filters: str, by: Actor
) -> BulkChange:
    """Choose the records now, and ask for the trial: nothing changes yet.

    :raises NotThere: the actor may not write records of this kind, or this field not in bulk
    :raises TooMany: more than 100,000 records
    """
    field, value = change
    if not may_write(by, kind) or not field.in_bulk:
        raise NotThere
    keys = list(rows.order_by().values_list("pk", flat=True)[: MOST_RECORDS + 1])
    if len(keys) > MOST_RECORDS:
        raise TooMany
    asked = BulkChange.objects.create(
        path=by.scope,
        kind=kind.code,
        field=field.name,
        value=plain(value),
        records=keys,
        filters=filters,
        reason=why.reason,
        effective_on=why.effective_on,
        asked_by=by.account_id,
        asked_by_name=by.name,
    )
    record("records.bulk_asked", on_kind="bulk", on_id=asked.pk, note=f"{kind.code} {field.name} {len(keys)}")
    later("records.bulk", path=by.scope, bulk_id=str(asked.pk), step="check")
    return asked


@transaction.atomic
def confirm_bulk(bulk_id: UUID, *, by: Actor) -> BulkChange:
    """Apply a bulk change that was tried.

    :raises NotThere: not one this actor may apply
    :raises Refused: it was applied already
    """
    return _go_on(bulk_id, by, State.CHECKED, State.APPLYING, "apply")


@transaction.atomic
def undo_bulk(bulk_id: UUID, *, by: Actor) -> BulkChange:
    """Give every record its old value back, but those somebody changed since.

    :raises NotThere: not one this actor may undo
    :raises Refused: it was not applied, or undone already
    """
    return _go_on(bulk_id, by, State.APPLIED, State.UNDOING, "undo")


def _go_on(bulk_id: UUID, by: Actor, stands: str, becomes: str, step: str) -> BulkChange:
    asked = bulk_for(by, bulk_id, writing=True)
    if asked.state != stands:
        raise Refused(str(asked.get_state_display()).capitalize() + ".")
    asked.state = becomes
    asked.save(update_fields=["state"])
    record(f"records.bulk_{step}", on_kind="bulk", on_id=asked.pk)
    later("records.bulk", path=by.scope, bulk_id=str(asked.pk), step=step)
    return asked


def run_bulk(progress: Progress, bulk_id: str, step: str) -> Mapping[str, Any]:
    """Do one step of a bulk change as the person who asked; a step done already is not done again."""
    with acting(SYSTEM):
        asked = BulkChange.objects.filter(pk=bulk_id).first()
    if asked is None:
        return {}
    kind = kind_named(asked.kind)
    by = Actor(asked.path, (), asked.asked_by, asked.asked_by_name, permissions=frozenset({kind.read, kind.write}))
    progress.step(0, len(asked.records))
    doing = {"check": _check, "apply": _apply, "undo": _undo}[step]
    reason = asked.reason if step == "apply" else f"hoàn tác: {asked.reason}"
    with acting(by, reason=reason, effective_on=asked.effective_on):
        asked = BulkChange.objects.select_for_update().get(pk=asked.pk)
        doing(asked, kind, by)
        asked.save()
    progress.step(len(asked.records), len(asked.records))
    return {"bulk": str(asked.pk), "changed": asked.changed, "url": f"/hang-loat/{asked.pk}/"}


def _to_change(asked: BulkChange, kind: RecordKind, by: Actor) -> QuerySet[Any]:
    """Give the chosen records, still this person's to write, whose value is another."""
    rows = kind.model._default_manager.filter(pk__in=asked.records)
    reachable = rows.filter(pk__in=kind.rows(by).order_by().values("pk"))
    column = asked.field
    same = {f"{column}__isnull": True} if asked.value is None else {column: asked.value}
    return reachable.exclude(**same)


def _check(asked: BulkChange, kind: RecordKind, by: Actor) -> None:
    if asked.state != State.CHECKING:
        return
    asked.to_change = _to_change(asked, kind, by).count()
    asked.same = len(asked.records) - asked.to_change
    asked.state = State.CHECKED


def _apply(asked: BulkChange, kind: RecordKind, by: Actor) -> None:
    if asked.state != State.APPLYING:
        return
    keys = list(_to_change(asked, kind, by).values_list("pk", flat=True))
    asked.changed = kind.model._default_manager.filter(pk__in=keys).update(**{asked.field: asked.value})
    asked.context_id = present_context()
    asked.state = State.APPLIED


def _undo(asked: BulkChange, kind: RecordKind, by: Actor) -> None:
    del by
    if asked.state != State.UNDOING:
        return
    events: Any = kind.model.pgh_event_model  # type: ignore[attr-defined]
    key = kind.model._meta.pk
    column: Any = kind.model._meta.get_field(asked.field)
    kept = {each.column for each in events._meta.concrete_fields}
    statement = _UNDO.format(
        table=kind.model._meta.db_table,
        events=events._meta.db_table,
        column=column.column,
        key=key.column if key else "id",
        tracked="pgh_obj_id" if "pgh_obj_id" in kept else (key.column if key else "id"),
        type=column.db_type(connection),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [asked.context_id, asked.value, asked.value])
        asked.restored = cursor.rowcount
    asked.left_alone = asked.changed - asked.restored
    asked.state = State.UNDONE
