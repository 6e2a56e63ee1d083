"""The feed: everything that changed, in one stream that is followed by a cursor."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field as Described
from pydantic import WithJsonSchema

from phuong.gateway.access import Caller
from phuong.gateway.declarations import RESOURCES, followed_by
from phuong.gateway.queries import ACTS, events_of, present_place, write_cursor
from phuong.gateway.rest.answers import answer
from phuong.gateway.rest.feed import MOST
from phuong.gateway.rest.schemas import PROBLEMS
from phuong.kernel.refusals import BadInput, NotThere
from phuong.kernel.scope import acting

Name = Annotated[str, WithJsonSchema({"type": "string", "enum": [*RESOURCES]})]
Act = Annotated[str, WithJsonSchema({"type": "string", "enum": [*ACTS]})]


class FeedEvent(Schema):
    """Something that happened to one record; the record itself is read at ``href``."""

    id: str = Described(description="Gặp lại id này là cùng một việc. Seen again, it is the same event.")
    cursor: str = Described(description="Xử lí xong việc này thì đi tiếp từ đây. Go on from here once dealt with.")
    at: dt.datetime
    kind: Name
    resource_id: UUID
    act: Act
    before: str | None = Described(description="Mã, hoặc id đã gộp đi. The code before, or the id that was merged.")
    after: str | None = Described(description="Mã mới, hoặc id còn lại. The code after, or the id that stays.")
    href: str = Described(description="Nơi đọc hồ sơ; rỗng: không còn. Where to read it; empty: it is gone.")


class FeedPage(Schema):
    """A part of the feed."""

    events: list[FeedEvent]
    next: str = Described(description="Con trỏ cho lần sau, kể cả khi không có gì. Where to go on, always given.")
    is_more: bool = Described(description="Còn nữa: gọi tiếp ngay. There is more already.")


class Following(Schema):
    """From where, and what."""

    after: str = Described(
        "",
        max_length=200,
        pattern=r"^[A-Za-z0-9_-]*$",
        description="next lần trước, hoặc changes_from của một danh sách; trống: từ lúc này. "
        "The last ``next``, or ``changes_from`` of a list; without it: from now on.",
    )
    kinds: list[Name] = Described(
        [], description="Chỉ các loại này; trống: mọi loại khóa được đọc. These alone; none: all the key may read."
    )
    limit: int = Described(100, ge=1, le=MOST, description="Số dòng nhật ký mỗi lần. Lines of the log at a time.")


stream = Router(tags=["feed"])


@stream.get("", response={200: FeedPage, **PROBLEMS}, operation_id="list_feed")
def feed(request: Any, asked: Query[Following]) -> HttpResponse:
    """Tell what changed after a cursor in every resource the client may read."""
    caller: Caller = request.auth
    if unknown := set(asked.kinds) - set(RESOURCES):
        raise BadInput(", ".join(sorted(unknown)))
    may_read = followed_by(caller.actor)
    wanted = [each for each in may_read if each.name in asked.kinds] if asked.kinds else may_read
    if not wanted or len(wanted) < len(set(asked.kinds)):
        raise NotThere
    with acting(caller.actor) as actor:
        if not asked.after:
            return answer({"events": [], "next": write_cursor(present_place()), "is_more": False})
        told = events_of(actor, wanted, cursor=asked.after, limit=asked.limit)
        events = [each.facts() for each in told.events]
        return answer({"events": events, "next": told.next, "is_more": told.is_more})
