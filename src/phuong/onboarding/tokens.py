"""Personal links: who, what and until when, with a key's version and an HMAC; no row is kept for a link."""

import base64
import binascii
import datetime as dt
import hmac
import struct
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from phuong.onboarding.errors import LinkOver

HOURS = 72
_FACTS = struct.Struct(">B8sI16s")  # key version, target, last second (Unix), person
_MAC_BYTES = 16


@dataclass(frozen=True)
class Link:
    """What a link says."""

    person: UUID
    target: str
    until: int  # Unix seconds


@cache
def _key(version: int, seed: str) -> bytes:
    return blake2b(seed.encode(), key=version.to_bytes(1, "big"), digest_size=32, person=b"phuong-link").digest()


def _mac(facts: bytes) -> bytes:
    return hmac.digest(_key(facts[0], settings.PHUONG_FIELD_KEY), facts, "sha256")[:_MAC_BYTES]


def sign(person: UUID, target: str, *, hours: int = HOURS, now: dt.datetime | None = None) -> str:
    """Make the token of a link (60 characters)."""
    until = int((now or timezone.now()).timestamp()) + hours * 3600
    facts = _FACTS.pack(settings.PHUONG_LINK_KEY_VERSION, target.encode("ascii"), until, person.bytes)
    return base64.urlsafe_b64encode(facts + _mac(facts)).decode().rstrip("=")


def read(token: str, *, now: dt.datetime | None = None) -> Link:
    """Check a token: signed by the present key or the one before it, and not over.

    :raises LinkOver: altered, over, or signed by an older key
    """
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise LinkOver from error
    facts, mac = raw[: _FACTS.size], raw[_FACTS.size :]
    if len(raw) != _FACTS.size + _MAC_BYTES or not hmac.compare_digest(mac, _mac(facts)):
        raise LinkOver
    version, target, until, person = _FACTS.unpack(facts)
    present = settings.PHUONG_LINK_KEY_VERSION
    if version not in (present, present - 1) or until < (now or timezone.now()).timestamp():
        raise LinkOver
    return Link(UUID(bytes=person), target.rstrip(b"\0").decode("ascii"), until)
