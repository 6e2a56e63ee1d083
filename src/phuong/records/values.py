"""The values of a record: read from its row, written for people, hashed to notice that somebody else changed it."""

import datetime as dt
import hashlib
import json
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from phuong.kernel.codelists import title_of
from phuong.records.declarations import DATE, RECORD, YES_NO, Field, RecordKind

SHOWN_DIGITS = 3


def value_of(field: Field, row: Any) -> Any:
    """Read one value from a row: text, date, number, truth, key or list; ``None`` or empty when there is none."""
    return field.read(row) if field.read else getattr(row, field.column)


def values_of(kind: RecordKind, row: Any) -> dict[str, Any]:
    """Read every value of a row."""
    return {field.name: value_of(field, row) for field in kind.fields}


def version_of(kind: RecordKind, row: Any) -> str:
    """Give the version of a record: equal as long as nobody changed any of its fields."""
    text = json.dumps(values_of(kind, row), default=plain, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def plain(value: Any) -> Any:
    """Write a value for machines: days as ISO 8601, keys and decimals as text."""
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value


def shown(field: Field, value: Any, names: dict[UUID, str] | None = None) -> str:
    """Write a value for people; ``names`` holds the names of records referred to."""
    if value is None or value == "" or value == []:
        return ""
    if field.secret:
        text = str(value)
        return f"{text[:SHOWN_DIGITS]} ••• ••• {text[-SHOWN_DIGITS:]}"
    if field.codes:
        return ", ".join(title_of(field.codes, str(each)) for each in (value if isinstance(value, list) else [value]))
    if field.type == RECORD:
        return (names or {}).get(value, "")
    if field.type == DATE:
        return f"{value:%d/%m/%Y}"
    words = {True: _("Có"), False: _("Không")} if field.type == YES_NO else dict(field.choices)
    return str(words.get(value, value))
