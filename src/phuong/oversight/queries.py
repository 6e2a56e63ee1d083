"""Reads of oversight."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from phuong.identity.api import AT_SCHOOL, FAMILY, RoleAssignment
from phuong.journal.api import LISTS, act_title, entries_of
from phuong.kernel.audit import PAGE_SEEN
from phuong.kernel.contributions import NavigationEntry, contributions
from phuong.kernel.models import AuditEntry
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.oversight.declarations import NOTHING, limits
from phuong.oversight.models import ExportCap, State, SupportAccess
from phuong.oversight.rules import Cap
from phuong.registry.api import ClassGroup, Organisation, Person, department_of, province_of
from phuong.ui.api import Page, keyset_page


def roles_at(unit: Organisation, query: QueryDict) -> Page:
    """List the roles at a unit that open something now or will, families' left out.

    Read as the house: who may come into a unit is shown to it even where the account is kept elsewhere.
    """
    with acting(SYSTEM):
        rows = RoleAssignment.objects.not_over().filter(organisation=unit).exclude(role__in=FAMILY)
        if q := query.get("q", "").strip().lower():
            rows = rows.filter(Q(account__username__startswith=q) | Q(account__display_name__icontains=q))
        rows = rows.select_related("account", "organisation", "review")
        return keyset_page(rows, by=("account__username", "id"), query=query)


def reviews_due(unit: Organisation, query: QueryDict) -> Page:
    """List the roles at a unit that must be looked at soon, the most urgent first."""
    with acting(SYSTEM):
        soon = timezone.localdate() + dt.timedelta(days=limits().tell_before_days)
        rows = RoleAssignment.objects.in_force().filter(organisation=unit, review__due_on__lte=soon)
        rows = rows.select_related("account", "organisation", "review")
        return keyset_page(rows, by=("review__due_on", "id"), query=query)


def units_with_reviews(actor: Actor, most: int = 50) -> list[Any]:
    """Give the units of the actor's place with how many roles must be looked at soon, the most first."""
    soon = timezone.localdate() + dt.timedelta(days=limits().tell_before_days)
    rows = RoleAssignment.objects.in_force().filter(path__under=actor.scope, review__due_on__lte=soon)
    counted = rows.values("organisation_id", "organisation__name").annotate(due=Count("pk"))
    return list(counted.order_by("-due", "organisation__name")[:most])


def role_held(assignment_id: UUID) -> RoleAssignment | None:
    """Find one role that is not over, whoever's account it is; the caller checks who may see it."""
    with acting(SYSTEM):
        rows = RoleAssignment.objects.not_over().select_related("account", "organisation")
        return rows.filter(pk=assignment_id).first()


def own_accesses(actor: Actor, query: QueryDict) -> Page:
    """List a support person's own requests and stays, newest first; read as the house: support has no place."""
    with acting(SYSTEM):
        rows = SupportAccess.objects.filter(account=actor.account_id).select_related("organisation")
        return keyset_page(rows, by=("id",), query=query, newest_first=True)


def open_access(actor: Actor) -> SupportAccess | None:
    """Find the stay that lets the acting support person in now; ``None`` when the school gave none or it is over."""
    rows = SupportAccess.objects.filter(account=actor.account_id, organisation=actor.organisation_id)
    return rows.filter(state=State.APPROVED, ends_at__gt=timezone.now()).order_by("-starts_at").first()


@dataclass(frozen=True)
class Seen:
    """One line of the journal about a stay: when, what was done, whose record it was, where or why."""

    at: dt.datetime
    title: str
    name: str
    note: str


def seen_during(access: SupportAccess, query: QueryDict) -> Page:
    """List what the journal has of a stay, newest first, with the names of the records.

    Read as the house: lines stay where the school stood when they were written. A stay reaches until the next one of
    the same person, so that a page that was under way when it ended is not lost.
    """
    if access.starts_at is None:
        return Page([], 0, "", "", query)
    later = SupportAccess.objects.filter(account=access.account_id, organisation=access.organisation_id)
    later = later.filter(starts_at__gt=access.starts_at).order_by("starts_at")
    with acting(SYSTEM):
        rows = entries_of(
            access.account_id,
            roles=AT_SCHOOL,
            places={str(access.path), access.noted_under} - {""},
            since=access.starts_at,
            before=later.values_list("starts_at", flat=True).first(),
        )
        page = keyset_page(rows, by=("id",), query=query, newest_first=True)
    return Page(_told(page.rows), page.size, page.next_key, page.previous_key, page.query)


def _told(entries: Iterable[AuditEntry]) -> list[Seen]:
    named = _names(key for entry in entries for key in (entry.about, _key(entry.on_id)) if key)
    titles = {entry.url_name: str(entry.title) for entry in contributions(NavigationEntry)}
    told = []
    for entry in entries:
        name = named.get(entry.about) or named.get(_key(entry.on_id), "")
        known = titles.get(entry.on_kind) if entry.did == PAGE_SEEN else LISTS.get(entry.on_id)
        told.append(Seen(entry.at, str(known or act_title(entry.did)), name, entry.note))
    return told


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _names(keys: Iterable[UUID]) -> dict[UUID | None, str]:
    wanted = set(keys)
    found: dict[UUID | None, str] = {}
    for rows, field in (
        (Person.objects.all(), "full_name"),
        (ClassGroup.objects.all(), "name"),
        (Organisation.objects.all(), "name"),
    ):
        named: QuerySet[Any] = rows.filter(pk__in=wanted - found.keys())
        found |= dict(named.values_list("pk", field))
    return found


def caps() -> dict[str, Cap]:
    """Give what each role may take away in a day: the operator's decision, else the catalog's."""
    decided = {role: Cap(rows, units) for role, rows, units in ExportCap.objects.values_list("role", "rows", "units")}
    return {**limits().exports, **decided}


def cap_of(role: str) -> Cap:
    """Give what one role may take away in a day."""
    decided = ExportCap.objects.filter(role=role).first()
    return Cap(decided.rows, decided.units) if decided else limits().exports.get(role, NOTHING)


def department_at(path: str) -> Organisation | None:
    """Give the department of the province in which a place lies."""
    province = province_of(path)
    return department_of(province.code) if province else None
