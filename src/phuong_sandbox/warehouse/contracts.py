"""A contract: the JSON Schema of a row, read into checks. Only what contracts use is understood; more is refused."""

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any], bool]
_TYPES: Mapping[str, type] = {"string": str, "integer": int, "boolean": bool, "null": type(None)}
_TELLING = {"type", "title", "description", "examples", "x-title-en"}  # of these only ``type`` asks for anything


class Contract:
    """What each row must look like; ``fault_of`` says what is wrong with one."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        """Read the schema.

        :raises ValueError: it is not of the kind that contracts are
        """
        fields = schema.get("properties")
        if schema.get("type") != "object" or schema.get("additionalProperties") is not False:
            raise ValueError("schema")
        if not isinstance(fields, dict) or set(schema.get("required", [])) != set(fields):
            raise ValueError("schema")
        self.written = json.dumps(schema, sort_keys=True)
        self._rules = [(str(name), _types(each), _checks(each)) for name, each in fields.items()]
        self._names = list(fields)

    def fault_of(self, row: Any) -> str:
        """Name the first field that is not as agreed; empty when the row is."""
        if not isinstance(row, dict) or list(row) != self._names:
            return "fields"
        for name, types, checks in self._rules:
            value = row[name]
            if type(value) not in types:
                return name
            if value is not None:
                for check in checks:
                    if not check(value):
                        return name
        return ""


def _types(rule: Mapping[str, Any]) -> frozenset[type]:
    kinds = rule.get("type", [])
    return frozenset(_TYPES[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))


def _checks(rule: Mapping[str, Any]) -> list[Check]:
    checks: list[Check] = []
    for name, bound in rule.items():
        if name not in _TELLING:
            if name not in _BOUNDS:
                raise ValueError(f"schema {name}")
            checks.append(_BOUNDS[name](bound))
    return checks


def _matching(pattern: str) -> Check:
    found = re.compile(pattern).search
    return lambda value: bool(found(value))


def _is_day(value: Any) -> bool:
    try:
        return bool(dt.date.fromisoformat(value).isoformat() == value)
    except ValueError:
        return False


_BOUNDS: Mapping[str, Callable[[Any], Check]] = {
    "enum": lambda known: frozenset(known).__contains__,
    "pattern": _matching,
    "maxLength": lambda most: lambda value: len(value) <= most,
    "minLength": lambda least: lambda value: len(value) >= least,
    "maximum": lambda most: lambda value: value <= most,
    "minimum": lambda least: lambda value: value >= least,
    "format": lambda kind: _is_day if kind == "date" else lambda _value: True,
}
