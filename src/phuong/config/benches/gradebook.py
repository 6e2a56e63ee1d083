"""The grade sheet over HTTP: opened, a cell saved, a column pasted, by the teacher of the demo's school."""

import json
import re
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from phuong.config.benches.figures import figure, p95_of, sizes
from phuong.config.benches.provincemarks import fill_province, marks_kept
from phuong.config.benches.serving import CLIENTS, Client, Unexpected, asked, served, sign_in, under_load
from phuong.demo.api import fill_gradebook
from phuong.kernel.contributions import Bench

TEACHER, ALONE, SAVES, COLUMNS_SAVED = "giaovien", 60, 960, 240
WRITERS = 16
COLUMNS = ("final", "midterm", "r1")
_ROW = re.compile(r'<tr [^>]*data-l="([0-9a-f-]{36})".*?</tr>')
_CELL = re.compile(r'name="(\w+)" value="[^"]*" data-w="(-?\d*)"')
_SHEETS = re.compile(r'href="(/so-diem/lop/[0-9a-f-]{36}/TOAN/1/)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
Where = tuple[str, str, str]  # sheet, pupil, column


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
            kept = {cell: value for each in sheets for cell, value in _present(client, each, teacher)}
        yield {"what": "size of a sheet", "value": len(page.content), "unit": "bytes", "floor": None, "ratio": None}
        yield figure("a sheet opened, one client: p50", statistics.median(alone) * 1000, "ms", floor.p95 * 1000)
        opened = asked(port, sheets[0], teacher)
        yield figure(f"sheets opened at {CLIENTS} clients", opened.per_second, "/s", floor.per_second)
        token = _TOKEN.search(page.body)
        writing = {**teacher, "X-CSRFToken": token.group(1) if token else "", "Accept": "application/json"}
        yield from _saving(port, kept, writing, floor.per_second)


def _present(client: Client, sheet: str, headers: Mapping[str, str]) -> Iterator[tuple[Where, int | None]]:
    """Give what stands in the columns of a sheet that will be written."""
    for row in _ROW.finditer(client.ask(sheet, headers).body):
        for column, value in _CELL.findall(row.group(0)):
            if column in COLUMNS:
                yield (sheet, row.group(1), column), int(value) if value else None


def _saving(
    port: int, kept: dict[Where, int | None], headers: Mapping[str, str], floor: float
) -> Iterator[dict[str, Any]]:
    """Save one cell at a time, then whole columns; each client has its own pupils or column, so that none clashes."""

    def save(client: Client, cells: Sequence[Where]) -> None:
        sent = []
        for cell in cells:
            was = kept[cell]
            kept[cell] = value = 50 if was != 50 else 60
            sent.append({"l": cell[1], "c": cell[2], "v": str(value), "w": was})
        answer = json.loads(client.ask(f"{cells[0][0]}luu/", headers, sent=json.dumps({"cells": sent}).encode()).body)
        if len(answer["rows"]) != len(cells):
            raise Unexpected(str(answer)[:500])

    every = [cell for cell in kept if cell[2] == COLUMNS[0]]
    with Client(port) as client:
        alone = [_timed(client, save, [cell]) for cell in [*every, *every[:ALONE]]]
    yield figure("a cell saved, one client: p95", p95_of(alone[-ALONE:]) * 1000, "ms", None)
    share = len(every) // WRITERS
    many = [[every[place % WRITERS * share + place // WRITERS % share]] for place in range(SAVES)]
    load = under_load(port, save, many, WRITERS)
    yield figure(f"cells saved at {WRITERS} clients", load.per_second, "/s", floor)
    yield figure(f"a cell saved at {WRITERS} clients: p95", load.p95 * 1000, "ms", None)
    yield from _columns(port, kept, save, floor)


def _columns(
    port: int, kept: Mapping[Where, int | None], save: Callable[[Client, Sequence[Where]], None], floor: float
) -> Iterator[dict[str, Any]]:
    columns: dict[tuple[str, str], list[Where]] = {}
    for cell in kept:
        columns.setdefault((cell[0], cell[2]), []).append(cell)
    pasted = sorted(columns.values(), key=len, reverse=True)[:CLIENTS]
    with Client(port) as client:
        alone = [_timed(client, save, pasted[0]) for _each in range(ALONE)]
    yield figure(f"a column of {len(pasted[0])} saved, one client: p50", statistics.median(alone) * 1000, "ms", None)
    load = under_load(port, save, [pasted[place % CLIENTS] for place in range(COLUMNS_SAVED)])
    yield figure(f"columns saved at {CLIENTS} clients", load.per_second, "/s", floor)


def _timed(client: Client, save: Callable[[Client, Sequence[Where]], None], cells: Sequence[Where]) -> float:
    started = time.perf_counter()
    save(client, cells)
    return time.perf_counter() - started


GRADEBOOK = Bench("gradebook", sizes, gradebook)
