"""How well pairs are found, measured against synthetic truth: precision and recall by threshold and by kind of slip."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from phuong.matching.linking.engine import Found, Options, link, workshop
from phuong.matching.linking.features import COLUMNS
from phuong.matching.linking.model import Weights, weights
from phuong.matching.linking.truth.records import Truth

THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.97, 0.99, 0.995, 0.999)


@dataclass(frozen=True)
class Point:
    """Quality at one threshold: what is held to be sure there, before anybody looks."""

    threshold: float
    pairs: int
    precision: float
    recall: float


def find(truth: Truth, options: Options, *, of: Weights | None = None) -> Found:
    """Run the engine over the records of a truth."""
    with workshop(options) as con:
        con.register("records", truth.records.select(*COLUMNS).to_arrow())
        con.execute("insert into people by name from records")
        con.unregister("records")
        return link(con, options, of=of)


def judged(truth: Truth, found: Found, *, within: bool = False) -> pl.DataFrame:
    """Give the found pairs with ``is_true``."""
    true = truth.pairs(within=within).with_columns(is_true=True)
    return found.pairs.join(true, on=["one", "two"], how="left").with_columns(pl.col("is_true").fill_null(False))


def curve(truth: Truth, found: Found, *, thresholds: Sequence[float] = THRESHOLDS) -> list[Point]:
    """Give precision and recall of the unguarded pairs at each threshold."""
    pairs, total = judged(truth, found), len(truth.pairs())
    points = []
    for threshold in thresholds:
        held = pairs.filter((pl.col("probability") >= threshold) & (pl.col("guard") == ""))
        points.append(_point(threshold, held, total))
    return points


def sure(truth: Truth, found: Found) -> Point:
    """Give precision and recall of what the engine calls sure."""
    return _point(weights().sure, judged(truth, found).filter("is_sure"), len(truth.pairs()))


def with_review(truth: Truth, found: Found) -> Point:
    """Give precision and recall of everything that is shown to people: how many they look at, what they can find."""
    return _point(weights().review, judged(truth, found), len(truth.pairs()))


def _point(threshold: float, held: pl.DataFrame, total: int) -> Point:
    hits = int(held["is_true"].sum())
    return Point(threshold, len(held), round(hits / max(len(held), 1), 5), round(hits / max(total, 1), 5))


def by_slip(truth: Truth, found: Found) -> list[tuple[str, int, float, float]]:
    """Give for each kind of slip: true pairs with it, the share found for sure, the share shown at all."""
    known = found.pairs.select("one", "two", "is_sure")
    pairs = truth.pairs().join(known, on=["one", "two"], how="left")
    slips = truth.records.select("key", "name_slip", "date_slip", "number_slip", "is_twin", "is_namesake")
    pairs = pairs.join(slips, left_on="one", right_on="key").join(slips, left_on="two", right_on="key", suffix="_two")
    kinds: dict[str, pl.Expr] = {"twin": pl.col("is_twin"), "namesake": pl.col("is_namesake")}
    for column in ("name_slip", "date_slip", "number_slip"):
        for slip in sorted(set(truth.records[column]) - {""}):
            kinds[slip] = (pl.col(column) == slip) | (pl.col(f"{column}_two") == slip)
    rows = []
    for kind, which in kinds.items():
        of_kind = pairs.filter(which)
        if len(of_kind):
            shown = of_kind["is_sure"].is_not_null().mean()
            rows.append((kind, len(of_kind), _share(of_kind["is_sure"].fill_null(False).mean()), _share(shown)))
    return rows


def _share(value: object) -> float:
    return round(float(value), 4) if isinstance(value, int | float) else 0.0
