"""The rows of each dataset, read from counted figures and the directory; small cells are not told."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from phuong.kernel.scope import Actor, reading_as
from phuong.measures.api import Cell, Snapshot, cells_of, hidden_cells, latest_snapshot, snapshot_near
from phuong.opendata.errors import NothingCounted
from phuong.opendata.rules import Dataset, Row, counted_days
from phuong.plans.api import Plan, standings_of
from phuong.registry.api import Organisation, School, communes_of

LEVELS = ("preschool", "primary", "lower_secondary", "upper_secondary", "continuing")
_PAST_YEAR_END = (12, 31)


@dataclass(frozen=True)
class Content:
    """What a file tells, as of a day; ``hidden``: rows whose count is not told."""

    as_of: dt.date
    rows: Sequence[Row]
    hidden: int = 0


def content_of(dataset: Dataset, province: Organisation) -> Content:
    """Read the rows of a dataset, as somebody who may see totals only: what is too small to tell stays hidden.

    :raises NothingCounted: no figures were counted yet
    """
    snapshot = latest_snapshot()
    if snapshot is None:
        raise NothingCounted
    with reading_as(Actor(scope=province.path, name="open data", role="system")):
        return _CONTENTS[dataset.content](dataset, province, snapshot)


def _schools(_dataset: Dataset, province: Organisation, _snapshot: Snapshot) -> Content:
    columns = (
        *("organisation__code", "organisation__name", "level", "type", "ownership"),
        *("organisation__territory__code", "organisation__territory__name", "address", "website"),
        *("standard_level", "organisation__latitude", "organisation__longitude"),
    )
    rows = School.objects.filter(organisation__path__under=province.path, organisation__closed_on__isnull=True)
    ordered = rows.order_by("organisation__code", "organisation__name_key", "pk")
    return Content(dt.date.today(), list(ordered.values_list(*columns)))  # noqa: DTZ011 - the day as it is now


def _names(province: Organisation) -> dict[str, str]:
    return dict(communes_of(province).order_by("code").values_list("code", "name"))


def _network(dataset: Dataset, province: Organisation, snapshot: Snapshot) -> Content:
    names = _names(province)
    cells = sorted(cells_of(dataset.measures, province, snapshot=snapshot), key=_place)
    rows = [
        (each.commune, names[each.commune], each.level, each.denominator, each.numerator)
        for each in cells
        if each.commune in names
    ]
    return Content(snapshot.as_of, rows)


def _place(cell: Cell) -> tuple[str, int]:
    return cell.commune, LEVELS.index(cell.level) if cell.level in LEVELS else len(LEVELS)


def _counted(dataset: Dataset, province: Organisation, snapshot: Snapshot) -> Iterator[tuple[str, str, str, Any, bool]]:
    """Give commune, its name, level, persons (nothing when hidden), whether hidden: all whom the measure is about."""
    names = _names(province)
    cells = sorted(cells_of(dataset.measures, province, snapshot=snapshot), key=_place)
    grid = {(each.commune, each.level): each.denominator for each in cells if each.commune in names}
    hidden = hidden_cells(grid)
    for (commune, level), count in grid.items():
        is_hidden = (commune, level) in hidden
        yield commune, names[commune], level, None if is_hidden else count, is_hidden


def _learners(dataset: Dataset, province: Organisation, snapshot: Snapshot) -> Content:
    kept = Snapshot.objects.filter(completed_at__isnull=False, is_detailed=True, as_of__lte=snapshot.as_of)
    days = counted_days(kept.values_list("as_of", flat=True), most=dataset.years)
    of_day = {each.as_of: each for each in kept.filter(as_of__in=days.values())}
    rows: list[Row] = []
    for year, day in sorted(days.items(), reverse=True):
        named = f"{year}-{year + 1}"
        rows += [(named, day, *cell) for cell in _counted(dataset, province, of_day[day])]
    return Content(snapshot.as_of, rows, sum(bool(row[-1]) for row in rows))


def _staff(dataset: Dataset, province: Organisation, snapshot: Snapshot) -> Content:
    rows = list(_counted(dataset, province, snapshot))
    return Content(snapshot.as_of, rows, sum(bool(row[-1]) for row in rows))


def _facilities(dataset: Dataset, province: Organisation, snapshot: Snapshot) -> Content:
    found: dict[tuple[str, str], list[int]] = {}
    for each in cells_of(dataset.measures, province, snapshot=snapshot):
        told = found.setdefault((each.commune, each.measure), [0, 0])
        told[0] += each.numerator
        told[1] += each.denominator
    rooms, devices, online, studio, inventory = dataset.measures

    def of(commune: str, measure: str) -> list[int]:
        return found.get((commune, measure), [0, 0])

    rows = [
        (
            *(code, name, of(code, rooms)[1], of(code, rooms)[0], of(code, devices)[0]),
            *(of(code, online)[1], of(code, online)[0], of(code, studio)[0], of(code, inventory)[0]),
        )
        for code, name in _names(province).items()
    ]
    return Content(snapshot.as_of, rows)


def _indicators(_dataset: Dataset, province: Organisation, snapshot: Snapshot) -> Content:
    found: list[tuple[tuple[str, int, int], Row]] = []
    for plan in Plan.objects.filter(province_code=province.code).order_by("code"):
        for year in range(plan.starts, plan.ends + 1):
            found += _indicator_rows(plan, province, year, snapshot)
    found.sort(key=lambda each: each[0])
    return Content(snapshot.as_of, [row for _place, row in found])


def _indicator_rows(
    plan: Plan, province: Organisation, year: int, latest: Snapshot
) -> Iterator[tuple[tuple[str, int, int], Row]]:
    """Give one row an indicator, with its place: figures of past years from their end, of this one the latest."""
    end = dt.date(year, *_PAST_YEAR_END)
    snapshot = latest if year == latest.as_of.year else snapshot_near(end, detailed=False)
    is_told = snapshot is not None and snapshot.as_of.year == year
    for each in standings_of(province, year=year, plan=plan, snapshot=snapshot):
        target = next((one.value for one in each.targets if one.is_number and one.year == year), None)
        figure = each.figure if is_told else None
        value, day = (figure.value, figure.as_of) if figure and figure.value is not None else (None, None)
        if target is not None or value is not None:
            indicator = each.indicator
            place = (str(plan.code), indicator.rank, year)
            row = (
                *(plan.code, plan.title, indicator.code, indicator.title, indicator.unit),
                *(year, target, value, day),
            )
            yield place, row


_CONTENTS: dict[str, Callable[[Dataset, Organisation, Snapshot], Content]] = {
    "schools": _schools,
    "network": _network,
    "learners": _learners,
    "staff": _staff,
    "facilities": _facilities,
    "indicators": _indicators,
}
