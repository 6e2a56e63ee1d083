"""``phuong scim``: systems that keep accounts here."""

import datetime as dt
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from phuong.kernel.commands import JsonCommand
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM
from phuong.provisioning.access import clients_seen_by
from phuong.provisioning.actions.clients import System, end_scim_client, make_scim_client, rotate_scim_key
from phuong.provisioning.errors import NotGrantable
from phuong.provisioning.models import ScimClient
from phuong.provisioning.rules.roles import parse_role_map
from phuong.registry.api import organisation_by_code


class Command(JsonCommand):
    """Register, list, rotate, end."""

    help = "Phần mềm cấp tài khoản qua SCIM: register, list, rotate, end."
    verbs = ("register", "list", "rotate", "end")

    def add_verb_arguments(self, verb: str, parser: CommandParser) -> None:
        """Take the facts of a verb."""
        if verb == "register":
            parser.add_argument("--name", required=True)
            parser.add_argument("--org", required=True, help="mã đơn vị, hoặc đường dẫn như vn.p31")
            parser.add_argument("--role", action="append", default=[], help="«từ = vai trò», như GV=teacher")
            parser.add_argument("--days", type=int, default=365)
            parser.add_argument("--rate", type=int, default=600, help="số lần gọi mỗi phút")
        elif verb != "list":
            parser.add_argument("key_id")

    def do_register(self, *, name: str, org: str, role: list[str], days: int, rate: int) -> dict[str, Any]:
        """Register a system; its key is shown this once."""
        try:
            role_map = parse_role_map("\n".join(role))
        except ValueError as error:
            raise NotGrantable from error
        system = System(name, timezone.localdate() + dt.timedelta(days=days), role_map, rate=rate)
        client, key = make_scim_client(system, unit=organisation_by_code(org), by=SYSTEM)
        return _line(client) | {"key": key}

    def do_list(self) -> list[dict[str, Any]]:
        """List all systems."""
        return [_line(row) for row in clients_seen_by(SYSTEM).order_by("name", "id")]

    def do_rotate(self, *, key_id: str) -> dict[str, Any]:
        """Give a new key, shown this once."""
        client, key = rotate_scim_key(_client(key_id).pk, by=SYSTEM)
        return _line(client) | {"key": key}

    def do_end(self, *, key_id: str) -> dict[str, Any]:
        """Switch a system off for good."""
        return _line(end_scim_client(_client(key_id).pk, by=SYSTEM))


def _client(key_id: str) -> ScimClient:
    found = clients_seen_by(SYSTEM).filter(key_id=key_id).first()
    if found is None:
        raise NotThere
    return found


def _line(row: ScimClient) -> dict[str, Any]:
    return {
        "key_id": row.key_id,
        "name": row.name,
        "org": row.organisation.code,
        "active": row.is_active,
        "valid_until": row.valid_until,
        "role_map": row.role_map,
        "rate": row.rate_per_minute,
        "last_call_on": row.last_on,
    }
