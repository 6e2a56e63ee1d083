"""The very records behind a figure: those that meet the condition, or those still missing, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils.translation import get_language

from phuong.kernel.measures import Measure
from phuong.measures.compiled import records_sql
from phuong.registry.api import Organisation


@dataclass(frozen=True)
class Record:
    """One record of a population."""

    id: UUID
    label: str
    organisation_id: UUID
    organisation: str
    path: str
    url: str
    why: str


def records_of(
    measure: Measure, area: Organisation, *, met: bool, limit: int = 50, after: str = ""
) -> tuple[list[Record], str]:
    """List records of ``measure`` within ``area``, live and within the acting scope, in order of key.

    Gives the records and the key to go on from (empty at the end). ``area``: a commune means what lies in it.
    """
    inside = "coalesce(o.territory_id, o.id) = %s" if area.is_commune else "o.path <@ %s::ltree"
    follow = "and r.id > %s" if after else ""
    statement = (
        "select r.id, r.label, r.organisation_id, o.name, o.path::text, r.why::text "
        f"from ({records_sql(measure.code)}) r "
        f"join registry_organisation o on o.id = r.organisation_id "
        f"where r.met is {'' if met else 'not '}true and {inside} {follow} order by r.id limit %s"
    )
    values = [area.pk if area.is_commune else area.path, *([after] if after else []), limit + 1]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    found = [
        Record(
            key,
            label,
            place,
            name,
            path,
            measure.population.url.format(id=key, organisation_id=place),
            "" if met else reason(measure, why),
        )
        for key, label, place, name, path, why in rows[:limit]
    ]
    return found, str(found[-1].id) if len(rows) > limit else ""


def reason(measure: Measure, code: str | None) -> str:
    """Say why a record is missing, in the reader's language; the last reason is the fallback."""
    reasons: Mapping[str, tuple[str, str]] = measure.reasons
    titles = reasons.get(code or "") or list(reasons.values())[-1]
    return titles[1] if (get_language() or "vi").startswith("en") else titles[0]
