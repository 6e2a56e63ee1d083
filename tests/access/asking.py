"""Asking for the rows as each role, every answer undone, so that all rows find the same world."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie

from django.db import transaction
from django.test import Client

from phuong.identity.api import roles_by_code
from phuong.identity.testing import PASSWORD
from phuong.plans.testing import an_indicator
from tests.access.address import address_of, body_of, is_own
from tests.access.roles import ALL, NOBODY
from tests.access.routes import Route, route_named
from tests.access.row import Row
from tests.world import World, a_world

LET_IN = (200, 302, 400, 409, 422)
OUT = (401, 403, 404)
SIGN_IN = "/dang-nhap/?next="
SOME = (NOBODY, "division_officer", "teacher", "guardian")  # asked where the door is open to the world


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever is written meanwhile."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Asking:
    """The cast, each signed in just now, so that sensitive acts ask for no further proof."""

    def __init__(self) -> None:
        an_indicator()
        self.world: World = a_world()
        self._browser = Client(raise_request_exception=False)  # one for all: making one reads every static file
        self._stopped: set[tuple[str, str, str]] = set()
        self._cookies: dict[str, str] = {}
        self.sign_in()

    def sign_in(self) -> None:
        """Sign everybody in now."""
        self._cookies = {role: self._signed_in(role) for role in ALL}

    def _signed_in(self, role: str) -> str:
        return self._after(("/dang-nhap/", {"username": self.world.accounts[role].username, "password": PASSWORD}))

    def _after(self, *posts: tuple[str, dict[str, str]]) -> str:
        self._browser.cookies = SimpleCookie()
        for where, facts in posts:
            assert self._browser.post(where, facts).status_code == 302
        return self._browser.cookies.output(attrs=[], header="", sep=";")

    def arrive(self, role: str, *posts: tuple[str, dict[str, str]]) -> None:
        """Let somebody new, called ``role``, come as far as these posts lead."""
        self._cookies[role] = self._after(*posts)

    def client(self, role: str) -> Client:
        """Hand the browser to a role, or to nobody."""
        self._browser.cookies = SimpleCookie(self._cookies.get(role, ""))
        return self._browser

    def verdicts(self, row: Row, method: str) -> dict[str, str]:
        """Say for each role that is asked whether it is let "in", kept "out", or the status it ought not to get.

        Whom the gate of the view stops is asked once for a route and method: the gate looks at no object.
        """
        roles = self._to_ask(route_named(row.route), method)
        with undone():
            where = "" if is_own(row) else address_of(self.world, row, NOBODY)
            return {role: self._verdict(row, method, role, where) for role in roles}

    def _to_ask(self, route: Route, method: str) -> list[str]:
        if route.is_public:
            return list(SOME)
        stopped = {role for role in ALL if route.gate and not route.gate & roles_by_code()[role].permissions} | {NOBODY}
        again = {role for role in stopped if (route.name, method, role) in self._stopped}
        self._stopped |= {(route.name, method, role) for role in stopped}
        return [role for role in (*ALL, NOBODY) if role not in again]

    def _verdict(self, row: Row, method: str, role: str, where: str) -> str:
        with undone():
            here = where or address_of(self.world, row, role)
            body = body_of(self.world, row, role) if method == "POST" else None
            answer = getattr(self.client(role), method.lower())(here, body)
        if answer.status_code == 302 and answer["Location"].startswith(SIGN_IN):
            return "out"
        status = answer.status_code
        return "in" if status in LET_IN else "out" if status in OUT else str(status)
