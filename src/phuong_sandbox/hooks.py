"""Receivers of webhooks: check each message as Standard Webhooks says, and behave badly when asked to."""

import base64
import hashlib
import hmac
import json
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from werkzeug.datastructures import Headers

from phuong_sandbox.kept import Kept, now
from phuong_sandbox.service import Service
from phuong_sandbox.switches import Switch, Switches
from phuong_sandbox.texts import Text

SHOWN = 100
OLDEST_SECONDS = 300  # a message signed earlier, or later than that from now, is a replay
DRIP_PARTS, DRIP_SECONDS = 100, 0.5
BIG_PART, BIG_PARTS = b"x" * 65_536, 1_000
_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: closing resets the connection


@dataclass(frozen=True)
class Received:
    """One message that arrived. ``verdict``: good, or what is wrong with its signature."""

    id: int
    received_at: str
    name: str
    message: str
    verdict: str
    signatures: int
    times: int
    answered: int
    body: Any


class Hooks(Service):
    """Takes messages at ``/hooks/at/NAME``; the secret of a name is set with ``PUT /hooks/secrets.json``."""

    code = "hooks"
    title = Text("Nơi nhận webhook", "Webhook receivers")
    purpose = Text(
        "Phần mềm ngoài được báo thay đổi: kiểm tra chữ kí từng tin và cho xem.",
        "Other software told of changes: checks the signature of each message and shows it.",
    )

    def __init__(self) -> None:
        """Know no secret yet."""
        self.received: Kept[Received] = Kept()
        self._secrets: dict[str, bytes] = {}
        self._times: dict[tuple[str, str], int] = {}
        self._lock = Lock()
        self.switches = Switches(
            Switch("down", Text("Ngừng phục vụ (503)", "Out of service (503)")),
            Switch("busy", Text("Quá nhiều tin (429, Retry-After 2)", "Too many (429, Retry-After 2)")),
            Switch("gone", Text("Không nhận nữa (410)", "Gone (410)")),
            Switch("redirect", Text("Chuyển hướng (302)", "Redirect (302)")),
            Switch("reset", Text("Ngắt kết nối", "Connection reset")),
            Switch("big", Text("Trả lời rất dài", "An enormous answer")),
            Switch("drip", Text("Trả lời từng giọt", "An answer drop by drop")),
            Switch("lost", Text("Nhận rồi báo lỗi (500)", "Taken, answered 500")),
            Switch("slow", Text("Trả lời chậm, giây", "Answer slowly, seconds"), is_seconds=True),
        )

    def count(self) -> int:
        """Count the messages kept."""
        return len(self.received.newest_first())

    def reset(self) -> None:
        """Forget messages and secrets."""
        self.received.clear()
        self.switches.clear()
        with self._lock:
            self._secrets.clear()
            self._times.clear()

    def routes(self, pages: Blueprint) -> None:
        """Take messages; show them as a page and as JSON."""

        @pages.get("/")
        def page() -> str:
            kept = self.received.newest_first()
            return render_template("hooks.html", service=self, received=kept[:SHOWN], total=len(kept))

        @pages.get("/messages.json")
        def messages() -> Response:
            name = request.args.get("name", "")
            kept = [each for each in self.received.newest_first() if not name or each.name == name]
            return jsonify({"count": len(kept), "messages": [asdict(each) for each in kept]})

        @pages.put("/secrets.json")
        def secrets() -> tuple[Response, int]:
            return self._learn(request.get_json(silent=True))

        @pages.post("/at/<name>")
        def take(name: str) -> Response:
            return self._take(name, request.headers, request.get_data())

    def _learn(self, told: Any) -> tuple[Response, int]:
        try:
            fresh = {
                str(name): base64.b64decode(text.removeprefix("whsec_"), validate=True) for name, text in told.items()
            }
        except (AttributeError, ValueError):
            return jsonify({"error": "an object of names and whsec_ secrets is needed"}), 422
        with self._lock:
            self._secrets.update(fresh)
            return jsonify({"names": sorted(self._secrets)}), 200

    def _take(self, name: str, headers: Headers, body: bytes) -> Response:
        if self.switches.meets("reset", name):
            _reset_connection()
            return Response("", status=500)  # which nobody gets
        time.sleep(self.switches.seconds("slow"))
        status = self._refusal(name)
        is_lost = self.switches.meets("lost", name)
        if status is None or status == 410 or is_lost:
            self._keep(name, headers, body, status or (500 if is_lost else 204))
        return self._answer(name, status if not is_lost else 500)

    def _refusal(self, name: str) -> int | None:
        refusals = {"gone": 410, "down": 503, "busy": 429, "redirect": 302}
        return next((status for code, status in refusals.items() if self.switches.meets(code, name)), None)

    def _answer(self, name: str, status: int | None) -> Response:
        if status is not None:
            extra = {302: {"Location": "/hooks/at/elsewhere"}, 429: {"Retry-After": "2"}}.get(status, {})
            return Response("", status=status, headers=extra)
        if self.switches.meets("big", name):
            return Response(_big(), status=200)
        if self.switches.meets("drip", name):
            return Response(_drops(), status=200)
        return Response("", status=204)

    def _keep(self, name: str, headers: Headers, body: bytes, status: int) -> None:
        message = headers.get("webhook-id", "")
        signatures = headers.get("webhook-signature", "").split()
        verdict = self._verdict(name, headers, body)
        with self._lock:
            times = self._times[name, message] = self._times.get((name, message), 0) + 1
        self.received.add(
            lambda number: Received(number, now(), name, message, verdict, len(signatures), times, status, _read(body))
        )

    def _verdict(self, name: str, headers: Headers, body: bytes) -> str:
        secret = self._secrets.get(name)
        moment = headers.get("webhook-timestamp", "")
        if secret is None:
            return "no secret"
        if not moment.isdecimal() or abs(time.time() - int(moment)) > OLDEST_SECONDS:
            return "old"
        signed = b".".join((headers.get("webhook-id", "").encode(), moment.encode(), body))
        wanted = "v1," + base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()
        found = headers.get("webhook-signature", "").split()
        return "good" if any(hmac.compare_digest(wanted, each) for each in found) else "bad signature"


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _reset_connection() -> None:
    """Break the connection off as a dying host does."""
    open_now: socket.socket = request.environ["werkzeug.socket"]
    open_now.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    open_now.shutdown(socket.SHUT_RDWR)


def _big() -> Iterator[bytes]:
    for _ in range(BIG_PARTS):
        yield BIG_PART


def _drops() -> Iterator[bytes]:
    for _ in range(DRIP_PARTS):
        time.sleep(DRIP_SECONDS)
        yield b"."
