"""Who reads what when: the settings of the SQL, and running it."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from phuong.kernel.calendar import SchoolYear, school_year_of
from phuong.kernel.codelists import attributes_of, entries_of
from phuong.kernel.scope import Actor, depth
from phuong.kernel.today import today
from phuong.registry.api import organisations_seen_by, people_seen_by
from phuong.roster.queries.kinds import ALL_NESTED, KINDS, PARTS
from phuong.roster.queries.projections import Projection

_SCHOOL_DEPTH = 4
_MOST_KEY = 80
_JSONB = 3802  # PostgreSQL's number of the type; Django leaves it as text


@dataclass(frozen=True)
class Reader:
    """A reader on a day: ``people`` and ``units`` are the SQL of whom and what is seen, ``params`` its values."""

    people: str
    units: str
    params: dict[str, Any]
    is_small: bool  # a school: counting costs nothing

    @classmethod
    def of(cls, actor: Actor, on: dt.date | None = None) -> "Reader":
        """Let an actor read as of a day, today by default."""
        day = on or today()
        year = school_year_of(day)
        params: dict[str, Any] = {"scope": actor.scope, "today": day, "year": year.start, "away": _away()}
        people = _named(people_seen_by(actor).values("pk"), "people", params)
        units = _named(organisations_seen_by(actor).values("pk"), "units", params)
        return cls(people, units, params | _session_facts(year), depth(actor.scope) >= _SCHOOL_DEPTH)

    def rows(self, sql: str, params: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """Run a statement: ``{people}`` and ``{units}`` are filled in."""
        statement = sql.replace("{people}", self.people).replace("{units}", self.units)
        with connection.cursor() as cursor:
            cursor.execute(statement, {**self.params, **(params or {})})
            columns = [(each.name, each.type_code == _JSONB) for each in cursor.description or ()]
            return [
                {
                    name: json.loads(value) if is_json and isinstance(value, str) else value
                    for (name, is_json), value in zip(columns, row, strict=True)
                }
                for row in cursor.fetchall()
            ]


def _away() -> list[str]:
    """Name the states of an enrolment after which a learner is gone."""
    gone = [code for code in entries_of("enrolment_status") if not attributes_of("enrolment_status", code)["present"]]
    return [code for code in gone if code != "deferred"]


def _named(rows: QuerySet[Any], prefix: str, params: dict[str, Any]) -> str:
    """Write a queryset as SQL with named values, which are added to ``params``."""
    sql, values = rows.query.sql_with_params()
    parts = sql.split("%s")
    names = [f"{prefix}_{place}" for place in range(len(values))]
    params.update(zip(names, values, strict=True))
    return parts[0] + "".join(f"%({name})s{part}" for name, part in zip(names, parts[1:], strict=True))


def _session_facts(year: SchoolYear) -> dict[str, Any]:
    """Give the words and days of a year: the official ones, whatever language the caller reads."""
    return {
        "year_key": str(year.start),
        "year_title": f"Năm học {year.name}",
        "term_1": "Học kì I",
        "term_2": "Học kì II",
        "opens": year.opens_on,
        "turns": year.term_2_from,
        "closes": year.closes_on,
        "year_end": str(year.start + 1),
        "opened": dt.datetime(year.start, 8, 1, tzinfo=dt.UTC),
        "homeroom": "Sinh hoạt lớp",
        "preschool": "mầm non",
        "zone": settings.TIME_ZONE,
    }


def keys_of(kind: Projection, sourced_id: str) -> tuple[str, str] | None:
    """Read a sourcedId of a kind; nothing when it cannot be one."""
    first, _dot, second = sourced_id.partition(".")
    if not first or len(sourced_id) > _MOST_KEY or "\0" in sourced_id:
        return None
    if kind.kind == "uuid":
        try:
            return str(UUID(first)), second
        except ValueError:
            return None
    return first, second


def part_of(name: str) -> tuple[Projection, str, str]:
    """Give the kind of a collection, what one of it is called, and which rows of the kind it holds."""
    kind, single, rows = PARTS.get(name) or (name, KINDS[name].single, "true")
    return KINDS[kind], single, rows


def nested(*way: str) -> str:
    """Give the condition for the last of some collections as parts of one of those before it, from the outside in."""
    return ALL_NESTED[way]


def found(reader: Reader, kind: Projection, conditions: Sequence[str], params: dict[str, Any]) -> bool:
    """Say whether there is such a row."""
    sql = f"select 1 from ({kind.sql}) x where {' and '.join(conditions)} limit 1"
    return bool(reader.rows(sql, params))
