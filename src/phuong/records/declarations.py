"""What a kind of record is: its fields, who may read and write it, and what its own rules are.

Declared once by the app that owns the table; the desk, bulk changes, the programming interface and imports are
projections of the same declaration.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from phuong.kernel.contributions import contribution
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor

TEXT, LONG, DATE, WHOLE, REAL, YES_NO, CODE, CODES, CHOICE, RECORD, NUMBER = (
    "text",
    "long",
    "date",
    "whole",
    "real",
    "yes_no",
    "code",
    "codes",
    "choice",
    "record",
    "number",
)
Values = Mapping[str, Any]
Errors = dict[str, str]


@dataclass(frozen=True)
class Field:
    """One field of a record.

    ``type`` is one of the constants above; ``codes`` names a code list; ``kind`` the kind a reference points to.
    ``virtual``: no column of this name; ``read`` and the kind's ``fill`` translate. ``secret``: shown by its ends only.
    """

    name: str
    label: Any
    type: str = TEXT
    required: bool = False
    hint: Any = ""
    codes: str = ""
    choices: tuple[tuple[str, Any], ...] = ()
    kind: str = ""
    options: Callable[[Any], QuerySet[Any]] | None = None  # of a reference: the records to choose from, by owner
    lowest: float | None = None
    highest: float | None = None
    most: int = 200
    virtual: bool = False
    read: Callable[[Any], Any] | None = None
    at_start_only: bool = False
    in_bulk: bool = False
    secret: bool = False

    @property
    def column(self) -> str:
        """Give the attribute that holds the value: of a reference, its key."""
        return f"{self.name}_id" if self.type == RECORD else self.name


@dataclass(frozen=True)
class Alike:
    """A record that may be the same as the one being entered."""

    title: str
    detail: str
    url: str
    is_certain: bool = False


@dataclass(frozen=True)
class Why:
    """Why a record changes, from when on, and which version of it the writer saw (empty: whatever stands)."""

    reason: str
    effective_on: dt.date | None = None
    version: str = ""


def _nothing(*_arguments: Any) -> Any:
    return {}


def _none(*_arguments: Any) -> list[Alike]:
    return []


@dataclass(frozen=True)
class RecordKind:
    """A kind of record (loại hồ sơ).

    ``owner``: the field that says to whom a record belongs, ``owner_kind`` its kind; ``rows`` the records an actor may
    open; ``fill`` gives the derived columns of new values; ``check`` gives errors by field; ``ending``: the field that
    ends a record, or «remove»; ``about``: the column that names the person whose record it is.
    """

    code: str
    title: Any
    model: type[Model]
    fields: tuple[Field, ...]
    read: str
    write: str
    rows: Callable[[Actor], QuerySet[Any]]
    url: Callable[[Any], str]
    owner: str = ""
    owner_kind: str = ""
    fill: Callable[[Values, Any, Any], Mapping[str, Any]] = _nothing
    check: Callable[[Values, Any, Any], Errors] = _nothing
    alike: Callable[[Actor, Values, Any], list[Alike]] = _none
    make: Callable[[Values, Any, Actor], Any] | None = None
    has_files: bool = False  # evidence may be kept beside it
    about: str = ""
    ending: str = ""
    end_check: Callable[[Any], str] | None = None
    find: Callable[[Actor, Any], QuerySet[Any]] | None = None
    name_of: Callable[[Any], str] = str
    parts: tuple[tuple[str, str], ...] = ()  # (kind, the reference by which it hangs on this one), for the history
    conflicts: Mapping[str, tuple[str, Any]] = field(default_factory=dict)  # constraint: (field, message)
    also: tuple[Field, ...] = ()  # read by other systems, written by other acts than make and change
    key_today: Callable[[UUID], UUID | None] | None = None  # where records may be found under a key from before
    former_keys: Callable[[UUID], list[UUID]] | None = None

    def field(self, name: str) -> Field | None:
        """Find a field by its name."""
        return next((each for each in self.fields if each.name == name), None)

    def owner_of(self, row: Any) -> Any:
        """Give the record to which ``row`` belongs; itself when it belongs to none."""
        return getattr(row, self.owner) if self.owner else row

    def person_of(self, row: Any) -> UUID | None:
        """Give the key of the person whose record ``row`` is."""
        return getattr(row, self.about) if self.about else None

    def keys_of(self, key: UUID) -> list[UUID]:
        """Give a record's key, and those it had before."""
        return [key, *(self.former_keys(key) if self.former_keys else ())]

    @property
    def bulk_fields(self) -> list[Field]:
        """Give the fields that may be set for many records at once."""
        return [each for each in self.fields if each.in_bulk]


def kind_named(code: str) -> RecordKind:
    """Find a kind.

    :raises NotThere: no app declares it
    """
    kind = contribution(RecordKind, code)
    if kind is None:
        raise NotThere
    return kind
