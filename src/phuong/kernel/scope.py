"""Who acts and how far they see: the scope that PostgreSQL itself enforces (ADR 2).

Every table with personal data carries a ``path``; its policy lets a row through when the row lies under
``app.scope``, or belongs to one of ``app.persons`` (a guardian's children, a learner's own record). Both settings
live for one transaction only. Nothing set means nothing seen.
"""

import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connections, transaction

from phuong.kernel.keys import uuid7
from phuong.kernel.permissions import Permission

ROOT = "vn"
_SETTINGS = ("app.scope", "app.persons", "app.account", "pghistory.context_id", "pghistory.context_metadata")


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
SYSTEM = Actor(scope=ROOT, name="system", role="system", permissions=frozenset(Permission))
_NOTHING = ("",) * len(_SETTINGS)
_current: ContextVar[Actor] = ContextVar("actor", default=NOBODY)
_in_force: ContextVar[tuple[str, ...]] = ContextVar("settings", default=_NOTHING)


def current_actor() -> Actor:
    """Say who acts now; nobody outside a request, job or command."""
    return _current.get()


@contextmanager
def acting(actor: Actor, *, using: str = "default", reason: str = "") -> Iterator[Actor]:
    """Do the enclosed work as ``actor``, in one transaction, and forget the actor afterwards.

    Old rows kept meanwhile carry the account and ``reason``. When the work fails, the rollback undoes the settings too.
    """
    before = _in_force.get()
    settings = (*actor.settings(), str(uuid7()), json.dumps({"account": str(actor.account_id or ""), "reason": reason}))
    tokens = (_current.set(actor), _in_force.set(settings))
    is_nested = connections[using].in_atomic_block
    try:
        with transaction.atomic(using=using):
            _apply(settings, using)
            yield actor
            if is_nested and not connections[using].needs_rollback:
                _apply(before, using)
    finally:
        _current.reset(tokens[0])
        _in_force.reset(tokens[1])


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
