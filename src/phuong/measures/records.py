"""The very records behind a figure: those that meet the condition, or those still missing, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from phuong.kernel.language import is_english
from phuong.kernel.measures import Measure
from phuong.kernel.refusals import BadInput
from phuong.kernel.scope import current_actor
from phuong.measures.compiled import records_sql
from phuong.registry.api import Organisation

FIRST_CHUNK = 16
GROWTH = 8


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
    """List records of ``measure`` within ``area``, live and within the acting scope, unit by unit.

    Gives the records and the key to go on from (empty at the end). ``area``: a commune means what lies in it. A few
    units are read at a time, more and more of them while they give nothing: a page of a whole province is as quick as
    a school's wherever records are not rare.

    :raises BadInput: ``limit`` below one, or a key that is none of ours
    """
    if limit < 1:
        raise BadInput(_("Số dòng phải từ 1 trở lên."))
    unit, record = _position(after)
    found: list[Any] = []
    for units in _chunks(_units(area, unit)):
        found += _read(measure, units, met=met, limit=limit + 1 - len(found), unit=unit, record=record)
        if len(found) > limit:
            break
    rows = [_record(measure, row, met=met) for row in found[:limit]]
    return rows, f"{rows[-1].organisation_id}:{rows[-1].id}" if len(found) > limit else ""


def is_key(text: str) -> bool:
    """Say whether ``text`` is a key that ``records_of`` gave."""
    try:
        _position(text)
    except BadInput:
        return False
    return True


def _position(after: str) -> tuple[UUID | None, UUID | None]:
    """Read a key.

    :raises BadInput: it is none of ours
    """
    if not after:
        return None, None
    unit, _colon, record = after.partition(":")
    try:
        return UUID(unit), UUID(record)
    except ValueError as error:
        raise BadInput(_("Khóa trang «%s» không đọc được: mở lại từ trang đầu.") % after[:80]) from error


def _units(area: Organisation, first: UUID | None) -> list[UUID]:
    """Give the units of an area within the acting scope whose records count, in order of key, from ``first`` on."""
    inside = Q(territory=area) | Q(pk=area.pk) if area.is_commune else Q(path__under=area.path)
    units = Organisation.objects.filter(inside, path__under=current_actor().scope)
    if first is not None:
        units = units.filter(pk__gte=first)
    return list(units.order_by("pk").values_list("pk", flat=True))


def _chunks(units: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    start, size = 0, FIRST_CHUNK
    while start < len(units):
        yield units[start : start + size]
        start, size = start + size, size * GROWTH


def _read(
    measure: Measure, units: Sequence[UUID], *, met: bool, limit: int, unit: UUID | None, record: UUID | None
) -> list[Any]:
    follow = "and (r.organisation_id, r.id) > (%s, %s)" if unit else ""
    statement = (
        "select r.id, r.label, r.organisation_id, o.name, o.path::text, r.why::text "
        f"from ({records_sql(measure.code)}) r join registry_organisation o on o.id = r.organisation_id "
        f"where r.organisation_id = any(%s) and r.met is {'' if met else 'not '}true {follow} "
        "order by r.organisation_id, r.id limit %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(units), *([unit, record] if unit else []), limit])
        return list(cursor.fetchall())


def _record(measure: Measure, row: Sequence[Any], *, met: bool) -> Record:
    key, label, place, name, path, why = row
    url = measure.population.url.format(id=key, organisation_id=place)
    return Record(key, label, place, name, path, url, "" if met else reason(measure, why))


def reason(measure: Measure, code: str | None) -> str:
    """Say why a record is missing, in the reader's language; the last reason is the fallback."""
    reasons: Mapping[str, tuple[str, str]] = measure.reasons
    titles = reasons.get(code or "") or list(reasons.values())[-1]
    return titles[1] if is_english() else titles[0]
