"""The catalogue: partners, data services and their contracts, as they stand in ``catalog/``."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from phuong.kernel.codelists import read_yaml
from phuong.kernel.language import is_english

CATALOG = Path(__file__).parent / "catalog"
SCHEMAS = CATALOG / "schemas"


@dataclass(frozen=True)
class Partner:
    """Somebody who takes data. ``through``: the platform the data goes over."""

    code: str
    names: tuple[str, str]
    through: str
    is_city: bool = False
    is_national: bool = False

    @property
    def title(self) -> str:
        """Name the partner in the reader's language."""
        return self.names[is_english()]


@dataclass(frozen=True)
class Basis:
    """A document of law that asks for a service, with what of it is not certain."""

    document: str
    article: str
    source: str
    doubt: str

    def __str__(self) -> str:
        """Write it as it is recorded with a delivery."""
        return ", ".join(part for part in (self.document, self.article) if part)


@dataclass(frozen=True)
class Field:
    """A field of a row, as the contract shows it."""

    name: str
    names: tuple[str, str]
    types: tuple[str, ...]
    rule: Mapping[str, Any]

    @property
    def title(self) -> str:
        """Name the field in the reader's language."""
        return self.names[is_english()]

    @property
    def may_lack(self) -> bool:
        """Say whether the field may be empty."""
        return "null" in self.types


@dataclass(frozen=True)
class Contract:
    """What a row looks like: a JSON Schema, whose fields stand in the order in which they are sent."""

    name: str
    version: int
    schema: Mapping[str, Any]

    @property
    def fields(self) -> list[Field]:
        """List the fields in order."""
        return [_field(name, rule) for name, rule in self.schema["properties"].items()]

    @property
    def digest(self) -> str:
        """Give the SHA-256 of what a row must look like: another one must be another version."""
        told = {name: self.schema[name] for name in ("properties", "required")}
        return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True)
class DataService:
    """One data service of the catalogue; ``carried_by``: the app that sends it, where it is not this one."""

    code: str
    names: tuple[str, str]
    partner: Partner
    direction: str
    bases: tuple[Basis, ...]
    every_days: int
    grace_days: int
    records: str
    contract: Contract | None
    carried_by: str = ""

    @property
    def title(self) -> str:
        """Name the service in the reader's language."""
        return self.names[is_english()]

    @property
    def basis(self) -> str:
        """Write the legal basis in one line."""
        return "; ".join(str(each) for each in self.bases)


@cache
def data_services() -> Mapping[str, DataService]:
    """Read the catalogue; services by code, in order."""
    told = read_yaml(CATALOG / "services.yaml")
    partners = {each["code"]: _partner(each) for each in told["partners"]}
    bases = {name: tuple(_basis(each) for each in rows) for name, rows in told["bases"].items()}
    return {each["code"]: _service(each, partners, bases) for each in told["services"]}


@cache
def contract_named(name: str) -> Contract:
    """Read a contract, such as ``schools@1``."""
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    return Contract(name, int(name.rpartition("@")[2]), schema)


def _service(told: Mapping[str, Any], partners: Mapping[str, Partner], bases: Mapping[str, Any]) -> DataService:
    return DataService(
        code=told["code"],
        names=(told["title"], told["title_en"]),
        partner=partners[told["partner"]],
        direction=told["direction"],
        bases=tuple(basis for name in told["bases"] for basis in bases[name]),
        every_days=told["every_days"],
        grace_days=told["grace_days"],
        records=told.get("records", ""),
        contract=contract_named(told["contract"]) if "contract" in told else None,
        carried_by=told.get("carried_by", ""),
    )


def _partner(told: Mapping[str, Any]) -> Partner:
    is_city, is_national = bool(told.get("is_city")), bool(told.get("is_national"))
    return Partner(told["code"], (told["title"], told["title_en"]), told["through"], is_city, is_national)


def _basis(told: Mapping[str, Any]) -> Basis:
    return Basis(told["document"], told["article"] or "", told["source"], told["doubt"] or "")


def _field(name: str, rule: Mapping[str, Any]) -> Field:
    types = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
    bounds = {key: value for key, value in rule.items() if key not in ("type", "title", "x-title-en")}
    return Field(name, (rule["title"], rule["x-title-en"]), tuple(types), bounds)
