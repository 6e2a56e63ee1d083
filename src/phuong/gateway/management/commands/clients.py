"""``phuong clients``: other systems that may call."""

import datetime as dt
from typing import Any

from django.core.management.base import CommandParser

from phuong.gateway.access import clients_seen_by
from phuong.gateway.actions.clients import (
    Terms,
    approve_client,
    change_client,
    end_client,
    make_client,
    review_client,
    rotate_key,
)
from phuong.gateway.models import ApiClient
from phuong.gateway.rules import review_day
from phuong.kernel.commands import JsonCommand
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM
from phuong.registry.api import organisation_by_code


class Command(JsonCommand):
    """Create, list, show, change, rotate, approve, review and revoke clients."""

    help = "Các hệ thống khác được kết nối: create, list, show, change, rotate, approve, review, revoke."
    verbs = ("create", "list", "show", "change", "rotate", "approve", "review", "revoke")

    def add_verb_arguments(self, verb: str, parser: CommandParser) -> None:
        """Take the facts of a verb."""
        if verb == "create":
            parser.add_argument("--name", required=True)
            parser.add_argument("--org", required=True)
        elif verb != "list":
            parser.add_argument("key_id")
        if verb in ("create", "change"):
            parser.add_argument("--permission", action="append", required=verb == "create")
            parser.add_argument("--rate", type=int, default=600 if verb == "create" else None)
            parser.add_argument("--network", action="append")
            parser.add_argument("--until", type=dt.date.fromisoformat)
        if verb == "rotate":
            parser.add_argument("--overlap-days", type=int, default=7)

    def do_create(self, *, name: str, org: str, **asked: Any) -> dict[str, Any]:
        """Make a client; the key is shown this once."""
        unit = organisation_by_code(org)
        terms = Terms(frozenset(asked["permission"]), asked["rate"], asked["until"], tuple(asked["network"] or ()))
        client, key = make_client(name=name, unit=unit, terms=terms, by=SYSTEM)
        return {"name": client.name, "org": unit.code, "key": key, "permissions": client.permissions}

    def do_list(self) -> list[dict[str, Any]]:
        """List all clients."""
        return [_line(row) for row in clients_seen_by(SYSTEM).order_by("name", "id")]

    def do_show(self, *, key_id: str) -> dict[str, Any]:
        """Show everything of one client but its key."""
        return _all(_client(key_id))

    def do_change(self, *, key_id: str, **asked: Any) -> dict[str, Any]:
        """Change what is said anew."""
        row = _client(key_id)
        terms = Terms(
            frozenset(asked["permission"] or row.permissions),
            asked["rate"] or row.rate_per_minute,
            asked["until"] or row.valid_until,
            tuple(asked["network"] or row.networks),
            row.contact,
        )
        return _all(change_client(row.pk, terms=terms, by=SYSTEM))

    def do_rotate(self, *, key_id: str, overlap_days: int) -> dict[str, Any]:
        """Give a new key, shown this once."""
        client, key = rotate_key(_client(key_id).pk, overlap_days=overlap_days, seen="", by=SYSTEM)
        return {"key_id": client.key_id, "key": key, "old_key_until": client.old_until}

    def do_approve(self, *, key_id: str) -> dict[str, Any]:
        """Let the present key work."""
        return _all(approve_client(_client(key_id).pk, by=SYSTEM))

    def do_review(self, *, key_id: str) -> dict[str, Any]:
        """Note that somebody looked at it again."""
        return _all(review_client(_client(key_id).pk, by=SYSTEM))

    def do_revoke(self, *, key_id: str) -> dict[str, Any]:
        """Switch a client off for good."""
        client = end_client(_client(key_id).pk, by=SYSTEM)
        return {"key_id": client.key_id, "active": client.is_active}


def _client(key_id: str) -> ApiClient:
    found = clients_seen_by(SYSTEM).filter(key_id=key_id).first()
    if found is None:
        raise NotThere
    return found


def _line(row: ApiClient) -> dict[str, Any]:
    return {"key_id": row.key_id, "name": row.name, "org": row.organisation.code, "active": row.is_active}


def _all(row: ApiClient) -> dict[str, Any]:
    return _line(row) | {
        "permissions": row.permissions,
        "rate": row.rate_per_minute,
        "until": row.valid_until,
        "networks": row.networks,
        "approved": row.approved_at is not None,
        "last_call_on": row.use.last_on if hasattr(row, "use") else None,
        "old_key_until": row.old_until,
        "review_by": review_day(row.reviewed_on, row.made_on),
    }
