"""Making, changing and ending clients; each act is kept in the journal, a key is shown once and never again."""

import datetime as dt
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.gateway.access import GRANTABLE, client_for, forget_callers, holds
from phuong.gateway.errors import CannotGrant, KeyChanged
from phuong.gateway.models import ApiClient
from phuong.kernel.audit import record
from phuong.kernel.bearer import hash_of, new_id, new_secret
from phuong.kernel.keys import uuid7
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import BadInput, NotThere
from phuong.kernel.scope import Actor, is_under
from phuong.kernel.today import today
from phuong.notices.api import Message, tell_units
from phuong.registry.api import Organisation, department_of

MOST_OVERLAP_DAYS = 90


@dataclass(frozen=True)
class Terms:
    """What is agreed with a client: ``rate`` calls a minute, the last day, where from (CIDR), whom to ask."""

    permissions: frozenset[str]
    rate: int = 600
    valid_until: dt.date | None = None
    networks: tuple[str, ...] = ()
    contact: str = field(default="")


def networks_of(words: Iterable[str]) -> list[str]:
    """Bring networks to their one form.

    :raises BadInput: no network
    """
    try:
        return [str(ipaddress.ip_network(each.strip(), strict=False)) for each in words if each.strip()]
    except ValueError as error:
        raise BadInput(_("Không đọc được dải mạng. Ghi như 10.1.0.0/16 hoặc 2001:db8::/32.")) from error


@transaction.atomic
def make_client(
    *, name: str, unit: Organisation, terms: Terms, by: Actor, client_id: UUID | None = None
) -> tuple[ApiClient, str]:
    """Make a client for the records of a unit; gives it with its key, which is never shown again.

    Who does not hold the permissions makes a client that waits until somebody who does approves it.
    ``client_id``: given by a form, so that the form sent twice makes one client.

    :raises NotThere: the unit lies outside the actor's place, or the actor looks after no clients
    :raises BadInput: a permission that machines may not hold, or no network
    :raises KeyChanged: the form was sent already
    """
    if not by.may(Permission.CLIENTS_EDIT) or not is_under(unit.path, by.scope):
        raise NotThere
    _check(terms)
    if client_id and ApiClient.objects.filter(pk=client_id).exists():
        raise KeyChanged
    key_id, secret = new_id(), new_secret()
    is_approved = holds(by, terms.permissions)
    client = ApiClient.objects.create(
        id=client_id or uuid7(),
        path=unit.path,
        organisation=unit,
        name=name,
        key_id=key_id,
        secret_hash=hash_of(secret),
        permissions=sorted(terms.permissions),
        rate_per_minute=terms.rate,
        valid_until=terms.valid_until,
        networks=networks_of(terms.networks),
        contact=terms.contact,
        made_by=by.name,
        approved_at=timezone.now() if is_approved else None,
        approved_by=by.name if is_approved else "",
        reviewed_on=today(),
    )
    record("gateway.client_made", on_kind="client", on_id=client.pk, note=name, path=unit.path)
    _tell_who_approves(client)
    return client, f"{key_id}.{secret}"


def _tell_who_approves(client: ApiClient) -> None:
    """Tell the school whose data it is, or else the department, that a key waits for approval."""
    if client.approved_at is not None:
        return
    unit, label = client.organisation, client.path.split(".")[1:2]
    told = unit if unit.kind == "school" else department_of("".join(label).removeprefix("p"))
    if told is None:
        return
    where = reverse("gateway:client", args=[client.pk])
    words = _("Hệ thống này chỉ đọc, ghi được hồ sơ sau khi anh/chị duyệt.")
    message = Message("gateway.waiting", _("Khóa chờ duyệt: %s") % client.name, words, where, mark_of(client))
    tell_units([(told.pk, message)], permission=Permission.CLIENTS_EDIT)


def _check(terms: Terms) -> None:
    if unknown := terms.permissions - GRANTABLE:
        raise BadInput(", ".join(sorted(unknown)))
    if terms.rate < 1:
        raise BadInput(_("Số lần gọi mỗi phút từ 1 trở lên."))


@transaction.atomic
def change_client(client_id: UUID, *, terms: Terms, by: Actor) -> ApiClient:
    """Change what is agreed with a client; other web workers notice within ten seconds.

    :raises NotThere: not a client this actor looks after
    :raises CannotGrant: a permission more that the actor does not hold
    :raises BadInput: a permission that machines may not hold, or no network
    """
    client = client_for(by, client_id, writing=True)
    _check(terms)
    added = terms.permissions - set(client.permissions)
    if not holds(by, added):
        raise CannotGrant
    client.permissions = sorted(terms.permissions)
    client.rate_per_minute, client.valid_until = terms.rate, terms.valid_until
    client.networks, client.contact = networks_of(terms.networks), terms.contact
    client.save(update_fields=["permissions", "rate_per_minute", "valid_until", "networks", "contact"])
    record("gateway.client_changed", on_kind="client", on_id=client.pk, path=client.path)
    forget_callers()
    return client


@transaction.atomic
def rotate_key(client_id: UUID, *, overlap_days: int, seen: str, by: Actor) -> tuple[ApiClient, str]:
    """Give a client a new key, shown once; the old one opens for ``overlap_days`` (0 to 90) more.

    Who does not hold the permissions makes a key that waits for approval. ``seen``: the present key as the page saw
    it (`mark_of`), so that a page sent twice does not rotate twice; empty: whatever it is.

    :raises NotThere: not a client this actor looks after
    :raises KeyChanged: it was rotated meanwhile
    """
    client = client_for(by, client_id, writing=True)
    if seen and seen != mark_of(client):
        raise KeyChanged
    secret = new_secret()
    keeps_old = overlap_days > 0 and client.approved_at is not None
    client.old_secret_hash = bytes(client.secret_hash) if keeps_old else None
    days = min(overlap_days, MOST_OVERLAP_DAYS)
    client.old_until = timezone.now() + dt.timedelta(days=days) if keeps_old else None
    client.secret_hash = hash_of(secret)
    is_approved = holds(by, client.permissions)
    client.approved_at, client.approved_by = (timezone.now(), by.name) if is_approved else (None, "")
    client.save(update_fields=["old_secret_hash", "old_until", "secret_hash", "approved_at", "approved_by"])
    _tell_who_approves(client)
    record("gateway.key_rotated", on_kind="client", on_id=client.pk, note=f"+{days}", path=client.path)
    forget_callers()
    return client, f"{client.key_id}.{secret}"


def mark_of(client: ApiClient) -> str:
    """Give a mark by which a page tells that the key is still the one it saw; nothing can be opened with it."""
    return hash_of(bytes(client.secret_hash).hex()).hex()[:16]


@transaction.atomic
def approve_client(client_id: UUID, *, by: Actor) -> ApiClient:
    """Let the present key work.

    :raises NotThere: not a client this actor looks after
    :raises CannotGrant: the actor does not hold all of its permissions
    """
    client = client_for(by, client_id, writing=True)
    if not holds(by, client.permissions):
        raise CannotGrant
    client.approved_at, client.approved_by = timezone.now(), by.name
    client.save(update_fields=["approved_at", "approved_by"])
    record("gateway.client_approved", on_kind="client", on_id=client.pk, path=client.path)
    forget_callers()
    return client


@transaction.atomic
def review_client(client_id: UUID, *, by: Actor) -> ApiClient:
    """Note that somebody looked again whether the client is still needed, with these permissions.

    :raises NotThere: not a client this actor looks after
    """
    client = client_for(by, client_id, writing=True)
    client.reviewed_on = today()
    client.save(update_fields=["reviewed_on"])
    record("gateway.client_reviewed", on_kind="client", on_id=client.pk, path=client.path)
    return client


@transaction.atomic
def end_client(client_id: UUID, *, by: Actor) -> ApiClient:
    """Switch a client off for good, old key included; other web workers notice within ten seconds.

    :raises NotThere: not a client this actor looks after
    """
    client = client_for(by, client_id, writing=True)
    client.is_active, client.old_secret_hash, client.old_until = False, None, None
    client.save(update_fields=["is_active", "old_secret_hash", "old_until"])
    record("gateway.client_ended", on_kind="client", on_id=client.pk, path=client.path)
    forget_callers()
    return client
