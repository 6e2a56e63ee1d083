"""Fields encrypted at rest: AES-GCM for the value, a keyed BLAKE2b hash to search by."""

import os
from collections.abc import Sequence
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


def seal_many(texts: Sequence[str]) -> list[bytes]:
    """Seal each of ``texts`` as ``seal`` does, quicker: the nonces are drawn at once."""
    encrypt = _keys()[0].encrypt
    drawn = os.urandom(NONCE_BYTES * len(texts))
    nonces = [drawn[start : start + NONCE_BYTES] for start in range(0, len(drawn), NONCE_BYTES)]
    return [nonce + encrypt(nonce, text.encode(), None) for nonce, text in zip(nonces, texts, strict=True)]


def unseal(sealed: bytes) -> str:
    """Decrypt what ``seal`` gave.

    :raises cryptography.exceptions.InvalidTag: the value was altered, or another key sealed it
    """
    return _keys()[0].decrypt(bytes(sealed[:NONCE_BYTES]), bytes(sealed[NONCE_BYTES:]), None).decode()


def seal_bytes(content: bytes) -> bytes:
    """Encrypt a whole file as ``seal`` does a text."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _keys()[0].encrypt(nonce, content, None)


def unseal_bytes(sealed: bytes) -> bytes:
    """Decrypt what ``seal_bytes`` gave.

    :raises cryptography.exceptions.InvalidTag: the value was altered, or another key sealed it
    """
    return _keys()[0].decrypt(bytes(sealed[:NONCE_BYTES]), bytes(sealed[NONCE_BYTES:]), None)


def fingerprint(text: str) -> bytes:
    """Give the keyed hash (16 bytes) under which ``text`` is found again."""
    return blake2b(text.encode(), key=_keys()[1], digest_size=FINGERPRINT_BYTES).digest()


def fingerprint_many(texts: Sequence[str]) -> list[bytes]:
    """Hash each of ``texts`` as ``fingerprint`` does, quicker: the key is taken in once."""
    begin = blake2b(key=_keys()[1], digest_size=FINGERPRINT_BYTES).copy
    found = []
    for text in texts:
        hasher = begin()
        hasher.update(text.encode())
        found.append(hasher.digest())
    return found
