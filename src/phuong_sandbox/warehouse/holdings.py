"""What an office holds of one data service: rows by key, deliveries by id, each batch once."""

import hashlib
import json
from collections import Counter, OrderedDict
from dataclasses import asdict, dataclass, field
from threading import RLock
from typing import Any

from phuong_sandbox.kept import now
from phuong_sandbox.warehouse.contracts import Contract

MOST_DELIVERIES = 500
MOST_TEXTS = 20_000  # rows kept whole, to be looked at; of more than these only the digest is kept
DIGEST_HEX = 15  # digits of a row's MD5 that are added up
MODULUS = 16**DIGEST_HEX


class Refused(Exception):
    """Something is not taken. ``status`` of the answer, ``facts`` in it."""

    def __init__(self, status: int, **facts: Any) -> None:
        """Keep what is answered."""
        super().__init__(str(facts))
        self.status, self.facts = status, facts


@dataclass
class Row:
    """One row: where it is counted, what it says in short, which delivery brought it last."""

    commune: str
    unit: str
    digest: int
    delivery: str
    text: str = ""


@dataclass
class Delivery:
    """What was announced, and which of its batches came: number, id, digest of the body."""

    id: str
    kind: str
    why: str
    basis: str
    version: int
    units: list[str]
    at: str
    batches: dict[int, tuple[str, str]] = field(default_factory=dict)
    rows: int = 0
    removed: int = 0
    state: str = "open"


class Holding:
    """One data service at one office."""

    def __init__(self) -> None:
        """Start empty."""
        self.contracts: dict[int, Contract] = {}
        self.rows: dict[str, Row] = {}
        self.deliveries: OrderedDict[str, Delivery] = OrderedDict()
        self.again = self.twice = self.refused = 0
        self._lock = RLock()

    def open(self, told: dict[str, Any]) -> tuple[Delivery, bool]:
        """Take an announcement; gives the delivery, and whether it was known.

        :raises Refused: another schema came under a version that is known
        :raises ValueError: it is not understood
        """
        version = int(told["contract"]["version"])
        contract = Contract(told["contract"]["schema"])
        with self._lock:
            if self.contracts.setdefault(version, contract).written != contract.written:
                raise Refused(409, error="contract_changed")
            found = self.deliveries.get(str(told["id"]))
            if found is not None:
                self.again += 1
                return found, True
            key, kind, why, basis = (str(told[name]) for name in ("id", "kind", "why", "basis"))
            units = [str(each) for each in told.get("units", [])]
            made = Delivery(key, kind, why, basis, version, units, now())
            if made.kind not in ("full", "changes", "mend") or not made.basis:
                raise ValueError("kind or basis")
            self.deliveries[made.id] = made
            while len(self.deliveries) > MOST_DELIVERIES:
                self.deliveries.popitem(last=False)
            return made, False

    def take(self, delivery_id: str, number: int, batch_id: str, digest: str, body: bytes) -> tuple[int, bool]:
        """Take a batch, once; gives its rows, and whether it was known.

        :raises Refused: no such delivery, another batch under its number or id, or a row is not as agreed
        :raises ValueError: it is not understood
        """
        told = json.loads(body)
        rows, removed = told["rows"], told["removed"]
        with self._lock:
            delivery = self.delivery(delivery_id)
            known = delivery.batches.get(number)
            if known is not None:
                if known == (batch_id, digest):
                    self.again += 1
                    return len(rows), True
                self.twice += 1
                raise Refused(409, error="other_body")
            fresh = self._checked(self.contracts[delivery.version], delivery, rows)
            for key, row in fresh.items():
                if len(self.rows) >= MOST_TEXTS:
                    row.text = ""
                self.rows[key] = row
            for key in removed:
                self.rows.pop(key, None)
            delivery.batches[number] = (batch_id, digest)
            delivery.rows += len(rows)
            delivery.removed += len(removed)
            return len(rows), False

    def _checked(self, contract: Contract, delivery: Delivery, rows: list[Any]) -> dict[str, Row]:
        fresh = {}
        write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        for place, row in enumerate(rows):
            if fault := contract.fault_of(row):
                self.refused += 1
                raise Refused(422, error=f"row {place + 1}: {fault}", key=str(dict(row).get("id", "")))
            text = write(row)
            short = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:DIGEST_HEX]
            fresh[row["id"]] = Row(row["commune_code"], row["unit_code"], int(short, 16), delivery.id, text)
        return fresh

    def close(self, delivery_id: str, batches: int, rows: int) -> int:
        """End a delivery; what it was to replace and did not bring is gone. Gives the rows held.

        :raises Refused: batches lack, or the rows are not as many as announced
        """
        with self._lock:
            delivery = self.delivery(delivery_id)
            missing = [number for number in range(1, batches + 1) if number not in delivery.batches]
            if missing or delivery.rows != rows:
                raise Refused(409, error="incomplete", missing=missing[:100])
            if delivery.state == "open" and delivery.kind != "changes":
                units = set(delivery.units)
                gone = [
                    key
                    for key, row in self.rows.items()
                    if row.delivery != delivery.id and (delivery.kind == "full" or row.unit in units)
                ]
                for key in gone:
                    del self.rows[key]
            delivery.state = "closed"
            return len(self.rows)

    def delivery(self, delivery_id: str) -> Delivery:
        """Find a delivery.

        :raises Refused: nobody announced it
        """
        found = self.deliveries.get(delivery_id)
        if found is None:
            raise Refused(404, error="no_such_delivery")
        return found

    def totals(self, commune: str | None) -> dict[str, list[Any]]:
        """Count rows and add up their digests, by commune; by unit within one commune when asked."""
        counted: Counter[str] = Counter()
        summed: Counter[str] = Counter()
        with self._lock:
            for row in self.rows.values():
                if commune is None or row.commune == commune:
                    place = row.commune if commune is None else row.unit
                    counted[place] += 1
                    summed[place] += row.digest
        return {place: [count, f"{summed[place] % MODULUS:x}"] for place, count in counted.items()}

    def lose(self, unit: str) -> int:
        """Lose the rows of a unit, of all when empty; gives how many."""
        with self._lock:
            gone = [key for key, row in self.rows.items() if not unit or row.unit == unit]
            for key in gone:
                del self.rows[key]
        return len(gone)

    def told(self) -> dict[str, Any]:
        """Give what the page and the tests see of it."""
        deliveries = [
            {**asdict(each), "batches": len(each.batches), "ids": sorted(each.batches)}
            for each in reversed(self.deliveries.values())
        ]
        return {
            "rows": len(self.rows),
            "versions": sorted(self.contracts),
            "again": self.again,
            "twice": self.twice,
            "refused": self.refused,
            "deliveries": deliveries[:50],
        }
