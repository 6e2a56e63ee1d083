"""Changing rows so that it can be undone exactly: every row before and after, as PostgreSQL itself writes it.

Values never pass through Python: what a column held comes back byte for byte, whatever its type.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models

from phuong.kernel.keys import uuid7
from phuong.matching.models import Merge, Touched

Act = Touched.Act
_CHANGE = """
with before as (select t.{key} as key, to_jsonb(t) as facts from {table} t where t.{key} = any(%s) for update),
after as (
  update {table} t set {sets} from before b where t.{key} = b.key returning t.{key} as key, to_jsonb(t) as facts
),
columns as (select b.key, k.name, b.facts -> k.name as old, a.facts -> k.name as new
  from before b join after a using (key), jsonb_object_keys(b.facts) k(name)
  where k.name <> all(%s) and b.facts -> k.name is distinct from a.facts -> k.name)
select key::text, jsonb_object_agg(name, old)::text, jsonb_object_agg(name, new)::text from columns group by key
order by key
"""
_REMOVE = (
    "delete from {table} t where t.{key} = any(%s) returning t.{key}::text, (to_jsonb(t) - %s::text[])::text, null"
)
_MADE = "select t.{key}::text, null, (to_jsonb(t) - %s::text[])::text from {table} t where t.{key} = any(%s)"
_KEEP = """
insert into matching_touched (id, path, merge_id, rank, model, row, act, before, after)
select * from unnest(%s::uuid[], %s::ltree[], %s::uuid[], %s::int[], %s::text[], %s::text[], %s::text[], %s::jsonb[],
  %s::jsonb[])
"""


def generated(model: type[models.Model]) -> list[str]:
    """Name the columns that PostgreSQL works out itself."""
    return [str(each.column) for each in model._meta.concrete_fields if each.generated]


def names(model: type[models.Model]) -> dict[str, str]:
    """Give the quoted names of a table and its key."""
    quote = connection.ops.quote_name
    return {"table": quote(model._meta.db_table), "key": quote(str(model._meta.pk.column))}


class Ledger:
    """All rows that one merge touches, in order."""

    def __init__(self, merge: Merge) -> None:
        """Begin an empty ledger."""
        self.merge = merge
        self._rows: list[tuple[str, str, str, str | None, str | None]] = []

    def change(self, model: type[models.Model], keys: Sequence[Any], values: Mapping[str, Any]) -> int:
        """Give some rows other values (by field); gives how many really changed."""
        if not keys or not values:
            return 0
        fields: list[Any] = [model._meta.get_field(name) for name in values]
        quote = connection.ops.quote_name
        sets = ", ".join(f"{quote(each.column)} = %s::{each.db_type(connection)}" for each in fields)
        prepared = [
            each.get_db_prep_save(getattr(value, "pk", value), connection)
            for each, value in zip(fields, values.values(), strict=True)
        ]
        statement = _CHANGE.format(sets=sets, **names(model))
        return self._note(model, Act.CHANGED, statement, [list(keys), *prepared, generated(model)])

    def remove(self, model: type[models.Model], keys: Sequence[Any]) -> int:
        """Put some rows aside; nothing that points to them is taken along: PostgreSQL refuses."""
        if not keys:
            return 0
        return self._note(model, Act.REMOVED, _REMOVE.format(**names(model)), [list(keys), generated(model)])

    def made(self, row: models.Model) -> None:
        """Note a row that was just made."""
        model = type(row)
        self._note(model, Act.MADE, _MADE.format(**names(model)), [generated(model), [row.pk]])

    def _note(self, model: type[models.Model], act: str, statement: str, values: Iterable[Any]) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, list(values))
            found = cursor.fetchall()
        label = model._meta.label
        self._rows += [(label, key, act, before, after) for key, before, after in found]
        return len(found)

    def close(self) -> int:
        """Write the ledger down, in one statement; gives how many rows it holds."""
        count = len(self._rows)
        labels, keys, acts, before, after = (list(column) for column in zip(*self._rows, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(
                _KEEP,
                [
                    [uuid7() for _row in range(count)],
                    [str(self.merge.path)] * count,
                    [self.merge.pk] * count,
                    list(range(count)),
                    labels,
                    keys,
                    acts,
                    before,
                    after,
                ],
            )
        return count
