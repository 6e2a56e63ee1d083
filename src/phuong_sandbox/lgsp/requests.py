"""What the gateway was asked: each request once by its id, each person's facts counted, quotas."""

import datetime as dt
import hashlib
import json
import time
import zlib
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Any

from phuong_sandbox.kept import now
from phuong_sandbox.lgsp.population import FIELDS, Citizen

MOST_REQUESTS = 20_000
MOST_SEEN = 3_000_000
MOST_PERSONS = 1000  # in one request
_DAY_SECONDS = 86_400


@dataclass
class Request:
    """One request as it was taken; ``again``: how often the same one came once more, which changes nothing."""

    id: str
    ticket: str
    received_at: str
    digest: str
    persons: int
    content: bytes  # what was sent, compressed
    at: float
    again: int = 0
    asked: int = 0
    done: bool = False

    def people(self) -> Iterator[tuple[str, Citizen]]:
        """Give the persons asked about, each with the reference of the asker."""
        for row in json.loads(zlib.decompress(self.content))["persons"]:
            yield row["ref"], Citizen(*(row[name] for name in FIELDS))

    def told(self) -> dict[str, Any]:
        """Give what the page and the tests see of it."""
        hidden = ("content", "at", "digest")
        return {name: value for name, value in self.__dict__.items() if name not in hidden}


class Requests:
    """Every request the gateway took, the newest 20,000, and how many distinct facts were asked in all."""

    def __init__(self) -> None:
        """Start with none."""
        self._by_id: OrderedDict[str, Request] = OrderedDict()
        self._by_ticket: dict[str, Request] = {}
        self._seen: set[bytes] = set()
        self._minute: deque[float] = deque()
        self._today: tuple[dt.date, int] = (dt.date.min, 0)
        self.persons = self.twice = self.again = 0
        self.age = 0  # grows each time everything is forgotten
        self._lock = Lock()

    def known(self, request_id: str, digest: str) -> Request | None:
        """Find a request that came before, and count that it came again.

        :raises ValueError: another body came under this id
        """
        with self._lock:
            found = self._by_id.get(request_id)
            if found is not None:
                if found.digest != digest:
                    raise ValueError(request_id)
                found.again += 1
                self.again += 1
            return found

    def wait_for(self, persons: int, *, per_minute: int, per_day: int) -> int:
        """Give the seconds after which a new request may come; 0: now. A limit of 0 is none."""
        moment, day = time.monotonic(), dt.datetime.now(dt.UTC)
        with self._lock:
            while self._minute and moment - self._minute[0] >= 60:
                self._minute.popleft()
            taken = self._today[1] if self._today[0] == day.date() else 0
            if per_day and taken + persons > per_day:
                return _DAY_SECONDS - (day.hour * 3600 + day.minute * 60 + day.second)
            if per_minute and len(self._minute) >= per_minute:
                return max(1, int(61 - (moment - self._minute[0])))
        return 0

    def take(self, request_id: str, digest: str, body: bytes, rows: list[dict[str, Any]]) -> Request:
        """Keep a new request; one that two connections bring at once is kept once."""
        ticket = hashlib.sha256(f"ticket {request_id}".encode()).hexdigest()[:24]
        made = Request(request_id, ticket, now(), digest, len(rows), zlib.compress(body, 1), time.monotonic())
        facts = [hashlib.blake2b("\x1f".join(row[name] for name in FIELDS).encode(), digest_size=12) for row in rows]
        with self._lock:
            if request_id in self._by_id:
                self.again += 1
                return self._by_id[request_id]
            self._by_id[request_id] = self._by_ticket[ticket] = made
            while len(self._by_id) > MOST_REQUESTS:
                self._by_ticket.pop(self._by_id.popitem(last=False)[1].ticket, None)
            self.persons += len(rows)
            for each in facts:
                digest_of_facts = each.digest()
                if digest_of_facts in self._seen:
                    self.twice += 1
                elif len(self._seen) < MOST_SEEN:
                    self._seen.add(digest_of_facts)
            self._minute.append(time.monotonic())
            today = dt.datetime.now(dt.UTC).date()
            self._today = (today, len(rows) + (self._today[1] if self._today[0] == today else 0))
        return made

    def of_ticket(self, ticket: str) -> Request | None:
        """Find the request of a ticket."""
        return self._by_ticket.get(ticket)

    def lose(self) -> int:
        """Forget every ticket that is not answered yet, as a gateway does that breaks down; gives how many."""
        with self._lock:
            lost = [each for each in self._by_id.values() if not each.done]
            for each in lost:
                self._by_id.pop(each.id, None)
                self._by_ticket.pop(each.ticket, None)
        return len(lost)

    def newest_first(self) -> list[Request]:
        """List the requests kept."""
        with self._lock:
            return list(reversed(self._by_id.values()))

    def totals(self) -> dict[str, int]:
        """Count requests, persons in them, distinct facts, facts that came twice, requests that came again."""
        return {
            "requests": len(self._by_id),
            "persons": self.persons,
            "distinct": len(self._seen),
            "twice": self.twice,
            "again": self.again,
        }

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            for each in (self._by_id, self._by_ticket, self._seen, self._minute):
                each.clear()
            self.persons = self.twice = self.again = 0
            self.age += 1
            self._today = (dt.date.min, 0)


def persons_of(body: bytes) -> list[dict[str, Any]]:
    """Read the persons of a request.

    :raises ValueError: it is no list of 1 to 1,000 persons, each with a reference of its own and four facts
    """
    told = json.loads(body)
    rows = told.get("persons") if isinstance(told, dict) else None
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_PERSONS:
        raise ValueError("persons")
    wanted = ("ref", *FIELDS)
    for row in rows:
        if not isinstance(row, dict) or any(not isinstance(row.get(name), str) or not row[name] for name in wanted):
            raise ValueError("person")
        if len(row["number"]) != 12 or not row["number"].isdigit():
            raise ValueError("number")
    if len({row["ref"] for row in rows}) != len(rows):
        raise ValueError("ref")
    return rows
