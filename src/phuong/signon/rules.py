"""Rules of registering sites and naming people to them."""

import hashlib
import hmac
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})


def is_safe_address(address: str) -> bool:
    """Say whether people and messages may be sent to an address: https, or http on this machine; no wildcard."""
    parts = urlsplit(address)
    if not parts.hostname or "*" in address or parts.fragment or parts.username:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def sector_of(addresses: list[str]) -> str:
    """Give the host that the redirect addresses share; empty when they do not (OpenID Connect Core 1.0, 8.1)."""
    hosts = {urlsplit(address).hostname or "" for address in addresses}
    return hosts.pop() if len(hosts) == 1 else ""


def pairwise_subject(account: str, sector: str, secret: bytes) -> str:
    """Name a person to one sector: the same every time, and not to be joined with any other sector's name."""
    return hmac.new(secret, f"{sector}\n{account}".encode(), hashlib.sha256).hexdigest()


def hash_of(value: str) -> str:
    """Give the hash under which a code or token is kept; they are long random values, so no salt is needed."""
    return hashlib.sha256(value.encode()).hexdigest()
