"""How long it takes to find who is known twice, how well, in how much memory; beside a bare join of the same run."""

import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
from django.apps import apps

from phuong.kernel.codelists import read_yaml
from phuong.kernel.contributions import Bench
from phuong.kernel.scope import SYSTEM, acting
from phuong.matching.linking.engine import Found, Options
from phuong.matching.linking.evaluation import find, sure, with_review
from phuong.matching.linking.features import COLUMNS
from phuong.matching.linking.truth.people import Stock
from phuong.matching.linking.truth.records import Truth, two_registers
from phuong.records.api import kind_named
from phuong.registry.api import Person

USUAL, SEED, SHARE = 100_000, 11, 0.2
ASKED = 60  # duplicate warnings measured
_BARE = """
select count(*) from records l join records r
on l.birth_date = r.birth_date and lower(l.full_name) = lower(r.full_name) and l.source < r.source
"""


def _each() -> int:
    return int(os.environ.get("PHUONG_BENCH_LEARNERS", USUAL))


def sizes() -> dict[str, Any]:
    """Say how many records each of the two registers has, and how many people stand in both."""
    each = _each()
    return {"records": f"{each} x {each}", "in both": round(each * SHARE), "cores": os.cpu_count()}


def stock() -> Stock:
    """Read the registry's catalog of names."""
    return Stock(read_yaml(Path(apps.get_app_config("registry").path) / "catalog" / "names.yaml"))


def matching() -> Iterator[dict[str, Any]]:
    """Compare two synthetic registers. The floor is an equal join of name and date by the same engine."""
    truth = two_registers(_each(), stock(), seed=SEED, both=SHARE)
    floor = _floor(truth)
    forget_peak()
    started = time.perf_counter()
    found = find(truth, Options(apart=True))
    seconds = time.perf_counter() - started
    yield {"what": "two registers compared", "value": seconds, "unit": "s", "floor": floor, "ratio": seconds / floor}
    yield from _quality(truth, found)
    yield _plain("memory, peak of the process (the synthetic truth included)", peak_memory(), "MB")
    yield from warnings()


def _floor(truth: Truth) -> float:
    con = duckdb.connect()
    con.execute("set threads = 2")
    con.register("given", truth.records.select(*COLUMNS).to_arrow())
    started = time.perf_counter()
    con.execute("create table records as from given")
    con.execute(_BARE)
    con.close()
    return max(time.perf_counter() - started, 1e-9)


def _quality(truth: Truth, found: Found) -> Iterator[dict[str, Any]]:
    for name, point in (("sure", sure(truth, found)), ("shown to people", with_review(truth, found))):
        yield _plain(f"precision, {name}", point.precision, "")
        yield _plain(f"recall, {name}", point.recall, "")


def _plain(what: str, value: float, unit: str) -> dict[str, Any]:
    return {"what": what, "value": value, "unit": unit, "floor": None, "ratio": None}


def warnings() -> Iterator[dict[str, Any]]:
    """Ask who may be known already, as a clerk's form does, of learners that stand in the database; none: no figure.

    The floor reads the same person by key.
    """
    kind, took, floors = kind_named("learner"), [], []
    with acting(SYSTEM):
        people = list(Person.objects.filter(is_learner=True, birth_date__isnull=False).order_by("-pk")[:ASKED])
        for person in people:
            started = time.perf_counter()
            kind.alike(SYSTEM, {"full_name": person.full_name, "birth_date": person.birth_date}, None)
            took.append(time.perf_counter() - started)
            started = time.perf_counter()
            Person.objects.get(pk=person.pk)
            floors.append(time.perf_counter() - started)
    if len(took) > 1:
        value, floor = (statistics.quantiles(each, n=20)[-1] * 1000 for each in (took, floors))
        what = "who may be known already: p95"
        yield {"what": what, "value": value, "unit": "ms", "floor": floor, "ratio": value / floor}


def forget_peak() -> None:
    """Let the kernel begin anew to watch how much memory this process holds at most."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_memory() -> int:
    """Give the most memory this process has held since then, in megabytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024


BENCHES = (Bench("matching", sizes, matching),)
