"""Counting every measure of the province."""

import resource
from collections.abc import Iterator
from typing import Any

from django.db import connections

from phuong.config.benches.figures import figure, sizes, timed
from phuong.kernel.contributions import Bench
from phuong.kernel.jobs import Progress
from phuong.measures.api import refresh_measures

_FLOOR_SCANS = (
    "select place_id, count(*) filter (where number_check = 'agrees') from registry_person group by place_id",
    "select organisation_id, count(*) from registry_enrolment group by organisation_id",
)


def measures() -> Iterator[dict[str, Any]]:
    """Count everything, three times; the floor is one plain scan of each of the two largest tables."""
    floor = min(timed(scan) for _ in range(3))
    value = min(timed(lambda: refresh_measures(Progress())) for _ in range(3))
    yield figure("refresh of all measures", value, "s", floor)
    yield figure("Python memory of the refresh", memory(), "MB", None)


def scan() -> None:
    """Read the two largest tables once, as a floor."""
    with connections["batch"].cursor() as cursor:
        for statement in _FLOOR_SCANS:
            cursor.execute(statement)
            cursor.fetchall()


def memory() -> float:
    """Give the most memory this process held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


MEASURES = Bench("measures", sizes, measures)
