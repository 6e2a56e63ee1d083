"""Charts as server-rendered SVG: pure functions from numbers to safe markup, no script, no inline style."""

from phuong.ui.charts.bars import histogram, ranked_bars, stacked_bar
from phuong.ui.charts.bullet import bullet, sparkline
from phuong.ui.charts.lines import Series, line_chart, step_chart
from phuong.ui.charts.tilemap import Bins, tile_map
from phuong.ui.charts.tiles import Tile, tiles_for

__all__ = [
    "Bins",
    "Series",
    "Tile",
    "bullet",
    "histogram",
    "line_chart",
    "ranked_bars",
    "sparkline",
    "stacked_bar",
    "step_chart",
    "tile_map",
    "tiles_for",
]
