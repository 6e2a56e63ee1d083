"""Reading a projection: the next batch as the partner gets it, and the totals of every unit.

Read by the batch role, which row security does not narrow: each statement names the place itself. PostgreSQL writes the
rows; none is ever an object here, so a batch costs what its text costs and memory does not grow with the province.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connections

from phuong.kernel.contributions import contributions
from phuong.kernel.measures import Measure
from phuong.kernel.scope import SYSTEM, acting
from phuong.measures.api import latest_snapshot
from phuong.sharing.declarations import Contract
from phuong.sharing.records.datasets import INDICATORS, Dataset
from phuong.sharing.rules import DIGEST_HEX, MODULUS, MOST_LINES, Kind, Total

NO_KEY = UUID(int=0)
ROLE = "batch"
_LOG = """
log as materialized (
  select on_kind, on_id from kernel_change
  where on_kind = any(%(tables)s) and txid >= %(since)s::xid8 and txid < %(until)s::xid8 and path <@ %(path)s::ltree
), """
_PART = """
with {log}chosen as materialized (
  select distinct k.key from ({keys}) as k (key) where k.key > %(after)s order by k.key limit %(most)s
), found as materialized ({rows}), row_ as (select {columns} from found)
select (select count(*) from chosen), (select key from chosen order by key desc limit 1),
  (select count(*) from row_), (select string_agg(row_to_json(row_)::text, ',' order by row_.id) from row_),
  case when %(is_changes)s then array(select key from chosen except select id from found order by 1) end
"""
_TOTALS = """
with chosen as ({keys}), row_ as (select {columns} from ({rows}) as found)
select row_.commune_code, row_.unit_code, count(*),
  sum(('x' || left(md5(row_to_json(row_)::text), {hex}))::bit({bits})::bigint)::text
from row_ group by 1, 2
"""


@dataclass(frozen=True)
class View:
    """What is looked at: a place on a day of a school year, and of it everything, what changed, or some units."""

    path: str
    day: dt.date
    year: int
    kind: Kind = Kind.FULL
    since: str = ""
    until: str = ""
    since_day: dt.date | None = None
    units: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """A batch: how many keys were looked at, the last of them, and what is to be sent."""

    keys: int
    last: UUID | None
    rows: int
    removed: int
    body: bytes


def next_part(dataset: Dataset, contract: Contract, view: View, *, after: UUID, most: int) -> Part:
    """Cut the next batch behind ``after``, in one statement: rows as they are now, and keys of what is no more."""
    keys = {Kind.FULL: dataset.all_keys, Kind.CHANGES: dataset.touched, Kind.MEND: dataset.of_units}[view.kind]
    narrowed = f"select * from ({dataset.rows}) as found where unit_code = any(%(units)s)"
    statement = _PART.format(
        log=_LOG if view.kind == Kind.CHANGES else "",
        keys=keys,
        rows=narrowed if view.kind == Kind.MEND else dataset.rows,
        columns=_columns(contract),
    )
    facts = {**_facts(dataset, view), "after": after, "most": most, "is_changes": view.kind == Kind.CHANGES}
    ((count, last, rows, text, gone),) = _read(statement, facts)
    removed = ",".join(f'"{key}"' for key in gone or ())
    return Part(count, last, rows, len(gone or ()), f'{{"rows":[{text or ""}],"removed":[{removed}]}}'.encode())


def totals_by_unit(dataset: Dataset, contract: Contract, view: View) -> dict[tuple[str, str], Total]:
    """Count the rows of every (commune, unit) and add their digests up, in one statement."""
    statement = _TOTALS.format(
        keys=dataset.all_keys, rows=dataset.rows, columns=_columns(contract), hex=DIGEST_HEX, bits=4 * DIGEST_HEX
    )
    found = _read(statement, _facts(dataset, view))
    return {(commune, unit): Total(count, int(summed) % MODULUS) for commune, unit, count, summed in found}


def count_keys(dataset: Dataset, view: View) -> int:
    """Count the keys that a delivery of everything looks at: about as many as there are rows."""
    ((count,),) = _read(f"select count(*) from ({dataset.all_keys}) as k", _facts(dataset, view))
    return int(count)


def lines_since(dataset: Dataset, view: View) -> int:
    """Count the lines of the log of changes in a window, not further than one above what is followed."""
    statement = f"with {_LOG} told as (select from log limit {MOST_LINES + 1}) select count(*) from told"
    ((count,),) = _read(statement, _facts(dataset, view))
    return int(count)


def _columns(contract: Contract) -> str:
    return ", ".join(f'found."{each.name}"' for each in contract.fields)


def _facts(dataset: Dataset, view: View) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "path": view.path,
        "day": view.day,
        "year": view.year,
        "since": view.since or "0",
        "until": view.until or "0",
        "since_day": view.since_day or view.day,
        "units": view.units,
        "tables": list(dataset.tables),
    }
    return facts | (_figures() if dataset is INDICATORS else {})


def _figures() -> dict[str, Any]:
    snapshot = latest_snapshot()
    measures = contributions(Measure)
    return {
        "snapshot": snapshot.pk if snapshot else NO_KEY,
        "as_of": snapshot.as_of if snapshot else None,
        "measures": [each.code for each in measures],
        "titles": [each.title for each in measures],
        "personal": [each.population.personal for each in measures],
    }


def _read(statement: str, facts: Mapping[str, Any]) -> list[Any]:
    with acting(SYSTEM, using=ROLE), connections[ROLE].cursor() as cursor:
        cursor.execute(statement, facts)
        return list(cursor.fetchall())
