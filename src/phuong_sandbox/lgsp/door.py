"""The door of an office that speaks HTTPS with certificates on both ends: let in, do, sign; failures as switched on."""

import json
import time
from collections.abc import Callable
from typing import Any

from cryptography.x509 import load_pem_x509_certificate
from flask import Response, request

from phuong_sandbox.lgsp.certificates import Papers
from phuong_sandbox.lgsp.signatures import AT_HEADER, HEADER, ID_HEADER, Asked, fault_of, sealed
from phuong_sandbox.switches import Switches

Told = tuple[int, dict[str, Any], dict[str, str]]


class Door:
    """Lets in the one client it knows.

    ``switches``: has ``slow``, and ``down``, ``lost``, ``bad_signature`` by act. ``age``: grows each time everything is
    forgotten.
    """

    def __init__(self, papers: Papers, switches: Switches, age: Callable[[], int]) -> None:
        """Stand at the port that shows ``papers``."""
        self.papers, self.switches, self.age = papers, switches, age

    def answer(self, act: str, do: Callable[[Asked], Told]) -> Response:
        """Let in, do, sign; a failure that is switched on comes before, or instead."""
        age = self.age()
        time.sleep(self.switches.seconds("slow"))
        if self.switches.meets("down", act) or age != self.age():  # a slow one from before a reset is too late
            return Response("down", 503)
        asked = _asked()
        fault = self._fault(asked)
        status, told, headers = (401, {"error": fault}, {}) if fault else do(asked)
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


def _asked() -> Asked:
    path = request.full_path if request.query_string else request.path
    names = (ID_HEADER, AT_HEADER, "Content-Digest", HEADER)
    request_id, at, digest, signature = (request.headers.get(name, "") for name in names)
    return Asked(request.method, path, request_id, at, digest, signature, request.get_data())
