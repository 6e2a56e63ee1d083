"""Who calls: the client behind a key, as an actor; how often it may call."""

import hashlib
import hmac
import os
import time
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from phuong.gateway.errors import TooOften, UnknownClient
from phuong.gateway.models import ApiClient
from phuong.kernel.scope import SYSTEM, Actor, acting

REMEMBERED_SECONDS = 10.0
WORKERS = int(os.environ.get("PHUONG_WEB_WORKERS", "2"))


@dataclass(frozen=True)
class Caller:
    """A client that showed its key."""

    id: UUID
    actor: Actor
    secret_hash: bytes
    rate: int
    until: float


_known: dict[str, Caller] = {}
_buckets: dict[UUID, tuple[float, float]] = {}


def hash_of(secret: str) -> bytes:
    """Give the hash under which a secret is kept; secrets are 256 random bits, so no salt is needed."""
    return hashlib.sha256(secret.encode()).digest()


def caller_of(header: str) -> Caller:
    """Find the client of an ``Authorization`` header; remembered for ten seconds, so a revoked key dies by then.

    :raises UnknownClient: no such client, wrong secret, switched off, or over
    """
    scheme, _space, token = header.partition(" ")
    key_id, _dot, secret = token.strip().partition(".")
    if scheme.lower() != "bearer" or not (key_id.isalnum() and key_id.isascii()) or not secret.isascii():
        raise UnknownClient
    known = _known.get(key_id)
    if known is None or known.until < time.monotonic():
        known = _known[key_id] = _read(key_id)
    if not hmac.compare_digest(known.secret_hash, hash_of(secret)):
        raise UnknownClient
    return known


def _read(key_id: str) -> Caller:
    with acting(SYSTEM):
        client = ApiClient.objects.select_related("organisation").filter(key_id=key_id, is_active=True).first()
    if client is None or (client.valid_until and client.valid_until < timezone.localdate()):
        _known.pop(key_id, None)
        raise UnknownClient
    actor = Actor(
        scope=client.path,
        name=client.name,
        role="client",
        organisation_id=client.organisation_id,
        organisation=client.organisation.name,
        permissions=frozenset(client.permissions),
    )
    until = time.monotonic() + REMEMBERED_SECONDS
    return Caller(client.pk, actor, bytes(client.secret_hash), client.rate_per_minute, until)


def forget_callers() -> None:
    """Forget what is remembered of clients and their calls."""
    _known.clear()
    _buckets.clear()


def count_call(caller: Caller) -> None:
    """Take one call from the client's allowance of this web worker: its share of the rate per minute.

    :raises TooOften: nothing is left; ``retry_after`` says when there will be
    """
    most = max(caller.rate / WORKERS, 1.0)
    now = time.monotonic()
    left, at = _buckets.get(caller.id, (most, now))
    left = min(most, left + (now - at) * most / 60)
    if left < 1:
        _buckets[caller.id] = (left, now)
        raise TooOften(retry_after=int((1 - left) * 60 / most) + 1)
    _buckets[caller.id] = (left - 1, now)
