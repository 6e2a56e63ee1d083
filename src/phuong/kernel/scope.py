"""Who acts and how far they see: the scope that PostgreSQL itself enforces (ADR 2).

Every table with personal data carries a ``path``; its policy lets a row through when the row lies under
``app.scope``, or belongs to one of ``app.persons`` (a guardian's children, a learner's own record). Both settings
live for one transaction only. Nothing set means nothing seen.
"""

import datetime as dt
import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import DatabaseError, connections, transaction

from phuong.kernel.keys import uuid7
from phuong.kernel.permissions import Permission
from phuong.kernel.prepared import prepared

ROOT = "vn"
_SETTINGS = (
    "app.scope",
    "app.persons",
    "app.account",
    "app.as_of",
    "search_path",
    "pghistory.context_id",
    "pghistory.context_metadata",
)
_SET = "select " + ", ".join(f"set_config('{name}', %s, true)" for name in _SETTINGS)
_PRESENT, _PAST = "public", "past, public"


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
    as_of: dt.date | None = None  # a past day the person looks back to; nothing can be written meanwhile

    def may(self, permission: str) -> bool:
        """Say whether the actor's role holds ``permission``."""
        return permission in self.permissions

    def settings(self) -> tuple[str, ...]:
        """Give the values of the transaction settings that say who looks, how far, and at which day."""
        persons = "{" + ",".join(str(person) for person in self.persons) + "}"
        as_of = self.as_of.isoformat() if self.as_of else ""
        return (self.scope, persons, str(self.account_id or ""), as_of, _PAST if self.as_of else _PRESENT)


NOBODY = Actor()
SYSTEM = Actor(scope=ROOT, name="system", role="system", permissions=frozenset(Permission))
_NOTHING = (*NOBODY.settings(), "", "")
_current: ContextVar[Actor] = ContextVar("actor", default=NOBODY)
_in_force: ContextVar[tuple[str, ...]] = ContextVar("settings", default=_NOTHING)


def current_actor() -> Actor:
    """Say who acts now; nobody outside a request, job or command."""
    return _current.get()


@contextmanager
def reading_as(actor: Actor) -> Iterator[Actor]:
    """Read as ``actor`` within the transaction that is open, without a savepoint: for the hottest paths.

    Nothing may be written, for nothing would be undone; an error of the database ends the whole transaction.

    :raises RuntimeError: no transaction is open
    """
    if not connections["default"].in_atomic_block:
        raise RuntimeError("reading_as stands inside acting")
    before, is_lost = _in_force.get(), False
    settings = (*actor.settings(), *before[-2:])
    tokens = (_current.set(actor), _in_force.set(settings))
    try:
        _apply(settings, "default")
        yield actor
    except DatabaseError:
        is_lost = True
        raise
    finally:
        if not is_lost:
            _apply(before, "default")
        _current.reset(tokens[0])
        _in_force.reset(tokens[1])


@contextmanager
def acting(
    actor: Actor, *, using: str = "default", reason: str = "", effective_on: dt.date | None = None
) -> Iterator[Actor]:
    """Do the enclosed work as ``actor``, in one transaction, and forget the actor afterwards.

    Old rows kept meanwhile carry the account, ``reason`` and the day from which the change holds. When the work fails,
    the rollback undoes the settings too.
    """
    before = _in_force.get()
    context = {"account": str(actor.account_id or ""), "name": actor.name, "reason": reason}
    if effective_on:
        context["effective_on"] = effective_on.isoformat()
    settings = (*actor.settings(), str(uuid7()), json.dumps(context, ensure_ascii=False))
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
    with prepared(using) as cursor:
        cursor.execute(_SET, values)


def present_context() -> uuid.UUID:
    """Give the key of the context under which old rows are kept now."""
    return uuid.UUID(_in_force.get()[-2])


def is_under(path: str, scope: str) -> bool:
    """Say whether ``path`` lies at or below ``scope``; nothing lies below an empty scope."""
    return bool(scope) and (path == scope or path.startswith(scope + "."))


def depth(path: str) -> int:
    """Count the labels of ``path``: 1 country, 2 province, 3 commune or department, 4 school."""
    return len(path.split(".")) if path else 0
