"""Proof of what is stored: a hash of the inputs, a recomputation, and a shadow run under another profile."""

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from phuong.academics.rules.profiles import Profile

P = TypeVar("P", bound=Profile)
Inputs = TypeVar("Inputs")
Key = TypeVar("Key")
_EXACT = (int, str, bool, type(None))


@dataclass(frozen=True)
class Proof:
    """Whether a stored outcome still follows from its inputs under its rule.

    ``differences``: field, stored value, recomputed value; both as they are written to be hashed.
    """

    is_proved: bool
    same_inputs: bool
    inputs_hash: str
    differences: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True)
class Change:
    """One pupil who would come to something else: field, under the first profile, under the second."""

    key: Any
    differences: tuple[tuple[str, Any, Any], ...]


def plain(value: Any) -> Any:
    """Turn inputs or an outcome into plain JSON values: whole numbers, text, lists, mappings with text keys.

    :raises TypeError: something that has no exact form, such as a binary fraction
    """
    if type(value) in _EXACT:
        return value
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Mapping):
        return {_name(key): plain(each) for key, each in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in dataclasses.fields(value) if each.compare}
    return _simple(value)


def _simple(value: Any) -> Any:
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no exact form")


def _name(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError("keys must be text")
    return key


def canonical(inputs: Any) -> str:
    """Write inputs as the one JSON text they have: keys sorted, no spaces, ASCII."""
    return json.dumps(plain(inputs), sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def inputs_hash(profile: Profile, inputs: Any) -> str:
    """Give the SHA-256, in hex, of ``<digest of the profile> LF <canonical inputs>``."""
    return hashlib.sha256(f"{profile.digest}\n{canonical(inputs)}".encode()).hexdigest()


def prove(
    profile: P,
    inputs: Inputs,
    stored: Any,
    stored_hash: str,
    decide: Callable[[P, Inputs], Any],
) -> Proof:
    """Recompute an outcome and compare it with the stored one.

    ``stored``: an outcome of ``decide``, or a mapping with some of its fields, which alone are then compared.
    """
    now_hash = inputs_hash(profile, inputs)
    now, was = plain(decide(profile, inputs)), plain(stored)
    found = _differences(was, {name: now.get(name) for name in was})
    same = now_hash == stored_hash
    return Proof(same and not found, same, now_hash, found)


def _differences(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[tuple[str, Any, Any], ...]:
    return tuple(
        (name, was.get(name), now.get(name)) for name in sorted({*was, *now}) if was.get(name) != now.get(name)
    )


def shadow_run(
    old: P,
    new: P,
    pupils: Iterable[tuple[Key, Inputs]],
    decide: Callable[[P, Inputs], Any],
) -> Iterator[Change]:
    """Yield the pupils who would come to something else under another profile, in the order given, one at a time."""
    for key, inputs in pupils:
        found = _differences(plain(decide(old, inputs)), plain(decide(new, inputs)))
        if found:
            yield Change(key, found)
