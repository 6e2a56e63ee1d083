"""Who somebody is, and as whom they act."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils import timezone

from phuong.identity.declarations import OTHERS, WIDE, profile
from phuong.identity.models import Account, Kind, Link, Proof, RoleAssignment
from phuong.identity.roles import FAMILY, SUPPORT
from phuong.identity.rules import Giver, Known, LinkState, is_within_reach, permissions_in
from phuong.kernel.contributions import Role, contribution, contributions
from phuong.kernel.prepared import prepared
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.kernel.whole import Whole
from phuong.registry.api import Organisation, Person, people_by_number, wards_of

MOST_ALIKE = 5  # duplicates of one person that are looked at


@dataclass(frozen=True)
class Standing:
    """One account with the roles it holds today; ``active`` is the one in use."""

    account: Account
    assignments: tuple[RoleAssignment, ...]
    active: RoleAssignment | None
    actor: Actor


_ACCOUNT, _ASSIGNMENT, _ORGANISATION = Whole(Account), Whole(RoleAssignment), Whole(Organisation)
_STANDING = """
select {account}, {assignment}, {organisation}
from identity_account a
left join identity_roleassignment r on r.account_id = a.id and r.during @> %(today)s
  and (r.ends_at is null or r.ends_at > %(now)s)
left join registry_organisation o on o.id = r.organisation_id
where a.id = %(account)s and a.is_active
"""


@cache
def _standing_statement() -> str:
    """Word the question that every page asks first, once; what is in force is so by ``Assignments.in_force``."""
    columns = {"account": _ACCOUNT.columns("a"), "assignment": _ASSIGNMENT.columns("r")}
    return _STANDING.format(**columns, organisation=_ORGANISATION.columns("o"))


def standing_of(account_id: UUID | str, *, wanted: str, today: dt.date) -> Standing | None:
    """Find an account, its roles valid ``today``, and the actor it is in the role ``wanted`` (or its first)."""
    with acting(SYSTEM):
        with prepared() as cursor:
            cursor.execute(_standing_statement(), {"account": account_id, "today": today, "now": timezone.now()})
            rows = cursor.fetchall()
        if not rows:
            return None
        account, held = _held(rows)
        assignments = tuple(sorted(held, key=_order))
        active = next((each for each in assignments if str(each.pk) == wanted), assignments[0] if assignments else None)
        return Standing(account, assignments, active, _actor(account, active))


def _held(rows: list[tuple[Any, ...]]) -> tuple[Account, list[RoleAssignment]]:
    account = Account()
    assignments = []
    for row in rows:
        values = iter(row)
        account = _ACCOUNT.read(values) or account
        assignment, organisation = _ASSIGNMENT.read(values), _ORGANISATION.read(values)
        if assignment is not None:
            assignment.account = account
            if organisation is not None:
                assignment.organisation = organisation
            assignments.append(assignment)
    return account, assignments


def _order(assignment: RoleAssignment) -> tuple[bool, int, str]:
    """Put own roles first: a lent one is used only by switching to it."""
    role = contribution(Role, assignment.role)
    return (assignment.kind != Kind.OWN, role.order if role else 99, str(assignment.pk))


def _actor(account: Account, assignment: RoleAssignment | None) -> Actor:
    role = contribution(Role, assignment.role) if assignment else None
    if assignment is None or role is None:
        return Actor(account_id=account.pk, name=account.display_name)
    is_placeless = assignment.role in FAMILY or assignment.role == SUPPORT
    return Actor(
        scope="" if is_placeless else assignment.path,
        persons=_own_persons(account, assignment.role) if assignment.role in FAMILY else (),
        account_id=account.pk,
        name=account.display_name,
        role=assignment.role,
        organisation_id=assignment.organisation_id,
        organisation=assignment.organisation.name,
        permissions=permissions_in(role.permissions, is_lent=assignment.kind != Kind.OWN),
    )


def _own_persons(account: Account, role: str) -> tuple[UUID, ...]:
    if account.person_id is None:
        return ()
    wards = wards_of(account.person_id) if role == "guardian" else ()
    return (account.person_id, *wards)


_STRONG = "strong"
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def lacks_second_factor(request: Any) -> bool:
    """Say whether the role in use obliges to a second factor that the account does not have yet.

    An account that has one is never signed in without it, so its session is remembered as strong.
    """
    role = contribution(Role, request.actor.role)
    if settings.PHUONG_MFA != "required" or role is None or not role.is_wide or request.session.get(_STRONG):
        return False
    with acting(SYSTEM):
        has_one = Authenticator.objects.filter(user_id=request.actor.account_id, type__in=SECOND_FACTORS).exists()
    if has_one:
        request.session[_STRONG] = True
    return not has_one


def roles_by_code() -> dict[str, Role]:
    """Give every role by its code."""
    return {role.code: role for role in contributions(Role)}


def giver_of(actor: Actor) -> Giver:
    """Give what the rules of giving roles need to know of the acting person."""
    return Giver(actor.role, actor.permissions, actor.scope, str(actor.account_id or ""))


def accounts_beyond(giver: Giver, accounts: Iterable[UUID]) -> set[UUID]:
    """Give those accounts that hold, or will hold, a role beyond what somebody holds or appoints; one statement."""
    roles = roles_by_code()
    with acting(SYSTEM):
        held = RoleAssignment.objects.not_over().filter(account__in=list(accounts))
        rows = list(held.values_list("account_id", "role", "path"))
    return {account for account, role, path in rows if not is_within_reach(giver, role, path=str(path), roles=roles)}


def seat_of(unit: Organisation) -> str:
    """Give the level of a unit at which roles are given: province, commune, school, or none."""
    if unit.is_commune:
        return "commune"
    return {"school": "school", "department": "province", "division": "province"}.get(unit.kind, "")


def account_named(username: str) -> Account | None:
    """Find an account within the acting scope by its sign-in name."""
    return Account.objects.filter(username=username.strip().lower(), is_active=True).first()


def link_of(account_id: Any) -> Link | None:
    """Give the latest link of an account to the national identity, ended or not."""
    rows = Link.objects.filter(account_id=account_id, provider=profile().provider)
    return rows.order_by("-since", "-id").first()


def proof_of(account_id: Any) -> Proof | None:
    """Give the latest proof of an account: the level of its electronic identity."""
    rows = Proof.objects.filter(account_id=account_id, provider=profile().provider)
    return rows.order_by("-at", "-id").first()


def account_of_number(number: str) -> tuple[Account | None, list[Person], int]:
    """Find the people with a personal number, and the account when just one of them has one; gives how many do."""
    people = list(people_by_number(number)[:MOST_ALIKE])
    rows = Account.objects.select_for_update(of=("self",)).filter(person__in=people).order_by("id")
    accounts = list(rows[:MOST_ALIKE])
    return (accounts[0] if len(accounts) == 1 else None), people, len(accounts)


def known_of(account: Account | None, people: list[Person], *, accounts: int, subject: bytes, today: dt.date) -> Known:
    """Give what the rules of signing in by the national identity ask about."""
    roles: list[str] = []
    if account is not None:
        held = RoleAssignment.objects.filter(account=account).in_force(today)
        roles = list(held.values_list("role", flat=True).distinct())
    own = [each for each in people if account is None or each.pk == account.person_id]  # never a namesake's double
    return Known(
        name_keys=frozenset(each.search_key for each in own),
        birth_dates=frozenset(each.birth_date for each in own),
        accounts=accounts,
        is_active=account is not None and account.is_active,
        needs=max((_level_needed(role) for role in roles), default=0),
        is_family=bool(roles) and set(roles) <= FAMILY,
        link=_link_state(account, subject),
    )


def _level_needed(code: str) -> int:
    role = contribution(Role, code)
    return profile().needs[WIDE if role is not None and role.is_wide else OTHERS]


def _link_state(account: Account | None, subject: bytes) -> LinkState:
    holder = Link.objects.filter(provider=profile().provider, subject_hash=subject, until=None).first()
    if account is None or (holder is not None and holder.account_id != account.pk):
        return "none" if holder is None else "other"
    mine = link_of(account.pk)
    if mine is None or mine.until is not None:
        return "none" if mine is None else "ended"
    return "same" if bytes(mine.subject_hash) == subject else "other"
