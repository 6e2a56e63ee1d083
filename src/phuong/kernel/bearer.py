"""Keys of other systems, shown as ``Authorization: Bearer ID.SECRET``; only a hash of the secret is kept."""

import hashlib
import secrets


def new_id() -> str:
    """Make the public half of a key."""
    return secrets.token_hex(8)


def new_secret() -> str:
    """Make the secret half of a key: 256 random bits."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> bytes:
    """Give the hash under which a secret is kept; secrets are 256 random bits, so no salt is needed."""
    return hashlib.sha256(secret.encode()).digest()


def shown_key(header: str) -> tuple[str, str] | None:
    """Read the two halves of a key from an ``Authorization`` header; nothing when it cannot be one of ours."""
    scheme, _space, token = header.partition(" ")
    key_id, _dot, secret = token.strip().partition(".")
    if scheme.lower() != "bearer" or not (key_id.isalnum() and key_id.isascii()) or not secret.isascii():
        return None
    return key_id, secret
