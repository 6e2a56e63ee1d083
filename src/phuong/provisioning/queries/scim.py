"""What a system is told of accounts and groups: four statements a page, however many there are on it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import timezone

from phuong.identity.api import Account, RoleAssignment
from phuong.provisioning.access import Caller
from phuong.provisioning.models import ScimClient, ScimGroup, ScimMember, ScimUser
from phuong.provisioning.rules.roles import wanted_roles
from phuong.registry.api import Organisation


@dataclass
class Told:
    """One account as a system sees it; ``groups`` by key, ``roles`` as (role, code of the unit)."""

    account: Account
    said: ScimUser | None
    groups: list[tuple[UUID, str]] = field(default_factory=list)
    roles: list[tuple[str, str]] = field(default_factory=list)


def told_of(client: ScimClient, accounts: Iterable[Account]) -> list[Told]:
    """Give accounts with what the system said of them, its groups, and their roles today under its unit."""
    found = {account.pk: Told(account, None) for account in accounts}
    for said in ScimUser.objects.filter(client=client, account__in=found):
        found[said.account_id].said = said
    members = ScimMember.objects.filter(group__client=client, account__in=found).order_by("group_id")
    for account, group, name in members.values_list("account_id", "group_id", "group__name"):
        found[account].groups.append((group, name))
    held = RoleAssignment.objects.filter(
        account__in=found, during__contains=timezone.localdate(), path__under=client.path
    ).order_by("role", "id")
    for account, role, code in held.values_list("account_id", "role", "organisation__code"):
        found[account].roles.append((role, code))
    return list(found.values())


def members_of(groups: Iterable[ScimGroup]) -> dict[UUID, list[tuple[UUID, str]]]:
    """Give the members of groups by key, each with the name shown."""
    found: dict[UUID, list[tuple[UUID, str]]] = {group.pk: [] for group in groups}
    rows = ScimMember.objects.filter(group__in=found).order_by("id")
    for group, account, name in rows.values_list("group_id", "account_id", "account__display_name"):
        found[group].append((account, name))
    return found


Roles = dict[UUID, frozenset[tuple[str, str]]]


def roles_said(caller: Caller, accounts: Iterable[UUID]) -> Roles:
    """Give the roles that follow from what a system says of accounts: (role, code of the school). Two statements."""
    names: dict[UUID, list[str]] = {account: [] for account in accounts}
    said = ScimUser.objects.filter(client=caller.client, account__in=names, removed_at__isnull=True)
    for account, word in said.values_list("account_id", "user_type"):
        names[account].append(word)
    members = ScimMember.objects.filter(group__client=caller.client, account__in=names)
    for account, name in members.values_list("account_id", "group__name"):
        names[account].append(name)
    return {account: wanted_roles(words, caller.client.role_map, caller.own_school) for account, words in names.items()}


def schools_by_code(client: ScimClient, codes: Iterable[str]) -> dict[str, Organisation]:
    """Find the open schools under a system's unit that have these codes."""
    rows = Organisation.objects.filter(
        kind="school", code__in=set(codes), closed_on__isnull=True, path__under=client.path
    )
    return {row.code: row for row in rows}
