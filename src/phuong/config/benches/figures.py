"""What the benchmarks share: the size of the province at hand, and figures beside their floors."""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections


def learners_wanted() -> int:
    """Give the size of the province to measure at; one million unless ``PHUONG_BENCH_LEARNERS`` says less."""
    return int(os.environ.get("PHUONG_BENCH_LEARNERS", "1000000"))


def sizes() -> dict[str, Any]:
    """Say how large the province at hand is."""
    with connections["batch"].cursor() as cursor:
        cursor.execute("select count(*) filter (where is_learner), count(*) from registry_person")
        learners, people = cursor.fetchone()
        cursor.execute("select count(*) from registry_school")
        return {"learners": learners, "people": people, "schools": cursor.fetchone()[0], "cores": os.cpu_count()}


def figure(what: str, value: float, unit: str, floor: float | None) -> dict[str, Any]:
    """Write one figure beside its floor; ``ratio`` is value over floor."""
    ratio = round(value / floor, 2) if floor else None
    return {"what": what, "value": round(value, 3), "unit": unit, "floor": floor and round(floor, 3), "ratio": ratio}


def timed(work: Callable[[], Any]) -> float:
    """Do a work; gives the seconds it took."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def p95_of(seconds: Sequence[float]) -> float:
    """Give the 95th percentile of at least two durations."""
    return statistics.quantiles(seconds, n=20)[-1]
