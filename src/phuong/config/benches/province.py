"""Results of the whole province from one command, and every one of them proved; kept, so a second run changes none."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import connection

from phuong.academics.actions.results import compute_all, prove_results
from phuong.academics.queries.results import schools_with_classes
from phuong.config.benches.figures import figure, sizes, timed
from phuong.config.benches.provincemarks import fill_province
from phuong.kernel.calendar import school_year_of
from phuong.kernel.contributions import Bench
from phuong.kernel.jobs import Progress
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.api import province_of

_READ = """
copy (select m.learner_id, g.subject, g.term, m.regular, m.midterm, m.final from academics_gradesheet g
  join academics_mark m on m.sheet_id = g.id where g.school_year = {year}) to stdout
"""
_WRITTEN = "copy (select * from academics_result where school_year = {year}) to stdout"


def province_results() -> Iterator[dict[str, Any]]:
    """Compute, compute again, prove; the floor is a COPY of the same marks out and of the same results out and in."""
    fill_province()
    with acting(SYSTEM):
        province = province_of("vn")
    if province is None:
        return
    year, path = school_year_of(dt.date.today()).start, str(province.path)  # noqa: DTZ011
    told: dict[str, Any] = {}
    seconds = timed(lambda: told.update(compute_all(Progress(), path, year)))
    with acting(SYSTEM):
        floor = timed(lambda: _copied(_READ.format(year=year))) + timed(lambda: _copied_over(year))
    yield figure(f"results of {told['pupils']} pupils of {told['schools']} schools", seconds, "s", floor)
    again: dict[str, Any] = {}
    seconds = timed(lambda: again.update(compute_all(Progress(), path, year)))
    yield figure(f"computed again, {again['written']} written", seconds, "s", floor)
    counts = [0, 0]
    seconds = timed(lambda: _prove(path, year, counts))
    if counts[0] != counts[1]:
        raise RuntimeError(f"{counts[1]} of {counts[0]} proved")
    yield figure(f"{counts[0]} results proved", seconds, "s", None)


def _prove(path: str, year: int, counts: list[int]) -> None:
    with acting(SYSTEM):
        places = schools_with_classes(path, year)
    for place in places:
        with acting(SYSTEM):
            found = prove_results(place.school, year)
        counts[0] += found.results
        counts[1] += found.proved


def _copied(statement: str) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for _piece in copy:
            pass


def _copied_over(year: int) -> None:
    """Take the results out, and put them into a bare table."""
    with connection.cursor() as cursor:
        cursor.execute("create temporary table bench_results (like academics_result) on commit drop")
        with cursor.copy(_WRITTEN.format(year=year)) as copy:
            pieces = [bytes(piece) for piece in copy]
        with cursor.copy("copy bench_results from stdin") as copy:
            for piece in pieces:
                copy.write(piece)


PROVINCE = Bench("province", sizes, province_results)
