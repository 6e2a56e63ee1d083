"""Who throws at what, and what came of it."""

import traceback
from collections import Counter
from random import Random
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection

from phuong.identity.testing import PASSWORD, an_account
from phuong.onboarding.testing import a_code, an_opened_account
from tests.access.address import address_of
from tests.access.asking import Asking, undone
from tests.access.roles import ALL, NOBODY, WORLD
from tests.access.routes import route_named
from tests.access.row import (
    BARE,
    FOREIGN,
    OTHER_COMMUNE,
    OTHER_PROVINCE,
    OTHER_SCHOOL,
    OWN,
    PROVINCE,
    STRANGE_STAFF,
    STRANGER,
    Row,
)
from tests.access.rows import MATRIX, doors
from tests.fuzz.attacks import Attack, Most, addresses, attacks
from tests.fuzz.fields import Finder

ELSEWHERE = {FOREIGN, BARE, OTHER_SCHOOL, OTHER_COMMUNE, OTHER_PROVINCE, STRANGER, STRANGE_STAFF}
POWERFUL = ("division_officer", "department_leader", "system_operator", "principal", "commune_officer", *ALL)
SMALL = ("guardian", "learner", "support", "teacher", "accountant", "clerk", "support_repair", *reversed(ALL))


NAMED, CODED, PASSED = "told a name", "told a code", "told a password"
HALF_WAY = [  # pages that open only on the way: activating an account, the second factor, consent to a site
    Row("onboarding:code", "", OWN, "GET POST", frozenset({NAMED})),
    Row("onboarding:password", "", OWN, "GET POST", frozenset({CODED})),
    Row("mfa_authenticate", "", OWN, "GET POST", frozenset({PASSED})),
    Row("idp:oidc:authorization", "?consent", PROVINCE, "GET POST", frozenset({"teacher"})),
]


def rows() -> list[Row]:
    """Give the rows about what somebody may open, the doors, and what opens on the way."""
    mine = [row for row in MATRIX if row.of not in ELSEWHERE and (row.roles or row in doors.ROWS)]
    return [*mine, *HALF_WAY]


def askers(row: Row) -> list[str]:
    """Give the accounts that throw: a powerful one and a small one among those let in."""
    if route_named(row.route).is_public:
        return sorted(row.roles - WORLD or {"teacher"}) if row in HALF_WAY else [NOBODY]
    first = [next(role for role in order if role in row.roles) for order in (POWERFUL, SMALL)]
    return list(dict.fromkeys(first))


class Throwing:
    """The cast, what is known of the fields, and what went wrong: ``faults``, one example of each."""

    def __init__(self, seed: str) -> None:
        self.asking, self.finder, self.seed = Asking(), Finder(), seed
        self.faults: dict[str, str] = {}
        self.thrown: Counter[str] = Counter()

    def go_half_way(self) -> None:
        """Let people stand in the middle of activating an account, and before the second factor."""
        world = self.asking.world
        opened = an_opened_account(world.colleague, "staff")
        named = ("/kich-hoat/", {"username": opened.username})
        coded = ("/kich-hoat/ma/", {"code": a_code(world.colleague)})
        lan = an_account("clerk", world.school, username="lan")
        TOTP.activate(lan, "JBSWY3DPEHPK3PXP")
        self.asking.arrive(NAMED, named)
        self.asking.arrive(CODED, named, coded)
        self.asking.arrive(PASSED, ("/dang-nhap/", {"username": "lan", "password": PASSWORD}))

    def look(self, row: Row) -> None:
        """Open the page of a row to learn its forms, post nothing in particular, and overhear what is asked for."""
        for role in askers(row):
            with undone():
                where = address_of(self.asking.world, row, role)
                for method in row.methods.split():
                    with self.finder.overhearing(where, method):
                        answer = self.throw(role, Attack(method, where, {"x": "x"} if method == "POST" else None))
                    if answer is not None and answer.status_code in (200, 422) and not answer.streaming:
                        self.finder.read(where, answer.content.decode(errors="replace"))

    def attack(self, row: Row, most: Most) -> None:
        """Throw at the address of a row; the small account a third of what the powerful one does about fields."""
        for turn, role in enumerate(askers(row)):
            most = Most(most.whole, -(-most.fields // 3)) if turn else most
            chance = Random(f"{self.seed} {row} {role}")
            with undone():
                where = address_of(self.asking.world, row, role)
                pieces = [word[1:] for word in row.args.split() if word.startswith("=")]
                pieces += [part for part in where.split("/") if part.isdigit()]
                for one in addresses(where, pieces, most.whole, chance):
                    self.throw(role, one)
                for method in (method for method in row.methods.split() if method in ("GET", "POST")):
                    for one in attacks(method, where, self.finder.at(where, method), most, chance):
                        self.throw(role, one)

    def throw(self, role: str, one: Attack) -> Any:
        """Send one request, undo it, and note a fault."""
        client = self.asking.client(role)
        client.raise_request_exception = True
        answer = None
        with undone():
            try:
                answer = _sent(client, one)
                if answer.streaming:
                    list(answer.streaming_content)
                if answer.status_code >= 500:
                    self._note(f"status {answer.status_code}", role, one)
                with connection.cursor() as cursor:
                    cursor.execute("select 1")
            except Exception as error:  # noqa: BLE001 - every one of them is a fault of ours
                self._note(f"{type(error).__name__}: {str(error)[:120]} in {_place(error)}", role, one)
        self.thrown[role] += 1
        return answer

    def _note(self, what: str, role: str, one: Attack) -> None:
        self.faults.setdefault(what, f"{role}: {one}")

    def report(self) -> str:
        """Say how much was thrown at how many forms, and what went wrong."""
        forms = [each for each in self.finder.known.values() if each.fields]
        fields = sum(len(each.fields) for each in forms)
        faults = [f"{what}: {where}" for what, where in self.faults.items()]
        return "\n".join([f"{len(forms)} forms, {fields} fields, {self.thrown.total()} requests", *faults])


def _sent(client: Any, one: Attack) -> Any:
    if isinstance(one.body, bytes):
        return client.generic(one.method, one.where, one.body, **one.how)
    return getattr(client, one.method.lower())(one.where, one.body, **one.how)


def _place(error: Exception) -> str:
    """Name the last place that the error came through, and the last of our own."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/src/phuong/" in frame.filename]
    return " ← ".join(f"{frame.filename[-50:]}:{frame.lineno}" for frame in (frames[-1], *ours[-1:]))
