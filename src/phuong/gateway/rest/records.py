"""The same endpoints for every kind of record."""

import datetime as dt
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Header, Query, Router, Schema
from pydantic import BaseModel, create_model
from pydantic import Field as Described

from phuong.gateway.access import Caller
from phuong.gateway.actions.keeping import refuse_nul
from phuong.gateway.queries import item_of, source_of
from phuong.gateway.rest.answers import answer
from phuong.gateway.rest.feed import Key, Listing, caller_with, done_once, followed_page, listed
from phuong.gateway.rest.files import add_files
from phuong.gateway.rest.schemas import PROBLEMS, REASON, item_schema, values_schema
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, acting
from phuong.records.api import (
    RecordKind,
    Why,
    change_record,
    end_record,
    make_record,
    note_listed,
    note_opened,
    owner_for,
    parse,
    record_for,
    version_of,
)

_MATCH = "Phiên bản (ETag) đã đọc: không ghi đè sửa đổi của người khác. The version read: nobody else's change is lost."
Match = Annotated[str, Header(alias="If-Match", max_length=80, pattern=r"^[ -~]*$", description=_MATCH)]
Reason = Annotated[str, Query(min_length=1, max_length=300, description=REASON)]
AsOf = Annotated[
    dt.date | None, Query(description="Như đã biết vào cuối ngày này. As it was known at the end of this day.")
]
_DAY = "Ngày đầu tiên không còn hiệu lực. The first day no longer in force."


class RecordListing(Listing):
    """How to read a list of records, or what changed in it."""

    as_of: dt.date | None = Described(
        None, description="Như đã biết vào cuối ngày này. As it was known at the end of this day."
    )


def at_day(actor: Actor, as_of: dt.date | None) -> Actor:
    """Give the actor at a past day, for those who may look back.

    :raises NotThere: the client may not
    """
    if as_of is None or as_of >= dt.date.today():  # noqa: DTZ011 - a day ahead shows today
        return actor
    if not actor.may(Permission.HISTORY_READ):
        raise NotThere
    return replace(actor, as_of=as_of)


def router_of(kind: RecordKind, plural: str) -> Router:
    """Give the endpoints of one kind."""
    name = "".join(part.capitalize() for part in plural.split("-"))
    item: Any = item_schema(kind, f"{name}Item")
    values: Any = values_schema(kind, f"{name}Values")
    make: Any = create_model
    reason = Described(..., min_length=1, max_length=300, description=REASON, examples=["theo giấy khai sinh"])
    since = Described(None, description="Có hiệu lực từ ngày. In force from.", examples=["2026-09-05"])
    owner = Described(None, description=f"id: {kind.owner_kind}", examples=["019a3c5e-7d10-7b6e-8f21-3c4d5e6f7a8b"])
    change = make(
        f"{name}Change",
        __base__=Schema,
        values=(values, ...),
        reason=(str, reason),
        effective_on=(dt.date | None, since),
    )
    why = Described("", max_length=300, description=REASON, examples=["nhập học"])
    making = make(f"{name}Making", __base__=Schema, values=(values, ...), of=(UUID | None, owner), reason=(str, why))
    router = Router(tags=[plural])
    _reading(router, kind, followed_page(name, item), item)
    _writing(router, kind, item, (making, change))
    if kind.has_files:
        add_files(router, kind)
    return router


def _reading(router: Router, kind: RecordKind, page: Any, item: Any) -> None:
    name = kind.code

    def list_records(request: Any, asked: Query[RecordListing]) -> HttpResponse:
        caller = caller_with(request, kind.read)
        with acting(at_day(caller.actor, asked.as_of)) as actor:
            note_listed(kind)
            return listed(source_of(kind, actor, asked.of), asked, narrowed=asked.of)

    def get_record(request: Any, record_id: UUID, as_of: AsOf = None) -> HttpResponse:
        caller: Caller = request.auth
        with acting(at_day(caller.actor, as_of)) as actor:
            row = record_for(actor, kind, record_id)
            note_opened(kind, row)
            return answer(_one(kind, row), version=version_of(kind, row))

    router.get("", response={200: page, **PROBLEMS}, operation_id=f"list_{name}")(list_records)
    router.get("/{uuid:record_id}", response={200: item, **PROBLEMS}, operation_id=f"get_{name}")(get_record)


def _one(kind: RecordKind, row: Any) -> dict[str, Any]:
    return {**item_of(kind, row), "version": version_of(kind, row)}


def _writing(router: Router, kind: RecordKind, item: Any, bodies: tuple[Any, Any]) -> None:
    making, changing = bodies
    name = kind.code

    def make(request: Any, body: Any, idempotency_key: Key = "") -> HttpResponse:
        actor, sent = request.auth.actor, _sent(body)

        def do() -> tuple[int, Any]:
            owner = owner_for(actor, kind, body.of)
            values = parse(kind, sent, owner=owner)
            row = make_record(kind, owner=owner, values=values, by=actor, reason=body.reason)
            return 201, _again(kind, row.pk)

        return done_once(request, idempotency_key, [sent, str(body.of)], do)

    def change(
        request: Any, record_id: UUID, body: Any, idempotency_key: Key = "", if_match: Match = ""
    ) -> HttpResponse:
        actor, sent = request.auth.actor, _sent(body)

        def do() -> tuple[int, Any]:
            row = record_for(actor, kind, record_id, writing=True)
            why = Why(body.reason, body.effective_on, if_match.strip('"'))
            row = change_record(kind, record_id, values=parse(kind, sent, row=row), by=actor, why=why)
            return 200, _again(kind, row.pk)

        return done_once(request, idempotency_key, sent, do)

    make.__annotations__["body"], change.__annotations__["body"] = making, changing
    if kind.owner:
        router.post("", response={201: item, **PROBLEMS}, operation_id=f"make_{name}")(make)
    router.patch("/{uuid:record_id}", response={200: item, **PROBLEMS}, operation_id=f"change_{name}")(change)
    if kind.ending:
        _ending(router, kind)


def _ending(router: Router, kind: RecordKind) -> None:
    def end(
        request: Any,
        record_id: UUID,
        on: Annotated[dt.date, Query(description=_DAY)],
        reason: Reason,
        idempotency_key: Key = "",
    ) -> HttpResponse:
        def do() -> tuple[int, Any]:
            end_record(kind, record_id, on=on, by=request.auth.actor, reason=reason)
            return 204, None

        return done_once(request, idempotency_key, on, do)

    name = f"end_{kind.code}"
    router.delete("/{uuid:record_id}", response={204: None, **PROBLEMS}, operation_id=name)(end)


def _again(kind: RecordKind, key: Any) -> dict[str, Any]:
    return _one(kind, kind.model._default_manager.get(pk=key))


def _sent(body: BaseModel) -> dict[str, Any]:
    values = body.values.model_dump(mode="json", exclude_unset=True)  # type: ignore[attr-defined]
    return refuse_nul(values)
