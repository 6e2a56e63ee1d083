"""The gateway of the city (LGSP) in front of the population database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from django.conf import settings

from phuong.kernel.calls import NotNow, SignedCalls, words_of
from phuong.kernel.keys import uuid7

PATH = "/v1/checks"


@dataclass(frozen=True)
class Taken:
    """The gateway has taken a request; its results are asked for by the ticket."""

    ticket: str


@dataclass(frozen=True)
class Told:
    """What the gateway knows by now: ``results`` in its own words, ``is_done`` when nothing more is to come."""

    is_done: bool
    results: list[Mapping[str, Any]]


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
        self._calls = SignedCalls(settings.PHUONG_LGSP)

    def close(self) -> None:
        """Hang up."""
        self._calls.close()

    def send(self, request_id: str, body: bytes) -> Taken:
        """Send a request; sent twice under one id it is one.

        :raises NotNow: it may or may not have arrived
        :raises NeverTaken: it did not arrive and never will
        """
        answer = self._calls.call("POST", PATH, request_id, body)
        if answer.status_code != httpx.codes.ACCEPTED:
            raise NeverTaken(words_of(answer))
        ticket = self._calls.trusted(answer, request_id).get("ticket")
        if not isinstance(ticket, str) or not ticket:
            raise NotNow("202 without a ticket")
        return Taken(ticket)

    def ask(self, ticket: str) -> Told:
        """Ask for the results of a request.

        :raises NotNow: nobody can say yet
        :raises TicketGone: nobody knows of it
        """
        request_id = str(uuid7())
        answer = self._calls.call("GET", f"{PATH}/{ticket}", request_id)
        told = self._calls.trusted(answer, request_id)
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise TicketGone(words_of(answer))
        results = told.get("results")
        if answer.status_code != httpx.codes.OK or not isinstance(results, list):
            raise NotNow(words_of(answer))
        return Told(told.get("state") == "done", results)
