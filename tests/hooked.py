"""What tests of webhooks share: a client that is told at a receiver of the sandbox, and what arrived there."""

import base64
import hashlib
import hmac
from typing import Any

import pytest

from phuong.gateway.actions.hooks import make_hook
from phuong.gateway.models import Delivery, Hook
from phuong.kernel.scope import SYSTEM
from tests.calling import a_client
from tests.outside import Outside
from tests.test_api_feed import from_here
from tests.world import World


def see_own_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a reader of the feed see the test's own transaction, which is open until the test ends."""
    seen = "select (pg_current_xact_id()::text::bigint + 1)::text, now()"
    monkeypatch.setattr("phuong.kernel.changes._HORIZON", seen)


def a_hook(world: World, outside: Outside, name: str = "one", **terms: Any) -> Hook:
    """Tell a client at the receiver ``name`` of what changes from now on; the receiver knows the secret."""
    client = terms.pop("client", None) or a_client(world, **terms)[0]
    hook, secret = make_hook(client.pk, url=f"{outside.page}hooks/at/{name}", kinds=[], by=SYSTEM)
    learn(outside, **{name: secret})
    return from_now_on(hook)


def learn(outside: Outside, **secrets: str) -> None:
    """Give receivers their secrets."""
    outside.ask("PUT", "hooks/secrets.json", json=secrets).raise_for_status()


def from_now_on(hook: Hook) -> Hook:
    """Begin after everything the test did so far: its one transaction is still open."""
    Hook.objects.filter(pk=hook.pk).update(cursor=from_here())
    hook.refresh_from_db()
    return hook


def arrived(outside: Outside, name: str = "one") -> list[dict[str, Any]]:
    """Give what arrived at a receiver, oldest first."""
    found = outside.ask("GET", "hooks/messages.json", params={"name": name}).json()["messages"]
    return list(reversed(found))


def only(hook: Hook) -> Delivery:
    """Give the one message of a hook."""
    return Delivery.objects.get(hook=hook)


def is_signed(secret: str, *, message: str, moment: str, body: bytes, signatures: str) -> bool:
    """Check a signature by the words of the convention alone: base64 of HMAC-SHA256 over id.timestamp.body."""
    key = base64.b64decode(secret.split("whsec_")[1])
    wanted = hmac.new(key, message.encode() + b"." + moment.encode() + b"." + body, hashlib.sha256).digest()
    return any(
        version == "v1" and hmac.compare_digest(base64.b64decode(text), wanted)
        for version, text in (each.split(",", 1) for each in signatures.split(" "))
    )
