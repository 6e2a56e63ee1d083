"""What a system does to accounts: enlist, change, remove. Nothing is ever deleted, every act is in the journal."""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from phuong.identity.api import (
    Account,
    change_account,
    end_given_roles,
    enlist_account,
    forget_credentials,
    give_roles,
    switch_account,
)
from phuong.kernel.audit import record
from phuong.kernel.refusals import NotThere, Refused
from phuong.provisioning.access import Caller, accounts_of, beyond
from phuong.provisioning.models import ScimMember, ScimUser
from phuong.provisioning.queries.scim import Roles, roles_said, schools_by_code
from phuong.registry.api import Organisation


class NameTaken(Refused):
    """A sign-in name or a key of the other system that somebody has already."""

    code = "provisioning.name_taken"
    message = _("Tên đăng nhập hoặc mã này đã có người dùng.")


class Beyond(Refused):
    """An account that holds a role which other systems may not touch."""

    code = "provisioning.beyond"
    status = 403
    message = _("Tài khoản này giữ vai trò ngoài phạm vi của khóa, nên phần mềm khác không đổi được.")


@dataclass(frozen=True)
class Said:
    """What a system says of an account; ``active`` of None leaves the account as it is."""

    user_name: str
    display_name: str
    email: str = ""
    external_id: str = ""
    user_type: str = ""
    active: bool | None = True


@transaction.atomic
def enlist_user(said: Said, *, caller: Caller) -> Account:
    """Open an account for a system, without a password; the roles are those its map gives.

    Whom the same system removed under the same key of its own comes back, with password and second factors gone.

    :raises NameTaken: the sign-in name or the key is somebody's
    """
    client = caller.client
    former = None
    if said.external_id:
        known = ScimUser.objects.select_for_update(of=("self",)).filter(client=client, external_id=said.external_id)
        former = known.first()
        if former is not None and (former.removed_at is None or beyond(client, [former.account_id])):
            raise NameTaken
    try:
        if former is not None:
            account = _bring_back(former, said)
        else:
            account = enlist_account(
                username=said.user_name, name=said.display_name, place=client.organisation, email=said.email
            )
            if said.active is False:
                switch_account(account.pk, on=False)
            ScimUser.objects.create(
                path=client.path,
                client=client,
                account=account,
                external_id=said.external_id,
                user_type=said.user_type,
                says_active=said.active is not False,
            )
    except IntegrityError as error:
        raise NameTaken from error
    sync_roles(caller, {account.pk: frozenset()})
    return account


def _bring_back(former: ScimUser, said: Said) -> Account:
    forget_credentials(former.account_id)
    account = change_account(
        former.account_id, username=said.user_name, display_name=said.display_name, email=said.email
    )
    former.removed_at, former.user_type, former.says_active = None, said.user_type, said.active is not False
    former.save()
    switch_account(account.pk, on=said.active is not False)
    return account


@transaction.atomic
def change_user(account_id: UUID, said: Said, *, caller: Caller) -> Account:
    """Bring an account to what a system says of it.

    What the system does not change in its own words has no effect: whom somebody here shut out stays out.

    :raises NotThere: not an account this system sees
    :raises Beyond: it holds a role that the system may not touch
    :raises NameTaken: the sign-in name or the key is somebody else's
    """
    account = account_for(caller, account_id, writing=True)
    kept, _is_new = ScimUser.objects.select_for_update(of=("self",)).get_or_create(
        client=caller.client,
        account=account,
        defaults={"path": caller.client.path, "says_active": account.is_active},
    )
    before = roles_said(caller, [account.pk])
    try:
        with transaction.atomic():
            changed = change_account(
                account.pk, username=said.user_name, display_name=said.display_name, email=said.email
            )
            is_switched = said.active is not None and said.active != kept.says_active
            kept.external_id, kept.user_type, kept.says_active = said.external_id, said.user_type, said.active
            kept.save()
    except IntegrityError as error:
        raise NameTaken from error
    if is_switched:
        changed = switch_account(account.pk, on=bool(said.active))
    sync_roles(caller, before)
    return changed


@transaction.atomic
def remove_user(account_id: UUID, *, caller: Caller) -> None:
    """Shut an account for a system that deleted it: sessions and the roles it gave end at once, the record stays.

    :raises NotThere: not an account this system sees
    :raises Beyond: it holds a role that the system may not touch
    """
    account = account_for(caller, account_id, writing=True)
    before = roles_said(caller, [account.pk])
    ScimMember.objects.filter(group__client=caller.client, account=account).delete()
    ScimUser.objects.update_or_create(
        client=caller.client,
        account=account,
        defaults={"path": caller.client.path, "removed_at": timezone.now(), "says_active": False},
    )
    switch_account(account.pk, on=False)
    sync_roles(caller, before)
    record("provisioning.user_removed", on_kind="account", on_id=account.pk, path=account.path)


def account_for(caller: Caller, account_id: UUID, *, writing: bool = False) -> Account:
    """Find one account that a system sees; with ``writing`` locked, and one that it may change.

    :raises NotThere: unknown, elsewhere, or removed by the system
    :raises Beyond: it holds a role that the system may not touch
    """
    rows = accounts_of(caller.client).filter(pk=account_id)
    found = (rows.select_for_update(of=("self",)) if writing else rows).first()
    if found is None:
        raise NotThere
    if writing and beyond(caller.client, [found.pk]):
        raise Beyond
    return found


def sync_roles(caller: Caller, before: Roles) -> None:
    """Give and end roles where what a system says of accounts now differs from ``before``; a statement each."""
    after = roles_said(caller, before)
    schools = schools_by_code(caller.client, _codes(before) | _codes(after))
    today = timezone.localdate()
    ending = _places(before, after, schools)
    given = _places(after, before, schools)
    if ending:
        end_given_roles([(account, role, unit.pk) for account, role, unit in ending], on=today)
    if given:
        give_roles(given, since=today)


def _codes(roles: Roles) -> set[str]:
    return {code for each in roles.values() for _role, code in each}


def _places(these: Roles, not_those: Roles, schools: dict[str, Organisation]) -> list[tuple[UUID, str, Organisation]]:
    return [
        (account, role, schools[code])
        for account, roles in these.items()
        for role, code in sorted(roles - not_those.get(account, frozenset()))
        if code in schools
    ]
