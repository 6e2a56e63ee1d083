"""Which value of two records is kept: fields with the columns that go together, and who is asked about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from phuong.kernel.vault import unseal
from phuong.matching.rules import DROP, KEEP
from phuong.records.api import Field, kind_named
from phuong.registry.api import Person, check_number

NAME, NUMBER, PLACE = "full_name", "number", "place"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    NAME: ("full_name", "name_key", "search_key"),
    "birth_date": ("birth_date",),
    "sex": ("sex",),
    NUMBER: ("number_cipher", "number_hash"),
    "code": ("code",),
    PLACE: ("place_id", "path"),
    "ethnicity": ("ethnicity",),
    "nationality": ("nationality",),
    "birthplace": ("birthplace",),
    "address": ("address",),
    "phone": ("phone",),
    "email": ("email",),
    "work_email": ("work_email",),
    "plays_art": ("plays_art",),
    "plays_sport": ("plays_sport",),
    "citizen_identity_level": ("citizen_identity_level",),
}
_VERIFIED = ("full_name", "birth_date", "sex", "number_hash")
_IDENTITY = ("identity_state", "identity_source", "identity_checked_on")
_FLAGS = ("is_learner", "is_staff", "is_guardian")
_MATCHED, _UNVERIFIED = "matched", "unverified"


@dataclass(frozen=True)
class Chosen:
    """The values of the record that stays, by column."""

    columns: Mapping[str, Any]


def plainly(value: Any) -> Any:
    """Make bytes of any kind comparable."""
    return bytes(value) if isinstance(value, memoryview | bytearray) else value


def has_value(person: Person, field: str) -> bool:
    """Say whether a record holds a value for a field."""
    return plainly(getattr(person, COLUMNS[field][0])) not in (None, "", b"")


def differs(one: Person, two: Person, field: str) -> bool:
    """Say whether two records disagree about a field."""
    if field == NUMBER:  # sealed anew each time, so only the hashes can be compared
        return bool(plainly(one.number_hash) != plainly(two.number_hash))
    first = COLUMNS[field][0]
    return bool(plainly(getattr(one, first)) != plainly(getattr(two, first)))


def by_default(keep: Person, drop: Person) -> dict[str, str]:
    """Choose for each field: the record that stays, unless only the other one knows."""
    return {field: KEEP if has_value(keep, field) or not has_value(drop, field) else DROP for field in COLUMNS}


def columns_of(keep: Person, drop: Person, choices: Mapping[str, str]) -> dict[str, Any]:
    """Give the columns of the record that stays which get another value, ``{column: value}``.

    A name, date, sex and number that no verified record holds together must be verified anew.
    """
    chosen = {**by_default(keep, drop), **{name: side for name, side in choices.items() if name in COLUMNS}}
    wanted: dict[str, Any] = {}
    for field, columns in COLUMNS.items():
        source = drop if chosen[field] == DROP else keep
        wanted |= {column: plainly(getattr(source, column)) for column in columns}
    cipher = wanted["number_cipher"]
    number = unseal(cipher) if cipher else ""
    wanted["number_check"] = check_number(number, sex=wanted["sex"], birth_date=wanted["birth_date"])
    wanted |= _identity(keep, drop, wanted)
    wanted |= {flag: getattr(keep, flag) or getattr(drop, flag) for flag in _FLAGS}
    return {column: value for column, value in wanted.items() if plainly(getattr(keep, column)) != value}


def _identity(keep: Person, drop: Person, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Carry over what the population database said of exactly these values; else nothing has been said of them."""
    same = [each for each in (keep, drop) if all(plainly(getattr(each, name)) == wanted[name] for name in _VERIFIED)]
    for each in sorted(same, key=lambda one: one.identity_state != _MATCHED):
        return {name: getattr(each, name) for name in _IDENTITY}
    return {"identity_state": _UNVERIFIED, "identity_source": "", "identity_checked_on": None}


def fields_of(one: Person, two: Person) -> list[Field]:
    """Give the fields that are shown and asked about, as the kinds of both records declare them, each once."""
    codes = ["learner"] if one.is_learner or two.is_learner else []
    codes += ["staff"] if one.is_staff or two.is_staff else []
    found: dict[str, Field] = {}
    for code in codes or ["guardian"]:
        kind = kind_named(code)
        for each in (*kind.fields, *kind.also):
            if each.name in COLUMNS and not each.at_start_only:
                found.setdefault(each.name, each)
    return [found[name] for name in COLUMNS if name in found]
