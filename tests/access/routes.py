"""The routes of the house, read from its addresses: their names, methods and gates."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from phuong.kernel.gates import PERMISSIONS

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REST = "gateway:rest:"  # other systems show a key instead of a session
ROSTER = "roster:call_"  # and a token here: src/phuong/roster/tests, tests/test_roster.py
SAID = {  # routes that do not tell by themselves
    "scim:v2": METHODS,
    f"{REST}api-root": ("GET",),
}


@dataclass(frozen=True)
class Route:
    """One address."""

    name: str
    path: str  # as declared
    view: Any
    methods: tuple[str, ...]

    @property
    def is_public(self) -> bool:
        """Say whether nobody need be signed in."""
        return not getattr(self.view, "login_required", True)

    @property
    def gate(self) -> frozenset[str] | None:
        """Give the permissions one of which opens the view; empty: any role; ``None``: the view says nothing."""
        return getattr(self.view, PERMISSIONS, None)


@cache
def routes() -> list[Route]:
    """List every address of the house."""
    return list(_within(get_resolver().url_patterns))


@cache
def route_named(name: str) -> Route:
    """Give a route that is no call of the REST interface."""
    return next(route for route in routes() if route.name == name)


def _within(patterns: list[URLPattern | URLResolver], space: str = "", path: str = "") -> Iterator[Route]:
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _within(
                pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space, here
            )
        else:
            name = f"{space}{pattern.name}"
            yield Route(name, here, pattern.callback, SAID.get(name) or _of_roster(name) or _methods(pattern.callback))


def _of_roster(name: str) -> tuple[str, ...]:
    if not name.startswith(ROSTER):
        return ()
    return ("POST",) if name.endswith("token") else ("GET",)


def _methods(view: Any) -> tuple[str, ...]:
    if page := getattr(view, "view_class", None):  # of django-allauth; a form answers PUT as it does POST
        return tuple(method for method in ("GET", "POST") if _has(page, method.lower()))
    allowed = _declared(view)
    return tuple(method for method in METHODS if method in allowed)


def _has(page: Any, method: str) -> bool:
    return method in page.http_method_names and hasattr(page, method)


def _declared(view: Any) -> set[str]:
    """Find what ``require_http_methods`` or one of its kin was told; ask a call of the REST interface instead."""
    inside = view
    while inside is not None:
        if found := inspect.getclosurevars(inside).nonlocals.get("request_method_list"):
            return set(found)
        inside = getattr(inside, "__wrapped__", None)
    answer = view(RequestFactory().generic("BREW", "/"))  # a method that no call knows: answered before all else
    assert answer.status_code == 405, view
    return {method.strip() for method in answer["Allow"].split(",")}
