"""Pages by ``startIndex``: who walks through a list in order is served by key, and the list is counted once a walk."""

import hashlib
from typing import TypeVar

from django.core.cache import cache
from django.db.models import Model, QuerySet

WALK_SECONDS = 300
M = TypeVar("M", bound=Model)


def page_of(rows: QuerySet[M], start: int, count: int, walk: str) -> tuple[int, list[M]]:
    """Give how many rows there are and ``count`` of them from ``start`` (0-based), in order of their keys.

    ``walk`` names list and filter. The end of each page is remembered for five minutes, so that the next page costs
    the same however deep it lies, and new rows do not shift it.
    """
    ordered = rows.order_by("pk")
    if count == 0:
        return rows.count(), []
    kept = cache.get(_mark(walk, start)) if start else None
    if kept:
        total, after = kept
        found = list(ordered.filter(pk__gt=after)[:count])
    else:
        found = list(ordered[start : start + count])
        is_end = len(found) < count and (found or not start)
        total = start + len(found) if is_end else rows.count()
    if len(found) == count:
        cache.set(_mark(walk, start + count), (total, found[-1].pk), WALK_SECONDS)
    return total, found


def _mark(walk: str, start: int) -> str:
    return "scim:" + hashlib.sha256(f"{walk}\n{start}".encode()).hexdigest()
