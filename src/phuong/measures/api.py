"""The door of measures."""

from phuong.measures.access import area_for
from phuong.measures.actions import refresh_measures
from phuong.measures.links import figure_url
from phuong.measures.models import Snapshot, Total, Value
from phuong.measures.queries import (
    Cell,
    Figure,
    Part,
    Point,
    cells_of,
    figures_of,
    figures_of_many,
    is_territory,
    latest_snapshot,
    measure_named,
    parts_of,
    series_of,
    series_of_many,
    snapshot_near,
)
from phuong.measures.records import Record, records_of
from phuong.measures.rules import hidden_cells, is_small_cell, projected_year

__all__ = [
    "Cell",
    "Figure",
    "Part",
    "Point",
    "Record",
    "Snapshot",
    "Total",
    "Value",
    "area_for",
    "cells_of",
    "figure_url",
    "figures_of",
    "figures_of_many",
    "hidden_cells",
    "is_small_cell",
    "is_territory",
    "latest_snapshot",
    "measure_named",
    "parts_of",
    "projected_year",
    "records_of",
    "refresh_measures",
    "series_of",
    "series_of_many",
    "snapshot_near",
]
