"""Typed shapes of requests and answers, made from the declarations of the kinds."""

import datetime as dt
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, create_model
from pydantic import Field as Described

from phuong.gateway.queries import fields_out
from phuong.records.api import CODES, DATE, REAL, RECORD, WHOLE, YES_NO, Field, RecordKind

_TYPES: dict[str, Any] = {DATE: dt.date, WHOLE: int, REAL: float, YES_NO: bool, CODES: list[str], RECORD: UUID}


class Problem(Schema):
    """A refusal (RFC 9457)."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    code: str
    detail: str


class Removed(Schema):
    """A record that is gone, or lies outside the client's place now."""

    id: UUID
    at: dt.datetime


class KeyChange(Schema):
    """A record whose official code changed."""

    id: UUID
    before: str
    after: str


def item_schema(kind: RecordKind, name: str) -> Any:
    """Give the shape of one record as it is read."""
    fields: dict[str, Any] = {each.name: (_type(each) | None, _described(each)) for each in fields_out(kind)}
    owner: dict[str, Any] = (
        {"of": (UUID | None, Described(None, description=str(kind.owner_kind)))} if kind.owner else {}
    )
    make: Any = create_model
    return make(name, __base__=Schema, id=(UUID, ...), version=(str | None, None), **owner, **fields)


def values_schema(kind: RecordKind, name: str) -> Any:
    """Give the shape of values that are written; which are required depends on the act."""
    fields: dict[str, Any] = {each.name: (_type(each) | None, _described(each)) for each in kind.fields}
    return create_model(name, __config__=ConfigDict(extra="forbid"), **fields)


def _type(field: Field) -> Any:
    return _TYPES.get(field.type, str)


def _described(field: Field) -> Any:
    words = str(field.label) + (f"; code list {field.codes}" if field.codes else "")
    limits: dict[str, Any] = {}
    if field.type in (WHOLE, REAL):
        limits = {"ge": field.lowest, "le": field.highest}
    return Described(None, description=words, **{key: value for key, value in limits.items() if value is not None})
