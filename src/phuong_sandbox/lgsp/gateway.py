"""The gateway itself: HTTPS with certificates on both ends, signed requests, answers later."""

import time
from typing import Any

from flask import Flask, Response

from phuong_sandbox.lgsp.certificates import Papers
from phuong_sandbox.lgsp.door import Door, Told
from phuong_sandbox.lgsp.population import Patterns, Population
from phuong_sandbox.lgsp.requests import Request, Requests, persons_of
from phuong_sandbox.lgsp.signatures import Asked
from phuong_sandbox.switches import Switches

MOST_BYTES = 4_000_000
_PERSONAL = ("not_found", "duplicate", "full_name", "birth_date", "sex", "number", "only_loaded", "pending")


class Gateway:
    """Answers the one client it knows.

    ``POST /v1/checks``: 202 with a ticket. ``GET /v1/checks/TICKET``: what is known by now. 401: no certificate or
    signature to trust; 409: another request came under this id; 422: not understood; 429 with ``Retry-After``: a quota.
    """

    def __init__(self, papers: Papers, population: Population, requests: Requests, switches: Switches) -> None:
        """Serve from what the pages of the sandbox show."""
        self.door = Door(papers, switches, lambda: requests.age)
        self.population, self.requests, self.switches = population, requests, switches

    def app(self) -> Flask:
        """Give the application behind the HTTPS port."""
        app = Flask("phuong_sandbox.lgsp")
        app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES

        @app.post("/v1/checks")
        def send() -> Response:
            return self.door.answer("send", self._send)

        @app.get("/v1/checks/<ticket>")
        def ask(ticket: str) -> Response:
            return self.door.answer("ask", lambda asked: self._ask(ticket, asked))

        return app

    def _send(self, asked: Asked) -> Told:
        try:
            known = self.requests.known(asked.request_id, asked.digest)
            rows = persons_of(asked.body)
        except ValueError as error:
            is_other = str(error) == asked.request_id
            return (409, {"error": "other_body"}, {}) if is_other else (422, {"error": f"bad {error}"[:60]}, {})
        if known is not None:
            return 202, {"ticket": known.ticket, "persons": known.persons, "again": True}, {}
        limits = {name: self.switches.limit(name) for name in ("per_minute", "per_day")}
        if wait := self.requests.wait_for(len(rows), **limits):
            return 429, {"error": "quota"}, {"Retry-After": str(wait)}
        kept = self.requests.take(asked.request_id, asked.digest, asked.body, rows)
        return 202, {"ticket": kept.ticket, "persons": kept.persons, "again": False}, {}

    def _ask(self, ticket: str, asked: Asked) -> Told:
        del asked
        kept = self.requests.of_ticket(ticket)
        if kept is None:
            return 404, {"error": "no_such_ticket"}, {}
        kept.asked += 1
        if time.monotonic() - kept.at < self.switches.seconds("delay"):
            return 200, {"ticket": ticket, "state": "working", "results": []}, {}
        results = self._results(kept)
        kept.done = all(each["result"] != "pending" for each in results)
        return 200, {"ticket": ticket, "state": "done" if kept.done else "partial", "results": results}, {}

    def _results(self, kept: Request) -> list[dict[str, Any]]:
        values = self.switches.values()
        patterns = Patterns({code: values[code] for code in _PERSONAL})
        return [
            {"ref": ref, **({"result": "pending"} if patterns.meet("pending", each.number) else verdict)}
            for ref, each in kept.people()
            for verdict in (self.population.verdict(each, patterns),)
        ]
