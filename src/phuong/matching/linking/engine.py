"""From a table of people to scored pairs: features, blocking and weights by Splink on DuckDB, then the guards.

Everything happens in memory; what does not fit spills into a folder of the process's own (mode 0700), removed at the
end; one that a killed process left is removed by the next. Numbers are in disguise before they come here, so neither
memory nor the folder holds one.
"""

import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker, SettingsCreator

from phuong.matching.linking.clusters import (
    CONTRADICTION,
    CROWD,
    MOST_RECORDS,
    RIVAL,
    Edge,
    contradictory,
    grouped,
    overgrown,
    rivals,
)
from phuong.matching.linking.features import COLUMNS, lay_out
from phuong.matching.linking.fields import FIELDS
from phuong.matching.linking.guards import NEVER, REVIEW, held_back
from phuong.matching.linking.model import NAME_AND_DATE, Weights, beside, level_of, settings, weights
from phuong.matching.linking.namesakes import hold_back, trust

MEMORY = "4GB"
THREADS = 2
_FOLDER = "phuong-matching-"
_LONGEST_RUN = 6 * 3600  # seconds
_LEAST_PRIOR = 1e-13
Say = Callable[[str], None]


def _silent(stage: str) -> None:
    del stage


_SCORED = """
create or replace table scored as
with beside as (
  select least(p.unique_id_l, p.unique_id_r) as one, greatest(p.unique_id_l, p.unique_id_r) as two,
    p.match_weight as weight, p.match_probability as probability, {beside}
  from {predicted} p join features l on l.unique_id = p.unique_id_l join features r on r.unique_id = p.unique_id_r
), told as (
  select one, two, weight, probability, is_verified_l and is_verified_r as both_verified, {levels} from beside
), guarded as (select *, {never} as never, {review} as guard from told)
select * exclude (both_verified) from guarded
"""


@dataclass(frozen=True)
class Options:
    """What a run looks for. ``apart``: two registers (``source`` a and b), one person at most once in each."""

    apart: bool = False
    known_twice: float | None = None  # share of people (of the smaller register) expected to have a second record
    most_records: int = MOST_RECORDS
    memory: str = MEMORY
    threads: int = THREADS


@dataclass
class Timings:
    """Seconds of each stage, in order."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure one stage."""
        started = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - started, 3)


def _forget_left_behind() -> None:
    """Remove the folders of processes that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        if folder.stat().st_mtime < time.time() - _LONGEST_RUN:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def workshop(options: Options) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an engine with an empty table ``people``; its folder and all it held are gone afterwards."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    _forget_left_behind()
    with tempfile.TemporaryDirectory(prefix=_FOLDER) as folder:
        con = duckdb.connect(config={"temp_directory": folder, "memory_limit": options.memory})
        try:
            con.execute(f"set threads = {options.threads}")
            con.execute("set preserve_insertion_order = false")
            columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
            con.execute(f"create table people ({columns})")
            yield con
        finally:
            con.close()


@dataclass(frozen=True)
class Found:
    """What came of a run.

    ``pairs``: one row a pair worth looking at, with ``one``, ``two`` (keys), ``weight`` (bits), ``probability`` (0 to
    1), a level for each field, ``is_sure``, ``guard`` (what keeps it from being sure; empty: nothing but the weight)
    and ``group`` (the smallest key of those that belong together for sure; null: none).
    """

    pairs: pl.DataFrame
    people: int
    seconds: dict[str, float]


def link(con: duckdb.DuckDBPyConnection, options: Options, *, of: Weights | None = None, say: Say = _silent) -> Found:
    """Find the pairs of ``people``."""
    used, took = of or weights(), Timings()
    say("features")
    with took.stage("features"):
        people = lay_out(con)
    if people < 2:
        con.execute(_EMPTY)
    else:
        _score(con, options, used, took, say)
    say("groups")
    with took.stage("groups"):
        pairs = _settled(con, options, used)
    return Found(pairs, people, took.seconds)


def _settled(con: duckdb.DuckDBPyConnection, options: Options, used: Weights) -> pl.DataFrame:
    """Look at the sure pairs together, and name what takes the certainty from some."""
    apart = con.execute("select one, two from scored where never is not null").fetchall()
    pairs = con.execute("select * exclude (never) from scored where never is null order by weight desc, one, two").pl()
    is_sure = pl.col("guard").is_null() & (pl.col("probability") >= used.sure)
    edges = [Edge(*row) for row in pairs.filter(is_sure).select("one", "two", "weight").iter_rows()]
    reasons: dict[tuple[int, int], str] = {}
    looks: list[tuple[str, Callable[[list[Edge]], set[tuple[int, int]]]]] = [
        (CONTRADICTION, lambda left: contradictory(left, apart)),
        (CROWD, lambda left: overgrown(left, most=2 if options.apart else options.most_records)),
    ]
    for reason, look in ([(RIVAL, rivals)] if options.apart else []) + looks:
        left = [edge for edge in edges if (edge.one, edge.two) not in reasons]
        reasons |= dict.fromkeys(look(left), reason)
    sure = [edge for edge in edges if (edge.one, edge.two) not in reasons]
    groups = grouped(sure)
    told = pl.DataFrame(
        {
            "one": [edge.one for edge in edges],
            "two": [edge.two for edge in edges],
            "reason": [reasons.get((edge.one, edge.two), "") for edge in edges],
            "group": [None if (edge.one, edge.two) in reasons else groups.of(edge.one) for edge in edges],
        },
        schema={"one": pl.Int64, "two": pl.Int64, "reason": pl.String, "group": pl.Int64},
    )
    joined = pairs.join(told, on=["one", "two"], how="left", maintain_order="left")
    return (
        joined.with_columns(
            is_sure=pl.col("reason") == "",
            guard=pl.coalesce(pl.col("guard"), pl.col("reason"), pl.lit("")),
        )
        .with_columns(pl.col("is_sure").fill_null(False))
        .drop("reason")
    )


def _score(con: duckdb.DuckDBPyConnection, options: Options, used: Weights, took: Timings, say: Say) -> None:
    """Make the table ``scored``: pairs above the threshold of review, with levels and guards."""
    say("score")
    with took.stage("score"):
        prior = _prior(con, options, used)
        predicted = _splink(con, options, used.review, settings(apart=options.apart, prior=prior, of=used))
    with took.stage("guards"):
        names = [name for (name, *_) in con.execute("describe features").fetchall() if name != "unique_id"]
        levels = ", ".join(f'{level_of(each)} as "{each.code}"' for each in FIELDS)
        con.execute(
            _SCORED.format(
                beside=beside(names),
                predicted=predicted,
                levels=levels,
                never=held_back(NEVER),
                review=held_back(REVIEW),
            )
        )
    with took.stage("namesakes"):
        alone = settings(apart=options.apart, prior=prior, of=used, blocking=NAME_AND_DATE, without="number")
        judged = trust(con, _splink(con, options, used.sure, alone), apart=options.apart)
        hold_back(con, judged, sure=used.sure)
        con.execute("drop table predicted")


_EMPTY = (
    "create or replace table scored (one bigint, two bigint, weight double, probability double, "
    + ", ".join(f'"{each.code}" varchar' for each in FIELDS)
    + ", never varchar, guard varchar)"
)


def _splink(con: duckdb.DuckDBPyConnection, options: Options, threshold: float, given: SettingsCreator) -> str:
    """Let Splink score every pair of the blocking; gives the name of its table."""
    api: Any = DuckDBAPI(connection=con)
    if options.apart:
        con.execute("create or replace view register_a as from features where source_dataset = 'a'")
        con.execute("create or replace view register_b as from features where source_dataset = 'b'")
        tables: Any = [api.register(f"register_{name}", dataset_display_name=name) for name in "ab"]
    else:
        tables = api.register("features")
    linker = Linker(tables, given, log_level=None, validate_settings=False)
    found = linker.inference.predict(threshold_match_probability=threshold, warning_mode="never")
    name = str(found.physical_name)
    con.execute(f"create or replace table predicted as from {name}")
    api.delete_tables_created_by_splink_from_db()
    return "predicted"


_EXPECTED = """
with held as (select number, source_dataset, count(*) as people from features where number is not null group by all),
share as (select source_dataset, count(number) / count(*) as known, count(*) as people from features group by 1)
select (select list(people) from share), (select list(known) from share),
  (select sum(l.people * r.people) from held l join held r using (number) where l.source_dataset < r.source_dataset),
  (select sum(people * (people - 1) / 2) from held)
"""
_NUMBERS_AGREE = 0.97  # of people whose number both records have


def _prior(con: duckdb.DuckDBPyConnection, options: Options, used: Weights) -> float:
    """Work out how likely two records taken at random are one person's: expected pairs of all pairs.

    Expected are as many as share a number, and in proportion those without; but at least ``known_twice`` of the people.
    """
    people, known, across, within = con.execute(_EXPECTED).fetchall()[0]
    share = used.known_twice if options.known_twice is None else options.known_twice
    if options.apart and len(people) < 2:
        return _LEAST_PRIOR
    pairs = float(people[0]) * people[1] if options.apart else sum(people) * (sum(people) - 1) / 2
    both = known[0] * known[1] if options.apart else known[0] ** 2
    seen = float((across if options.apart else within) or 0) / max(both * _NUMBERS_AGREE, 0.1)
    expected = max(share * min(people) if options.apart else share * sum(people), seen)
    return float(min(max(float(expected) / max(pairs, 1.0), _LEAST_PRIOR), 0.5))
