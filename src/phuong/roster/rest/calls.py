"""Rostering and gradebook services: collections, single objects, and the parts of one object; read only."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse

from phuong.gateway.api import TooOften, address_of
from phuong.kernel.audit import LIST_SEEN, seen
from phuong.kernel.rates import take_call
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import acting
from phuong.roster.access import CORE, DEMOGRAPHICS, GRADEBOOK, GRADEBOOK_CORE, ROSTER, Bearer, bearer_of
from phuong.roster.errors import NoScope
from phuong.roster.queries.gradebook import GRADEBOOK as MARKS
from phuong.roster.queries.lists import Asked, Page, asked_of, one_of, page_of
from phuong.roster.queries.projections import Projection
from phuong.roster.queries.reading import Reader, found, keys_of, nested, part_of
from phuong.roster.queries.writing import written
from phuong.roster.rest.answers import answer

ROOT = "/ims/oneroster/"
_PERSONAL = ("users", "enrollments", "demographics", "results")
_ABOUT = {"enrollments": "person", "results": "student"}  # whose row it is, where that is not its key


def _caller(request: Any, name: str, *, is_core: bool) -> Bearer:
    """Find who calls, count the call, and look at the scopes of the token.

    :raises NoScope: the token does not open this endpoint
    """
    bearer = bearer_of(request.headers.get("Authorization", ""), address_of(request))
    request.allowance = take_call(bearer.caller.id, bearer.caller.rate)
    if request.allowance.wait:
        raise TooOften(retry_after=request.allowance.wait)
    if not _opening(name, is_core=is_core) & bearer.scopes:
        raise NoScope
    return bearer


def _opening(name: str, *, is_core: bool) -> set[str]:
    """Name the scopes that open a collection; the parts of one object are not core."""
    if name == "demographics":
        return {DEMOGRAPHICS}
    whole, core = (GRADEBOOK, GRADEBOOK_CORE) if name in MARKS else (ROSTER, CORE)
    return {whole, core} if is_core else {whole}


def collection(request: Any, name: str) -> HttpResponse:
    """List the objects of a kind."""
    bearer = _caller(request, name, is_core=True)
    kind, _single, rows = part_of(name)
    asked = asked_of(_query(request), kind)
    with acting(bearer.caller.actor):
        page = page_of(Reader.of(bearer.caller.actor), kind, asked, rows=[rows])
        return _listed(request, kind, asked, page)


def single(request: Any, name: str, sourced_id: str) -> HttpResponse:
    """Give one object.

    :raises NotThere: none, or not for this client
    """
    bearer = _caller(request, name, is_core=True)
    kind, called, rows = part_of(name)
    asked = asked_of({"fields": request.GET.get("fields", "")}, kind)
    keys = keys_of(kind, sourced_id)
    with acting(bearer.caller.actor):
        row = one_of(Reader.of(bearer.caller.actor), kind, keys, rows=rows) if keys else None
        if row is None:
            raise NotThere
        if kind.name in _PERSONAL:
            about = row[_ABOUT.get(kind.name, "k1")]
            seen("roster.read", on_kind="person", on_id=about, about=about)
        return answer({called: written(kind.name, row, _address(request), asked.fields)})


def parts(request: Any, outer: str, sourced_id: str, inner: str) -> HttpResponse:
    """List the parts of one object, such as the students of a class.

    :raises NotThere: no such object, or not for this client
    """
    return _parts(request, [(outer, sourced_id)], inner)


def inner_parts(request: Any, outer: str, outer_id: str, middle: str, middle_id: str, inner: str) -> HttpResponse:
    """List the parts of one object of another, such as the students of a class of a school.

    :raises NotThere: no such object, no such one in it, or not for this client
    """
    return _parts(request, [(outer, outer_id), (middle, middle_id)], inner)


def _parts(request: Any, way: list[tuple[str, str]], inner: str) -> HttpResponse:
    bearer = _caller(request, inner, is_core=False)
    kind, _single, rows = part_of(inner)
    asked = asked_of(_query(request), kind)
    with acting(bearer.caller.actor):
        reader = Reader.of(bearer.caller.actor)
        params: dict[str, str] = {}
        for place, (name, sourced_id) in enumerate(way):
            params = _gone_into(reader, name, sourced_id, way[place - 1][0] if place else "", params)
        condition = nested(*(name for name, _id in way), inner)
        page = page_of(reader, kind, asked, rows=[rows, condition], params=params)
        return _listed(request, kind, asked, page)


def _gone_into(reader: Reader, name: str, sourced_id: str, outer: str, of: dict[str, str]) -> dict[str, str]:
    """Find one object, in one of ``outer`` when told, whose keys are ``of``; gives its own keys beside those.

    :raises NotThere: no such object there
    """
    kind, _called, rows = part_of(name)
    keys = keys_of(kind, sourced_id)
    if keys is None:
        raise NotThere
    conditions = [f"x.k1 = %(key_1)s::{kind.kind}", "x.k2 = %(key_2)s", rows, *([nested(outer, name)] if outer else [])]
    if not found(reader, kind, conditions, {"key_1": keys[0], "key_2": keys[1], **of}):
        raise NotThere
    within = {"within_1": of["of_1"], "within_2": of["of_2"]} if of else {}
    return {"of_1": keys[0], "of_2": keys[1], **within}


def _query(request: Any) -> dict[str, str]:
    return {name: str(value) for name, value in request.GET.items()}


def _address(request: Any) -> str:
    return str(request.build_absolute_uri(ROOT))


def _listed(request: Any, kind: Projection, asked: Asked, page: Page) -> HttpResponse:
    if kind.name in _PERSONAL:
        seen(LIST_SEEN, on_kind="list", on_id=f"roster.{kind.name}")
    items = [written(kind.name, row, _address(request), asked.fields) for row in page.rows]
    return answer({kind.name: items}, _headers(request, asked, page))


def _headers(request: Any, asked: Asked, page: Page) -> dict[str, str]:
    """Tell how many there are, when it was cheap to count, and where the neighbouring pages lie.

    The next page of a list in its own order is named by its place (``after``): as quick at any depth.
    """
    links = {}
    if page.after:
        further = {"offset": str(asked.offset + asked.limit)}
        links["next"] = _other_page(request, asked, further if asked.sort else further | {"after": page.after})
    links["first"] = _other_page(request, asked, {"offset": "0"})
    if asked.offset:
        links["prev"] = _other_page(request, asked, {"offset": str(max(0, asked.offset - asked.limit))})
    told = {}
    if page.total is not None:
        told["X-Total-Count"] = str(page.total)
        last = max(0, (page.total - 1) // asked.limit * asked.limit)
        links["last"] = _other_page(request, asked, {"offset": str(last)})
    told["Link"] = ", ".join(f'<{address}>; rel="{name}"' for name, address in links.items())
    return told


def _other_page(request: Any, asked: Asked, place: dict[str, str]) -> str:
    kept = {name: value for name, value in request.GET.items() if name not in ("offset", "after", "limit")}
    return f"{request.build_absolute_uri(request.path)}?{urlencode({**kept, 'limit': asked.limit, **place})}"
