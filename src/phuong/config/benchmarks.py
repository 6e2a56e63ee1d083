"""The benchmarks of the whole house: loading, counting, pages; each figure beside a floor of the same run."""

import datetime as dt
import http.client
import os
import re
import resource
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from django.db import connections

from phuong.demo.api import load_figures
from phuong.gateway.access import GRANTABLE
from phuong.gateway.actions.clients import Terms, make_client
from phuong.identity.api import open_account
from phuong.kernel.contributions import Bench
from phuong.kernel.jobs import Progress
from phuong.kernel.scope import SYSTEM, acting
from phuong.measures.api import refresh_measures
from phuong.paper.api import Press
from phuong.records.actions.bulk import ask_bulk, run_bulk
from phuong.records.api import Why, change_record, kind_named
from phuong.registry.api import Organisation, largest_commune, province_of
from phuong.reports.actions.printing import draft_all
from phuong.reports.files import paper_of
from phuong.reports.models import Print, Report

CLIENTS = 8
REQUESTS_PER_CLIENT = 25
DEEP_PAGE = 500
BULK_ROWS = 10_000
PRESSED = 50
PASSWORD = "phuong-demo-2026"  # noqa: S105 - of a demo
_FLOOR_SCANS = (
    "select place_id, count(*) filter (where number_check = 'agrees') from registry_person group by place_id",
    "select organisation_id, count(*) from registry_enrolment group by organisation_id",
)


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


def load() -> Iterator[dict[str, Any]]:
    """Load a fresh province and compare with a bare COPY of its rows."""
    yield from load_figures(learners_wanted())


def measures() -> Iterator[dict[str, Any]]:
    """Count everything, three times; the floor is one plain scan of each of the two largest tables."""
    floor = min(_timed(_scan) for _ in range(3))
    value = min(_timed(lambda: refresh_measures(Progress())) for _ in range(3))
    yield figure("refresh of all measures", value, "s", floor)
    yield figure("Python memory of the refresh", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB", None)


def _scan() -> None:
    with connections["batch"].cursor() as cursor:
        for statement in _FLOOR_SCANS:
            cursor.execute(statement)
            cursor.fetchall()


def _timed(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def figure(what: str, value: float, unit: str, floor: float | None) -> dict[str, Any]:
    """Write one figure beside its floor."""
    ratio = round(value / floor, 2) if floor else None
    return {"what": what, "value": round(value, 3), "unit": unit, "floor": floor and round(floor, 3), "ratio": ratio}


def pages() -> Iterator[dict[str, Any]]:
    """Ask a running server for its heaviest pages with eight clients; the floor is ``/healthz`` alike."""
    with acting(SYSTEM):
        province = province_of("vn")
        commune = largest_commune()
        if province is None or commune is None:
            return
        open_account(
            username="bench.xa",
            name="Bench",
            role="commune_officer",
            place=commune,
            password=PASSWORD,
            since=dt.date(2025, 8, 1),
        )
        code = "registry.learners_with_number"
        school = Organisation.objects.filter(parent=commune, kind="school").order_by("id").first()
    port = free_port()
    server = serve(port)
    try:
        yield from _measured(port, code, province, commune, school)
    finally:
        server.terminate()
        server.wait(timeout=30)


def serve(port: int) -> "subprocess.Popen[bytes]":
    """Serve the site at hand, without the worker."""
    return subprocess.Popen(
        [sys.executable, "-m", "phuong.config.cli", "serve", "--port", str(port), "--no-jobs"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _measured(port: int, code: str, province: Any, commune: Any, school: Any) -> Iterator[dict[str, Any]]:
    wait(port)
    officer, leader = sign_in(port, "bench.xa"), sign_in(port, "lanhdao.so")
    floor = p95(port, "/healthz", "")
    deep_officer, deep_leader = _deep(port, officer), _deep(port, leader)
    asked = [
        ("learner list, commune officer, page 1", "/hoc-sinh/", officer),
        (f"learner list, commune officer, page {deep_officer[1]}", deep_officer[0], officer),
        ("learner list, department leader, page 1", "/hoc-sinh/", leader),
        (f"learner list, department leader, page {deep_leader[1]}", deep_leader[0], leader),
        ("dashboard", "/", leader),
        ("plan page", "/ke-hoach/hai-phong-nq57-2026/", leader),
        ("indicator page", "/ke-hoach/hai-phong-nq57-2026/chi-tieu/PL2-5/", leader),
        ("drill-down, communes", f"/chi-so/{code}/{province.pk}/", leader),
        ("drill-down, schools of a commune", f"/chi-so/{code}/{commune.pk}/", leader),
        ("drill-down, records of a school", f"/chi-so/{code}/{school.pk}/ho-so/", leader),
        ("drill-down, records of a commune", f"/chi-so/{code}/{commune.pk}/ho-so/", officer),
    ]
    for what, address, cookie in asked:
        yield figure(f"{what}: p95 at {CLIENTS} clients", p95(port, address, cookie) * 1000, "ms", floor * 1000)


def p95(port: int, address: str, cookie: str, headers: dict[str, str] | None = None) -> float:
    """Ask ``REQUESTS_PER_CLIENT`` times on each of eight kept-alive connections; gives the 95th percentile (s)."""
    took: list[float] = []

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for place in range(REQUESTS_PER_CLIENT + 2):
            started = time.perf_counter()
            connection.request("GET", address, headers=headers or {"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{address}: {answer.status}")
            if place > 1:
                took.append(time.perf_counter() - started)

    clients = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return statistics.quantiles(took, n=20)[-1]


def _deep(port: int, cookie: str) -> tuple[str, int]:
    """Follow «Sau» to page 500 of the learner list, or to the last page there is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    address = "/hoc-sinh/"
    for page in range(1, DEEP_PAGE):
        connection.request("GET", address, headers={"Cookie": cookie})
        found = re.search(r'rel="next" href="(\?[^"]+)"', connection.getresponse().read().decode())
        if not found:
            return address, page
        address = "/hoc-sinh/" + found.group(1).replace("&amp;", "&")
    return address, DEEP_PAGE


def sign_in(port: int, name: str) -> str:
    """Sign in as an account of the demo; gives its cookies."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/dang-nhap/")
    answer = connection.getresponse()
    body = answer.read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', body)
    csrf = _cookies(answer)
    fields = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token.group(1) if token else ""}
    connection.request(
        "POST",
        "/dang-nhap/",
        urlencode(fields, quote_via=quote),
        {"Cookie": csrf, "Content-Type": "application/x-www-form-urlencoded"},
    )
    answer = connection.getresponse()
    answer.read()
    return _cookies(answer)


def _cookies(answer: http.client.HTTPResponse) -> str:
    return "; ".join(line.split(";")[0] for line in answer.headers.get_all("Set-Cookie") or [])


def free_port() -> int:
    """Find a port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(port: int) -> None:
    """Wait until the site answers."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            sign_in(port, "nobody")
        except (OSError, http.client.HTTPException):
            time.sleep(0.3)
        else:
            return


def desk() -> Iterator[dict[str, Any]]:
    """Save records, change 10,000 at once, draft and print the reports of all schools."""
    with acting(SYSTEM):
        province = province_of("vn")
        if province is None:
            return
        by = replace(SYSTEM, scope=province.path, name="Bench")
        kind = kind_named("learner")
        rows = kind.model._default_manager.filter(is_learner=True, path__under=province.path).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[:BULK_ROWS])
    took = [_timed(partial(_save, kind, key, place, by)) for place, key in enumerate(keys[:200])]
    yield figure("save one record with history: p95", statistics.quantiles(took, n=20)[-1] * 1000, "ms", None)
    with acting(by):
        change = (kind.bulk_fields[0], "01" if time.time_ns() % 2 else "02")
        asked = ask_bulk(kind, rows.filter(pk__in=keys), change=change, why=Why("bench"), filters="", by=by)
        type(asked).objects.filter(pk=asked.pk).update(state="applying")
    floor = _timed(_scan)
    yield figure(
        "bulk change of 10,000 records", _timed(lambda: run_bulk(Progress(), str(asked.pk), "apply")), "s", floor
    )
    yield from _all_reports(province.path)


def _all_reports(under: str) -> Iterator[dict[str, Any]]:
    """Draft and print the monthly reports of all schools; the floor is the press alone for as many papers."""
    asked = {"kind": "monthly", "day": dt.date.today().isoformat(), "under": under, "asked_by": "Bench"}  # noqa: DTZ011
    with acting(SYSTEM):
        Print.objects.all().delete()
    told: dict[str, Any] = {}
    seconds = _timed(lambda: told.update(draft_all(Progress(), **asked)))
    with acting(SYSTEM), Press() as press:
        rows = Report.objects.filter(print__isnull=False).select_related("organisation__parent", "replaces")
        papers = [paper_of(row) for row in rows[:PRESSED]]
        floor = _timed(lambda: [press.pdf(paper) for paper in papers]) / max(len(papers), 1) * told["made"]
    yield figure(f"reports of {told['made']} of {told['asked']} schools drafted and printed", seconds, "s", floor)
    yield figure("Python memory of it", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB", None)


def _save(kind: Any, key: Any, place: int, by: Any) -> None:
    change_record(kind, key, values={"birthplace": f"Bench {time.time_ns()} {place}"}, by=by, why=Why("bench"))


def calls() -> Iterator[dict[str, Any]]:
    """Ask the programming interface for 100 learners at eight clients, at the start, in the middle and at the end.

    A list that is as quick at any depth has three figures alike; the last figure is the slowest over the quickest.
    """
    with acting(SYSTEM):
        province = province_of("vn")
        if province is None:
            return
        terms = Terms(frozenset(GRANTABLE), rate=10_000_000)
        _client, key = make_client(name="Bench", unit=province, terms=terms, by=SYSTEM)
        places = _depths()
    port = free_port()
    server = serve(port)
    try:
        wait(port)
        headers = {"Authorization": f"Bearer {key}"}
        floor = p95(port, "/healthz", "") * 1000
        took = {}
        for where, query in places.items():
            took[where] = p95(port, f"/api/v1/learners{query}", "", headers) * 1000
            yield figure(f"100 learners, {where}: p95 at {CLIENTS} clients", took[where], "ms", floor)
        quickest = min(took.values())
        yield figure("100 learners, slowest depth over quickest", max(took.values()), "ms", quickest)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _depths() -> dict[str, str]:
    """Give the query of the first page, one in the middle, and the last full one."""
    rows = kind_named("learner").model._default_manager.filter(is_learner=True)
    count = rows.count()
    middle = rows.order_by("pk").values_list("pk", flat=True)[count // 2]
    end = rows.order_by("-pk").values_list("pk", flat=True)[min(100, count - 1)]
    return {"first page": "", "middle": f"?after={middle}", "end": f"?after={end}"}


ALL = (
    Bench("calls", sizes, calls),
    Bench("load", sizes, load),
    Bench("measures", sizes, measures),
    Bench("pages", sizes, pages),
)
