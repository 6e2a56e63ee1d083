"""The heaviest pages at eight clients, and what a narrow scope costs against a wide one."""

import datetime as dt
import re
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from phuong.config.benches.figures import figure, sizes
from phuong.config.benches.serving import CLIENTS, PASSWORD, Client, asked, served, sign_in
from phuong.identity.api import open_account
from phuong.kernel.contributions import Bench
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.api import Organisation, largest_commune, province_of

DEEP_PAGE = 500
TURNS, TURN = range(3), 15  # viewers ask by turns, so often at each client
WIDE = "department leader"
CODE = "registry.learners_with_number"
PLAN = "/ke-hoach/hai-phong-nq57-2026/"


@dataclass(frozen=True)
class Places:
    """A province, its largest commune, and a school there."""

    province: Organisation
    commune: Organisation
    school: Organisation


def pages() -> Iterator[dict[str, Any]]:
    """Ask a running server for its heaviest pages with eight clients; the floor is ``/healthz`` alike."""
    places = _places()
    if places is None:
        return
    with served() as port:
        officer, leader, head = (sign_in(port, name) for name in ("bench.xa", "lanhdao.so", "bench.truong"))
        yield from _heaviest(port, places, officer, leader)
        yield from _narrow_and_wide(port, {"commune officer": officer, "principal": head}, leader)


def _places() -> Places | None:
    """Find where to measure, and open an account at the commune and one at the school."""
    with acting(SYSTEM):
        province, commune = province_of("vn"), largest_commune()
        if province is None or commune is None:
            return None
        school = Organisation.objects.filter(parent=commune, kind="school").order_by("id")[:1].get()
        since = dt.date(2025, 8, 1)
        for name, role, place in (("bench.xa", "commune_officer", commune), ("bench.truong", "principal", school)):
            open_account(username=name, name="Bench", role=role, place=place, password=PASSWORD, since=since)
        return Places(province, commune, school)


def _heaviest(
    port: int, places: Places, officer: Mapping[str, str], leader: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    floor = asked(port, "/healthz").p95
    deep_officer, deep_leader = _deep(port, officer), _deep(port, leader)
    province, commune, school = (place.pk for place in (places.province, places.commune, places.school))
    wanted = [
        ("learner list, commune officer, page 1", "/hoc-sinh/", officer),
        (f"learner list, commune officer, page {deep_officer[1]}", deep_officer[0], officer),
        ("learner list, department leader, page 1", "/hoc-sinh/", leader),
        (f"learner list, department leader, page {deep_leader[1]}", deep_leader[0], leader),
        ("dashboard", "/", leader),
        ("plan page", PLAN, leader),
        ("indicator page", f"{PLAN}chi-tieu/PL2-5/", leader),
        ("drill-down, communes", f"/chi-so/{CODE}/{province}/", leader),
        ("drill-down, schools of a commune", f"/chi-so/{CODE}/{commune}/", leader),
        ("drill-down, records of a school", f"/chi-so/{CODE}/{school}/ho-so/", leader),
        ("drill-down, records of a commune", f"/chi-so/{CODE}/{commune}/ho-so/", officer),
    ]
    for what, address, headers in wanted:
        value = asked(port, address, headers).p95
        yield figure(f"{what}: p95 at {CLIENTS} clients", value * 1000, "ms", floor * 1000)


def _narrow_and_wide(
    port: int, narrow: Mapping[str, Mapping[str, str]], wide: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Ask for the same page by turns in a narrow scope and as who sees all; the floor is the wide one's."""
    viewers = {WIDE: wide, **narrow}
    for what, address in (("learner list", "/hoc-sinh/"), ("staff list", "/doi-ngu/"), ("plan page", PLAN)):
        rounds = [
            {who: asked(port, address, headers, each=TURN).p95 for who, headers in viewers.items()} for _ in TURNS
        ]
        took = {who: statistics.median(each[who] for each in rounds) * 1000 for who in viewers}
        for who in narrow:
            name = f"{what}, {who}; floor: {WIDE}: p95 at {CLIENTS} clients, median of {len(TURNS)}"
            yield figure(name, took[who], "ms", took[WIDE])


def _deep(port: int, headers: Mapping[str, str]) -> tuple[str, int]:
    """Follow «Sau» to page 500 of the learner list, or to the last page there is."""
    address = "/hoc-sinh/"
    with Client(port) as client:
        for page in range(1, DEEP_PAGE):
            found = re.search(r'rel="next" href="(\?[^"]+)"', client.ask(address, headers).body)
            if not found:
                return address, page
            address = "/hoc-sinh/" + found.group(1).replace("&amp;", "&")
    return address, DEEP_PAGE


PAGES = Bench("pages", sizes, pages)
