"""The site at hand, served as production serves it, and eight clients that ask it over HTTP."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

from phuong.config.benches.figures import p95_of

CLIENTS = 8
REQUESTS_PER_CLIENT = 25
WARM_UP = 2
PASSWORD = "phuong-demo-2026"  # noqa: S105 - of a demo
PATIENCE_SECONDS = 90
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)\r\n", re.IGNORECASE)
T = TypeVar("T")
R = TypeVar("R")


class Unexpected(OSError):
    """The site answered otherwise than a benchmark counts on."""


@dataclass(frozen=True)
class Answer:
    """What the site said, and after how many seconds."""

    status: int
    head: bytes
    content: bytes
    seconds: float

    @property
    def body(self) -> str:
        """Give the page."""
        return self.content.decode()

    def header(self, name: str) -> list[str]:
        """Give the values of a header, one a line."""
        lines = (line.partition(": ") for line in self.head.decode("latin-1").split("\r\n"))
        return [value for key, _sign, value in lines if key.lower() == name.lower()]

    @property
    def cookies(self) -> dict[str, str]:
        """Give the cookies that the answer sets."""
        lines = [line.split(";")[0].partition("=") for line in self.header("Set-Cookie")]
        return {name: value for name, _sign, value in lines}


class Client:
    """One kept-alive connection to the site; lean, because it takes its time from the same two cores as the site."""

    def __init__(self, port: int) -> None:
        """Open the connection."""
        self._host = f"127.0.0.1:{port}"
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> "Client":
        """Give the open connection."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Hang up."""
        self._socket.close()

    def ask(
        self,
        address: str,
        headers: Mapping[str, str] | None = None,
        *,
        sent: Mapping[str, str] | bytes | None = None,
        status: int = 200,
    ) -> Answer:
        """Ask for an address, or send a form, or JSON as it stands, to it.

        :raises Unexpected: the answer has another status
        """
        lines = [f"{'GET' if sent is None else 'POST'} {address} HTTP/1.1", f"Host: {self._host}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        body = sent if isinstance(sent, bytes) else urlencode(sent or {}, quote_via=quote).encode()
        if sent is not None:
            kind = "application/json" if isinstance(sent, bytes) else "application/x-www-form-urlencoded"
            lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        started = time.perf_counter()
        self._socket.sendall("\r\n".join((*lines, "", "")).encode("latin-1") + body)
        head, content = self._received()
        answer = Answer(int(head[9:12]), head, content, time.perf_counter() - started)
        if answer.status != status:
            raise Unexpected(f"{address}: {answer.status}")
        return answer

    def _received(self) -> tuple[bytes, bytes]:
        """Read one answer: head and content; every page of the house says how long it is.

        :raises Unexpected: the site hung up, or did not say
        """
        read = b""
        while (end := read.find(b"\r\n\r\n")) < 0:
            read += self._more()
        length = _LENGTH.search(read, 0, end + 2)
        if length is None:
            raise Unexpected(read[:end].decode("latin-1"))
        content = [read[end + 4 :]]
        missing = int(length.group(1)) - len(content[0])
        while missing > 0:
            content.append(self._more())
            missing -= len(content[-1])
        return read[:end], b"".join(content)

    def _more(self) -> bytes:
        part = self._socket.recv(65536)
        if not part:
            raise Unexpected("the site hung up")
        return part


@dataclass(frozen=True)
class Load(Generic[R]):
    """What eight clients met: one entry an act, warming up left out."""

    seconds: list[float]
    results: list[R]
    elapsed: float  # seconds from the first act to the end of the last

    @property
    def p95(self) -> float:
        """Give the 95th percentile of an act in seconds."""
        return p95_of(self.seconds)

    @property
    def per_second(self) -> float:
        """Give how many acts were done in a second by all clients together."""
        return len(self.seconds) / self.elapsed


def under_load(port: int, act: Callable[[Client, T], R], work: Sequence[T], clients: int = CLIENTS) -> Load[R]:
    """Share ``work`` out to so many clients, which act at once; the first two acts of each only warm up.

    :raises Exception: the first one that an act raised
    """
    seconds: list[float] = []
    results: list[R] = []
    wrong: list[Exception] = []
    ready = threading.Barrier(clients + 1, timeout=PATIENCE_SECONDS * 4)

    def run(own: Sequence[T]) -> None:
        try:
            with Client(port) as client:
                for item in own[:WARM_UP]:
                    act(client, item)
                ready.wait()
                for item in own[WARM_UP:]:
                    started = time.perf_counter()
                    result = act(client, item)
                    seconds.append(time.perf_counter() - started)
                    results.append(result)
        except Exception as error:  # noqa: BLE001 - told by the thread that asked
            wrong.append(error)
            ready.abort()

    threads = [threading.Thread(target=run, args=(work[start::clients],)) for start in range(clients)]
    for thread in threads:
        thread.start()
    started = _all_ready(ready)
    for thread in threads:
        thread.join()
    if wrong:
        raise next((error for error in wrong if not isinstance(error, threading.BrokenBarrierError)), wrong[0])
    return Load(seconds, results, time.perf_counter() - started)


def _all_ready(ready: threading.Barrier) -> float:
    with suppress(threading.BrokenBarrierError):  # a client could not even warm up; it told why
        ready.wait()
    return time.perf_counter()


def asked(port: int, address: str, headers: Mapping[str, str] | None = None, *, each: int = 0) -> Load[Any]:
    """Ask for one address ``each`` times (25) at each of eight clients."""
    times = (each or REQUESTS_PER_CLIENT) + WARM_UP
    return under_load(port, lambda client, _place: client.ask(address, headers).status, range(times * CLIENTS))


@contextmanager
def served() -> Iterator[int]:
    """Serve the site at hand as ``phuong serve`` does, without the worker; gives the port.

    Second factors are only offered: the accounts of a benchmark have a password and nothing else.
    """
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "phuong.config.cli", "serve", "--port", str(port), "--no-jobs"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PHUONG_MFA": "offered"},
    )
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    """Wait until the site answers."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with Client(port) as client:
                client.ask("/healthz")
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)
        else:
            return


def sign_in(port: int, name: str) -> dict[str, str]:
    """Sign in by name and the password of the demo; gives the header that carries the session.

    :raises Unexpected: the site refused it
    """
    with Client(port) as client:
        page = client.ask("/dang-nhap/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
        fields = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token.group(1) if token else ""}
        answer = client.ask("/dang-nhap/", _cookies(page.cookies), sent=fields, status=302)
    return _cookies({**page.cookies, **answer.cookies})


def _cookies(kept: Mapping[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in kept.items())}
