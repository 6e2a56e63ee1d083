"""Who may give whom which role, and for how long. Pure: no clock, no database.

An office holds its own permissions and those of the roles that it appoints (``Role.appoints``). Nobody gives more than
that, or to a unit above or beside the own place; roles lent for a time are not passed on.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from phuong.kernel.contributions import Role
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import is_under

NOT_PASSED_ON = frozenset(
    {Permission.ROLES_EDIT, Permission.EMERGENCY_USE, Permission.EMERGENCY_REVIEW, Permission.EXPORTS_EDIT}
)
MOST_LENT_DAYS = 366
NO_RIGHT, BY_HAND, OUTSIDE, SEAT, TOO_MUCH, SELF = "no_right", "by_hand", "outside", "seat", "too_much", "self"
NO_END, PAST, BACKWARDS, TOO_LONG = "no_end", "past", "backwards", "too_long"


@dataclass(frozen=True)
class Giver:
    """Who gives: the role in use, what it allows now, and the place it reaches."""

    role: str
    permissions: frozenset[str]
    scope: str
    account: str = ""


def permissions_in(permissions: frozenset[str], *, is_lent: bool) -> frozenset[str]:
    """Give what a role allows to its holder: a lent one cannot be used to give roles or break glass."""
    return permissions - NOT_PASSED_ON if is_lent else permissions


def scope_of(seat: str, unit_path: str) -> str:
    """Give the place that a role at a unit opens: the whole province for roles of the department."""
    return ".".join(unit_path.split(".")[:2]) if seat == "province" else unit_path


def may_give(giver: Giver, wanted: Role, *, seat: str, path: str, roles: Mapping[str, Role]) -> str:
    """Say why a role may not be given at ``path`` (a unit of level ``seat``); empty when it may."""
    if Permission.ROLES_EDIT not in giver.permissions:
        return NO_RIGHT
    if not wanted.seat:
        return BY_HAND
    if wanted.seat != seat:
        return SEAT
    if not is_under(path, giver.scope):
        return OUTSIDE
    return "" if _covers(giver, wanted, roles) else TOO_MUCH


def _covers(giver: Giver, wanted: Role, roles: Mapping[str, Role]) -> bool:
    own = roles.get(giver.role)
    appointed = own.appoints if own else frozenset()
    return wanted.code in appointed or wanted.permissions <= giver.permissions | {Permission.OWN_READ}


def is_within_reach(giver: Giver, code: str, *, path: str, roles: Mapping[str, Role]) -> bool:
    """Say whether a role held at ``path`` opens nothing that the giver neither holds nor appoints: family roles too."""
    held = roles.get(code)
    return held is not None and is_under(path, giver.scope) and _covers(giver, held, roles)


def may_approve(giver: Giver, *, asked_by: str, receiver: str) -> bool:
    """Say whether somebody is another person than the one who asked and the one who receives."""
    return bool(giver.account) and giver.account not in (asked_by, receiver)


def check_term(kind: str, starts: dt.date, ends: dt.date | None, *, today: dt.date) -> str:
    """Say what is wrong with the days of a role (``ends``: last day); empty when nothing is."""
    if ends is None:
        return "" if kind == "own" and starts >= today else (PAST if kind == "own" else NO_END)
    if starts < today or ends < today:
        return PAST
    if ends < starts:
        return BACKWARDS
    return TOO_LONG if kind != "own" and (ends - starts).days > MOST_LENT_DAYS else ""
