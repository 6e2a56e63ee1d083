"""``phuong clients``: other systems that may call."""

from typing import Any

from django.core.management.base import CommandParser

from phuong.gateway.actions import end_client, make_client
from phuong.gateway.models import ApiClient
from phuong.kernel.commands import JsonCommand
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.api import organisation_by_code


class Command(JsonCommand):
    """Create, list and revoke clients."""

    help = "Các hệ thống khác được kết nối: create, list, revoke."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the verb and its facts."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create")
        create.add_argument("--name", required=True)
        create.add_argument("--org", required=True)
        create.add_argument("--permission", action="append", required=True)
        create.add_argument("--rate", type=int, default=600)
        revoke = verbs.add_parser("revoke")
        revoke.add_argument("key_id")
        for each in (create, revoke, verbs.add_parser("list")):
            each.add_argument("--json", action="store_true")

    def answer(self, **options: Any) -> Any:
        """Do what the verb says."""
        with acting(SYSTEM):
            return {"create": _create, "list": _list, "revoke": _revoke}[options["verb"]](options)


def _create(options: dict[str, Any]) -> dict[str, Any]:
    unit = organisation_by_code(options["org"])
    permissions = frozenset(options["permission"])
    client, key = make_client(name=options["name"], unit=unit, permissions=permissions, by=SYSTEM, rate=options["rate"])
    return {"name": client.name, "org": unit.code, "key": key, "permissions": client.permissions}


def _list(options: dict[str, Any]) -> list[dict[str, Any]]:
    del options
    rows = ApiClient.objects.select_related("organisation").order_by("name", "id")
    return [
        {"key_id": row.key_id, "name": row.name, "org": row.organisation.code, "active": row.is_active} for row in rows
    ]


def _revoke(options: dict[str, Any]) -> dict[str, Any]:
    client = end_client(options["key_id"], by=SYSTEM)
    return {"key_id": client.key_id, "active": client.is_active}
