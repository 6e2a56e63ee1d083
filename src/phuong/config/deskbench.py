"""The desk over HTTP, as eight officers at once use it: a record's page opened for change, and saved."""

import http.client
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from phuong.config.auditbench import AUDIT
from phuong.config.benchmarks import (
    ALL,
    CLIENTS,
    REQUESTS_PER_CLIENT,
    desk,
    figure,
    free_port,
    p95,
    serve,
    sign_in,
    sizes,
    wait,
)
from phuong.kernel.contributions import Bench
from phuong.kernel.scope import SYSTEM, acting
from phuong.records.api import kind_named

OFFICER = "chuyenvien.so"
WARM_UP = 2


class _Form(HTMLParser):
    """Reads the fields of the form that carries a record's version, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.found: dict[str, str] = {}
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a field in."""
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.fields = {}
        elif tag == "select":
            self.select = name
        elif tag == "textarea":
            self.area, self.fields[name] = name, ""
        elif tag == "option" and "selected" in given:
            self.fields[self.select] = given.get("value", "")
        elif tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.fields[name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        """Take in the words of a text area."""
        if self.area:
            self.fields[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        """Keep the form looked for."""
        if tag == "textarea":
            self.area = ""
        elif tag == "form" and "version" in self.fields:
            self.found = self.fields


def whole_desk() -> Iterator[dict[str, Any]]:
    """Measure the desk from within, then over HTTP at eight clients; the floor there is ``/healthz`` alike."""
    yield from desk()
    kind = kind_named("learner")
    with acting(SYSTEM):
        rows = kind.model._default_manager.filter(is_learner=True).order_by("-pk")
        keys = list(rows.values_list("pk", flat=True)[: CLIENTS * (REQUESTS_PER_CLIENT + WARM_UP)])
    if len(keys) < CLIENTS * (WARM_UP + 2):
        return
    port = free_port()
    server = serve(port)
    try:
        wait(port)
        floor = p95(port, "/healthz", "") * 1000
        opened, saved = _opened_and_saved(port, sign_in(port, OFFICER), keys)
    finally:
        server.terminate()
        server.wait(timeout=30)
    for what, took in (("edit page open", opened), ("save", saved)):
        yield figure(f"{what}: p95 at {CLIENTS} clients", statistics.quantiles(took, n=20)[-1] * 1000, "ms", floor)


def _opened_and_saved(port: int, cookie: str, keys: Sequence[UUID]) -> tuple[list[float], list[float]]:
    """Let each client open and save records of its own, one after the other; gives the seconds of both acts."""
    opened: list[float] = []
    saved: list[float] = []
    wrong: list[str] = []

    def work(own: Sequence[UUID]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for place, key in enumerate(own):
            address = f"/ho-so/learner/{key}/sua/"
            page, looking = _ask(connection, "GET", address, {"Cookie": cookie})
            form = _Form()
            form.feed(page[1])
            fields = {**form.found, "birthplace": f"Bench {time.time_ns()}", "reason": "đo tốc độ"}
            headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
            answer, saving = _ask(connection, "POST", address, headers, urlencode(fields))
            if (page[0], answer[0]) != (200, 302):
                wrong.append(f"{address}: {page[0]}, {answer[0]}")
                return
            if place >= WARM_UP:
                opened.append(looking)
                saved.append(saving)

    clients = [threading.Thread(target=work, args=(keys[start::CLIENTS],)) for start in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    if wrong:
        raise RuntimeError(wrong[0])
    return opened, saved


def _ask(
    connection: http.client.HTTPConnection, method: str, address: str, headers: dict[str, str], body: str | None = None
) -> tuple[tuple[int, str], float]:
    started = time.perf_counter()
    connection.request(method, address, body, headers)
    answer = connection.getresponse()
    content = answer.read()
    return (answer.status, content.decode()), time.perf_counter() - started


BENCHES = (*ALL, Bench("desk", sizes, whole_desk), AUDIT)
