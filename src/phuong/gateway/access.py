"""Who calls: the client behind a key, as an actor. Which clients somebody may look after."""

import hmac
import ipaddress
import time
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from phuong.gateway.errors import NotApproved, UnknownClient, WrongPlace
from phuong.gateway.models import ApiClient, Hook
from phuong.kernel.bearer import hash_of, shown_key
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting

REMEMBERED_SECONDS = 10.0
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
        Permission.PLANS_EDIT,
        Permission.TOTALS_READ,
        Permission.VALUES_REPORT,
        Permission.TASKS_READ,
        Permission.TASKS_WORK,
        Permission.TASKS_ASSIGN,
        Permission.MARKS_READ,
    }
)
_USED = """
insert into gateway_clientuse (client_id, last_on) values (%s, %s)
on conflict (client_id) do update set last_on = excluded.last_on where gateway_clientuse.last_on < excluded.last_on
"""


@dataclass(frozen=True)
class Caller:
    """A client that showed its key."""

    id: UUID
    actor: Actor
    secret_hash: bytes
    rate: int
    until: float
    is_approved: bool = True
    old_secret_hash: bytes = b""
    old_until: datetime | None = None
    networks: tuple[Any, ...] = ()
    last_on: date | None = None


_known: dict[str, Caller] = {}


def caller_of(header: str, address: str = "") -> Caller:
    """Find the client of an ``Authorization`` header; remembered for ten seconds, so a revoked key dies by then.

    ``address``: where the call comes from; looked at for clients that are bound to networks.

    :raises UnknownClient: no such client, wrong secret, switched off, or over
    :raises NotApproved: the key waits for approval
    :raises WrongPlace: the client may not call from there
    """
    shown = shown_key(header)
    if shown is None:
        raise UnknownClient
    key_id, secret = shown
    known = _remembered(key_id)
    _check_secret(known, hash_of(secret))
    return _let_in(key_id, known, address)


def caller_again(key_id: str, mark: str, address: str = "") -> Caller:
    """Find the client that showed its key before, by the mark of that key (`mark_of_secret`).

    :raises UnknownClient: no such client, another key by now, switched off, or over
    :raises NotApproved: the key waits for approval
    :raises WrongPlace: the client may not call from there
    """
    known = _remembered(key_id)
    if hmac.compare_digest(_mark(known.secret_hash), mark):
        _check_secret(known, known.secret_hash)
    elif known.old_secret_hash and hmac.compare_digest(_mark(known.old_secret_hash), mark):
        _check_secret(known, known.old_secret_hash)
    else:
        raise UnknownClient
    return _let_in(key_id, known, address)


def mark_of_secret(secret: str) -> str:
    """Give a mark by which a key that was shown is known again; nothing can be opened with it."""
    return _mark(hash_of(secret))


def _mark(secret_hash: bytes) -> str:
    return hash_of("mark " + secret_hash.hex()).hex()[:32]


def _remembered(key_id: str) -> Caller:
    known = _known.get(key_id)
    if known is None or known.until < time.monotonic():
        known = _known[key_id] = _read(key_id)
    return known


def _let_in(key_id: str, known: Caller, address: str) -> Caller:
    if known.networks and not _is_within(address, known.networks):
        raise WrongPlace
    if known.last_on != timezone.localdate():
        known = _known[key_id] = _used_today(known)
    return known


def _check_secret(known: Caller, shown: bytes) -> None:
    if hmac.compare_digest(known.secret_hash, shown):
        if not known.is_approved:
            raise NotApproved
        return
    is_old_kept = known.old_until is not None and timezone.now() < known.old_until
    if not (is_old_kept and hmac.compare_digest(known.old_secret_hash, shown)):
        raise UnknownClient


def _is_within(address: str, networks: tuple[Any, ...]) -> bool:
    try:
        place: Any = ipaddress.ip_address(address)
    except ValueError:
        return False
    place = getattr(place, "ipv4_mapped", None) or place
    return any(place in network for network in networks)


def _used_today(known: Caller) -> Caller:
    """Note that the client called today: one write a day from each web worker, whatever the number of calls."""
    day = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(_USED, [known.id, day])
    return replace(known, last_on=day)


def _read(key_id: str) -> Caller:
    with acting(SYSTEM):
        rows = ApiClient.objects.select_related("organisation", "use")
        client = rows.filter(key_id=key_id, is_active=True).first()
    if client is None or (client.valid_until and client.valid_until < timezone.localdate()):
        _known.pop(key_id, None)
        raise UnknownClient
    return Caller(
        client.pk,
        actor_of(client),
        bytes(client.secret_hash),
        client.rate_per_minute,
        time.monotonic() + REMEMBERED_SECONDS,
        is_approved=client.approved_at is not None,
        old_secret_hash=bytes(client.old_secret_hash or b""),
        old_until=client.old_until,
        networks=tuple(ipaddress.ip_network(each) for each in client.networks),
        last_on=client.use.last_on if hasattr(client, "use") else None,
    )


def actor_of(client: ApiClient) -> Actor:
    """Give the client as whoever acts when it calls, and when it is told of changes."""
    return Actor(
        scope=client.path,
        name=client.name,
        role="client",
        organisation_id=client.organisation_id,
        organisation=client.organisation.name,
        permissions=frozenset(client.permissions),
    )


def forget_callers() -> None:
    """Forget what is remembered of clients."""
    _known.clear()


def address_of(request: Any) -> str:
    """Give the address a call comes from: what our own proxy adds last, where one stands in front."""
    if settings.SECURE_PROXY_SSL_HEADER:
        return str(request.headers.get("X-Forwarded-For", "")).rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def clients_seen_by(actor: Actor) -> QuerySet[ApiClient]:
    """Give the clients whose records lie within the actor's place."""
    rows = ApiClient.objects.select_related("organisation", "use")
    return rows.filter(path__under=actor.scope) if actor.scope else rows.none()


def client_for(actor: Actor, client_id: UUID, *, writing: bool = False) -> ApiClient:
    """Find one client the actor looks after; with ``writing`` locked until the act is over.

    :raises NotThere: unknown, elsewhere, or not for this actor
    """
    rows = clients_seen_by(actor).filter(pk=client_id)
    found = (rows.select_for_update(of=("self",)) if writing else rows).first()
    if found is None or not actor.may(Permission.CLIENTS_EDIT):
        raise NotThere
    return found


def hook_for(actor: Actor, hook_id: UUID, *, writing: bool = False) -> Hook:
    """Find a webhook of a client that the actor looks after; with ``writing`` locked until the act is over.

    :raises NotThere: unknown, of a client elsewhere, or not for this actor
    """
    rows = Hook.objects.select_related("client__organisation").filter(pk=hook_id)
    found = (rows.select_for_update(of=("self",)) if writing else rows).first()
    if found is None:
        raise NotThere
    client_for(actor, found.client_id)
    return found


def holds(actor: Actor, permissions: Any) -> bool:
    """Say whether the actor holds all of ``permissions``: nobody gives a machine what is not theirs to give."""
    return set(permissions) <= set(actor.permissions)
