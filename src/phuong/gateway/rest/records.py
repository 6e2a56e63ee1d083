"""The same endpoints for every kind of record."""

import datetime as dt
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Header, Query, Router
from pydantic import BaseModel, create_model

from phuong.gateway.access import Caller
from phuong.gateway.actions import once, refuse_nul
from phuong.gateway.queries import changed_items, changes_of, item_of, page_of, rows_for
from phuong.gateway.rest.answers import answer, no_answer
from phuong.gateway.rest.schemas import KeyChange, Problem, Removed, item_schema, values_schema
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, acting
from phuong.records.api import (
    RecordKind,
    Why,
    change_record,
    end_record,
    make_record,
    owner_for,
    parse,
    record_for,
    version_of,
)

MOST = 500
PROBLEMS: dict[int, Any] = dict.fromkeys((400, 401, 404, 409, 422, 429), Problem)
Limit = Annotated[int, Query(ge=1, le=MOST)]
Opaque = Annotated[str, Query(max_length=200, pattern=r"^[A-Za-z0-9_\\-]*$")]
Key = Annotated[str, Header(alias="Idempotency-Key", max_length=200, pattern=r"^[ -~]*$")]
Match = Annotated[str, Header(alias="If-Match", max_length=80, pattern=r"^[ -~]*$")]
Reason = Annotated[str, Query(min_length=1, max_length=300)]


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
    page: Any = create_model(
        f"{name}Page",
        items=(list[item], ...),
        next=(str, ...),
        removed=(list[Removed], []),
        key_changes=(list[KeyChange], []),
    )
    change: Any = create_model(
        f"{name}Change", values=(values, ...), reason=(str, ...), effective_on=(dt.date | None, None)
    )
    making: Any = create_model(f"{name}Making", values=(values, ...), of=(UUID | None, None), reason=(str, ""))
    router = Router(tags=[plural])
    _reading(router, kind, page, item)
    _writing(router, kind, item, (making, change))
    return router


def _reading(router: Router, kind: RecordKind, page: Any, item: Any) -> None:
    name = kind.code

    def list_records(  # noqa: PLR0913 - each is a query parameter of the document
        request: Any,
        limit: Limit = 100,
        after: UUID | None = None,
        of: UUID | None = None,
        updated_since: dt.datetime | None = None,
        changes_after: Opaque | None = None,
        as_of: dt.date | None = None,
    ) -> HttpResponse:
        caller: Caller = request.auth
        if not caller.actor.may(kind.read):
            raise NotThere
        with acting(at_day(caller.actor, as_of)) as actor:
            rows = rows_for(kind, actor, of)
            if updated_since is None and changes_after is None:
                items, further = page_of(kind, rows, after=after, limit=limit)
                return answer({"items": items, "next": further, "removed": [], "key_changes": []})
            since = _aware(updated_since)
            told = changes_of(kind, cursor=changes_after or "", since=since, limit=limit)
            items = changed_items(kind, rows, told)
            facts = {"items": items, "next": told.next, "removed": told.removed, "key_changes": told.key_changes}
            return answer(facts)

    def get_record(request: Any, record_id: UUID, as_of: dt.date | None = None) -> HttpResponse:
        caller: Caller = request.auth
        with acting(at_day(caller.actor, as_of)) as actor:
            row = record_for(actor, kind, record_id)
            return answer(_one(kind, row), version=version_of(kind, row))

    router.get("", response={200: page, **PROBLEMS}, operation_id=f"list_{name}")(list_records)
    router.get("/{uuid:record_id}", response={200: item, **PROBLEMS}, operation_id=f"get_{name}")(get_record)


def _aware(moment: dt.datetime | None) -> dt.datetime | None:
    if moment is None:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    kept = min(max(moment, dt.datetime(1970, 1, 2, tzinfo=dt.UTC)), dt.datetime(9000, 1, 1, tzinfo=dt.UTC))
    return kept.astimezone(dt.UTC)


def _one(kind: RecordKind, row: Any) -> dict[str, Any]:
    return {**item_of(kind, row), "version": version_of(kind, row)}


def _writing(  # noqa: C901 - three endpoints that close over the same kind
    router: Router, kind: RecordKind, item: Any, bodies: tuple[Any, Any]
) -> None:
    making, changing = bodies
    name = kind.code

    def make(request: Any, body: Any, idempotency_key: Key = "") -> HttpResponse:
        caller: Caller = request.auth
        sent = _sent(body)

        def do() -> tuple[int, Any]:
            owner = owner_for(caller.actor, kind, body.of)
            row = make_record(
                kind, owner=owner, values=parse(kind, sent, owner=owner), by=caller.actor, reason=body.reason
            )
            return 201, _one(kind, kind.model._default_manager.get(pk=row.pk))

        with acting(caller.actor):
            return answer_of(*once(caller, idempotency_key, [request.path, sent, str(body.of)], do))

    def change(
        request: Any, record_id: UUID, body: Any, idempotency_key: Key = "", if_match: Match = ""
    ) -> HttpResponse:
        caller: Caller = request.auth
        sent = _sent(body)

        def do() -> tuple[int, Any]:
            row = record_for(caller.actor, kind, record_id, writing=True)
            why = Why(body.reason, body.effective_on, if_match.strip('"'))
            row = change_record(kind, record_id, values=parse(kind, sent, row=row), by=caller.actor, why=why)
            return 200, _one(kind, kind.model._default_manager.get(pk=row.pk))

        with acting(caller.actor):
            return answer_of(*once(caller, idempotency_key, ["PATCH", request.path, sent], do))

    def end(request: Any, record_id: UUID, on: dt.date, reason: Reason, idempotency_key: Key = "") -> HttpResponse:
        caller: Caller = request.auth

        def do() -> tuple[int, Any]:
            end_record(kind, record_id, on=on, by=caller.actor, reason=reason)
            return 204, None

        with acting(caller.actor):
            return answer_of(*once(caller, idempotency_key, ["DELETE", request.path, on], do))

    make.__annotations__["body"], change.__annotations__["body"] = making, changing
    if kind.owner:
        router.post("", response={201: item, **PROBLEMS}, operation_id=f"make_{name}")(make)
    router.patch("/{uuid:record_id}", response={200: item, **PROBLEMS}, operation_id=f"change_{name}")(change)
    if kind.ending:
        router.delete("/{uuid:record_id}", response={204: None, **PROBLEMS}, operation_id=f"end_{name}")(end)


def _sent(body: BaseModel) -> dict[str, Any]:
    values = body.values.model_dump(mode="json", exclude_unset=True)  # type: ignore[attr-defined]
    return refuse_nul(values)


def answer_of(status: int, facts: Any) -> HttpResponse:
    """Answer with a status kept or made."""
    return no_answer() if status == 204 else answer(facts, status=status)
