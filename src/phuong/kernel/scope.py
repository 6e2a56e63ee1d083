"""Who acts and how far they see: the scope that PostgreSQL itself enforces (ADR 2).

Every table with personal data carries a ``path``; its policy lets a row through when the row lies under
``app.scope``, or belongs to one of ``app.persons`` (a guardian's children, a learner's own record). Both settings
live for one transaction only. Nothing set means nothing seen.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import pghistory
from django.db import connections, transaction

ROOT = "vn"
_SETTINGS = ("app.scope", "app.persons", "app.account")


@dataclass(frozen=True)
class Actor:
    """The acting person of a request, a job or a command."""

    scope: str = ""
    persons: tuple[uuid.UUID, ...] = ()
    account_id: uuid.UUID | None = None
    name: str = ""
    role: str = ""
    organisation_id: uuid.UUID | None = None
    organisation: str = ""
    permissions: frozenset[str] = frozenset()

    def may(self, permission: str) -> bool:
        """Say whether the actor's role holds ``permission``."""
        return permission in self.permissions

    def settings(self) -> tuple[str, str, str]:
        """Give the values of the three transaction settings."""
        persons = "{" + ",".join(str(person) for person in self.persons) + "}"
        return (self.scope, persons, str(self.account_id or ""))


NOBODY = Actor()
SYSTEM = Actor(scope=ROOT, name="system", role="system")
_current: ContextVar[Actor] = ContextVar("actor", default=NOBODY)


def current_actor() -> Actor:
    """Say who acts now; nobody outside a request, job or command."""
    return _current.get()


@contextmanager
def acting(actor: Actor, *, using: str = "default", reason: str = "") -> Iterator[Actor]:
    """Do the enclosed work as ``actor``, in one transaction, and forget the actor afterwards."""
    before = _current.get()
    token = _current.set(actor)
    is_nested = connections[using].in_atomic_block
    try:
        with transaction.atomic(using=using), pghistory.context(account=str(actor.account_id or ""), reason=reason):
            _apply(actor.settings(), using)
            try:
                yield actor
            finally:
                if is_nested and not connections[using].needs_rollback:
                    _apply(before.settings(), using)
    finally:
        _current.reset(token)


def _apply(values: Sequence[str], using: str) -> None:
    with connections[using].cursor() as cursor:
        calls = ", ".join("set_config(%s, %s, true)" for _ in _SETTINGS)
        cursor.execute(f"select {calls}", [part for pair in zip(_SETTINGS, values, strict=True) for part in pair])


def is_under(path: str, scope: str) -> bool:
    """Say whether ``path`` lies at or below ``scope``; nothing lies below an empty scope."""
    return bool(scope) and (path == scope or path.startswith(scope + "."))


def depth(path: str) -> int:
    """Count the labels of ``path``: 1 country, 2 province, 3 commune or department, 4 school."""
    return len(path.split(".")) if path else 0
