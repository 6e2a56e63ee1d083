"""Looking back: in the schema ``past`` each table with history shows what was known at the end of ``app.as_of``.

A request that looks back finds the views of that schema first, so every query and every page reads the past unchanged.
A row of the past is the oldest old row kept after that day; a row never changed since is the present one, if its key
(UUIDv7) was made by then. Rebuilt by every upgrade, because a view would stand in the way of a migration.
"""

from typing import Any

from django.apps import apps
from django.db.models import Aggregate, Model, QuerySet, Subquery

DROP = "drop schema if exists past cascade"
_VIEW = """
create view past.{table} with (security_invoker = true) as
select {present} from public.{table} c
where c.{key} <= (select kernel_as_of_id()) and not exists (
  select 1 from public.{events} e where e.{tracked} = c.{key} and e.pgh_created_at > (select kernel_as_of()))
union all
select {old} from public.{events} e
where e.pgh_created_at > (select kernel_as_of()) and e.{key} <= (select kernel_as_of_id()) and e.pgh_id = (
  select f.pgh_id from public.{events} f where f.{tracked} = e.{tracked} and f.pgh_created_at > (select kernel_as_of())
  order by f.pgh_created_at, f.pgh_id limit 1)
"""


def build_past(cursor: Any) -> None:
    """Make the schema anew, one view for each table whose old rows are kept."""
    cursor.execute(DROP)
    cursor.execute("create schema past")
    for model in apps.get_models():
        tracked = getattr(model, "pgh_tracked_model", None)
        if tracked is not None:
            cursor.execute(_view(tracked, model))
    cursor.execute("grant usage on schema past to phuong_app, phuong_batch")
    cursor.execute("grant select on all tables in schema past to phuong_app, phuong_batch")


def of_each(rows: QuerySet[Any], by: str, found: Aggregate) -> Subquery:
    """Give an aggregate of ``rows``, which an ``OuterRef`` narrows by column ``by``, for each row of the outer query.

    Null where there are none. Joined and grouped by the outer row's key instead, a query fails at a past day: a view
    has no primary key on which its other columns would depend.
    """
    return Subquery(rows.order_by().values(by).annotate(found=found).values("found"))


def _view(model: type[Model], events: type[Model]) -> str:
    columns = [field.column for field in model._meta.concrete_fields]
    kept = {field.column for field in events._meta.concrete_fields}
    key = model._meta.pk.column
    return _VIEW.format(
        table=model._meta.db_table,
        events=events._meta.db_table,
        key=key,
        tracked="pgh_obj_id" if "pgh_obj_id" in kept else key,
        present=", ".join(f'c."{column}"' for column in columns),
        old=", ".join(f'e."{column}"' if column in kept else f'null as "{column}"' for column in columns),
    )
