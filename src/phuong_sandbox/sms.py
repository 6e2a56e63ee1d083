"""The gateway of a telephone company: takes short messages over HTTP and shows them."""

import hmac
import re
import time
from dataclasses import asdict, dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from phuong_sandbox.kept import Kept, now
from phuong_sandbox.service import Service
from phuong_sandbox.switches import Switch, Switches
from phuong_sandbox.texts import Text

KEY_HEADER = "X-API-Key"
MOST_LETTERS = 918  # six parts of a concatenated message
SHOWN = 200
_NUMBER = re.compile(r"\+?\d{8,15}")
_BETWEEN = re.compile(r"[ .\-()]")


@dataclass(frozen=True)
class Short:
    """One short message."""

    id: int
    received_at: str
    to: str
    text: str


class Sms(Service):
    """Takes every message that comes with the right key, and delivers none."""

    code = "sms"
    title = Text("Tin nhắn SMS", "SMS")
    purpose = Text(
        "Cổng tin nhắn của nhà mạng: nhận tin qua HTTP và cho xem.",
        "A telephone company's gateway: takes messages over HTTP and shows them.",
    )

    def __init__(self, key: str) -> None:
        """Take messages of callers that show ``key``."""
        self.key = key
        self.shorts: Kept[Short] = Kept()
        self.switches = Switches(
            Switch("busy", Text("Quá nhiều tin (429)", "Too many messages (429)")),
            Switch("down", Text("Ngừng phục vụ (503)", "Out of service (503)")),
            Switch("slow", Text("Trả lời chậm, giây", "Answer slowly, seconds"), is_seconds=True),
        )

    def count(self) -> int:
        """Count the messages kept."""
        return len(self.shorts.newest_first())

    def reset(self) -> None:
        """Forget all messages."""
        self.shorts.clear()
        self.switches.clear()

    def routes(self, pages: Blueprint) -> None:
        """Take messages; show them as a page and as JSON."""

        @pages.get("/")
        def page() -> str:
            shorts = self._to(request.args.get("to", ""))
            return render_template("sms.html", service=self, shorts=shorts[:SHOWN], total=len(shorts))

        @pages.get("/messages.json")
        def messages() -> Response:
            shorts = self._to(request.args.get("to", ""))
            return jsonify({"count": len(shorts), "messages": [asdict(each) for each in shorts]})

        @pages.post("/send")
        def send() -> tuple[Response, int]:
            return self._send(request.headers.get(KEY_HEADER, ""), request.get_json(silent=True))

    def _send(self, key: str, body: Any) -> tuple[Response, int]:
        time.sleep(self.switches.seconds("slow"))
        if not hmac.compare_digest(key.encode(), self.key.encode()):
            return jsonify({"error": "unknown_key"}), 401
        facts = body if isinstance(body, dict) else {}
        to, text = _BETWEEN.sub("", str(facts.get("to", ""))), facts.get("text")
        if not _NUMBER.fullmatch(to):
            return jsonify({"error": "bad_number", "at": "to"}), 422
        if not isinstance(text, str) or not 0 < len(text) <= MOST_LETTERS:
            return jsonify({"error": "bad_text", "at": "text"}), 422
        for code, status in (("down", 503), ("busy", 429)):
            if self.switches.meets(code, to):
                return jsonify({"error": code}), status
        kept = self.shorts.add(lambda number: Short(number, now(), to, text))
        return jsonify({"id": kept.id}), 202

    def _to(self, number: str) -> list[Short]:
        wanted = _BETWEEN.sub("", number)
        return [each for each in self.shorts.newest_first() if not wanted or each.to == wanted]
