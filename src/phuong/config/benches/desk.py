"""The desk: records saved and changed in bulk, reports of all schools; from within, and by eight officers at once."""

import datetime as dt
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

from phuong.config.benches.figures import figure, p95_of, sizes, timed
from phuong.config.benches.measures import memory, scan
from phuong.config.benches.serving import (
    CLIENTS,
    REQUESTS_PER_CLIENT,
    WARM_UP,
    Client,
    asked,
    served,
    sign_in,
    under_load,
)
from phuong.kernel.contributions import Bench
from phuong.kernel.jobs import Progress
from phuong.kernel.scope import SYSTEM, acting
from phuong.paper.api import Press
from phuong.records.actions.bulk import ask_bulk, run_bulk
from phuong.records.api import Why, change_record, kind_named
from phuong.registry.api import province_of
from phuong.reports.actions.printing import draft_all
from phuong.reports.files import paper_of
from phuong.reports.models import Print, Report

OFFICER = "chuyenvien.so"
BULK_ROWS = 10_000
PRESSED = 50


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


def desk() -> Iterator[dict[str, Any]]:
    """Measure the desk from within, then over HTTP at eight clients; the floor there is ``/healthz`` alike."""
    yield from _within()
    with acting(SYSTEM):
        rows = kind_named("learner").model._default_manager.filter(is_learner=True).order_by("-pk")
        keys = list(rows.values_list("pk", flat=True)[: CLIENTS * (REQUESTS_PER_CLIENT + WARM_UP)])
    if len(keys) < CLIENTS * (WARM_UP + 2):
        return
    with served() as port:
        floor = asked(port, "/healthz").p95 * 1000
        took = under_load(port, partial(_opened_and_saved, sign_in(port, OFFICER)), keys).results
    for what, seconds in zip(("edit page open", "save"), zip(*took, strict=True), strict=True):
        yield figure(f"{what}: p95 at {CLIENTS} clients", p95_of(seconds) * 1000, "ms", floor)


def _opened_and_saved(cookie: Mapping[str, str], client: Client, key: UUID) -> tuple[float, float]:
    """Open the form of a record and save it; gives the seconds of both."""
    address = f"/ho-so/learner/{key}/sua/"
    page = client.ask(address, cookie)
    form = _Form()
    form.feed(page.body)
    fields = {**form.found, "birthplace": f"Bench {time.time_ns()}", "reason": "đo tốc độ"}
    return page.seconds, client.ask(address, cookie, sent=fields, status=302).seconds


def _within() -> Iterator[dict[str, Any]]:
    """Save records, change 10,000 at once, draft and print the reports of all schools."""
    with acting(SYSTEM):
        province = province_of("vn")
        if province is None:
            return
        by = replace(SYSTEM, scope=province.path, name="Bench")
        kind = kind_named("learner")
        rows = kind.model._default_manager.filter(is_learner=True, path__under=province.path).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[:BULK_ROWS])
    took = [timed(partial(_save, kind, key, place, by)) for place, key in enumerate(keys[:200])]
    yield figure("save one record with history: p95", p95_of(took) * 1000, "ms", None)
    with acting(by):
        change = (kind.bulk_fields[0], "01" if time.time_ns() % 2 else "02")
        asked_for = ask_bulk(kind, rows.filter(pk__in=keys), change=change, why=Why("bench"), filters="", by=by)
        type(asked_for).objects.filter(pk=asked_for.pk).update(state="applying")
    floor = timed(scan)
    value = timed(lambda: run_bulk(Progress(), str(asked_for.pk), "apply"))
    yield figure("bulk change of 10,000 records", value, "s", floor)
    yield from _all_reports(province.path)


def _all_reports(under: str) -> Iterator[dict[str, Any]]:
    """Draft and print the monthly reports of all schools; the floor is the press alone for as many papers."""
    wanted = {"kind": "monthly", "day": dt.date.today().isoformat(), "under": under, "asked_by": "Bench"}  # noqa: DTZ011
    with acting(SYSTEM):
        Print.objects.all().delete()
    told: dict[str, Any] = {}
    seconds = timed(lambda: told.update(draft_all(Progress(), **wanted)))
    with acting(SYSTEM), Press() as press:
        rows = Report.objects.filter(print__isnull=False).select_related("organisation__parent", "replaces")
        papers = [paper_of(row) for row in rows[:PRESSED]]
        floor = timed(lambda: [press.pdf(paper) for paper in papers]) / max(len(papers), 1) * told["made"]
    yield figure(f"reports of {told['made']} of {told['asked']} schools drafted and printed", seconds, "s", floor)
    yield figure("Python memory of it", memory(), "MB", None)


def _save(kind: Any, key: Any, place: int, by: Any) -> None:
    change_record(kind, key, values={"birthplace": f"Bench {time.time_ns()} {place}"}, by=by, why=Why("bench"))


DESK = Bench("desk", sizes, desk)
