"""Codes, access tokens and ID tokens of the provider, and what can be wrong with them."""

import hashlib
import secrets
import time
from base64 import urlsafe_b64encode
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from phuong_sandbox.switches import Switches
from phuong_sandbox.vneid.citizens import Citizen

CODE_SECONDS = 60
TOKEN_SECONDS = 300
MOST = 1000
KID = "vneid-sandbox-1"


@dataclass(frozen=True)
class Grant:
    """What a citizen agreed to at a site."""

    citizen: Citizen
    client: str
    redirect_uri: str
    challenge: str
    nonce: str
    at: float


class Grants:
    """Grants by a random name, each given out once; the oldest make room."""

    def __init__(self) -> None:
        """Start empty."""
        self._kept: OrderedDict[str, Grant] = OrderedDict()
        self._lock = Lock()

    def add(self, grant: Grant) -> str:
        """Keep one; gives its name."""
        name = secrets.token_urlsafe(24)
        with self._lock:
            self._kept[name] = grant
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return name

    def take(self, name: str) -> Grant | None:
        """Give a grant and forget it."""
        with self._lock:
            return self._kept.pop(name, None)

    def get(self, name: str) -> Grant | None:
        """Give a grant that may be asked for again."""
        with self._lock:
            return self._kept.get(name)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()


def challenge_of(verifier: str) -> str:
    """Give the S256 challenge of a verifier (RFC 7636, 4.2)."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class Signer:
    """The provider's key, and another one that nobody published."""

    def __init__(self) -> None:
        """Draw both keys."""
        self._key, self._stranger = (RSAKey.generate_key(2048, {"kid": KID}, auto_kid=False) for _ in range(2))

    def published(self) -> dict[str, Any]:
        """Give the key set."""
        return {"keys": [{**self._key.as_dict(private=False), "alg": "RS256", "use": "sig"}]}

    def id_token(self, grant: Grant, issuer: str, switches: Switches) -> str:
        """Sign who it is, wrongly where a failure is on."""
        number, now = grant.citizen.number, int(time.time())
        late = 3600 if switches.meets("expired", number) else 0
        claims = {
            "iss": issuer,
            "aud": "somebody-else" if switches.meets("wrong_audience", number) else grant.client,
            "iat": now - late,
            "exp": now - late + TOKEN_SECONDS,
            "nonce": secrets.token_urlsafe(8) if switches.meets("wrong_nonce", number) else grant.nonce,
            **claims_of(grant.citizen),
        }
        key = self._stranger if switches.meets("bad_signature", number) else self._key
        return jwt.encode({"alg": "RS256", "kid": KID}, claims, key)


def claims_of(citizen: Citizen) -> dict[str, Any]:
    """Give what a site is told of a citizen."""
    told = {"sub": citizen.subject, "citizen_id": citizen.number, "level": citizen.level}
    named = {"name": citizen.name, "birthdate": citizen.birthdate}
    return {**told, **{claim: value for claim, value in named.items() if value}}
