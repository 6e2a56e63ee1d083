"""The door of the desk."""

from phuong.records.access import owner_for, record_for
from phuong.records.actions.single import (
    REMOVE,
    change_record,
    end_record,
    keep_evidence,
    make_record,
    note_listed,
    note_opened,
)
from phuong.records.declarations import (
    CHOICE,
    CODE,
    CODES,
    DATE,
    LONG,
    NUMBER,
    REAL,
    RECORD,
    TEXT,
    WHOLE,
    YES_NO,
    Alike,
    Field,
    RecordKind,
    Why,
    kind_named,
)
from phuong.records.errors import BadValues, CannotEnd, ChangedMeanwhile
from phuong.records.forms import Day, Words, form_field, parse
from phuong.records.queries import contexts_of
from phuong.records.values import plain, value_of, values_of, version_of

__all__ = [
    "CHOICE",
    "CODE",
    "CODES",
    "DATE",
    "LONG",
    "NUMBER",
    "REAL",
    "RECORD",
    "TEXT",
    "WHOLE",
    "YES_NO",
    "Alike",
    "BadValues",
    "CannotEnd",
    "ChangedMeanwhile",
    "Day",
    "Field",
    "REMOVE",
    "RecordKind",
    "Why",
    "Words",
    "change_record",
    "contexts_of",
    "end_record",
    "form_field",
    "keep_evidence",
    "kind_named",
    "make_record",
    "note_listed",
    "note_opened",
    "owner_for",
    "parse",
    "plain",
    "record_for",
    "value_of",
    "values_of",
    "version_of",
]
