"""What tests of the programming interface share: a world, keys, a client that calls without a network."""

from collections.abc import Iterator
from typing import Any

import httpx
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from phuong.config.wsgi import application
from phuong.gateway.access import GRANTABLE, forget_callers
from phuong.gateway.actions.clients import Terms, make_client
from phuong.gateway.models import ApiClient
from phuong.kernel.scope import SYSTEM
from phuong_client import Client
from tests.world import World, a_world


class Application(httpx.WSGITransport):
    """Calls go to the application itself; the connection of the test stays open, as in Django's own test client."""

    def __init__(self) -> None:
        super().__init__(app=application)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        keep_open()  # Django's test client has taken that back
        return super().handle_request(request)


def keep_open() -> None:
    """Keep the connection of the test: Django's own test client lets requests close it again."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)


def open_world() -> Iterator[World]:
    """Give the cast; forget the clients of other tests; keep the connection open until the test ends."""
    forget_callers()
    keep_open()
    yield a_world()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def a_client(world: World, unit: Any = None, **terms: Any) -> tuple[ApiClient, str]:
    """Make a client of a unit (the school), which may do everything; gives it with its key."""
    agreed = Terms(**{"permissions": frozenset(GRANTABLE), "rate": 1_000_000, **terms})
    return make_client(name="Phần mềm X", unit=unit or world.school, terms=agreed, by=SYSTEM)


def key_of(world: World, unit: Any = None, **terms: Any) -> str:
    """Make a client and give its key."""
    return a_client(world, unit, **terms)[1]


def client_of(key: str, *, tries: int = 3) -> Client:
    """Call the application itself, no network between."""
    return Client("http://testserver/api/v1/", key, transport=Application(), tries=tries)
