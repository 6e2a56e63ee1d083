"""Accounts and groups as the storage of a SCIM server."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from scim2_models import (
    ForbiddenException,
    InvalidValueException,
    NotFoundException,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    SearchRequest,
    UniquenessException,
)
from scim2_server.storage import ScimStorage, SearchPage

from phuong.identity.api import Account
from phuong.kernel.refusals import BadInput, NotThere
from phuong.provisioning.access import Caller, accounts_of
from phuong.provisioning.actions.groups import SaidGroup, change_group, group_for, make_group, remove_group
from phuong.provisioning.actions.users import (
    Beyond,
    NameTaken,
    Said,
    account_for,
    change_user,
    enlist_user,
    remove_user,
)
from phuong.provisioning.models import ScimGroup
from phuong.provisioning.queries.scim import members_of, told_of
from phuong.provisioning.rest.filters import condition, group_tests, key_of, plain, user_tests
from phuong.provisioning.rest.paging import page_of
from phuong.provisioning.rest.shapes import Group, User, group_of, user_of

_MOST = {"user_name": 150, "display_name": 255, "external_id": 255, "user_type": 100, "email": 254}
MOST_MEMBERS = 2000


@contextmanager
def _told_as_scim() -> Iterator[None]:
    """Turn refusals of ours into those of SCIM."""
    try:
        yield
    except NotThere as refusal:
        raise NotFoundException from refusal
    except NameTaken as refusal:
        raise UniquenessException(detail=refusal.detail) from refusal
    except Beyond as refusal:
        raise ForbiddenException(detail=refusal.detail) from refusal
    except BadInput as refusal:
        raise InvalidValueException(detail=refusal.detail) from refusal


class AccountStorage(ScimStorage):
    """What one system sees: built anew for each call."""

    def __init__(self, caller: Caller) -> None:
        """Speak for ``caller``."""
        self.caller = caller

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        """Show one user or group."""
        del response_parameters
        with _told_as_scim():
            return self._shown(resource_type, _key(resource_id))

    def search(
        self, resource_types: list[ResourceType], search_request: SearchRequest[Any], *, position: Any = None
    ) -> SearchPage:
        """Show a page of users, of groups, or of users and then groups."""
        del position
        start, wanted = search_request.start_index_0 or 0, search_request.count or 0
        total = 0
        found: list[Resource[Any]] = []
        for resource_type in resource_types:
            rows: QuerySet[Any] = self._rows(resource_type, search_request)
            walk = f"{self.caller.client.pk} {resource_type.name} {search_request.filter}"
            count, some = page_of(rows, max(start - total, 0), wanted - len(found), walk)
            total += count
            found += self._all_shown(resource_type, some)
        return SearchPage(total, found)

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        """Open an account, or keep a group."""
        with _told_as_scim():
            made: Any = (
                make_group(_said_group(resource), caller=self.caller)
                if isinstance(resource, Group)
                else enlist_user(_said(resource), caller=self.caller)
            )
            return self._shown(resource_type, made.pk)

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        """Bring an account or a group to what is said of it."""
        key = _key(resource.id or "")
        with _told_as_scim():
            self._expect(resource_type, key, expected_version)
            if isinstance(resource, Group):
                change_group(key, _said_group(resource), caller=self.caller)
            else:
                change_user(key, _said(resource), caller=self.caller)
            return self._shown(resource_type, key)

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        """Shut an account for good in the eyes of the system, or forget a group."""
        key = _key(resource_id)
        with _told_as_scim():
            self._expect(resource_type, key, expected_version)
            (remove_group if resource_type.name == "Group" else remove_user)(key, caller=self.caller)

    def _expect(self, resource_type: ResourceType, key: UUID, version: str | None) -> None:
        """Lock the row and see that nobody changed it meanwhile."""
        if resource_type.name == "Group":
            group_for(self.caller, key, writing=True)
        else:
            account_for(self.caller, key, writing=True)
        present = self._shown(resource_type, key).meta
        if version is not None and present is not None and present.version != version:
            raise PreconditionFailedException

    def _shown(self, resource_type: ResourceType, key: UUID) -> Resource[Any]:
        rows: list[Any] = (
            [group_for(self.caller, key)] if resource_type.name == "Group" else [account_for(self.caller, key)]
        )
        return self._all_shown(resource_type, rows)[0]

    def _all_shown(self, resource_type: ResourceType, rows: list[Any]) -> list[Resource[Any]]:
        if not rows:
            return []
        if resource_type.name == "Group":
            members = members_of(rows)
            return [group_of(row, members[row.pk]) for row in rows]
        return [user_of(told) for told in told_of(self.caller.client, rows)]

    def _rows(self, resource_type: ResourceType, search_request: SearchRequest[Any]) -> QuerySet[Any]:
        client = self.caller.client
        asked = search_request.filter
        if resource_type.name == "Group":
            groups: QuerySet[ScimGroup] = ScimGroup.objects.filter(client=client)
            return groups.filter(condition(asked.ast, group_tests()) if asked else Q())
        accounts: QuerySet[Account] = accounts_of(client)
        return accounts.filter(condition(asked.ast, user_tests(client)) if asked else Q())


def _key(text: str) -> UUID:
    key = key_of(text)
    if key is None:
        raise NotFoundException
    return key


def _said(resource: Any) -> Said:
    user: User = resource
    address = next((each.value for each in user.emails or () if each.value), "")
    facts = {
        "user_name": (user.user_name or "").strip().lower(),
        "display_name": " ".join((user.display_name or "").split()),
        "external_id": user.external_id or "",
        "user_type": user.user_type or "",
        "email": str(address or "").strip().lower(),
    }
    for name, value in facts.items():
        plain(value, most=_MOST[name])
    if not facts["user_name"] or not facts["display_name"]:
        raise InvalidValueException(detail="userName and displayName must not be empty")
    return Said(active=user.active, **facts)


def _said_group(resource: Any) -> SaidGroup:
    group: Group = resource
    name = plain((group.display_name or "").strip(), most=200)
    if not name:
        raise InvalidValueException(detail="displayName must not be empty")
    members = group.members or []
    if len(members) > MOST_MEMBERS:
        raise InvalidValueException(detail=f"A group has at most {MOST_MEMBERS} members")
    keys = {member.value: key_of(member.value) for member in members}
    if lost := [str(value) for value, key in keys.items() if key is None]:
        raise InvalidValueException(detail=f"No such user: {lost[0][:80]}")
    external_id = plain(group.external_id or "", most=_MOST["external_id"])
    return SaidGroup(name, external_id, frozenset(key for key in keys.values() if key))
