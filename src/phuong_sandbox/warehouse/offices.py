"""The offices themselves: HTTPS with certificates on both ends, signed requests, deliveries in batches."""

import json
from collections.abc import Callable
from threading import Lock
from typing import Any

from flask import Flask, Response, request

from phuong_sandbox.lgsp.certificates import Papers
from phuong_sandbox.lgsp.door import Door, Told
from phuong_sandbox.lgsp.signatures import Asked
from phuong_sandbox.switches import Switches
from phuong_sandbox.warehouse.holdings import Holding, Refused

MOST_BYTES = 32_000_000
OFFICES = ("city", "ioc", "ministry")


class Offices:
    """All offices and what they hold, by ``office/service``."""

    def __init__(self) -> None:
        """Start empty."""
        self._held: dict[str, Holding] = {}
        self._lock = Lock()
        self.age = 0  # grows each time everything is forgotten

    def holding(self, office: str, service: str) -> Holding:
        """Give what an office holds of a service.

        :raises Refused: no such office
        """
        if office not in OFFICES or len(service) > 100:
            raise Refused(404, error="no_such_office")
        with self._lock:
            return self._held.setdefault(f"{office}/{service}", Holding())

    def all(self) -> dict[str, Holding]:
        """Give everything held, by ``office/service``."""
        with self._lock:
            return dict(sorted(self._held.items()))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._held.clear()
            self.age += 1


class Intake:
    """Takes deliveries in: announced, brought batch by batch, closed; then tells its own totals.

    401: no certificate or signature to trust; 404: not announced; 409: another schema, batch or end than known;
    422: not understood, or a row is not as the contract says.
    """

    def __init__(self, papers: Papers, offices: Offices, switches: Switches) -> None:
        """Serve from what the pages of the sandbox show."""
        self.offices, self.switches = offices, switches
        self.door = Door(papers, switches, lambda: offices.age)

    def app(self) -> Flask:
        """Give the application behind the HTTPS port."""
        app = Flask("phuong_sandbox.warehouse")
        app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
        below = "/v1/<office>/<service>"

        @app.post(f"{below}/deliveries")
        def announce(office: str, service: str) -> Response:
            return self._answer("open", office, service, self._open)

        @app.put(f"{below}/deliveries/<delivery>/batches/<int:number>")
        def bring(office: str, service: str, delivery: str, number: int) -> Response:
            def take(held: Holding, asked: Asked) -> Told:
                if self.switches.meets("refuse", f"{office}/{service}"):
                    return 422, {"error": "row 1: refused"}, {}
                rows, again = held.take(delivery, number, asked.request_id, asked.digest, asked.body)
                return 200 if again else 201, {"rows": rows, "again": again}, {}

            return self._answer("batch", office, service, take)

        @app.post(f"{below}/deliveries/<delivery>/close")
        def close(office: str, service: str, delivery: str) -> Response:
            def end(held: Holding, asked: Asked) -> Told:
                told = json.loads(asked.body)
                return 200, {"rows": held.close(delivery, int(told["batches"]), int(told["rows"]))}, {}

            return self._answer("close", office, service, end)

        @app.get(f"{below}/totals")
        def totals(office: str, service: str) -> Response:
            commune = request.args.get("commune")
            return self._answer(
                "totals", office, service, lambda held, _asked: (200, {"totals": held.totals(commune)}, {})
            )

        return app

    def _open(self, held: Holding, asked: Asked) -> Told:
        delivery, again = held.open(json.loads(asked.body))
        return 200 if again else 201, {"received": sorted(delivery.batches), "again": again}, {}

    def _answer(self, act: str, office: str, service: str, do: Callable[[Holding, Asked], Told]) -> Response:
        def safely(asked: Asked) -> Told:
            try:
                return do(self.offices.holding(office, service), asked)
            except Refused as refusal:
                facts: dict[str, Any] = refusal.facts
                return refusal.status, facts, {}
            except (ValueError, KeyError, TypeError) as error:
                return 422, {"error": f"bad {error}"[:60]}, {}

        return self.door.answer(act, safely)
