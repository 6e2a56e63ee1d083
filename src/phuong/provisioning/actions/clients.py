"""Making, rotating and ending systems that keep accounts here; a key is shown once and never again."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from phuong.kernel.audit import record
from phuong.kernel.bearer import hash_of, new_id, new_secret
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import BadInput, NotThere
from phuong.kernel.scope import Actor, is_under
from phuong.provisioning.access import client_for
from phuong.provisioning.errors import NotGrantable
from phuong.provisioning.models import ScimClient
from phuong.provisioning.rules.roles import is_grantable
from phuong.registry.api import Organisation


@dataclass(frozen=True)
class System:
    """What is agreed with a system: ``role_map`` says which role each of its words gives; ``rate``: calls a minute."""

    name: str
    valid_until: dt.date
    role_map: Mapping[str, str]
    contact: str = ""
    rate: int = 600


@transaction.atomic
def make_scim_client(system: System, *, unit: Organisation, by: Actor) -> tuple[ScimClient, str]:
    """Let a system keep the accounts of a unit; gives it with its key, which is never shown again.

    :raises NotThere: the unit lies outside the actor's place, or the actor looks after no systems
    :raises NotGrantable: the map names a role that is not one of a school
    :raises BadInput: less than one call a minute
    """
    if not by.may(Permission.CLIENTS_EDIT) or not is_under(unit.path, by.scope):
        raise NotThere
    if not is_grantable(system.role_map):
        raise NotGrantable
    if system.rate < 1:
        raise BadInput(_("Số lần gọi mỗi phút từ 1 trở lên."))
    key_id, secret = new_id(), new_secret()
    client = ScimClient.objects.create(
        path=unit.path,
        organisation=unit,
        name=system.name,
        contact=system.contact,
        key_id=key_id,
        secret_hash=hash_of(secret),
        role_map=dict(system.role_map),
        valid_until=system.valid_until,
        rate_per_minute=system.rate,
        made_by=by.name,
    )
    record("provisioning.system_made", on_kind="system", on_id=client.pk, note=system.name, path=unit.path)
    return client, f"{key_id}.{secret}"


@transaction.atomic
def rotate_scim_key(client_id: UUID, *, by: Actor) -> tuple[ScimClient, str]:
    """Give a system a new key, shown once; the old one opens nothing from now on.

    :raises NotThere: not a system this actor looks after
    """
    client, secret = client_for(by, client_id, writing=True), new_secret()
    client.secret_hash = hash_of(secret)
    client.save(update_fields=["secret_hash"])
    record("provisioning.key_rotated", on_kind="system", on_id=client.pk, path=client.path)
    return client, f"{client.key_id}.{secret}"


@transaction.atomic
def end_scim_client(client_id: UUID, *, by: Actor) -> ScimClient:
    """Switch a system off for good; the accounts it kept stay as they are.

    :raises NotThere: not a system this actor looks after
    """
    client = client_for(by, client_id, writing=True)
    client.is_active = False
    client.save(update_fields=["is_active"])
    record("provisioning.system_ended", on_kind="system", on_id=client.pk, path=client.path)
    return client
