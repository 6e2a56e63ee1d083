"""Reads of sign-on: keys, sites, what a person agreed to."""

import datetime as dt
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from allauth.core.internal.jwkkit import load_jwk_from_pem
from django.utils import timezone

from phuong.identity.api import Account, Kind, RoleAssignment
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.vault import unseal
from phuong.signon.models import Consent, RelyingParty, SigningKey

REMEMBERED_SECONDS = 30.0
MOST_REMEMBERED = 1000  # a caller may name any number of sites that do not exist
_remembered: dict[str, tuple[float, Any]] = {}


@dataclass(frozen=True)
class Key:
    """A signing key ready for use: ``public`` is its JWK with ``kid``, ``private`` the parsed key."""

    id: UUID
    public: dict[str, Any]
    private: Any
    pem: str
    signs_from: dt.datetime
    published_until: dt.datetime | None


def _remember(name: str, read: Any) -> Any:
    kept = _remembered.get(name)
    if kept is None or kept[0] < time.monotonic():
        if len(_remembered) >= MOST_REMEMBERED:
            _remembered.clear()
        kept = _remembered[name] = (time.monotonic() + REMEMBERED_SECONDS, read())
    return kept[1]


def forget_keys() -> None:
    """Forget what is remembered of keys and sites (tests, and the process that changed them)."""
    _remembered.clear()


@lru_cache(maxsize=16)
def _parsed(key_id: UUID, sealed: bytes) -> tuple[dict[str, Any], Any, str]:
    del key_id
    pem = unseal(sealed)
    public, private = load_jwk_from_pem(pem)
    return {**public, "alg": "RS256", "use": "sig"}, private, pem


def published_keys() -> list[Key]:
    """Give the keys that sites may meet now or soon, newest first; other processes notice a new one in 30 seconds."""
    now = timezone.now()
    return [key for key in _remember("keys", _read_keys) if key.published_until is None or key.published_until > now]


def _read_keys() -> list[Key]:
    with acting(SYSTEM):
        rows = list(SigningKey.objects.order_by("-signs_from", "-id"))
    return [Key(row.pk, *_parsed(row.pk, bytes(row.sealed)), row.signs_from, row.published_until) for row in rows]


def signing_key() -> Key | None:
    """Give the key that signs now: the newest whose time has come."""
    now = timezone.now()
    return next((key for key in published_keys() if key.signs_from <= now), None)


def party_of(client_id: str) -> RelyingParty | None:
    """Find the registered site of a client, if it may be used today."""
    party: RelyingParty | None = _remember(f"party {client_id}", lambda: _read_party(client_id))
    is_open = party is not None and party.is_active and party.valid_until >= timezone.localdate()
    return party if is_open else None


def _read_party(client_id: str) -> RelyingParty | None:
    with acting(SYSTEM):
        rows = RelyingParty.objects.select_related("client", "organisation")
        return rows.filter(client_id=client_id).first()


def agreed_scopes(account: Account, client_id: str) -> set[str]:
    """Give what a person agreed that a site may be told."""
    found = Consent.objects.filter(account=account, client_id=client_id).values_list("scopes", flat=True).first()
    return set(found or ())


@dataclass(frozen=True)
class HeldRole:
    """A role as sites are told of it: with code and name of the unit."""

    role: str
    organisation: str
    organisation_name: str


def roles_today(account: Account) -> list[HeldRole]:
    """Give the roles an account holds today with their units: none means that it opens nothing."""
    held = RoleAssignment.objects.in_force().filter(account=account).exclude(kind=Kind.SUPPORT).order_by("id")
    return [HeldRole(*row) for row in held.values_list("role", "organisation__code", "organisation__name")]
