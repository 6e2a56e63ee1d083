"""What the leader's dashboard says: counts in a sentence, what needs action, the map."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from phuong.kernel.text import search_key
from phuong.measures.api import Part, Snapshot, figure_url, parts_of
from phuong.plans.queries import Standing
from phuong.plans.rules import Status
from phuong.registry.api import Organisation, communes_of
from phuong.ui.api import tiles_for

SHOWN_PER_GROUP = 6
WORST = 4
_LETTERS_ON_TILE = 3


@dataclass(frozen=True)
class Tally:
    """How many indicators stand how; one measure asked by several plans counts in each."""

    total: int
    kept: int
    attention: int
    behind: int
    unknown: int


@dataclass(frozen=True)
class TileUnit:
    """One commune on the tile map."""

    code: str
    short: str
    name: str
    value: Decimal | None
    url: str
    column: int
    row: int


def tally(standings: Iterable[Standing]) -> Tally:
    """Count standings by status."""
    statuses = [standing.status for standing in standings]
    return Tally(
        total=len(statuses),
        kept=statuses.count(Status.MET) + statuses.count(Status.ON_TRACK),
        attention=statuses.count(Status.ATTENTION),
        behind=statuses.count(Status.BEHIND),
        unknown=statuses.count(Status.NO_DATA),
    )


def worst_first(standings: Iterable[Standing], status: Status) -> list[Standing]:
    """Give the standings of one status, the largest gap (as a share of the target) first; a measure once."""
    seen: set[str] = set()
    chosen = []
    for standing in sorted((each for each in standings if each.status is status), key=_shortfall):
        if standing.indicator.measure not in seen:
            seen.add(standing.indicator.measure)
            chosen.append(standing)
    return chosen


def _shortfall(standing: Standing) -> Decimal:
    goal = standing.binding.value if standing.binding else None
    if standing.actual is None or not goal:
        return Decimal(0)
    return (standing.actual - goal) / goal * (1 if standing.indicator.direction == "up" else -1)


def commune_tiles(
    province: Organisation, parts: Sequence[Part], communes: Sequence[Organisation], code: str
) -> list[TileUnit]:
    """Place the communes of a province on the tile grid with their value of one measure."""
    values = {part.id: part.value for part in parts if not part.is_hidden}
    centroids = {each.code: (each.latitude or 0.0, each.longitude or 0.0) for each in communes}
    tiles = tiles_for(centroids, province=province.code)
    return [
        TileUnit(
            each.code,
            _short(each.short_name),
            each.name,
            values.get(each.pk),
            figure_url(code, each.pk),
            tiles[each.code].column,
            tiles[each.code].row,
        )
        for each in communes
        if each.code in tiles
    ]


def _short(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isalpha()).upper()[:_LETTERS_ON_TILE]


def bins_for(parts: Iterable[Part]) -> tuple[float, float, float, float]:
    """Choose four round edges that cut the values of ``parts`` into five bins."""
    values = sorted(float(part.value) for part in parts if part.value is not None and not part.is_hidden)
    if not values:
        return (20, 40, 60, 80)
    low = max(int(values[len(values) // 20] // 5 * 5), 0)
    step = max(int((values[-1] - low) // 5), 1)
    return (low + step, low + 2 * step, low + 3 * step, low + 4 * step)


def lowest(parts: Iterable[Part], count: int = WORST) -> list[Part]:
    """Give the parts with the lowest values."""
    known = [part for part in parts if part.value is not None and not part.is_hidden]
    return sorted(known, key=lambda part: (part.value or Decimal(0), search_key(part.name)))[:count]


def map_of(province: Organisation, snapshot: Snapshot | None, standing: Standing | None) -> dict[str, Any]:
    """Give the map of one indicator over the communes, and the lowest of them."""
    if standing is None or not standing.indicator.measure:
        return {}
    code = standing.indicator.measure
    parts = parts_of(code, province, "commune", snapshot=snapshot)
    communes = list(communes_of(province))
    return {
        "standing": standing,
        "tiles": commune_tiles(province, parts, communes, code),
        "bins": bins_for(parts),
        "lowest": lowest(parts),
        "count": len(communes),
        "url": figure_url(code, province.pk),
    }
