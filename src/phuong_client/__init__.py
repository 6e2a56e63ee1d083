"""A small typed client of Phượng's REST v1."""

import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx

RESOURCES = (
    "learners",
    "staff",
    "guardians",
    "guardianships",
    "classes",
    "enrolments",
    "positions",
    "qualifications",
    "schools",
    "organisations",
    "focal-points",
    "buildings",
    "rooms",
    "equipment",
    "programmes",
)
_BUSY, _TRIES = (429, 503), 3
Item = dict[str, Any]


class Problem(Exception):
    """A refusal of the server: ``status``, a stable ``code``, the words for people and further facts."""

    def __init__(self, status: int, facts: Mapping[str, Any]) -> None:
        """Keep what the server said."""
        self.status, self.code = status, str(facts.get("code", ""))
        self.facts = dict(facts)
        super().__init__(f"{status} {self.code}: {facts.get('detail', '')}")


@dataclass(frozen=True)
class Changes:
    """What happened to records since a cursor; ``next`` is where to go on."""

    items: list[Item]
    removed: list[Item]
    key_changes: list[Item]
    next: str


class Resource:
    """Records of one kind."""

    def __init__(self, client: "Client", name: str) -> None:
        """Remember where they are."""
        self._client, self._name = client, name

    def list(self, *, limit: int = 100, of: str | None = None, as_of: str | None = None) -> Iterator[Item]:
        """Give every record, page by page as they are needed."""
        query: dict[str, Any] = {"limit": limit, "of": of, "as_of": as_of}
        while True:
            page = self._client.call("GET", self._name, query=query)
            yield from page["items"]
            if not page["next"]:
                return
            query["after"] = page["next"]

    def get(self, key: str) -> Item:
        """Give one record with its version."""
        return dict(self._client.call("GET", f"{self._name}/{key}"))

    def create(self, values: Mapping[str, Any], *, of: str, reason: str = "", once: str | None = None) -> Item:
        """Make a record that belongs to ``of``; called again with the same ``once`` it is made once."""
        body = {"values": dict(values), "of": of, "reason": reason}
        return dict(self._client.call("POST", self._name, body=body, once=once))

    def change(self, key: str, values: Mapping[str, Any], *, reason: str, version: str = "") -> Item:
        """Change some fields; with a version nobody else's change is written over."""
        body = {"values": dict(values), "reason": reason}
        return dict(self._client.call("PATCH", f"{self._name}/{key}", body=body, version=version))

    def end(self, key: str, *, on: str, reason: str) -> None:
        """End a record from a day on."""
        self._client.call("DELETE", f"{self._name}/{key}", query={"on": on, "reason": reason})

    def changes(self, *, after: str = "", limit: int = 100) -> Changes:
        """Give what changed after a cursor, in order."""
        return Changes(**self._client.call("GET", self._name, query={"changes_after": after, "limit": limit}))


class Client:
    """A connection with one key; ``client.learners``, ``client.schools`` and so on are its resources."""

    def __init__(self, base_url: str, key: str, *, transport: httpx.BaseTransport | None = None) -> None:
        """Open a connection that is kept alive."""
        headers = {"Authorization": f"Bearer {key}"}
        self._http = httpx.Client(base_url=base_url, headers=headers, transport=transport, timeout=30)

    def __getattr__(self, name: str) -> Resource:
        """Give a resource by its name."""
        if name.replace("_", "-") not in RESOURCES:
            raise AttributeError(name)
        return Resource(self, name.replace("_", "-"))

    def __enter__(self) -> Self:
        """Stay open for a block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
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
        """Make one call; writes carry a key of their own, so that a lost answer can be asked for again.

        :raises Problem: the server refuses
        """
        headers = {} if method == "GET" else {"Idempotency-Key": once or str(uuid.uuid4())}
        if version:
            headers["If-Match"] = f'"{version}"'
        asked = {key: value for key, value in (query or {}).items() if value is not None}
        for attempt in range(1, _TRIES + 1):
            answer = self._http.request(method, address, params=asked, json=body, headers=headers)
            if answer.status_code not in _BUSY or attempt == _TRIES:
                break
            time.sleep(min(int(answer.headers.get("Retry-After", "1")), 60))
        if answer.is_success:
            return answer.json() if answer.content else None
        is_problem = "json" in answer.headers.get("Content-Type", "")
        raise Problem(answer.status_code, answer.json() if is_problem else {"detail": answer.text[:200]})
