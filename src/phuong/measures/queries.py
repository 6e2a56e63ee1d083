"""Reads of figures: latest, by part, and as a series."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from django.db import connection

from phuong.kernel.contributions import contribution
from phuong.kernel.measures import Measure
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import current_actor, is_under
from phuong.kernel.today import today
from phuong.measures.models import Snapshot, Total
from phuong.measures.rules import hidden_with, is_small_cell, nearest_day, value_of
from phuong.registry.api import Organisation

COMMUNES = ("commune", "ward", "special_zone")
_PARTS = {
    "school": "o.id, o.name, o.path::text, o.kind",
    "commune": "a.id, a.name, a.path::text, a.kind",
    "level": "null::uuid, s.level, '', 'level'",
    "ownership": "null::uuid, s.ownership, '', 'ownership'",
    "commune_type": "null::uuid, a.kind, '', 'commune_type'",
}


@dataclass(frozen=True)
class Figure:
    """One measure over one area on one day."""

    measure: str
    numerator: int
    denominator: int
    value: Decimal | None
    as_of: dt.date


@dataclass(frozen=True)
class Part:
    """A share of a figure: one school, commune, level …; ``id`` is null for cuts that are not organisations."""

    id: UUID | None
    name: str
    path: str
    kind: str
    numerator: int
    denominator: int
    value: Decimal | None
    is_hidden: bool = False

    @property
    def missing(self) -> int:
        """Count the records that do not meet the condition."""
        return max(self.denominator - self.numerator, 0)


@dataclass(frozen=True)
class Point:
    """A figure of a series."""

    as_of: dt.date
    numerator: int
    denominator: int
    value: Decimal | None


def measure_named(code: str) -> Measure:
    """Find a measure.

    :raises NotThere: no app declares it
    """
    measure = contribution(Measure, code)
    if measure is None:
        raise NotThere
    return measure


def latest_snapshot() -> Snapshot | None:
    """Give the newest complete snapshot, by the day the acting person looks at."""
    complete = Snapshot.objects.filter(completed_at__isnull=False, as_of__lte=today())
    return complete.order_by("-as_of").first()


def snapshot_near(day: dt.date, *, detailed: bool) -> Snapshot | None:
    """Give the snapshot that tells best how things stood at the end of ``day`` (see ``rules.nearest_day``).

    ``detailed``: figures of single schools are wanted, which are kept 35 days and for the first of each month.
    """
    complete = Snapshot.objects.filter(completed_at__isnull=False, as_of__lte=today())
    kept = complete.filter(is_detailed=True) if detailed else complete
    found = nearest_day(kept.values_list("as_of", flat=True), day)
    return kept.filter(as_of=found).first() if found else None


def is_territory(area: Organisation) -> bool:
    """Say whether an area is one whose totals are kept for ever: a province or a commune."""
    return area.kind == "province" or area.kind in COMMUNES


def figures_of(area: Organisation, codes: Iterable[str], *, snapshot: Snapshot | None = None) -> dict[str, Figure]:
    """Give the latest figures of ``codes`` over ``area``: province and commune from totals, others summed."""
    return figures_of_many([area], codes, snapshot=snapshot)[area.pk]


def figures_of_many(
    areas: Sequence[Organisation], codes: Iterable[str], *, snapshot: Snapshot | None = None
) -> dict[UUID, dict[str, Figure]]:
    """Give the figures of ``codes`` over each of many areas, in two statements at most."""
    found: dict[UUID, dict[str, Figure]] = {area.pk: {} for area in areas}
    snapshot = snapshot or latest_snapshot()
    if snapshot is None:
        return found
    wanted, paths = list(codes), {area.pk: area.path for area in areas}
    whole = [area.pk for area in areas if is_territory(area)]
    others = [area.pk for area in areas if not is_territory(area)]
    for key, code, numerator, denominator in _totals(snapshot, whole, wanted) + _summed(snapshot, others, wanted):
        if not _is_hidden(code, paths[key], numerator, denominator):
            value = _value(code, numerator, denominator)
            found[key][code] = Figure(code, numerator, denominator, value, snapshot.as_of)
    return found


def _totals(snapshot: Snapshot, areas: list[UUID], codes: list[str]) -> list[tuple[UUID, str, int, int]]:
    if not areas:
        return []
    rows = Total.objects.filter(snapshot=snapshot, area__in=areas, measure__in=codes)
    return list(rows.values_list("area_id", "measure", "numerator", "denominator"))


def _summed(snapshot: Snapshot, areas: list[UUID], codes: list[str]) -> list[tuple[UUID, str, int, int]]:
    if not areas:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "select a.id, v.measure, sum(v.numerator)::bigint, sum(v.denominator)::bigint "
            "from registry_organisation a join registry_organisation o on o.path <@ a.path "
            "join measures_value v on v.organisation_id = o.id "
            "where a.id = any(%s) and v.snapshot_id = %s and v.measure = any(%s) group by a.id, v.measure",
            [areas, snapshot.pk, codes],
        )
        return list(cursor.fetchall())


def parts_of(code: str, area: Organisation, by: str, *, snapshot: Snapshot | None = None) -> list[Part]:
    """Split a figure over ``area`` by school, commune, level, ownership or commune_type.

    The parts add up exactly to the figure. A province and its communes are territory: a school counts where it lies.
    """
    snapshot = snapshot or latest_snapshot()
    if snapshot is None:
        return []
    columns = _PARTS[by]
    inside = "a.id = %s" if area.kind in COMMUNES else "o.path <@ %s::ltree"
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {columns}, sum(v.numerator)::bigint, sum(v.denominator)::bigint "
            "from measures_value v join registry_organisation o on o.id = v.organisation_id "
            "left join registry_organisation a on a.id = coalesce(o.territory_id, o.id) "
            "left join registry_school s on s.organisation_id = o.id "
            f"where v.snapshot_id = %s and v.measure = %s and {inside} group by 1, 2, 3, 4 order by 2, 1",
            [snapshot.pk, code, area.pk if area.kind in COMMUNES else area.path],
        )
        rows = cursor.fetchall()
    parts = [
        Part(
            key,
            name or "",
            path or "",
            kind or "",
            numerator,
            denominator,
            _value(code, numerator, denominator),
            is_hidden=_is_hidden(code, path or area.path, numerator, denominator),
        )
        for key, name, path, kind, numerator, denominator in rows
    ]
    return _not_by_subtraction(parts)


def _is_hidden(code: str, path: str, numerator: int, denominator: int) -> bool:
    """Say whether a figure about so few persons is not for this reader, who may not see the persons at ``path``."""
    measure = contribution(Measure, code)
    if measure is None or not measure.population.personal or not is_small_cell(numerator, denominator):
        return False
    actor = current_actor()
    return not (actor.may(Permission.RECORDS_READ) and is_under(path, actor.scope))


def _not_by_subtraction(parts: list[Part]) -> list[Part]:
    """Hide further parts where the total less those shown would tell a hidden one."""
    order = sorted(range(len(parts)), key=lambda place: parts[place].name)
    sizes = {place: parts[place].denominator for place in order}
    hidden = hidden_with(sizes, {place for place, part in enumerate(parts) if part.is_hidden})
    return [replace(part, is_hidden=True) if place in hidden else part for place, part in enumerate(parts)]


@dataclass(frozen=True)
class Cell:
    """A figure of the schools of one level (the level by which they are counted) that lie in one commune.

    Nothing is hidden here: who hands it on asks ``rules.hidden_cells``.
    """

    measure: str
    commune: str
    level: str
    numerator: int
    denominator: int


def cells_of(codes: Iterable[str], province: Organisation, *, snapshot: Snapshot) -> list[Cell]:
    """Give figures by commune (its code) and level, in one statement; what no school counts is left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select v.measure, a.code, s.level, sum(v.numerator)::bigint, sum(v.denominator)::bigint "
            "from measures_value v join registry_organisation o on o.id = v.organisation_id "
            "join registry_organisation a on a.id = o.territory_id "
            "join registry_school s on s.organisation_id = o.id "
            "where v.snapshot_id = %s and v.measure = any(%s) and o.path <@ %s::ltree "
            "group by 1, 2, 3 order by 1, 2, 3",
            [snapshot.pk, list(codes), province.path],
        )
        return [Cell(*row) for row in cursor.fetchall()]


def series_of(area: Organisation, codes: Iterable[str], *, most: int = 400) -> dict[str, list[Point]]:
    """Give the daily totals of ``codes`` over a province or commune, oldest first."""
    return series_of_many([area], codes, most=most)[area.pk]


def series_of_many(
    areas: Sequence[Organisation], codes: Iterable[str], *, most: int = 400, until: dt.date | None = None
) -> dict[UUID, dict[str, list[Point]]]:
    """Give the daily totals over each of many areas, up to ``until``; only provinces and communes have any."""
    series: dict[UUID, dict[str, list[Point]]] = {area.pk: {} for area in areas}
    paths = {area.pk: area.path for area in areas if is_territory(area)}
    if not paths:
        return series
    rows = Total.objects.filter(area__in=paths, measure__in=list(codes), snapshot__completed_at__isnull=False)
    rows = rows.filter(snapshot__as_of__lte=until) if until else rows
    columns = ("area_id", "measure", "snapshot__as_of", "numerator", "denominator")
    for key, code, as_of, numerator, denominator in rows.order_by("area_id", "measure", "-snapshot__as_of").values_list(
        *columns
    ):
        points = series[key].setdefault(code, [])
        if len(points) < most and not _is_hidden(code, paths[key], numerator, denominator):
            points.append(Point(as_of, numerator, denominator, _value(code, numerator, denominator)))
    return {key: {code: points[::-1] for code, points in found.items()} for key, found in series.items()}


def _value(code: str, numerator: int, denominator: int) -> Decimal | None:
    measure = contribution(Measure, code)
    return value_of(measure.unit if measure else "percent", numerator, denominator)
