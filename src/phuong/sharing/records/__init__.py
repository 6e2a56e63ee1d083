"""Live records as the contracts want them: one statement cuts a batch, one adds up what there is."""

from phuong.sharing.records.datasets import DATASETS, Dataset
from phuong.sharing.records.reading import NO_KEY, Part, View, count_keys, lines_since, next_part, totals_by_unit

__all__ = ["DATASETS", "NO_KEY", "Dataset", "Part", "View", "count_keys", "lines_since", "next_part", "totals_by_unit"]
