"""A list as a caller asks for it: filter, sort, selection and page, each put into SQL by known names only."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from phuong.roster.errors import BadQuery
from phuong.roster.queries.projections import DAY, INSTANT, KEY, LIST, NUMBER, TRUTH, Field, Projection, key_text
from phuong.roster.queries.reading import Reader, keys_of
from phuong.roster.rules import Comparison, Unreadable, read_filter

MOST, USUAL = 1000, 100
MOST_OFFSET = 100_000
_INTEGER_DIGITS = 9
# Row security makes the planner think that a province is a hundredth of itself: it would read and sort all of it for a
# page. Told not to sort, it walks along the keys until the page is full.
_ALONG_KEYS = "select set_config('enable_sort', 'off', true)"
_COMPARED = (DAY, INSTANT, TRUTH, NUMBER)  # as they are; others as texts
_OPERATORS = {"=": "=", "!=": "<>", ">": ">", ">=": ">=", "<": "<", "<=": "<="}


@dataclass(frozen=True)
class Asked:
    """What is wanted of a list; ``after``: the keys of the last row of the page before (then no offset is needed)."""

    limit: int = USUAL
    offset: int = 0
    after: tuple[str, str] | None = None
    sort: str = ""
    is_descending: bool = False
    conditions: tuple[str, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    is_narrow: bool = False  # the filter names the objects whose rows are meant


@dataclass(frozen=True)
class Page:
    """Rows of a list; ``after``: where to go on (empty at the end), ``total`` when it was cheap to count."""

    rows: list[dict[str, Any]]
    after: str
    total: int | None


def asked_of(query: Mapping[str, str], kind: Projection) -> Asked:
    """Read the parameters of a call.

    :raises BadQuery: a filter, sort, selection or page that is none
    """
    alternatives = _alternatives(query.get("filter", ""))
    conditions, params = _filter(alternatives, kind)
    sort = query.get("sort", "")
    if sort and sort != "dateLastModified" and (sort not in kind.fields or kind.fields[sort].type == LIST):
        raise BadQuery(_("Không sắp xếp được theo «%s».") % sort[:80], minor="invalid_sort_field")
    order = query.get("orderBy", "") or "asc"
    if order not in ("asc", "desc"):
        raise BadQuery(_("orderBy là asc hoặc desc."), minor="invalid_sort_field")
    offset = _whole(query.get("offset", ""), 0, "offset")
    after = keys_of(kind, query["after"]) if query.get("after") else None
    if query.get("after") and (after is None or sort):
        raise BadQuery(_("Không đọc được chỗ đi tiếp (after)."), minor="invaliddata")
    if offset > MOST_OFFSET and after is None:
        words = _("offset lớn nhất là %d. Đi tiếp theo liên kết next của Link: nhanh ở mọi độ sâu.")
        raise BadQuery(words % MOST_OFFSET, minor="invaliddata")
    limit = min(max(_whole(query.get("limit", ""), USUAL, "limit"), 1), MOST)
    fields = _selection(query.get("fields", ""), kind)
    is_narrow = bool(alternatives) and all(any(_names(each, kind) for each in all_of) for all_of in alternatives)
    return Asked(limit, offset, after, sort, order == "desc", conditions, params, fields, is_narrow)


def _whole(text: str, usual: int, name: str) -> int:
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal() and len(text) <= _INTEGER_DIGITS):
        raise BadQuery(_("%s là số nguyên từ 0.") % name, minor="invaliddata")
    return int(text)


def _selection(text: str, kind: Projection) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(each.strip() for each in text.split(",") if each.strip()))
    known = {"sourcedId", "status", "dateLastModified", *kind.told}
    if unknown := [each for each in names if each not in known]:
        raise BadQuery(_("Không có trường «%s».") % unknown[0][:80], minor="invalid_selection_field")
    return names


def _alternatives(text: str) -> list[list[Comparison]]:
    try:
        return read_filter(text) if text.strip() else []
    except Unreadable as error:
        raise BadQuery(_("Không đọc được filter từ chữ thứ %d.") % (int(error.args[0]) + 1)) from error


def _names(asked: Comparison, kind: Projection) -> bool:
    """Say whether a comparison names one object: then its rows are few, and found by an index of their own."""
    return asked.operator == "=" and asked.field in kind.fields and kind.fields[asked.field].type == KEY


def _filter(alternatives: list[list[Comparison]], kind: Projection) -> tuple[tuple[str, ...], dict[str, Any]]:
    if not alternatives:
        return (), {}
    params: dict[str, Any] = {}
    parts = [
        " and ".join(_comparison(each, kind, params, f"f{row}_{place}") for place, each in enumerate(all_of))
        for row, all_of in enumerate(alternatives)
    ]
    return ("(" + " or ".join(f"({part})" for part in parts) + ")",), params


def _comparison(asked: Comparison, kind: Projection, params: dict[str, Any], name: str) -> str:
    """Write one comparison; texts are compared without case, a list fits when one of its values does."""
    kept = Field(kind.modified, INSTANT) if asked.field == "dateLastModified" else kind.fields.get(asked.field)
    if kept is None:
        raise BadQuery(_("Không lọc được theo «%s».") % asked.field[:80])
    value = _value(asked, kept)
    if kept.type == KEY and asked.operator in ("=", "!="):
        return _same_key(asked, kept, kind, params, name)
    params[name] = value
    if kept.type == LIST:
        return _in_list(asked, kept, name)
    if kept.type in _COMPARED:
        if asked.operator == "~" or (kept.type == TRUTH and asked.operator not in ("=", "!=")):
            raise BadQuery(_("«%s» không so được bằng phép này.") % asked.field)
        return f"({kept.expression}) {_OPERATORS[asked.operator]} %({name})s"
    text = key_text(kept.expression, kept.second) if kept.type == KEY else kept.expression
    if asked.operator == "~":
        return f"position(lower(%({name})s) in lower({text})) > 0"
    return f'lower({text}) collate "C" {_OPERATORS[asked.operator]} lower(%({name})s)'


def _same_key(asked: Comparison, kept: Field, kind: Projection, params: dict[str, Any], name: str) -> str:
    """Compare a sourcedId by its parts, so that an index answers."""
    first, _dot, second = asked.value.partition(".")
    is_text = kept.is_text or (kept.expression == "x.k1" and kind.kind == "text")
    try:
        params[name] = first if is_text else str(UUID(first))
    except ValueError:
        return "false" if asked.operator == "=" else "true"
    params[f"{name}_2"] = second
    cast = "text" if is_text else "uuid"
    same = f"({kept.expression} is not distinct from %({name})s::{cast} and {kept.second} = %({name}_2)s)"
    return same if asked.operator == "=" else f"not {same}"


def _in_list(asked: Comparison, kept: Field, name: str) -> str:
    if asked.operator == "~":
        fits = f"exists (select 1 from unnest({kept.expression}) v where position(lower(%({name})s) in lower(v)) > 0)"
    elif asked.operator in ("=", "!="):
        fits = f"exists (select 1 from unnest({kept.expression}) v where lower(v) = lower(%({name})s))"
    else:
        raise BadQuery(_("«%s» không so được bằng phép này.") % asked.field)
    return f"not {fits}" if asked.operator == "!=" else fits


def _value(asked: Comparison, kept: Field) -> Any:
    """Read the value of a comparison as the field's type."""
    try:
        if "\0" in asked.value:
            raise ValueError
        if kept.type == DAY:
            return dt.date.fromisoformat(asked.value[:10])
        if kept.type == INSTANT:
            return _instant(asked.value)
        if kept.type == TRUTH:
            return {"true": True, "false": False}[asked.value.lower()]
        if kept.type == NUMBER:
            return _number(asked.value)
    except (ValueError, KeyError, OverflowError, InvalidOperation) as error:
        raise BadQuery(_("Không đọc được giá trị của «%s».") % asked.field) from error
    return asked.value


def _number(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite() or abs(value.adjusted()) > _INTEGER_DIGITS:
        raise ValueError
    return value


def _instant(text: str) -> dt.datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        moment = dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), dt.UTC)
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)


def page_of(
    reader: Reader, kind: Projection, asked: Asked, *, rows: Sequence[str] = (), params: Mapping[str, Any] | None = None
) -> Page:
    """Read a page: one statement, and one more to count where that is cheap.

    ``rows``: which rows of the kind; ``params``: with whose key, where they are the parts of one object.
    """
    conditions = [*rows, *asked.conditions]
    values = {**asked.params, **(params or {})}
    total = None
    if (reader.is_small and kind.is_counted) or kind.kind == "text":
        sql = f"select count(*) as total from ({kind.sql}) x where {_all(conditions)}"
        total = int(reader.rows(sql, values)[0]["total"])
    offset = 0 if asked.after else asked.offset
    if asked.after:
        comparison = "<" if asked.is_descending else ">"
        conditions.append(f'(x.k1, x.k2 collate "C") {comparison} (%(after_1)s::{kind.kind}, %(after_2)s)')
        conditions.append(f"x.k1 {comparison}= %(after_1)s::{kind.kind}")  # for the index of the first key alone
        values |= {"after_1": asked.after[0], "after_2": asked.after[1]}
    by = asked.sort if asked.sort != "sourcedId" else ""
    window = (asked.limit + 1, offset)
    sql = _statement(kind, conditions, window, by=by, descending=asked.is_descending)
    if kind.is_long and not (reader.is_small or by or params or asked.is_narrow):
        reader.rows(_ALONG_KEYS)
    found = reader.rows(sql, values)
    more = len(found) > asked.limit
    page = found[: asked.limit]
    return Page(page, key_of(page[-1]) if more else "", total)


def _all(conditions: Sequence[str]) -> str:
    return " and ".join(conditions) or "true"


def _sorted_by(kind: Projection, name: str) -> str:
    if name == "dateLastModified":
        return kind.modified
    kept = kind.fields[name]
    if kept.type == KEY:
        return f'({key_text(kept.expression, kept.second)}) collate "C"'
    return f"({kept.expression})" + (' collate "C"' if kept.type not in _COMPARED else "")


def _statement(
    kind: Projection, conditions: Sequence[str], window: tuple[int, int], *, by: str = "", descending: bool = False
) -> str:
    """Write the statement of a page (``window``: how many rows, after how many).

    First the keys of its rows: each part of the kind gives its first ones, read along an index. Then all of each row,
    the day of its last change, and what belongs to it. Kinds keyed by a text are few, counted out of many: read once.
    """
    direction = " desc" if descending else ""
    limit, offset = window
    order = f'x.k1{direction}, x.k2 collate "C"{direction}'
    by_key = order
    sorted_by = "null"
    if by:
        sorted_by = _sorted_by(kind, by)
        order = f"x.sorted_by{direction} nulls last, {order}"
        by_key = f"{sorted_by}{direction} nulls last, {by_key}"
    keys = " union all ".join(
        f"(select x.k1, x.k2, {sorted_by} as sorted_by from ({part}) x where {_all(conditions)} "
        f"order by {by_key} limit {limit + offset})"
        for part in kind.parts
    )
    page = f"select x.* from ({keys}) x order by {order} limit {limit} offset {offset}"
    rows = (
        f"select x.*, {kind.modified} as modified, p.sorted_by from ({page}) p join lateral "
        f"(select * from ({kind.sql}) x where x.k1 = p.k1 and x.k2 = p.k2 offset 0) x on true"
    )
    if kind.kind == "text":
        rows = (
            f"select x.*, {kind.modified} as modified, {sorted_by} as sorted_by from ({kind.sql}) x "
            f"where {_all(conditions)} order by {by_key} limit {limit} offset {offset}"
        )
    details = f", {kind.details}" if kind.details else ""
    return f"select t.*{details} from ({rows}) t order by {order.replace('x.', 't.')}"


def one_of(reader: Reader, kind: Projection, keys: tuple[str, str], *, rows: str = "true") -> dict[str, Any] | None:
    """Read one row by its keys."""
    conditions = [f"x.k1 = %(key_1)s::{kind.kind}", "x.k2 = %(key_2)s", rows]
    params = {"key_1": keys[0], "key_2": keys[1]}
    found = reader.rows(_statement(kind, conditions, (1, 0)), params)
    return found[0] if found else None


def key_of(row: Mapping[str, Any]) -> str:
    """Give the sourcedId of a row."""
    return f"{row['k1']}.{row['k2']}" if row["k2"] else str(row["k1"])
