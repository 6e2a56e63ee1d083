"""The journal of acts: who did what to which record, who opened it, and what was refused."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import connection
from django.utils import timezone

from phuong.kernel.keys import first_key_at, uuid7
from phuong.kernel.models import AuditEntry
from phuong.kernel.scope import ROOT, SYSTEM, Actor, acting, current_actor, is_under

log = structlog.get_logger()
SEEN, LIST_SEEN, PAGE_SEEN = "person.seen", "list.seen", "page.seen"
SEEN_AGAIN_SECONDS = 600
_SEEN = """
insert into kernel_auditentry
  (id, path, at, account_id, actor_name, role, unit, did, refused, on_kind, on_id, about, note)
select %(id)s, %(path)s::ltree, %(at)s, %(account)s, %(name)s, %(role)s, %(unit)s, %(did)s, false, %(on_kind)s,
  %(on_id)s, %(about)s, %(note)s
where %(always)s or not exists (
  select 1 from kernel_auditentry
  where on_id = %(on_id)s and id >= %(since)s and did = %(did)s and account_id is not distinct from %(account)s
    and actor_name = %(name)s
)
"""


@dataclass
class Watch:
    """Somebody whose every opening is kept, with ``where``; ``lines``: how many the journal has of it so far."""

    actor: Actor
    where: str
    lines: int = 0


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watching(actor: Actor, where: str) -> Iterator[Watch]:
    """Keep each opening of the enclosed work, not one in ten minutes, and say ``where`` it was."""
    watch = Watch(actor, where)
    token = _watch.set(watch)
    try:
        yield watch
    finally:
        _watch.reset(token)


def _count(actor: Actor, path: str) -> None:
    """Count a line of the watched one, if it stands where the watched place reads it."""
    watch = _watch.get()
    if watch is not None and actor.account_id == watch.actor.account_id and is_under(path, watch.actor.scope):
        watch.lines += 1


def record(
    did: str, *, on_kind: str = "", on_id: Any = "", about: UUID | None = None, note: str = "", path: str = ""
) -> None:
    """Keep one act of the acting person, inside the present transaction. ``about``: the person whose record it is."""
    actor = current_actor()
    facts = {"on_kind": on_kind, "on_id": str(on_id), "about": about, "note": note}
    facts["path"] = path or actor.scope or ROOT
    if actor.scope:
        _write(actor, did, **facts)
    else:  # a family has no place of its own in the tree to write at
        with acting(SYSTEM):
            _write(actor, did, **facts)


def record_all(did: str, on_kind: str, acts: Iterable[tuple[Any, str, str]], *, about: bool = False) -> None:
    """Keep one act of the acting person on many records, ``(key, note, path)`` each, in one statement.

    ``about``: the keys are those of the persons whose records they are.
    """
    actor = current_actor()
    who = {"account_id": actor.account_id, "actor_name": actor.name, "role": actor.role, "unit": actor.organisation}
    rows = [
        AuditEntry(did=did, on_kind=on_kind, on_id=str(key), about=key if about else None, note=note, path=path, **who)
        for key, note, path in acts
    ]
    AuditEntry.objects.bulk_create(rows)
    for row in rows:
        _count(actor, row.path)


def seen(did: str, *, on_kind: str, on_id: Any, about: UUID | None = None, path: str = "") -> None:
    """Keep that the acting person opened a record or a list: once for an account, a record and ten minutes.

    Who is watched (``watching``) leaves a line each time.
    """
    actor, watch = current_actor(), _watch.get()
    now = timezone.now()
    facts = {
        "id": uuid7(),
        "path": path or actor.scope or ROOT,
        "at": now,
        "account": actor.account_id,
        "name": actor.name,
        "role": actor.role,
        "unit": actor.organisation,
        "did": did,
        "on_kind": on_kind,
        "on_id": str(on_id),
        "about": about,
        "note": watch.where if watch else "",
        "always": watch is not None,
        "since": first_key_at(now - dt.timedelta(seconds=SEEN_AGAIN_SECONDS)),
    }
    _count(actor, str(facts["path"]))
    if actor.scope:
        _see(facts)
    else:
        with acting(SYSTEM):
            _see(facts)


def _see(facts: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, facts)


def record_refusal(did: str, actor: Actor, *, on_id: str = "", note: str = "") -> None:
    """Keep one refused act, in a transaction of its own: the request's is rolled back."""
    with acting(SYSTEM):
        _write(actor, did, refused=True, on_id=on_id.replace("\0", ""), note=note, path=actor.scope or ROOT)
    log.warning("access.refused", did=did, role=actor.role, account=str(actor.account_id or ""))


def _write(actor: Actor, did: str, **facts: Any) -> None:
    who = {"account_id": actor.account_id, "actor_name": actor.name, "role": actor.role, "unit": actor.organisation}
    AuditEntry.objects.create(did=did, **who, **facts)
    if not facts.get("refused"):
        _count(actor, str(facts["path"]))
