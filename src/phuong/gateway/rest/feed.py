"""Lists that are paged by key and followed by their changes; the same for every resource."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Schema
from pydantic import Field as Described
from pydantic import create_model

from phuong.gateway.access import Caller
from phuong.gateway.actions.keeping import once
from phuong.gateway.queries import Source, changed_items, changes_of, page_of, present_place, write_cursor
from phuong.gateway.rest.answers import answer, no_answer
from phuong.gateway.rest.schemas import KeyChange, Removed
from phuong.kernel.refusals import BadInput, NotThere
from phuong.kernel.scope import acting

MOST = 500
_EARLIEST, _LATEST = dt.datetime(1970, 1, 2, tzinfo=dt.UTC), dt.datetime(9000, 1, 1, tzinfo=dt.UTC)
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        pattern=r"^[ -~]*$",
        description="Gọi lại với cùng khóa trong 7 ngày chỉ ghi một lần. Called again within 7 days, it is done once.",
    ),
]


class Paging(Schema):
    """How far to read a list."""

    limit: int = Described(100, ge=1, le=MOST, description="Số mục mỗi trang. Items a page.")
    after: UUID | None = Described(None, description="«next» của trang trước. ``next`` of the page before.")


class Listing(Paging):
    """How to read a list, or what changed in it."""

    of: UUID | None = Described(None, description="Chỉ của hồ sơ, đơn vị này. Of this owner alone.")
    updated_since: dt.datetime | None = Described(
        None, description="Thay đổi từ lúc này; sau đó đi tiếp bằng next. Changes from then on; go on with ``next``."
    )
    changes_after: str | None = Described(
        None,
        max_length=200,
        pattern=r"^[A-Za-z0-9_-]*$",
        description="Con trỏ: changes_from, hoặc next lần trước. A cursor: ``changes_from``, or the last ``next``.",
    )


def followed_page(name: str, item: Any) -> Any:
    """Give the shape of a page of a list that can be followed."""
    make: Any = create_model
    return make(
        f"{name}Page",
        __base__=Schema,
        items=(list[item], ...),
        next=(str, Described(..., description="Trang sau; rỗng: hết. The next page; empty: the end.")),
        changes_from=(
            str,
            Described("", description="Con trỏ để theo dõi thay đổi từ lúc này. Where to follow changes from."),
        ),
        removed=(list[Removed], []),
        key_changes=(list[KeyChange], []),
    )


def plain_page(name: str, item: Any) -> Any:
    """Give the shape of a page of a list that is only read."""
    make: Any = create_model
    next_page = (str, Described(..., description="Trang sau; rỗng: hết. The next page; empty: the end."))
    return make(f"{name}Page", __base__=Schema, items=(list[item], ...), next=next_page)


def caller_with(request: Any, *permissions: str) -> Caller:
    """Give the caller, who must hold one of ``permissions``.

    :raises NotThere: it does not
    """
    caller: Caller = request.auth
    if not any(caller.actor.may(each) for each in permissions):
        raise NotThere
    return caller


def listed(source: Source, asked: Listing, *, narrowed: Any = None) -> HttpResponse:
    """Answer with a page, or with what changed; the place in the log is taken before the records are read.

    :raises BadInput: changes of a list that is ``narrowed``: what leaves it would not be told
    """
    if asked.updated_since is None and asked.changes_after is None:
        start = write_cursor(present_place()) if asked.after is None else ""
        items, further = page_of(source, after=asked.after, limit=asked.limit)
        return answer({"items": items, "next": further, "changes_from": start, "removed": [], "key_changes": []})
    if narrowed:
        raise BadInput(_("Theo dõi thay đổi cho cả danh sách; bộ lọc chỉ dùng khi đọc danh sách."))
    cursor = asked.changes_after or ""
    told = changes_of(source.table, cursor=cursor, since=_aware(asked.updated_since), limit=asked.limit)
    items = changed_items(source, told)
    facts = {"items": items, "next": told.next, "changes_from": "", "removed": told.removed}
    return answer({**facts, "key_changes": told.key_changes})


def paged(source: Source, asked: Paging) -> HttpResponse:
    """Answer with a page of a list that is only read."""
    items, further = page_of(source, after=asked.after, limit=asked.limit)
    return answer({"items": items, "next": further})


def done_once(request: Any, key: str, asked: Any, do: Callable[[], tuple[int, Any]]) -> HttpResponse:
    """Do a write as the caller, once for a key, and answer with what came of it."""
    caller: Caller = request.auth
    with acting(caller.actor):
        status, facts = once(caller, key, [request.method, request.path, asked], do)
    return no_answer() if status == 204 else answer(facts, status=status)


def _aware(moment: dt.datetime | None) -> dt.datetime | None:
    if moment is None:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return min(max(moment, _EARLIEST), _LATEST).astimezone(dt.UTC)
