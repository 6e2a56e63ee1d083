"""The outside world as a program of its own: started on free ports, asked over its JSON."""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx


@dataclass
class Outside:
    """A running sandbox. ``page``, ``smtp`` and ``gateway`` are its addresses."""

    process: "subprocess.Popen[str]"
    page: str
    smtp: str
    gateway: str = ""  # of the LGSP, with its certificates in ``papers``
    papers: str = ""
    intake: str = ""  # of the offices that take data in, with its certificates in ``intake_papers``
    intake_papers: str = ""

    @property
    def smtp_port(self) -> int:
        """Give the port of the mail server."""
        return urlsplit(self.smtp).port or 0

    def letters(self, to: str = "") -> list[dict[str, Any]]:
        """List the mails that arrived, newest first."""
        return list(self.ask("GET", "mail/messages.json", params={"to": to}).json()["messages"])

    def fail(self, service: str = "mail", **switches: object) -> None:
        """Switch failures on."""
        self.ask("PUT", f"{service}/failures.json", json=switches).raise_for_status()

    def forget(self) -> None:
        """Empty everything and switch all failures off."""
        for service in ("mail", "sms", "vneid", "mailsuite", "lgsp", "warehouse", "hooks"):
            self.ask("DELETE", f"{service}/messages.json").raise_for_status()

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Ask the sandbox over HTTP."""
        return httpx.request(method, self.page + path, timeout=20, **options)


def open_outside() -> Outside:
    """Start a sandbox and wait until it says where it is."""
    ports = [part for name in ("", "smtp-", "lgsp-", "warehouse-") for part in (f"--{name}port", "0")]
    process = subprocess.Popen(
        [sys.executable, "-m", "phuong_sandbox", *ports, "--json"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    lgsp, warehouse = told["services"]["lgsp"], told["services"]["warehouse"]
    addresses = (lgsp["gateway"], lgsp["folder"], warehouse["intake"], warehouse["folder"])
    return Outside(process, told["page"], told["services"]["mail"]["smtp"], *addresses)


def close_outside(outside: Outside) -> int:
    """Stop it; gives its exit code."""
    outside.process.terminate()
    code = outside.process.wait(timeout=20)
    if outside.process.stdout is not None:
        outside.process.stdout.close()
    return code
