"""One call over HTTP: the key, a busy server waited for, a lost answer asked for again, a refusal raised."""

import time
import uuid
from collections.abc import Mapping
from typing import Any

import httpx

BUSY = (429, 502, 503, 504)
MOST_WAIT_SECONDS = 60.0


class Problem(Exception):
    """A refusal of the server: ``status``, a stable ``code``, the words for people and further facts."""

    def __init__(self, status: int, facts: Mapping[str, Any]) -> None:
        """Keep what the server said."""
        self.status, self.code = status, str(facts.get("code", ""))
        self.facts = dict(facts)
        super().__init__(f"{status} {self.code}: {facts.get('detail', '')}")


class Calls:
    """A connection that is kept alive."""

    def __init__(
        self, base_url: str, key: str, *, transport: httpx.BaseTransport | None, tries: int, timeout: float
    ) -> None:
        """Open it; a call is tried ``tries`` times, ``timeout`` seconds each."""
        headers = {"Authorization": f"Bearer {key}", "Accept": "application/json"}
        self._http = httpx.Client(base_url=base_url, headers=headers, transport=transport, timeout=timeout)
        self._tries = tries

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def call(
        self,
        method: str,
        address: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        once: str | None = None,
        version: str = "",
    ) -> Any:
        """Make one call; writes carry a key of their own, so that trying again never writes twice.

        :raises Problem: the server refuses
        :raises httpx.TransportError: it cannot be reached, however often tried
        """
        headers = {} if method == "GET" else {"Idempotency-Key": once or str(uuid.uuid4())}
        if version:
            headers["If-Match"] = f'"{version}"'
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        answer = self._tried(method, address, params=asked, json=body, headers=headers)
        if answer.is_success:
            return answer.json() if answer.content else None
        is_problem = "json" in answer.headers.get("Content-Type", "")
        raise Problem(answer.status_code, answer.json() if is_problem else {"detail": answer.text[:200]})

    def _tried(self, method: str, address: str, **options: Any) -> httpx.Response:
        for attempt in range(1, self._tries + 1):
            is_last = attempt == self._tries
            try:
                answer = self._http.request(method, address, **options)
            except httpx.TransportError:
                if is_last:
                    raise
                time.sleep(0.5 * attempt)
                continue
            if answer.status_code not in BUSY or is_last:
                return answer
            time.sleep(_wait_of(answer, attempt))
        raise ValueError("at least one try")


def _wait_of(answer: httpx.Response, attempt: int) -> float:
    told = answer.headers.get("Retry-After", "")
    return min(float(told) if told.isdecimal() else 0.5 * attempt, MOST_WAIT_SECONDS)
