"""People out of the database into the engine, by the connection of the batch, a few ten thousand at a time.

Numbers are unsealed here and put into disguise at once; the engine never holds one, nor the folder it may spill to.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import duckdb
import polars as pl
from django.db import connections

from phuong.kernel.vault import unseal
from phuong.matching.linking.disguise import Disguise
from phuong.registry.api import Organisation

CHUNK = 50_000
_SCHEMA = {
    "key": pl.Int64,
    "id": pl.String,
    "source": pl.String,
    "full_name": pl.String,
    "birth_date": pl.String,
    "sex": pl.String,
    "number": pl.String,
    "is_verified": pl.Boolean,
    "phones": pl.String,
    "school": pl.String,
    "commune": pl.String,
    "birthplace": pl.String,
}
_PEOPLE = """
with families as (
  select g.learner_id, string_agg(distinct q.phone, ',') as phones
  from registry_guardianship g join registry_person q on q.id = g.guardian_id
  where g.path <@ %(path)s::ltree and g.ends_on is null and q.phone <> '' group by 1
)
select p.id::text, p.full_name, p.birth_date::text, p.sex, p.number_cipher, p.identity_state = 'matched',
  concat_ws(',', nullif(p.phone, ''), f.phones), p.place_id::text, coalesce(o.territory_id, p.place_id)::text,
  p.birthplace
from registry_person p join registry_organisation o on o.id = p.place_id left join families f on f.learner_id = p.id
where p.path <@ %(path)s::ltree
"""
_INTO_KEYS = "insert into keys select key, id from chunk"
_INTO_PEOPLE = """
insert into people by name
select key, source, full_name, try_cast(birth_date as date) as birth_date, sex, number, is_verified,
  case when phones = '' then [] else string_split(phones, ',') end as phones, school, commune, birthplace from chunk
"""


def pour(
    con: duckdb.DuckDBPyConnection, unit: Organisation, *, source: str, disguise: Disguise, step: Callable[[int], None]
) -> int:
    """Pour everybody whose record lies under ``unit`` into the engine; gives how many. ``step`` hears the count."""
    con.execute("create table if not exists keys (key bigint, id varchar)")
    first = int(con.execute("select count(*) from keys").fetchall()[0][0])
    count = 0
    for chunk in _chunks(str(unit.path)):
        rows = [_row(first + count + place, source, each, disguise) for place, each in enumerate(chunk)]
        put(con, rows)
        count += len(rows)
        step(count)
    return count


def put(con: duckdb.DuckDBPyConnection, rows: Sequence[Sequence[Any]]) -> None:
    """Put rows, in the order of ``_SCHEMA``, into the engine."""
    con.register("chunk", pl.DataFrame(rows, schema=_SCHEMA, orient="row").to_arrow())
    con.execute(_INTO_KEYS)
    con.execute(_INTO_PEOPLE)
    con.unregister("chunk")


def _chunks(path: str) -> Iterator[list[Sequence[Any]]]:
    """Read people through a cursor that stays on the server: between two chunks the connection is free."""
    batch = connections["batch"]
    batch.ensure_connection()
    with batch.connection.cursor(name="matching_people") as cursor:
        cursor.execute(_PEOPLE, {"path": path})
        while rows := cursor.fetchmany(CHUNK):
            yield rows


def _row(key: int, source: str, row: Sequence[Any], disguise: Disguise) -> Sequence[Any]:
    person, name, born, sex, sealed, verified, phones, place, commune, birthplace = row
    number = disguise.of(unseal(bytes(sealed))) if sealed else None
    return (
        key,
        person,
        source,
        name,
        born,
        sex,
        number,
        verified,
        plain_phones(phones),
        place,
        commune,
        birthplace or None,
    )


def plain_phones(phones: str) -> str:
    """Write phones, separated by commas, with digits alone and a leading zero for the country."""
    found = []
    for phone in phones.split(","):
        digits = "".join(char for char in phone if char.isdigit())
        if digits.startswith("84") and len(digits) > 10:
            digits = "0" + digits[2:]
        if digits:
            found.append(digits)
    return ",".join(found)
