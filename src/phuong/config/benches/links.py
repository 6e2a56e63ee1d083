"""Results day: families read a result by a personal link, without signing in."""

from collections.abc import Iterator
from typing import Any

from phuong.config.benches.figures import figure, sizes
from phuong.config.benches.serving import CLIENTS, WARM_UP, asked, served, under_load
from phuong.kernel.contributions import Bench
from phuong.kernel.scope import SYSTEM, acting
from phuong.onboarding.tokens import sign
from phuong.registry.api import Person

OPENINGS = 400  # at each client, every one of another learner's link


def links() -> Iterator[dict[str, Any]]:
    """Open as many different links as there are requests, at eight clients; the floor is ``/healthz`` alike."""
    most = CLIENTS * (OPENINGS + WARM_UP)
    with acting(SYSTEM):
        rows = Person.objects.filter(is_learner=True, enrolments__ends_on__isnull=True).order_by("id")
        addresses = [f"/kq/{sign(key, 'enrol')}" for key in rows.values_list("id", flat=True).distinct()[:most]]
    if len(addresses) < most:
        return
    with served() as port:
        floor = asked(port, "/healthz", each=OPENINGS)
        took = under_load(port, lambda client, address: client.ask(address).status, addresses)
    yield figure(f"results read by personal link at {CLIENTS} clients", took.per_second, "/s", floor.per_second)
    yield figure(f"a result read by personal link: p95 at {CLIENTS} clients", took.p95 * 1000, "ms", floor.p95 * 1000)


LINKS = Bench("links", sizes, links)
