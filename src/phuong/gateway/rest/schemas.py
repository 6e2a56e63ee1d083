"""Typed shapes of requests and answers, made from the declarations of the kinds."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, WithJsonSchema, create_model
from pydantic import Field as Described

from phuong.gateway.queries import ENDED, ends, fields_out
from phuong.records.api import CHOICE, CODES, DATE, NUMBER, REAL, RECORD, WHOLE, YES_NO, Field, RecordKind

CODE_LIST = "x-code-list"
REASON = "Lí do, lưu vào lịch sử. Why; kept in the history."
_TYPES: dict[str, Any] = {DATE: dt.date, WHOLE: int, REAL: float, YES_NO: bool, RECORD: UUID}
_EXAMPLES: dict[str, Any] = {
    "full_name": "Nguyễn Minh Anh",
    "birth_date": "2013-05-19",
    "phone": "0912345678",
    "email": "lienhe@truong.example",
    "work_email": "gv01@truong.example",
    "address": "Số 5, đường Lạch Tray",
    "number": "031213001234",
    "name": "8A3",
    "school_year": 2026,
    "grade": 8,
    "latitude": 20.85,
    "longitude": 106.68,
    "built_in": 2018,
    "title": "Câu lạc bộ STEM",
}
_BY_TYPE: dict[str, Any] = {
    DATE: "2026-09-05",
    WHOLE: 1,
    REAL: 1.5,
    YES_NO: True,
    RECORD: "019a3c5e-7d10-7b6e-8f21-3c4d5e6f7a8b",
    NUMBER: "0912345678",
}


class Problem(Schema):
    """A refusal (RFC 9457)."""

    model_config = ConfigDict(extra="allow")
    type: str = Described(examples=["urn:phuong:refusal:records.bad_values"])
    title: str = Described(examples=["Có chỗ cần sửa trước khi lưu."])
    status: int = Described(examples=[422])
    code: str = Described(
        description="Không đổi giữa các bản, để máy đọc. Stable, for machines.", examples=["records.bad_values"]
    )
    detail: str = Described(examples=["Ghi đủ họ và tên."])


PROBLEMS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 409, 410, 422, 429), Problem)


class Removed(Schema):
    """A record that is gone, or lies outside the client's place now."""

    id: UUID
    at: dt.datetime


class KeyChange(Schema):
    """A record whose official code changed; or that goes on for another (``before``), as two were one person's."""

    id: UUID
    before: str
    after: str


def item_schema(kind: RecordKind, name: str) -> Any:
    """Give the shape of one record as it is read."""
    fields: dict[str, Any] = {each.name: (type_of(each) | None, _described(each)) for each in fields_out(kind)}
    if kind.owner:
        owner = Described(None, description=f"id: {kind.owner_kind}", examples=[_BY_TYPE[RECORD]])
        fields = {"of": (UUID | None, owner), **fields}
    if ends(kind):
        words = "Ngày đầu tiên không còn hiệu lực. The first day no longer in force."
        fields[ENDED] = (dt.date | None, Described(None, description=words))
    version = Described(None, description="Chỉ khi đọc một hồ sơ, cũng là ETag. Of one record alone; also the ETag.")
    make: Any = create_model
    return make(name, __base__=Schema, id=(UUID, ...), version=(str | None, version), **fields)


def values_schema(kind: RecordKind, name: str) -> Any:
    """Give the shape of values that are written; which are required depends on the act."""
    fields: dict[str, Any] = {each.name: (type_of(each) | None, _described(each)) for each in kind.fields}
    return create_model(name, __config__=ConfigDict(extra="forbid"), **fields)


def code_of(list_code: str) -> Any:
    """Give the type of a code of an official list; which codes there are is checked when the value is read."""
    return Annotated[str, WithJsonSchema({"type": "string", CODE_LIST: list_code})]


def type_of(field: Field) -> Any:
    """Give the type of a field's value."""
    if field.codes:
        return list[code_of(field.codes)] if field.type == CODES else code_of(field.codes)  # type: ignore[misc]
    if field.type == CHOICE:
        return Annotated[str, WithJsonSchema({"type": "string", "enum": [code for code, _title in field.choices]})]
    return _TYPES.get(field.type, str)


def _described(field: Field) -> Any:
    facts: dict[str, Any] = {"description": str(field.label)}
    if field.kind:
        facts["description"] += f" (id: {field.kind})"
    if field.type in (WHOLE, REAL):
        facts |= {"ge": field.lowest, "le": field.highest}
    example = _EXAMPLES.get(field.name, _BY_TYPE.get(field.type))
    if field.type == CHOICE:
        example = field.choices[0][0]
    if example is not None and not field.codes:
        facts["examples"] = [example]
    return Described(None, **{name: value for name, value in facts.items() if value is not None})
