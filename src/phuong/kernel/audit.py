"""The journal of acts: who did what to which record, and what was refused."""

from collections.abc import Iterable
from typing import Any

import structlog

from phuong.kernel.models import AuditEntry
from phuong.kernel.scope import ROOT, SYSTEM, Actor, acting, current_actor

log = structlog.get_logger()


def record(did: str, *, on_kind: str = "", on_id: Any = "", note: str = "", path: str = "") -> None:
    """Keep one act of the acting person, inside the present transaction."""
    actor = current_actor()
    facts = {"on_kind": on_kind, "on_id": str(on_id), "note": note, "path": path or actor.scope or ROOT}
    if actor.scope:
        _write(actor, did, **facts)
    else:  # a family has no place of its own in the tree to write at
        with acting(SYSTEM):
            _write(actor, did, **facts)


def record_all(did: str, on_kind: str, acts: Iterable[tuple[Any, str, str]]) -> None:
    """Keep one act of the acting person on many records, ``(key, note, path)`` each, in one statement."""
    actor = current_actor()
    who = {"account_id": actor.account_id, "actor_name": actor.name, "role": actor.role}
    AuditEntry.objects.bulk_create(
        [AuditEntry(did=did, on_kind=on_kind, on_id=str(key), note=note, path=path, **who) for key, note, path in acts]
    )


def record_refusal(did: str, actor: Actor, *, on_id: str = "", note: str = "") -> None:
    """Keep one refused act, in a transaction of its own: the request's is rolled back."""
    with acting(SYSTEM):
        _write(actor, did, refused=True, on_id=on_id, note=note, path=actor.scope or ROOT)
    log.warning("access.refused", did=did, role=actor.role, account=str(actor.account_id or ""))


def _write(actor: Actor, did: str, **facts: Any) -> None:
    AuditEntry.objects.create(did=did, account_id=actor.account_id, actor_name=actor.name, role=actor.role, **facts)
