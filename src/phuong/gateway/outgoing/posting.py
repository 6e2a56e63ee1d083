"""Messages posted to their receivers, many at once: no redirects, no proxies, a limit on time and on the answer."""

import asyncio
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import httpx

from phuong.gateway.errors import BadAddress
from phuong.gateway.outgoing.guard import checked_url, is_open
from phuong.gateway.rules import Trouble, signature_of

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0  # from the name to the end of the answer, however it is dripped
MOST_ANSWER_BYTES = 8192  # what more there is stays unread
IN_HAND = 20
_LENIENT_STATUS = (429, 503)


@dataclass(frozen=True)
class Order:
    """A message to post. ``secrets``: those that sign, the present one first."""

    id: UUID
    url: str
    body: str
    secrets: tuple[bytes, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of posting: nothing wrong, or a trouble; ``wait``: seconds the receiver asked for."""

    id: UUID
    status: int | None = None
    trouble: str = ""
    wait: int = 0

    @property
    def is_taken(self) -> bool:
        """Say whether the receiver has it."""
        return not self.trouble


def post_all(orders: Sequence[Order], *, with_loopback: bool) -> list[Outcome]:
    """Post messages, ``IN_HAND`` at a time; gives what came of each, in order. Never raises for a receiver."""
    return asyncio.run(_post_all(orders, with_loopback=with_loopback))


async def _post_all(orders: Sequence[Order], *, with_loopback: bool) -> list[Outcome]:
    hands = asyncio.Semaphore(IN_HAND)
    # no connection is kept: one that stands open to an address says nothing of the name asked for next
    limits = httpx.Limits(max_connections=IN_HAND, max_keepalive_connections=0)
    timeout = httpx.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS)
    async with httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=timeout, limits=limits) as http:

        async def one(order: Order) -> Outcome:
            async with hands:
                return await _post(http, order, with_loopback=with_loopback)

        return await asyncio.gather(*map(one, orders))


async def _post(http: httpx.AsyncClient, order: Order, *, with_loopback: bool) -> Outcome:
    try:
        async with asyncio.timeout(TOTAL_SECONDS):
            return await _exchange(http, order, with_loopback=with_loopback)
    except (TimeoutError, httpx.TimeoutException):
        return Outcome(order.id, trouble=Trouble.TIMEOUT)
    except BadAddress:
        return Outcome(order.id, trouble=Trouble.ADDRESS)
    except (socket.gaierror, UnicodeError):
        return Outcome(order.id, trouble=Trouble.NAME)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as gone:
        is_tls = isinstance(gone.__cause__ or gone, ssl.SSLError) or "CERTIFICATE" in str(gone)
        return Outcome(order.id, trouble=Trouble.CERTIFICATE if is_tls else Trouble.CONNECTION)


async def _exchange(http: httpx.AsyncClient, order: Order, *, with_loopback: bool) -> Outcome:
    url = httpx.URL(checked_url(order.url, with_loopback=with_loopback))
    address = await _address_of(url, with_loopback=with_loopback)
    now = int(time.time())
    headers = {
        "Host": url.netloc.decode(),
        "Content-Type": "application/json",
        "User-Agent": "Phuong-Webhooks/1",
        "webhook-id": str(order.id),
        "webhook-timestamp": str(now),
        "webhook-signature": signature_of(order.secrets, str(order.id), now, order.body),
    }
    request = http.build_request(
        "POST",
        url.copy_with(host=address),
        headers=headers,
        content=order.body.encode(),
        extensions={"sni_hostname": url.host},
    )
    answer = await http.send(request, stream=True)
    try:
        await _read_a_little(answer)
    finally:
        await answer.aclose()
    return _outcome(order.id, answer)


async def _address_of(url: httpx.URL, *, with_loopback: bool) -> str:
    """Ask for the addresses of a name and give the first.

    :raises BadAddress: one of them is not public
    """
    port = url.port or (443 if url.scheme == "https" else 80)
    found = await asyncio.get_running_loop().getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    if not is_open(addresses, with_loopback=with_loopback):
        raise BadAddress
    return addresses[0]


async def _read_a_little(answer: httpx.Response) -> None:
    size = 0
    async for part in answer.aiter_raw():
        size += len(part)
        if size >= MOST_ANSWER_BYTES:
            return


def _outcome(key: UUID, answer: httpx.Response) -> Outcome:
    status = answer.status_code
    if answer.is_success:
        return Outcome(key, status)
    if status == httpx.codes.GONE:
        return Outcome(key, status, Trouble.GONE)
    asked = answer.headers.get("Retry-After", "") if status in _LENIENT_STATUS else ""
    wait = int(asked) if asked.isdecimal() and asked.isascii() and len(asked) <= 6 else 0
    return Outcome(key, status, Trouble.REDIRECT if answer.is_redirect else Trouble.STATUS, wait)
