"""A merge undone: every row as it was, or a refusal that names what was changed since."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.kernel.audit import record
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import ROOT, Actor, acting
from phuong.matching.access import merge_for
from phuong.matching.actions.ledger import generated, names
from phuong.matching.actions.references import model_named, references
from phuong.matching.errors import CannotUnmerge
from phuong.matching.models import Merge, Touched
from phuong.matching.queries import column_title, kind_title, last_change
from phuong.registry.api import Person

Act = Touched.Act
MOST_NAMED = 5
_PRESENT = "select to_jsonb(t)::text from {table} t where t.{key} = %s::{kind} for update"
_PUT_BACK = (
    "insert into {table} ({columns}) overriding system value "
    "select {columns} from jsonb_populate_record(null::{table}, %s::jsonb)"
)
_RESTORE = (
    "update {table} t set {sets} from jsonb_populate_record(null::{table}, %s::jsonb) r where t.{key} = %s::{kind}"
)
_PAIRS = """
update matching_pair p set path = matching_common(o.path, t.path) from registry_person o, registry_person t
where (p.one = any(%(keys)s) or p.two = any(%(keys)s)) and o.id = p.one and t.id = p.two
  and p.path <> matching_common(o.path, t.path)
"""
_TAKE_AWAY = "delete from {table} t where t.{key} = %s::{kind}"


def unmerge(merge_id: UUID, *, by: Actor) -> Merge:
    """Undo a merge exactly: every row it touched is again what it was.

    :raises NotThere: not a merge this actor may undo, or undone already
    :raises CannotUnmerge: rows were changed since in what the merge had changed; names them
    """
    merge = merge_for(by, merge_id, writing=True)
    if merge.undone_at is not None:
        raise NotThere
    with acting(replace(by, scope=ROOT), reason=_("tách lại hồ sơ đã gộp")):
        touched = list(merge.touched.order_by("-rank"))
        blocks = list(_blocks(merge, touched))
        if blocks:
            raise CannotUnmerge(blocks[:MOST_NAMED])
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                for row in touched:
                    _undo(cursor, row)
                cursor.execute("set constraints all immediate")
                cursor.execute("set constraints all deferred")
        except IntegrityError as error:
            raise CannotUnmerge([_in_the_way(error)]) from error
        _replace_pairs(merge)
        merge.undone_at, merge.undone_by_name = timezone.now(), by.name
        merge.save(update_fields=["undone_at", "undone_by_name"])
        note = f"{merge.kept} → {merge.kept}, {merge.dropped}"
        record("matching.unmerged", on_kind="person", on_id=merge.kept, about=merge.kept, note=note, path=merge.path)
    return merge


def _replace_pairs(merge: Merge) -> None:
    """Let the pairs of both lie where both persons lie now: while one was gone they could not follow the other."""
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"keys": [merge.kept, merge.dropped]})


def _blocks(merge: Merge, touched: Iterable[Touched]) -> Iterable[str]:
    """Name every row that is no longer as the merge left it, in the columns that it changed."""
    later = Merge.objects.filter(dropped=merge.kept, undone_at=None).first()
    if later is not None:
        yield _("Hồ sơ này lại được gộp vào hồ sơ khác ngày %s: tách lần gộp đó trước.") % f"{later.merged_at:%d/%m/%Y}"
        return
    with connection.cursor() as cursor:
        for row in touched:
            present = _present(cursor, row)
            if row.act == Act.REMOVED:
                if present is not None:
                    yield _named(row, [_("đã có lại")])
            elif present is None:
                yield _named(row, [_("đã bị xóa")])
            elif other := [name for name, value in (row.after or {}).items() if present.get(name) != value]:
                yield _named(row, [column_title(row.model, name) for name in other])


def _present(cursor: Any, row: Touched) -> dict[str, Any] | None:
    cursor.execute(_PRESENT.format(**_about(row)), [row.row])
    found = cursor.fetchone()
    return json.loads(found[0]) if found else None


def _about(row: Touched) -> dict[str, str]:
    model = model_named(row.model)
    return {**names(model), "kind": str(model._meta.pk.db_type(connection))}


def _named(row: Touched, what: Iterable[str]) -> str:
    changed = last_change(model_named(row.model), row.row)
    return f"{kind_title(model_named(row.model)).capitalize()}: {', '.join(what)}{changed}."


def _undo(cursor: Any, row: Touched) -> None:
    about = _about(row)
    if row.act == Act.MADE:
        cursor.execute(_TAKE_AWAY.format(**about), [row.row])
    elif row.act == Act.REMOVED:
        cursor.execute(_PUT_BACK.format(columns=_columns(model_named(row.model)), **about), [_text(row.pk)])
    else:
        quote = connection.ops.quote_name
        sets = ", ".join(f"{quote(name)} = r.{quote(name)}" for name in (row.before or {}))
        cursor.execute(_RESTORE.format(sets=sets, **about), [_text(row.pk), row.row])


def _text(touched_id: UUID) -> str:
    """Read what a row was as PostgreSQL wrote it: numbers keep every digit."""
    with connection.cursor() as cursor:
        cursor.execute("select before::text from matching_touched where id = %s", [touched_id])
        return str(cursor.fetchone()[0])


def _columns(model: type[models.Model]) -> str:
    quote, skipped = connection.ops.quote_name, set(generated(model))
    return ", ".join(quote(str(each.column)) for each in model._meta.concrete_fields if each.column not in skipped)


def _in_the_way(error: IntegrityError) -> str:
    cause = getattr(error.__cause__, "diag", None)
    table = str(getattr(cause, "table_name", "") or "")
    model = next((each.model for each in references() if each.model._meta.db_table == table), Person)
    return _("%(row)s mới thêm sau khi gộp đứng vào chỗ của hàng cần trả lại (%(constraint)s).") % {
        "row": kind_title(model).capitalize(),
        "constraint": str(getattr(cause, "constraint_name", "") or error),
    }
