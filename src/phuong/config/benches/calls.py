"""The programming interface at eight clients, at any depth of a list."""

from collections.abc import Iterator
from typing import Any

from phuong.config.benches.figures import figure, sizes
from phuong.config.benches.serving import CLIENTS, asked, served
from phuong.gateway.access import GRANTABLE
from phuong.gateway.actions.clients import Terms, make_client
from phuong.kernel.contributions import Bench
from phuong.kernel.scope import SYSTEM, acting
from phuong.records.api import kind_named
from phuong.registry.api import province_of


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
    with served() as port:
        headers = {"Authorization": f"Bearer {key}"}
        floor = asked(port, "/healthz").p95 * 1000
        took = {}
        for where, query in places.items():
            took[where] = asked(port, f"/api/v1/learners{query}", headers).p95 * 1000
            yield figure(f"100 learners, {where}: p95 at {CLIENTS} clients", took[where], "ms", floor)
    yield figure("100 learners, slowest depth over quickest", max(took.values()), "ms", min(took.values()))


def _depths() -> dict[str, str]:
    """Give the query of the first page, one in the middle, and the last full one."""
    rows = kind_named("learner").model._default_manager.filter(is_learner=True)
    count = rows.count()
    middle = rows.order_by("pk").values_list("pk", flat=True)[count // 2]
    end = rows.order_by("-pk").values_list("pk", flat=True)[min(100, count - 1)]
    return {"first page": "", "middle": f"?after={middle}", "end": f"?after={end}"}


CALLS = Bench("calls", sizes, calls)
