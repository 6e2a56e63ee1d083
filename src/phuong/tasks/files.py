"""The catalogs of tasks: who leads, and who is told of what is late."""

from functools import cache
from pathlib import Path
from typing import Any

from phuong.kernel.codelists import read_yaml
from phuong.tasks.rules import Lead

CATALOG = Path(__file__).parent / "catalog"


@cache
def leads() -> tuple[Lead, ...]:
    """Give the table of printed leads and partners."""
    return tuple(Lead(**{name: str(value) for name, value in line.items()}) for line in _read("leads.yaml")["leads"])


@cache
def shipped_rules() -> tuple[dict[str, Any], ...]:
    """Give the rules of telling that every department starts with, each with its source and doubt."""
    content = _read("escalation.yaml")
    return tuple({**line, "source": content["source"], "doubt": content["doubt"]} for line in content["rules"])


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(CATALOG / name)
    return content
