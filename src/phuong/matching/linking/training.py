"""Working out the weights of ``model.yaml`` from synthetic truth: how often a level is seen of one person, of two."""

import duckdb

from phuong.matching.linking.features import COLUMNS, lay_out
from phuong.matching.linking.fields import FIELDS, Field
from phuong.matching.linking.model import beside, level_of
from phuong.matching.linking.truth.records import Truth

LEAST_M, LEAST_U = 2e-4, 2e-8  # a level never seen is rare, not impossible
SILENT = {"m": 0.5, "u": 0.5}
_SAMPLE = 4_500  # records, each compared with each
Observed = dict[str, dict[str, dict[str, float]]]
_SHARES = """
with beside as (select {beside} from {pairs} join features l on l.unique_id = one
  join features r on r.unique_id = two),
told as (select {level} as level from beside)
select level, count(*) from told where level <> 'missing' group by 1
"""


def observed(truth: Truth) -> Observed:
    """Count levels among the true pairs (``m``) and among random ones (``u``); gives them by field and level."""
    con = duckdb.connect()
    con.register("records", truth.records.select(*COLUMNS).to_arrow())
    con.execute("create table people as from records")
    lay_out(con)
    con.register("true_pairs", truth.pairs(within=True).to_arrow())
    con.execute(f"create table sample as select unique_id from features order by hash(unique_id) limit {_SAMPLE}")
    con.execute(
        "create table random_pairs as select o.unique_id as one, t.unique_id as two from sample o join sample t "
        "on o.unique_id < t.unique_id anti join true_pairs p on p.one = o.unique_id and p.two = t.unique_id"
    )
    found: Observed = {}
    for each in FIELDS:
        of_one, of_two = _shares(con, each, "true_pairs"), _shares(con, each, "random_pairs")
        found[each.code] = {
            level.code: _weight(of_one.get(level.code, 0.0), of_two.get(level.code, 0.0))
            if each.counts and level.counts
            else dict(SILENT)
            for level in each.levels
        }
    return found


def _weight(of_one: float, of_two: float) -> dict[str, float]:
    return {"m": _rounded(max(of_one, LEAST_M)), "u": _rounded(max(of_two, LEAST_U))}


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


def _shares(con: duckdb.DuckDBPyConnection, one: Field, pairs: str) -> dict[str, float]:
    """Give the share of each level among the pairs that have both values."""
    names = [name for (name, *_) in con.execute("describe features").fetchall()]
    query = _SHARES.format(beside=beside(names), pairs=pairs, level=level_of(one))
    rows = con.execute(query).fetchall()
    total = sum(count for _level, count in rows)
    return {level: count / total for level, count in rows}
