"""The mail server of everybody: real SMTP, and a page that shows what arrived."""

import asyncio
import email
from dataclasses import asdict, dataclass
from email import policy
from email.message import EmailMessage
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from flask import Blueprint, Response, abort, jsonify, render_template, request

from phuong_sandbox.kept import Kept, now
from phuong_sandbox.service import LOOPBACK, Service
from phuong_sandbox.switches import Switch, Switches
from phuong_sandbox.texts import Text

MOST_BYTES = 1_000_000
MOST_GREYLISTED = 10_000
SHOWN = 200


@dataclass(frozen=True)
class Letter:
    """One mail as it arrived; ``sender`` and ``to`` are those of the envelope."""

    id: int
    received_at: str
    sender: str
    to: tuple[str, ...]
    subject: str
    message_id: str
    headers: tuple[tuple[str, str], ...]
    text: str
    size: int


class Mail(Service):
    """Takes every mail, whoever it is for, and delivers none."""

    code = "mail"
    title = Text("Thư điện tử", "E-mail")
    purpose = Text(
        "Máy chủ SMTP nhận mọi thư và cho xem; không chuyển đi đâu.",
        "An SMTP server that takes every mail and shows it; none goes any further.",
    )

    def __init__(self, port: int) -> None:
        """Listen on ``port`` when started; 0 takes a free one."""
        self.port = port
        self.letters: Kept[Letter] = Kept()
        self.switches = Switches(
            Switch("refuse", Text("Từ chối địa chỉ (550)", "Refuse addresses (550)")),
            Switch("greylist", Text("Lần đầu hẹn gửi lại (451)", "Put off the first time (451)")),
            Switch("slow", Text("Trả lời chậm, giây", "Answer slowly, seconds"), is_seconds=True),
        )
        self._put_off: set[tuple[str, str]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="smtp", daemon=True)

    def start(self) -> dict[str, str]:
        """Open the SMTP port."""
        self._thread.start()
        opened = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(timeout=10)
        self.port = opened.sockets[0].getsockname()[1]
        return {"smtp": f"smtp://{LOOPBACK}:{self.port}"}

    def stop(self) -> None:
        """Close the port with all its connections."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)

    def count(self) -> int:
        """Count the letters kept."""
        return len(self.letters.newest_first())

    def reset(self) -> None:
        """Empty the mailbox."""
        self.letters.clear()
        self.switches.clear()
        self._put_off.clear()

    def routes(self, pages: Blueprint) -> None:
        """Show the list, one letter, and both as JSON."""

        @pages.get("/")
        def page() -> str:
            letters = self._to(request.args.get("to", ""))
            return render_template("mail.html", service=self, letters=letters[:SHOWN], total=len(letters))

        @pages.get("/<int:number>/")
        def letter(number: int) -> str:
            found = self.letters.get(number) or abort(404)
            return render_template("letter.html", service=self, letter=found)

        @pages.get("/messages.json")
        def messages() -> Response:
            letters = self._to(request.args.get("to", ""))
            return jsonify({"count": len(letters), "messages": [asdict(each) for each in letters]})

    def _to(self, address: str) -> list[Letter]:
        wanted = address.strip().lower()
        return [each for each in self.letters.newest_first() if not wanted or wanted in each.to]

    async def _open(self) -> asyncio.Server:
        return await self._loop.create_server(self._protocol, LOOPBACK, self.port)

    def _protocol(self) -> SMTP:
        return SMTP(
            self,
            hostname="phuong-sandbox",
            data_size_limit=MOST_BYTES,
            enable_SMTPUTF8=True,
            loop=self._loop,
            auth_require_tls=False,
            authenticator=_everybody,
        )

    async def handle_RCPT(  # noqa: N802  # the name and the arguments are aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """Take, refuse or put off one address."""
        del server, session, rcpt_options
        await asyncio.sleep(self.switches.seconds("slow"))
        if self.switches.meets("refuse", address):
            return "550 5.1.1 No such mailbox"
        if self.switches.meets("greylist", address) and self._is_new(envelope.mail_from or "", address):
            return "451 4.7.1 Greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep one letter."""
        del server, session
        content = envelope.original_content or b""
        kept = self.letters.add(lambda number: _letter(number, envelope, content))
        return f"250 2.0.0 Kept as {kept.id}"

    def _is_new(self, sender: str, address: str) -> bool:
        pair = (sender, address.lower())
        if pair in self._put_off:
            return False
        if len(self._put_off) >= MOST_GREYLISTED:
            self._put_off.clear()
        self._put_off.add(pair)
        return True


def _everybody(*_facts: Any) -> AuthResult:
    """Let in every name with every password: this server guards nothing."""
    return AuthResult(success=True)


def _letter(number: int, envelope: Envelope, content: bytes) -> Letter:
    message = email.message_from_bytes(content, policy=policy.default)
    headers = tuple((name, str(value)) for name, value in message.items())
    named = {name.lower(): value for name, value in headers}
    return Letter(
        id=number,
        received_at=now(),
        sender=envelope.mail_from or "",
        to=tuple(address.lower() for address in envelope.rcpt_tos),
        subject=named.get("subject", ""),
        message_id=named.get("message-id", ""),
        headers=headers,
        text=_text(message),
        size=len(content),
    )


def _text(message: EmailMessage) -> str:
    """Give the text part; empty when there is none, the raw bytes as text when its charset is unknown."""
    part = message.get_body(preferencelist=("plain",))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except LookupError:
        return bytes(part.get_payload(decode=True) or b"").decode("utf-8", "replace")  # type: ignore[arg-type]
