"""Fields encrypted at rest: AES-GCM for the value, a keyed BLAKE2b hash to search by."""

import os
from functools import cache
from hashlib import blake2b

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12
FINGERPRINT_BYTES = 16


@cache
def _keys() -> tuple[AESGCM, bytes]:
    seed = settings.PHUONG_FIELD_KEY.encode()
    return AESGCM(blake2b(seed, digest_size=32, person=b"phuong-seal").digest()), blake2b(
        seed, digest_size=32, person=b"phuong-find"
    ).digest()


def seal(text: str) -> bytes:
    """Encrypt ``text``; the same text gives a different result each time."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _keys()[0].encrypt(nonce, text.encode(), None)


def unseal(sealed: bytes) -> str:
    """Decrypt what ``seal`` gave.

    :raises cryptography.exceptions.InvalidTag: the value was altered, or another key sealed it
    """
    return _keys()[0].decrypt(bytes(sealed[:NONCE_BYTES]), bytes(sealed[NONCE_BYTES:]), None).decode()


def fingerprint(text: str) -> bytes:
    """Give the keyed hash (16 bytes) under which ``text`` is found again."""
    return blake2b(text.encode(), key=_keys()[1], digest_size=FINGERPRINT_BYTES).digest()
