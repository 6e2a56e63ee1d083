"""Making and ending clients; keeping the answers to calls that may come twice."""

import hashlib
import json
import secrets
from collections.abc import Callable
from typing import Any

from django.db import transaction

from phuong.gateway.access import Caller, forget_callers, hash_of
from phuong.gateway.errors import OtherBody
from phuong.gateway.models import ApiClient, KeptAnswer
from phuong.kernel.audit import record
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import BadInput, NotThere
from phuong.kernel.scope import Actor, is_under
from phuong.registry.api import Organisation

GRANTABLE = frozenset(
    {
        Permission.PERSONS_READ,
        Permission.PERSONS_EDIT,
        Permission.STAFF_READ,
        Permission.STAFF_EDIT,
        Permission.CLASSES_EDIT,
        Permission.SCHOOL_EDIT,
        Permission.NETWORK_READ,
        Permission.NETWORK_EDIT,
        Permission.FACILITIES_READ,
        Permission.FACILITIES_EDIT,
        Permission.HISTORY_READ,
        Permission.PLANS_READ,
        Permission.TOTALS_READ,
    }
)


@transaction.atomic
def make_client(
    *, name: str, unit: Organisation, permissions: frozenset[str], by: Actor, rate: int = 600
) -> tuple[ApiClient, str]:
    """Make a client for the records of a unit; gives it with its key, which is never shown again.

    :raises NotThere: the unit lies outside the actor's place
    :raises BadInput: a permission that machines may not hold
    """
    if not is_under(unit.path, by.scope):
        raise NotThere
    if unknown := permissions - GRANTABLE:
        raise BadInput(", ".join(sorted(unknown)))
    key_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    client = ApiClient.objects.create(
        path=unit.path,
        organisation=unit,
        name=name,
        key_id=key_id,
        secret_hash=hash_of(secret),
        permissions=sorted(permissions),
        rate_per_minute=rate,
        made_by=by.name,
    )
    record("gateway.client_made", on_kind="client", on_id=client.pk, note=name, path=unit.path)
    return client, f"{key_id}.{secret}"


@transaction.atomic
def end_client(key_id: str, *, by: Actor) -> ApiClient:
    """Switch a client off; other web workers notice within ten seconds.

    :raises NotThere: unknown, or outside the actor's place
    """
    client = ApiClient.objects.filter(key_id=key_id, path__under=by.scope or "none").first()
    if client is None:
        raise NotThere
    client.is_active = False
    client.save(update_fields=["is_active"])
    record("gateway.client_ended", on_kind="client", on_id=client.pk, path=client.path)
    forget_callers()
    return client


def once(caller: Caller, key: str, asked: Any, do: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
    """Do a call once: the same key with the same content gives the answer kept; two at once wait for each other.

    :raises OtherBody: the key was used for another call
    """
    if not key:
        return do()
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).digest()
    kept, is_new = KeptAnswer.objects.get_or_create(
        client_id=caller.id, key=key, defaults={"asked": digest, "path": caller.actor.scope}
    )
    if not is_new:
        if bytes(kept.asked) != digest or kept.status is None:
            raise OtherBody
        return kept.status, kept.answer
    status, answer = do()
    kept.status, kept.answer = status, answer
    kept.save(update_fields=["status", "answer"])
    return status, answer


def refuse_nul(values: dict[str, Any]) -> dict[str, Any]:
    """Give the values back, unless one holds what no text of a database can.

    :raises BadInput: a NUL character or half a surrogate pair
    """
    for name, value in values.items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and ("\0" in text or any("\ud800" <= char <= "\udfff" for char in text)):
                raise BadInput(name)
    return values
