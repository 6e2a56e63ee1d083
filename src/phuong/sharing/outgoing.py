"""Speaking to a partner: a delivery is announced, brought batch by batch, closed; then its totals are asked for.

The real interfaces are not public: this one is assumed, and played by the sandbox. Whoever gets them changes this
module and the sandbox alone.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
from django.conf import settings

from phuong.kernel.calls import NotNow, SignedCalls, words_of
from phuong.kernel.keys import uuid7
from phuong.sharing.declarations import Contract, DataService
from phuong.sharing.models import Delivery
from phuong.sharing.rules import Total


class NeverTaken(Exception):
    """The partner refuses this for good: a row is not as agreed, or the contract is another."""


class NotKnown(Exception):
    """The partner does not know the delivery any more."""


class Office:
    """A connection to the partner of one service, for one job.

    :raises OSError: a certificate or key cannot be read
    :raises ValueError: it is not of the kind that is needed
    """

    def __init__(self, about: DataService) -> None:
        """Read the certificates; nothing is sent yet."""
        told = settings.PHUONG_SHARING
        office = about.partner.code
        self._calls = SignedCalls({**told["offices"][office], "timeout": told["timeout"]})
        self._below = f"/v1/{office}/{about.code.partition('.')[2]}"

    def close(self) -> None:
        """Hang up."""
        self._calls.close()

    def announce(self, delivery: Delivery, contract: Contract, basis: str) -> None:
        """Say what is coming, why, by which law and contract; said twice under one id it is one.

        :raises NotNow: it may or may not have arrived
        :raises NeverTaken: it is refused
        """
        told = {
            "id": str(delivery.pk),
            "kind": delivery.kind,
            "why": delivery.why,
            "basis": basis,
            "contract": {"version": contract.version, "schema": contract.schema},
            "window": {"since": delivery.since, "until": delivery.until, "day": delivery.day.isoformat()},
            "units": delivery.units,
        }
        self._told("POST", "/deliveries", told)

    def bring(self, delivery_id: UUID, number: int, batch_id: UUID, body: bytes) -> None:
        """Bring a batch; brought twice under its id it is one.

        :raises NotNow: it may or may not have arrived
        :raises NeverTaken: it is refused
        :raises NotKnown: the delivery must be announced and brought anew
        """
        path = f"{self._below}/deliveries/{delivery_id}/batches/{number}"
        self._checked(self._calls.call("PUT", path, str(batch_id), body), str(batch_id))

    def end(self, delivery: Delivery) -> None:
        """Say that everything was brought.

        :raises NotNow: it may or may not have arrived
        :raises NeverTaken: the partner lacks batches or rows
        :raises NotKnown: the delivery must be announced and brought anew
        """
        told = {
            "batches": delivery.batches_made,
            "rows": delivery.rows,
            "removed": delivery.removed,
            "digest": delivery.digest,
        }
        self._told("POST", f"/deliveries/{delivery.pk}/close", told)

    def totals(self, commune: str | None = None) -> dict[str, Total]:
        """Ask what the partner holds, by commune; by unit within one commune when asked.

        :raises NotNow: nobody can say now
        """
        query = "" if commune is None else f"?commune={quote(commune)}"
        told = self._told("GET", f"/totals{query}").get("totals")
        try:
            return {place: Total(int(rows), int(digest, 16)) for place, (rows, digest) in dict(told or {}).items()}
        except (TypeError, ValueError) as error:
            raise NotNow("totals not as agreed") from error

    def _told(self, method: str, path: str, told: Mapping[str, Any] | None = None) -> dict[str, Any]:
        request_id = str(uuid7())
        body = json.dumps(told, ensure_ascii=False).encode() if told is not None else b""
        return self._checked(self._calls.call(method, self._below + path, request_id, body), request_id)

    def _checked(self, answer: httpx.Response, request_id: str) -> dict[str, Any]:
        told = self._calls.trusted(answer, request_id)
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise NotKnown(words_of(answer))
        if not answer.is_success:
            raise NeverTaken(" ".join(part for part in (words_of(answer), str(told.get("key", ""))) if part))
        return told
