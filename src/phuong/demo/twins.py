"""Learners known twice: the same person, slightly misspelt, in each of the two former provinces."""

import numpy as np
import polars as pl

from phuong.demo import defects
from phuong.demo.chance import Chance, Places
from phuong.kernel.text import name_sort_key, search_key

_OLD_TONES = {"òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ", "ùy": "uỳ", "úy": "uý", "ủy": "uỷ"}
_SAME = ["birth_date", "sex", "number_cipher", "number_hash", "number_check", "birthplace", "ethnicity"]
_KEPT = 4000  # learners remembered


class Twins:
    """Remembers some learners of one former province and lets them appear again in the other."""

    def __init__(self, first: int, second: int) -> None:
        """Name the two former provinces by code."""
        self._first, self._second = first, second
        self._remembered: dict[int, pl.DataFrame] = {}  # by birth year

    def known_twice(self, chance: Chance, frame: pl.DataFrame, old_province: Places) -> pl.DataFrame:
        """Remember some rows, and overwrite others with rows remembered; ``old_province``: one for each row."""
        dice = chance.uniform(len(frame))
        share = 2 * defects.TWICE_KNOWN
        self._remember(frame.filter(pl.Series((old_province == self._first) & (dice < share))))
        targets = np.flatnonzero((old_province == self._second) & (dice < share))
        pairs = [pair for target in targets.tolist() if (pair := self._pair(frame, target)) is not None]
        if not pairs:
            return frame
        news = pl.concat(pairs)
        rows = pl.DataFrame({"row": news["row"].cast(pl.UInt32)}).hstack(news.drop("row"))
        columns = {name: frame[name].clone().scatter(rows["row"], rows[name]) for name in rows.columns if name != "row"}
        return frame.with_columns(**columns)

    def _remember(self, rows: pl.DataFrame) -> None:
        if sum(map(len, self._remembered.values())) > _KEPT:
            return
        for (year,), part in rows.group_by(rows["birth_date"].dt.year(), maintain_order=True):
            known = self._remembered.get(int(str(year)))
            self._remembered[int(str(year))] = part if known is None else pl.concat([known, part])

    def _pair(self, frame: pl.DataFrame, target: int) -> pl.DataFrame | None:
        year = int(frame["birth_date"][target].year)
        known = self._remembered.get(year)
        if known is None or known.is_empty():
            return None
        self._remembered[year] = known.slice(1)
        name = _misspelt(str(known["full_name"][0]), target)
        return known.head(1).select(
            pl.lit(target).alias("row"),
            pl.lit(name).alias("full_name"),
            pl.lit(name_sort_key(name)).alias("name_key"),
            pl.lit(search_key(name)).alias("search_key"),
            *_SAME,
        )


def _misspelt(name: str, variety: int) -> str:
    """Write a name as a second registrar would have."""
    words = name.split()
    if variety % 3 == 0:
        return search_key(name).title()
    if variety % 3 == 1 and len(words) > 3:
        return " ".join([*words[:-2], words[-1]])
    for new, old in _OLD_TONES.items():
        name = name.replace(new, old)
    return name.replace("ý", "í") if variety % 3 == 1 else name.upper().title()
