"""The grade sheet over HTTP: opened, a cell saved, a column pasted, by the teacher of the demo's school."""

import itertools
import json
import re
import statistics
import time
from collections.abc import Iterator, Mapping
from typing import Any

from phuong.config.benches.figures import figure, p95_of, sizes
from phuong.config.benches.provincemarks import fill_province, marks_kept
from phuong.config.benches.serving import CLIENTS, Client, asked, served, sign_in, under_load
from phuong.demo.api import fill_gradebook
from phuong.kernel.contributions import Bench

TEACHER, ALONE, SAVES = "giaovien", 60, 480
COLUMN = "final"
_ROWS = re.compile(r'<tr [^>]*data-l="([0-9a-f-]{36})".*?name="final" value="[^"]*" data-w="(-?\d*)"')
_SHEETS = re.compile(r'href="(/so-diem/lop/[0-9a-f-]{36}/TOAN/1/)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def gradebook() -> Iterator[dict[str, Any]]:
    """Open and write the sheets of mathematics of the demo's teacher; the floor is ``/healthz`` alike."""
    fill_gradebook()
    fill_province()
    yield {"what": "marks in the database", "value": marks_kept(), "unit": "rows", "floor": None, "ratio": None}
    with served() as port:
        floor = asked(port, "/healthz")
        teacher = sign_in(port, TEACHER)
        with Client(port) as client:
            sheets = list(dict.fromkeys(_SHEETS.findall(client.ask("/so-diem/", teacher).body)))
            page = client.ask(sheets[0], teacher)
            alone = [client.ask(sheets[0], teacher).seconds for _each in range(ALONE)]
        present = {each: _present(port, each, teacher) for each in sheets}
        yield {"what": "size of a sheet", "value": len(page.content), "unit": "bytes", "floor": None, "ratio": None}
        yield figure("a sheet opened, one client: p50", statistics.median(alone) * 1000, "ms", floor.p95 * 1000)
        opened = asked(port, sheets[0], teacher)
        yield figure(f"sheets opened at {CLIENTS} clients", opened.per_second, "/s", floor.per_second)
        yield from _saving(port, present, _writing(teacher, page.body), floor.per_second)


def _present(port: int, sheet: str, headers: Mapping[str, str]) -> dict[str, int | None]:
    """Give what stands in the last column of a sheet, by pupil."""
    with Client(port) as client:
        found = _ROWS.findall(client.ask(sheet, headers).body)
    return {learner: int(value) if value else None for learner, value in found}


def _writing(headers: Mapping[str, str], page: str) -> dict[str, str]:
    token = _TOKEN.search(page)
    return {**headers, "X-CSRFToken": token.group(1) if token else "", "Accept": "application/json"}


def _saving(
    port: int, present: Mapping[str, Mapping[str, int | None]], headers: Mapping[str, str], floor: float
) -> Iterator[dict[str, Any]]:
    """Save one cell at a time, then whole columns; each client has its own pupils or sheet, so that none clashes."""
    kept = {(sheet, learner): value for sheet, row in present.items() for learner, value in row.items()}

    def save(client: Client, cells: list[tuple[str, str]]) -> None:
        sent, sheet = [], cells[0][0]
        for cell in cells:
            was = kept[cell]
            value = 50 if was != 50 else 60
            sent.append({"l": cell[1], "c": COLUMN, "v": str(value), "w": was})
            kept[cell] = value
        client.ask(f"{sheet}luu/", headers, sent=json.dumps({"cells": sent}).encode())

    every = list(kept)
    with Client(port) as client:
        alone = []
        for cell in itertools.islice(itertools.cycle(every), ALONE + len(every)):
            alone.append(_timed(client, save, [cell]))
    yield figure("a cell saved, one client: p95", p95_of(alone[len(every) :]) * 1000, "ms", None)
    many = [[every[(place % CLIENTS) * 7 + (place // CLIENTS) % 7]] for place in range(SAVES)]
    load = under_load(port, save, many)
    yield figure(f"cells saved at {CLIENTS} clients", load.per_second, "/s", floor)
    yield figure(f"a cell saved at {CLIENTS} clients: p95", load.p95 * 1000, "ms", None)
    column = [cell for cell in every if cell[0] == every[0][0]]
    with Client(port) as client:
        pasted = [_timed(client, save, column) for _each in range(ALONE)]
    yield figure(f"a column of {len(column)} saved, one client: p50", statistics.median(pasted) * 1000, "ms", None)


def _timed(client: Client, save: Any, cells: list[tuple[str, str]]) -> float:
    started = time.perf_counter()
    save(client, cells)
    return time.perf_counter() - started


GRADEBOOK = Bench("gradebook", sizes, gradebook)
