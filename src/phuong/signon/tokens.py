"""Signed messages to sites."""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jwt

from phuong.signon.models import SiteSession
from phuong.signon.queries import HeldRole, signing_key

SIGN_IN = "_phuong_sign_in"  # under this name a request carries the sign-in whose tokens it asks for


@dataclass(frozen=True)
class SignIn:
    """A sign-in at a site with the roles the person holds today."""

    session: SiteSession
    roles: Sequence[HeldRole]


def sign(payload: dict[str, Any], *, kind: str = "JWT") -> str:
    """Sign a token with the key of today, which is parsed once for each process.

    :raises LookupError: no key was made yet
    """
    key = signing_key()
    if key is None:
        raise LookupError("no signing key: phuong signon rotate")
    return jwt.encode(payload, key.private, algorithm="RS256", headers={"kid": key.public["kid"], "typ": kind})


def logout_token(*, issuer: str, client_id: str, sub: str, sid: str) -> str:
    """Make the message that a session is over (OpenID Connect Back-Channel Logout 1.0, 2.4)."""
    now = int(time.time())
    return sign(
        {
            "iss": issuer,
            "aud": client_id,
            "sub": sub,
            "sid": sid,
            "iat": now,
            "exp": now + 120,
            "jti": uuid.uuid4().hex,
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        },
        kind="logout+jwt",
    )
