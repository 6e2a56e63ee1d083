"""The rostering service: collections, single objects, and the parts of one object; read only."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse

from phuong.gateway.api import TooOften, address_of, take_call
from phuong.kernel.audit import LIST_SEEN, seen
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import acting
from phuong.roster.access import CORE, DEMOGRAPHICS, ROSTER, Bearer, bearer_of
from phuong.roster.errors import NoScope
from phuong.roster.queries.lists import Asked, Page, asked_of, one_of, page_of
from phuong.roster.queries.projections import Projection
from phuong.roster.queries.reading import Reader, found, keys_of, nested, part_of
from phuong.roster.queries.writing import written
from phuong.roster.rest.answers import answer

SERVICE = "/ims/oneroster/rostering/v1p2/"
_PERSONAL = ("users", "enrollments", "demographics")


def _caller(request: Any, name: str, *, is_core: bool) -> Bearer:
    """Find who calls, count the call, and look at the scopes of the token.

    :raises NoScope: the token does not open this endpoint
    """
    bearer = bearer_of(request.headers.get("Authorization", ""), address_of(request))
    request.allowance = take_call(bearer.caller.id, bearer.caller.rate)
    if request.allowance.wait:
        raise TooOften(retry_after=request.allowance.wait)
    opening = {DEMOGRAPHICS} if name == "demographics" else {ROSTER, CORE} if is_core else {ROSTER}
    if not opening & bearer.scopes:
        raise NoScope
    return bearer


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
            about = row["k1"] if kind.name != "enrollments" else row["person"]
            seen("roster.read", on_kind="person", on_id=about, about=about)
        return answer({called: written(kind.name, row, _address(request), asked.fields)})


def parts(request: Any, outer: str, sourced_id: str, inner: str) -> HttpResponse:
    """List the parts of one object, such as the students of a class.

    :raises NotThere: no such object, or not for this client
    """
    return _parts(request, [(outer, sourced_id)], inner)


def class_parts(request: Any, school_id: str, class_id: str, inner: str) -> HttpResponse:
    """List the parts of a class of a school.

    :raises NotThere: no such school, no such class there, or not for this client
    """
    return _parts(request, [("schools", school_id), ("classes", class_id)], inner)


def _parts(request: Any, way: list[tuple[str, str]], inner: str) -> HttpResponse:
    bearer = _caller(request, inner, is_core=False)
    kind, _single, rows = part_of(inner)
    asked = asked_of(_query(request), kind)
    with acting(bearer.caller.actor):
        reader = Reader.of(bearer.caller.actor)
        keys: tuple[str, str] | None = None
        for place, (name, sourced_id) in enumerate(way):
            outer, _called, outer_rows = part_of(name)
            of, keys = keys, keys_of(outer, sourced_id)
            conditions = [f"x.k1 = %(key_1)s::{outer.kind}", "x.k2 = %(key_2)s", outer_rows]
            values = {"key_1": keys[0], "key_2": keys[1]} if keys else {}
            if of is not None:
                conditions.append(nested(way[place - 1][0], name))
                values |= {"of_1": of[0], "of_2": of[1]}
            if keys is None or not found(reader, outer, conditions, values):
                raise NotThere
        condition = nested(way[-1][0], inner)
        of_params = {"of_1": keys[0], "of_2": keys[1]} if keys else {}
        page = page_of(reader, kind, asked, rows=[rows, condition], params=of_params)
        return _listed(request, kind, asked, page)


def _query(request: Any) -> dict[str, str]:
    return {name: str(value) for name, value in request.GET.items()}


def _address(request: Any) -> str:
    return str(request.build_absolute_uri(SERVICE))


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
