"""``phuong clients``: other systems that may call."""

import datetime as dt
from typing import Any

from django.core.management.base import CommandParser

from phuong.gateway.access import client_for, clients_seen_by
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
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.api import organisation_by_code

_VERBS = ("show", "change", "rotate", "approve", "review", "revoke")


class Command(JsonCommand):
    """Create, list, show, change, rotate, approve, review and revoke clients."""

    help = "Các hệ thống khác được kết nối: create, list, show, change, rotate, approve, review, revoke."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the verb and its facts."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create")
        create.add_argument("--name", required=True)
        create.add_argument("--org", required=True)
        create.add_argument("--rate", type=int, default=600)
        named = {verb: verbs.add_parser(verb) for verb in _VERBS}
        for each in named.values():
            each.add_argument("key_id")
        named["change"].add_argument("--rate", type=int)
        named["rotate"].add_argument("--overlap-days", type=int, default=7)
        for each in (create, named["change"]):
            each.add_argument("--permission", action="append", required=each is create)
            each.add_argument("--network", action="append")
            each.add_argument("--until", type=dt.date.fromisoformat)
        for each in (create, verbs.add_parser("list"), *named.values()):
            each.add_argument("--json", action="store_true")

    def answer(self, **options: Any) -> Any:
        """Do what the verb says."""
        with acting(SYSTEM):
            if options["verb"] == "create":
                return _create(options)
            if options["verb"] == "list":
                return [_line(row) for row in clients_seen_by(SYSTEM).order_by("name", "id")]
            return _DONE[options["verb"]](_client(options["key_id"]), options)


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


def _create(options: dict[str, Any]) -> dict[str, Any]:
    unit = organisation_by_code(options["org"])
    terms = Terms(frozenset(options["permission"]), options["rate"], options["until"], tuple(options["network"] or ()))
    client, key = make_client(name=options["name"], unit=unit, terms=terms, by=SYSTEM)
    return {"name": client.name, "org": unit.code, "key": key, "permissions": client.permissions}


def _change(row: ApiClient, options: dict[str, Any]) -> dict[str, Any]:
    terms = Terms(
        frozenset(options["permission"] or row.permissions),
        options["rate"] or row.rate_per_minute,
        options["until"] or row.valid_until,
        tuple(options["network"] or row.networks),
        row.contact,
    )
    return _all(change_client(row.pk, terms=terms, by=SYSTEM))


def _rotate(row: ApiClient, options: dict[str, Any]) -> dict[str, Any]:
    client, key = rotate_key(row.pk, overlap_days=options["overlap_days"], seen="", by=SYSTEM)
    return {"key_id": client.key_id, "key": key, "old_key_until": client.old_until}


def _revoke(row: ApiClient, _options: dict[str, Any]) -> dict[str, Any]:
    client = end_client(row.pk, by=SYSTEM)
    return {"key_id": client.key_id, "active": client.is_active}


_DONE: dict[str, Any] = {
    "show": lambda row, _options: _all(client_for(SYSTEM, row.pk)),
    "change": _change,
    "rotate": _rotate,
    "approve": lambda row, _options: _all(approve_client(row.pk, by=SYSTEM)),
    "review": lambda row, _options: _all(review_client(row.pk, by=SYSTEM)),
    "revoke": _revoke,
}
