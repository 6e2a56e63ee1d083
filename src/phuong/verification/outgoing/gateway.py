"""The gateway of the city (LGSP) in front of the population database: HTTPS with our certificate, requests signed."""

import datetime as dt
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from django.conf import settings

from phuong.kernel.keys import uuid7
from phuong.verification.outgoing.signing import (
    DIGEST,
    REQUEST_ID,
    SIGNATURE,
    SIGNED_AT,
    BadSignature,
    digest_of,
    private_key,
    public_key,
    sign,
    verify,
)

PATH = "/v1/checks"
MOST_WORDS = 200
MOST_WAIT = 86_400.0
_LATER = (408, 425, 429, 500, 502, 503, 504)
_OURS = (401, 403)  # our certificate or signature: no request can pass


@dataclass(frozen=True)
class Taken:
    """The gateway has taken a request; its results are asked for by the ticket."""

    ticket: str


@dataclass(frozen=True)
class Told:
    """What the gateway knows by now: ``results`` in its own words, ``is_done`` when nothing more is to come."""

    is_done: bool
    results: list[Mapping[str, Any]]


class NotNow(Exception):
    """An outage, a quota, an answer that cannot be trusted: try again. ``wait``: the seconds the gateway asked for."""

    def __init__(self, words: str, wait: float = 0, *, is_ours: bool = False) -> None:
        """Keep the words; ``is_ours``: no request of ours can pass until somebody mends certificate or key."""
        super().__init__(words[:MOST_WORDS])
        self.wait, self.is_ours = min(wait, MOST_WAIT), is_ours


class NeverTaken(Exception):
    """The gateway refuses this very request for good."""


class TicketGone(Exception):
    """The gateway does not know a ticket any more: the request must be sent again, under its own id."""


class Gateway:
    """A connection, for one job.

    :raises OSError: a certificate or key cannot be read
    :raises ValueError: it is not of the kind that is needed
    """

    def __init__(self) -> None:
        """Read the certificates; nothing is sent yet."""
        told = settings.PHUONG_LGSP
        context = ssl.create_default_context(cafile=told["ca"])
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(told["cert"], told["key"])
        self._key, self._theirs = private_key(told["key"]), public_key(told["answers"])
        self._http = httpx.Client(
            base_url=told["url"], verify=context, timeout=told["timeout"], follow_redirects=False, trust_env=False
        )

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def send(self, request_id: str, body: bytes) -> Taken:
        """Send a request; sent twice under one id it is one.

        :raises NotNow: it may or may not have arrived
        :raises NeverTaken: it did not arrive and never will
        """
        answer = self._call("POST", PATH, request_id, body)
        if answer.status_code != httpx.codes.ACCEPTED:
            raise NeverTaken(_words(answer))
        ticket = self._trusted(answer, request_id).get("ticket")
        if not isinstance(ticket, str) or not ticket:
            raise NotNow("202 without a ticket")
        return Taken(ticket)

    def ask(self, ticket: str) -> Told:
        """Ask for the results of a request.

        :raises NotNow: nobody can say yet
        :raises TicketGone: nobody knows of it
        """
        request_id = str(uuid7())
        answer = self._call("GET", f"{PATH}/{ticket}", request_id)
        told = self._trusted(answer, request_id)
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise TicketGone(_words(answer))
        results = told.get("results")
        if answer.status_code != httpx.codes.OK or not isinstance(results, list):
            raise NotNow(_words(answer))
        return Told(told.get("state") == "done", results)

    def _call(self, method: str, path: str, request_id: str, body: bytes = b"") -> httpx.Response:
        at, digest = f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}", digest_of(body)
        headers = {
            REQUEST_ID: request_id,
            SIGNED_AT: at,
            DIGEST: digest,
            SIGNATURE: sign((method, path, request_id, at, digest), self._key),
            "Content-Type": "application/json",
        }
        try:
            answer = self._http.request(method, path, content=body, headers=headers)
        except httpx.HTTPError as gone:
            raise NotNow(f"{type(gone).__name__} {gone}".strip()) from gone
        if answer.status_code in _LATER or answer.status_code in _OURS:
            raise NotNow(_words(answer), _wait(answer), is_ours=answer.status_code in _OURS)
        return answer

    def _trusted(self, answer: httpx.Response, request_id: str) -> dict[str, Any]:
        try:
            verify(answer.status_code, answer.headers, answer.content, request_id=request_id, key=self._theirs)
            told = json.loads(answer.content)
        except BadSignature as error:
            raise NotNow(f"{answer.status_code} with a bad signature ({error})") from error
        except ValueError as error:
            raise NotNow(f"{answer.status_code} without JSON") from error
        return told if isinstance(told, dict) else {}


def _wait(answer: httpx.Response) -> float:
    asked = answer.headers.get("Retry-After", "")
    return float(asked) if asked.isdigit() else 0.0


def _words(answer: httpx.Response) -> str:
    try:
        told = answer.json()
    except ValueError:
        told = {}
    detail = told.get("error", "") if isinstance(told, dict) else ""
    return f"{answer.status_code} {detail}".strip()[:MOST_WORDS]
