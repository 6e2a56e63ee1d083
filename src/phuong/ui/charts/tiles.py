"""Where each commune's tile stands: a drawn layout where we have one, else one worked out from centroids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import ceil, sqrt

from ruamel.yaml import YAML


@dataclass(frozen=True)
class Tile:
    """One place of the grid; column and row count from 0, row 0 in the north."""

    code: str
    column: int
    row: int


@cache
def drawn_tiles(province: str) -> dict[str, Tile]:
    """Return the drawn layout of a province by commune code; empty where there is none."""
    path = files("phuong.ui").joinpath("catalog", f"tiles-{province}.yaml")
    if not path.is_file():
        return {}
    lines = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["rows"]
    placed = ((code, column, row) for row, text in enumerate(lines) for column, code in enumerate(text.split()))
    return {code: Tile(code, column, row) for code, column, row in placed if code != "."}


def tiles_for(centroids: Mapping[str, tuple[float, float]], *, province: str = "") -> dict[str, Tile]:
    """Return a tile for every commune.

    ``centroids``: (latitude, longitude) in degrees by commune code. The drawn layout of ``province`` is used when it
    holds all of them; otherwise the grid is worked out: same input, same grid.
    """
    drawn = drawn_tiles(province) if province else {}
    if centroids.keys() <= drawn.keys():
        return {code: drawn[code] for code in centroids}
    return computed_tiles(centroids)


def computed_tiles(centroids: Mapping[str, tuple[float, float]]) -> dict[str, Tile]:
    """Work out a grid: everyone takes the nearest free cell, the crowded middle first, then neighbours trade places."""
    if not centroids:
        return {}
    wanted = _wanted(centroids)
    taken: dict[tuple[int, int], str] = {}
    middle = (sum(x for x, _ in wanted.values()) / len(wanted), sum(y for _, y in wanted.values()) / len(wanted))
    for code in sorted(wanted, key=lambda one: (round(_gap(wanted[one], middle), 6), one)):
        taken[_nearest_free(wanted[code], taken)] = code
    cells = {code: cell for cell, code in taken.items()}
    _trade(cells, wanted)
    left, top = min(x for x, _ in cells.values()), min(y for _, y in cells.values())
    return {code: Tile(code, x - left, y - top) for code, (x, y) in sorted(cells.items())}


def _wanted(centroids: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Return where each commune would like to stand: ranks and distances mixed, so that towns do not pile up."""
    side = ceil(sqrt(len(centroids)) * 1.15)
    rise = _spread({code: -place[0] for code, place in centroids.items()}, side)
    across = _spread({code: place[1] for code, place in centroids.items()}, side)
    return {code: (across[code], rise[code]) for code in centroids}


def _spread(values: Mapping[str, float], side: int) -> dict[str, float]:
    low, high = min(values.values()), max(values.values())
    order = {code: place for place, code in enumerate(sorted(values, key=lambda one: (values[one], one)))}
    last, width = max(len(values) - 1, 1), (high - low) or 1.0
    return {code: (0.6 * order[code] / last + 0.4 * (values[code] - low) / width) * (side - 1) for code in values}


def _nearest_free(spot: tuple[float, float], taken: Mapping[tuple[int, int], str]) -> tuple[int, int]:
    x, y, reach = round(spot[0]), round(spot[1]), 0
    while True:
        ring = [(x + dx, y + dy) for dx in range(-reach, reach + 1) for dy in range(-reach, reach + 1)]
        free = [cell for cell in ring if cell not in taken]
        if free:
            return min(free, key=lambda cell: (_gap(cell, spot), cell))
        reach += 1


def _trade(cells: dict[str, tuple[int, int]], wanted: Mapping[str, tuple[float, float]], *, rounds: int = 4) -> None:
    codes = sorted(cells)
    for _ in range(rounds):
        moved = False
        for place, one in enumerate(codes):
            for other in codes[place + 1 :]:
                now = _gap(cells[one], wanted[one]) + _gap(cells[other], wanted[other])
                then = _gap(cells[other], wanted[one]) + _gap(cells[one], wanted[other])
                if then < now - 1e-9:
                    cells[one], cells[other] = cells[other], cells[one]
                    moved = True
        if not moved:
            return


def _gap(cell: tuple[float, float], spot: tuple[float, float]) -> float:
    return (cell[0] - spot[0]) ** 2 + (cell[1] - spot[1]) ** 2
