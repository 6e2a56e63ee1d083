"""Who calls over SCIM and which accounts it keeps; who looks after systems, mail domains and mailboxes."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from phuong.identity.api import FAMILY, Account, RoleAssignment
from phuong.kernel.bearer import hash_of, shown_key
from phuong.kernel.contributions import Role, contributions
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.provisioning.errors import UnknownKey
from phuong.provisioning.models import Mailbox, MailDomain, ScimClient, ScimUser


@dataclass(frozen=True)
class Caller:
    """A system that showed its key, and as whom it acts."""

    client: ScimClient
    actor: Actor

    @property
    def own_school(self) -> str:
        """Give the code of the school that the key is for; empty when it is for more than one."""
        unit = self.client.organisation
        return str(unit.code) if unit.kind == "school" else ""


def caller_of(header: str) -> Caller:
    """Find the system of an ``Authorization`` header.

    :raises UnknownKey: no such system, wrong secret, switched off, or over
    """
    shown = shown_key(header)
    if shown is None:
        raise UnknownKey
    key_id, secret = shown
    today = timezone.localdate()
    with acting(SYSTEM):
        found = ScimClient.objects.select_related("organisation").filter(key_id=key_id, is_active=True).first()
        if found is None or not hmac.compare_digest(bytes(found.secret_hash), hash_of(secret)):
            raise UnknownKey
        if found.valid_until < today:
            raise UnknownKey
        if found.last_on != today:
            ScimClient.objects.filter(pk=found.pk).update(last_on=today)
    return Caller(found, _actor(found))


def _actor(client: ScimClient) -> Actor:
    unit = client.organisation
    return Actor(scope=client.path, name=client.name, role="client", organisation_id=unit.pk, organisation=unit.name)


def accounts_of(client: ScimClient) -> QuerySet[Account]:
    """Give the accounts that a system sees: staff under its unit and whom it enlisted, without those it deleted.

    Guardians and learners are nobody's staff: no system sees them.
    """
    at_work = RoleAssignment.objects.filter(account=OuterRef("pk")).exclude(role__in=FAMILY)
    said = ScimUser.objects.filter(client=client, account=OuterRef("pk"))
    return Account.objects.filter(
        Exists(at_work) | Exists(said), ~Exists(said.filter(removed_at__isnull=False)), path__under=client.path
    )


def beyond(client: ScimClient, accounts: Iterable[UUID]) -> set[UUID]:
    """Give those accounts that a system may see and not change: who holds a wide role, or a role elsewhere."""
    wide = [role.code for role in contributions(Role) if role.is_wide]
    with acting(SYSTEM):
        held = RoleAssignment.objects.filter(account__in=list(accounts), during__contains=timezone.localdate())
        strong = held.filter(Q(role__in=wide) | ~Q(path__under=client.path))
        return set(strong.values_list("account_id", flat=True))


def clients_seen_by(actor: Actor) -> QuerySet[ScimClient]:
    """Give the systems of units within the actor's place."""
    rows = ScimClient.objects.select_related("organisation")
    return rows.filter(path__under=actor.scope) if actor.scope else rows.none()


def client_for(actor: Actor, client_id: UUID, *, writing: bool = False) -> ScimClient:
    """Find one system the actor looks after; with ``writing`` locked until the act is over.

    :raises NotThere: unknown, elsewhere, or not for this actor
    """
    rows = clients_seen_by(actor).filter(pk=client_id)
    found = (rows.select_for_update(of=("self",)) if writing else rows).first()
    if found is None or not actor.may(Permission.CLIENTS_EDIT):
        raise NotThere
    return found


def domains_seen_by(actor: Actor) -> QuerySet[MailDomain]:
    """Give the mail domains of units within the actor's place."""
    rows = MailDomain.objects.select_related("organisation").order_by("name")
    return rows.filter(path__under=actor.scope) if actor.scope else rows.none()


def domain_for(actor: Actor, domain_id: UUID, *, writing: bool = False) -> MailDomain:
    """Find one mail domain the actor keeps; with ``writing`` locked until the act is over.

    :raises NotThere: unknown, elsewhere, or not for this actor
    """
    rows = domains_seen_by(actor).filter(pk=domain_id)
    found = (rows.select_for_update(of=("self",)) if writing else rows).first()
    if found is None or not actor.may(Permission.MAILBOXES_EDIT):
        raise NotThere
    return found


def mailboxes_seen_by(actor: Actor) -> QuerySet[Mailbox]:
    """Give the mailboxes of persons within the actor's place."""
    rows = Mailbox.objects.select_related("person", "domain")
    return rows.filter(path__under=actor.scope) if actor.scope else rows.none()
