"""The gateway itself: HTTPS with certificates on both ends, signed requests, answers later."""

import json
import time
from typing import Any

from cryptography.x509 import load_pem_x509_certificate
from flask import Flask, Response, request

from phuong_sandbox.lgsp.certificates import Papers
from phuong_sandbox.lgsp.population import Patterns, Population
from phuong_sandbox.lgsp.requests import Request, Requests, persons_of
from phuong_sandbox.lgsp.signatures import AT_HEADER, HEADER, ID_HEADER, Asked, fault_of, sealed
from phuong_sandbox.switches import Switches

MOST_BYTES = 4_000_000
_PERSONAL = ("not_found", "duplicate", "full_name", "birth_date", "sex", "number", "only_loaded", "pending")
Told = tuple[int, dict[str, Any], dict[str, str]]


class Gateway:
    """Answers the one client it knows.

    ``POST /v1/checks``: 202 with a ticket. ``GET /v1/checks/TICKET``: what is known by now. 401: no certificate or
    signature to trust; 409: another request came under this id; 422: not understood; 429 with ``Retry-After``: a quota.
    """

    def __init__(self, papers: Papers, population: Population, requests: Requests, switches: Switches) -> None:
        """Serve from what the pages of the sandbox show."""
        self.papers, self.population, self.requests, self.switches = papers, population, requests, switches

    def app(self) -> Flask:
        """Give the application behind the HTTPS port."""
        app = Flask("phuong_sandbox.lgsp")
        app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES

        @app.post("/v1/checks")
        def send() -> Response:
            return self._signed("send", self._send)

        @app.get("/v1/checks/<ticket>")
        def ask(ticket: str) -> Response:
            return self._signed("ask", lambda asked: self._ask(ticket, asked))

        return app

    def _signed(self, act: str, answer: Any) -> Response:
        """Let in, do, sign; a failure that is switched on comes before, or instead."""
        age = self.requests.age
        time.sleep(self.switches.seconds("slow"))
        if self.switches.meets("down", act) or age != self.requests.age:  # a slow one from before a reset is too late
            return Response("down", 503)
        asked = _asked()
        fault = self._fault(asked)
        status, told, headers = (401, {"error": fault}, {}) if fault else answer(asked)
        if self.switches.meets("lost", act):
            return Response("lost", 504)
        body = json.dumps(told, ensure_ascii=False).encode()
        key = (self.papers.stranger if self.switches.meets("bad_signature", act) else self.papers.answers).key
        seal = sealed(status, asked.request_id, body, key)
        return Response(body, status, {**headers, **seal, "Content-Type": "application/json"})

    def _fault(self, asked: Asked) -> str:
        shown = request.environ.get("SSL_CLIENT_CERT", "")
        if not shown:
            return "certificate"
        if load_pem_x509_certificate(shown.encode()) != self.papers.client.certificate:
            return "unknown_client"
        return fault_of(asked, shown)

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


def _asked() -> Asked:
    path = request.full_path if request.query_string else request.path
    names = (ID_HEADER, AT_HEADER, "Content-Digest", HEADER)
    request_id, at, digest, signature = (request.headers.get(name, "") for name in names)
    return Asked(request.method, path, request_id, at, digest, signature, request.get_data())
