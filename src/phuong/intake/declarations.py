"""What a file of one kind holds: its columns, how its rows find the records they speak of, what is written.

An app that owns the tables contributes a ``Sheet``; upload, mapping, checking, preview, applying and undoing are the
same for all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from phuong.kernel.contributions import contribution
from phuong.kernel.refusals import NotThere
from phuong.records.api import TEXT, Field

ADD, WHOLE = "add", "whole"
HELD_SHARE = 0.2  # a larger part of a class or school is not ended without asking


@dataclass(frozen=True)
class Column:
    """One column of a file.

    ``type``: a type of a record's field; ``headings``: further names under which files carry it; ``also``: further
    words for a choice, by its code, as search keys; ``digits``: the length of a number kept as text; ``check``: words
    for a value that no record can have, empty when it is right; ``is_inner``: written by software alone, and not shown
    to people.
    """

    name: str
    label: Any
    type: str = TEXT
    required: bool = False
    headings: tuple[str, ...] = ()
    codes: str = ""
    choices: tuple[tuple[str, Any], ...] = ()
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    digits: int = 0
    lowest: float | None = None
    highest: float | None = None
    most: int = 200
    hint: Any = ""
    example: str = ""
    secret: bool = False
    check: Callable[[Any], str] | None = None
    is_inner: bool = False


def column_of(kept: Field, *headings: str, **other: Any) -> Column:
    """Make the column of a record's field; ``other`` overrides what the field says."""
    facts: dict[str, Any] = {
        name: getattr(kept, name)
        for name in ("name", "label", "type", "required", "codes", "choices", "lowest", "highest", "most", "hint")
    }
    return Column(**{**facts, "secret": kept.secret, "headings": headings, **other})


@dataclass(frozen=True)
class Ending:
    """A record that a whole list no longer names: its key, the group (class) it sat in, and words for people."""

    key: str
    group: str
    words: str


@dataclass(frozen=True)
class Written:
    """What one unit's rows became: counts, and the keys of what was made, by table, in the order it was made."""

    created: int = 0
    changed: int = 0
    ended: int = 0
    made: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Undone:
    """What undoing came to: records as they were before, and records left alone, wholly or in part."""

    restored: int = 0
    left_alone: int = 0


@dataclass(frozen=True)
class Sheet:
    """A kind of file.

    ``resolve`` finds units, references and present records of a draft's rows; ``write`` keeps the rows of one unit, in
    one transaction; ``tables`` are the tables it writes, in the order in which rows may be made; ``missing`` names what
    a whole list leaves out (no such lists when it is not given). ``kind``: the kind of record, for links. ``present``:
    SQL of what stands, by the names of the columns and ``unit`` (key), at or below ``%(scope)s``, in ``%(year)s``; a
    file of it that is brought in again changes nothing. ``is_apart``: the rows of no two units touch a common record,
    so that units may be kept side by side. ``own``: a right that lets somebody bring in such files without the right to
    bring in lists; ``resolve`` refuses the rows that are not theirs, and they see their own imports alone. ``undo``:
    takes back what ``made`` names; without it old rows are found in the history of ``tables``.
    """

    code: str
    title: Any
    permission: str
    columns: tuple[Column, ...]
    resolve: Callable[[Any], None]  # of a Draft
    write: Callable[[Any], Written]  # of a Stage
    tables: tuple[type[Model], ...]
    kind: str = ""
    missing: Callable[[Any], Mapping[str, Sequence[Ending]]] | None = None  # of a Draft, by unit
    sitting: Callable[[Any], Mapping[tuple[str, str], int]] | None = None  # of a Draft, by unit and group
    types: Mapping[str, str] = field(default_factory=dict)  # PostgreSQL types of derived columns that are not text
    notes: tuple[Any, ...] = ()
    order: int = 0
    present: str = ""
    is_apart: bool = False
    own: str = ""
    undo: Callable[[Mapping[str, Sequence[str]]], Undone] | None = None  # of what Written.made said

    def column(self, name: str) -> Column | None:
        """Find a column by its name."""
        return next((each for each in self.columns if each.name == name), None)


def sheet_named(code: str) -> Sheet:
    """Find a kind of file.

    :raises NotThere: no app declares it
    """
    found = contribution(Sheet, code)
    if found is None:
        raise NotThere
    return found
