"""The door of measures."""

from phuong.measures.access import area_for
from phuong.measures.actions import refresh_measures
from phuong.measures.links import figure_url
from phuong.measures.models import Snapshot, Total, Value
from phuong.measures.queries import (
    Figure,
    Part,
    Point,
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
from phuong.measures.rules import is_small_cell, projected_year

__all__ = [
    "Figure",
    "Part",
    "Point",
    "Record",
    "Snapshot",
    "Total",
    "Value",
    "area_for",
    "figure_url",
    "figures_of",
    "figures_of_many",
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
