"""Users and groups as SCIM shows them: those attributes of RFC 7643 that an account has, and no others."""

import hashlib
import json
from typing import Annotated, Any

from pydantic import EmailStr, Field
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Filter,
    Meta,
    Mutability,
    Patch,
    Reference,
    Required,
    Resource,
    Returned,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)

from phuong.provisioning.models import ScimGroup
from phuong.provisioning.queries.scim import Told

MOST_RESULTS = 200


class Email(ComplexAttribute):
    """The one address to which notices go."""

    value: EmailStr | None = None


class GroupOfUser(ComplexAttribute):
    """A group that the user is in; changed at the group."""

    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    ref: Annotated[Reference["Group"] | None, Mutability.read_only] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    display: Annotated[str | None, Mutability.read_only] = None


class RoleOfUser(ComplexAttribute):
    """A role held today: ``value`` its code, ``display`` the code of the unit."""

    value: Annotated[str | None, Mutability.read_only] = None
    display: Annotated[str | None, Mutability.read_only] = None


class User(Resource[Any]):
    """An account."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    display_name: Annotated[str | None, Required.true] = None
    user_type: str | None = None
    active: bool | None = None
    emails: list[Email] | None = None
    groups: Annotated[list[GroupOfUser] | None, Mutability.read_only] = None
    roles: Annotated[list[RoleOfUser] | None, Mutability.read_only] = None


class Member(ComplexAttribute):
    """A user in a group."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference["User"] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    display: Annotated[str | None, Mutability.read_only, Returned.request] = None


class Group(Resource[Any]):
    """A group of the calling system; its name may give a role."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true] = None
    members: list[Member] | None = None


def provider() -> ScimProvider:
    """Describe the service: what it serves and what it can do."""
    return ScimProvider(
        models=[User, Group],
        policy=ScimPolicy(unknown=ScimPolicy.Unknown.ignore),  # systems send what they have: phones, photos
        config=ServiceProviderConfig(
            patch=Patch(supported=True),
            bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
            filter=Filter(supported=True, max_results=MOST_RESULTS),
            change_password=ChangePassword(supported=False),
            sort=Sort(supported=False),
            etag=ETag(supported=True),
            authentication_schemes=[
                AuthenticationScheme(
                    type=AuthenticationScheme.Type.oauthbearertoken,
                    name="Bearer",
                    description="The key that the unit was shown when the system was registered",
                    primary=True,
                )
            ],
        ),
    )


def user_of(told: Told) -> User:
    """Show an account."""
    account, said = told.account, told.said
    says_nothing = said is not None and said.says_active is None
    shown = User(
        id=str(account.pk),
        external_id=(said.external_id if said else "") or None,
        user_name=account.username,
        display_name=account.display_name or account.username,
        user_type=(said.user_type if said else "") or None,
        active=None if says_nothing else account.is_active,
        emails=[Email(value=account.email)] if account.email else None,
        groups=[GroupOfUser(value=str(key), ref=Reference(f"Groups/{key}"), display=name) for key, name in told.groups]
        or None,
        roles=[RoleOfUser(value=role, display=code) for role, code in told.roles] or None,
    )
    changed = said.changed_at if said else account.created_at
    shown.meta = Meta(resource_type="User", created=account.created_at, last_modified=changed, version=_version(shown))
    return shown


def group_of(group: ScimGroup, members: list[tuple[Any, str]] | None) -> Group:
    """Show a group; without its members where nobody asked for them."""
    shown = Group(
        id=str(group.pk),
        external_id=group.external_id or None,
        display_name=group.name,
        members=[Member(value=str(key), ref=Reference(f"Users/{key}"), display=name) for key, name in members or ()]
        or None,
    )
    shown.meta = Meta(
        resource_type="Group", created=group.made_at, last_modified=group.changed_at, version=_version(shown)
    )
    return shown


def _version(shown: Resource[Any]) -> str:
    """Give a mark of everything shown: it changes with it, wherever the change came from."""
    facts = json.dumps(shown.model_dump(mode="json"), sort_keys=True, default=str)
    return f'W/"{hashlib.sha256(facts.encode()).hexdigest()[:20]}"'
