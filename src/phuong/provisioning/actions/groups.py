"""What a system does to groups: their names and members give and end roles."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from phuong.kernel.audit import record
from phuong.kernel.keys import uuid7
from phuong.kernel.refusals import BadInput, NotThere
from phuong.provisioning.access import Caller, accounts_of, beyond
from phuong.provisioning.actions.users import Beyond, NameTaken, sync_roles
from phuong.provisioning.models import ScimGroup, ScimMember
from phuong.provisioning.queries.scim import roles_said


@dataclass(frozen=True)
class SaidGroup:
    """What a system says of a group."""

    name: str
    external_id: str
    members: frozenset[UUID]


@transaction.atomic
def make_group(said: SaidGroup, *, caller: Caller) -> ScimGroup:
    """Keep a group of a system; its members get the role that its name gives.

    :raises BadInput: a member that the system does not see
    :raises Beyond: a member that the system may not touch
    :raises NameTaken: its key is that of another group
    """
    client = caller.client
    try:
        with transaction.atomic():
            group = ScimGroup.objects.create(
                path=client.path, client=client, name=said.name, external_id=said.external_id
            )
    except IntegrityError as error:
        raise NameTaken from error
    _set_members(group, said.members, caller)
    record("provisioning.group_made", on_kind="group", on_id=group.pk, note=said.name, path=group.path)
    return group


@transaction.atomic
def change_group(group_id: UUID, said: SaidGroup, *, caller: Caller) -> ScimGroup:
    """Bring a group to what a system says of it.

    :raises NotThere: not a group of this system
    :raises BadInput: a member that the system does not see
    :raises Beyond: a member that the system may not touch
    :raises NameTaken: its key is that of another group
    """
    group = group_for(caller, group_id, writing=True)
    if group.name != said.name:
        _rename(group, said.name, caller)
    group.external_id = said.external_id
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:
        raise NameTaken from error
    _set_members(group, said.members, caller)
    record("provisioning.group_changed", on_kind="group", on_id=group.pk, note=said.name, path=group.path)
    return group


@transaction.atomic
def remove_group(group_id: UUID, *, caller: Caller) -> None:
    """Forget a group of a system; the role that it gave ends for its members.

    :raises NotThere: not a group of this system
    """
    group = group_for(caller, group_id, writing=True)
    _set_members(group, frozenset(), caller)
    record("provisioning.group_removed", on_kind="group", on_id=group.pk, note=group.name, path=group.path)
    group.delete()


def group_for(caller: Caller, group_id: UUID, *, writing: bool = False) -> ScimGroup:
    """Find one group of a system; with ``writing`` locked.

    :raises NotThere: unknown, or of another system
    """
    rows = ScimGroup.objects.filter(client=caller.client, pk=group_id)
    found = (rows.select_for_update(of=("self",)) if writing else rows).first()
    if found is None:
        raise NotThere
    return found


def _rename(group: ScimGroup, name: str, caller: Caller) -> None:
    members = set(group.members.values_list("account_id", flat=True))
    _check_reach(members, caller)
    before = roles_said(caller, members)
    ScimGroup.objects.filter(pk=group.pk).update(name=name)
    group.name = name
    sync_roles(caller, before)


def _set_members(group: ScimGroup, wanted: frozenset[UUID], caller: Caller) -> None:
    present = set(group.members.values_list("account_id", flat=True))
    coming, going = wanted - present, present - wanted
    if not coming and not going:
        return
    seen = set(accounts_of(caller.client).filter(pk__in=coming).values_list("pk", flat=True))
    if unknown := coming - seen:
        raise BadInput(", ".join(sorted(str(each) for each in unknown)))
    _check_reach(coming | going, caller)
    before = roles_said(caller, coming | going)
    ScimMember.objects.filter(group=group, account__in=going).delete()
    ScimMember.objects.bulk_create(
        [ScimMember(id=uuid7(), path=group.path, group=group, account_id=each) for each in sorted(coming)]
    )
    sync_roles(caller, before)


def _check_reach(accounts: Iterable[UUID], caller: Caller) -> None:
    if beyond(caller.client, accounts):
        raise Beyond
