"""Ready-made systems and mail domains for any app's tests."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.utils import timezone

from phuong.kernel.scope import SYSTEM
from phuong.provisioning.actions.clients import System, make_scim_client
from phuong.provisioning.actions.mailboxes import set_domain
from phuong.provisioning.models import MailDomain, ScimClient
from phuong.registry.api import Organisation

ROLE_MAP = {"GV": "teacher", "GVCN": "homeroom_teacher"}


@dataclass
class Calling:
    """A system that calls over SCIM with its key."""

    client: ScimClient
    key: str

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Call as the system does; gives Django's answer."""
        given = {
            "Authorization": f"Bearer {self.key}",
            **{name.replace("_", "-"): each for name, each in headers.items()},
        }
        content = b"" if body is None else json.dumps(body).encode()
        return Client().generic(method, f"/scim/v2{path}", content, content_type="application/scim+json", headers=given)

    def post(self, user_name: str, **facts: Any) -> Any:
        """Ask for a user."""
        return self.call("POST", "/Users", {"schemas": [USER], "userName": user_name, "displayName": "Cô Lan", **facts})

    def patch(self, path: str, *operations: dict[str, Any], **headers: str) -> Any:
        """Ask for changes."""
        return self.call("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)}, **headers)


USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def a_system(unit: Organisation, *, name: str = "Nhân sự", **facts: Any) -> Calling:
    """Register a system that keeps the accounts of a unit."""
    until = facts.pop("valid_until", timezone.localdate() + dt.timedelta(days=300))
    system = System(name, until, facts.pop("role_map", ROLE_MAP), **facts)
    client, key = make_scim_client(system, unit=unit, by=SYSTEM)
    return Calling(client, key)


def a_mail_domain(unit: Organisation, name: str = "haiphong.edu.vn", **facts: Any) -> MailDomain:
    """Keep a mail domain for a unit."""
    facts = {"keep_years": 10, "is_automatic": False, **facts}
    return set_domain(unit=unit, name=name, by=SYSTEM, **facts)
