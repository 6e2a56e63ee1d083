"""Support just in time: one school, some hours, on the school's word, with every page opened kept."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.identity.api import Grant, Kind, end_roles, lend_role
from phuong.kernel.audit import PAGE_SEEN, record, seen
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import ROOT, Actor, acting
from phuong.oversight.access import accesses_running, accesses_waiting, one_of
from phuong.oversight.actions.telling import ring, tell, who
from phuong.oversight.declarations import limits
from phuong.oversight.errors import AskedAlready
from phuong.oversight.models import State, SupportAccess
from phuong.registry.api import Organisation, Person, organisation_by_code

READ_ONLY, REPAIR = "support_access", "support_repair"
MOST_ADDRESS = 300


@dataclass(frozen=True)
class Wanted:
    """A stay that support asks for."""

    school_code: str
    hours: int
    reason: str


@transaction.atomic
def ask_for_access(wanted: Wanted, *, by: Actor) -> SupportAccess:
    """Ask one school to let support in; the school is told.

    Support has no place in the tree, so the request is written from the root.

    :raises NotThere: not for this role, or no such school
    :raises AskedAlready: the school has not answered an earlier request
    """
    is_allowed = by.may(Permission.SUPPORT_ASK) and 1 <= wanted.hours <= limits().support_hours
    if not is_allowed or by.account_id is None:
        raise NotThere
    with acting(replace(by, scope=ROOT)):
        school = _school(wanted.school_code)
        access, is_new = SupportAccess.objects.get_or_create(
            account_id=by.account_id,
            organisation=school,
            state=State.WAITING,
            defaults={
                "path": school.path,
                "account_name": by.name,
                "reason": wanted.reason,
                "hours": wanted.hours,
            },
        )
        if not is_new:
            raise AskedAlready
        record("oversight.support_asked", on_kind="support", on_id=access.pk, note=wanted.reason, path=school.path)
    tell(
        _("Hỗ trợ kĩ thuật xin vào trường: %s") % by.name,
        units={school.pk},
        permission=Permission.SUPPORT_APPROVE,
        detail=wanted.reason,
        url=reverse("oversight:school_access"),
    )
    return access


def _school(code: str) -> Organisation:
    school = organisation_by_code(code.strip())
    if school.kind != "school":
        raise NotThere
    return school


@transaction.atomic
def answer_access(access_id: UUID, *, approve: bool, may_write: bool = False, by: Actor) -> SupportAccess:
    """Let support in for the hours it asked for, from now on; or say no.

    :raises NotThere: unknown, another school's, or answered already
    """
    access: SupportAccess = one_of(accesses_waiting(by), access_id, writing=True)
    now = timezone.now()
    access.state, access.decided_at, access.decided_by = State.REFUSED, now, by.name
    if approve:
        access.state, access.may_write = State.APPROVED, may_write
        access.starts_at, access.ends_at = now, now + dt.timedelta(hours=access.hours)
        access.noted_under = str(access.path)
        grant = Grant(
            account_id=access.account_id,
            unit=access.organisation,
            role=REPAIR if may_write else READ_ONLY,
            starts_on=timezone.localdate(now),
            kind=Kind.SUPPORT,
            reason=access.reason,
        )
        access.assignment = lend_role(grant, until=access.ends_at, path=str(access.path))
    access.save()
    note = f"{access.hours} h" + (", write" if access.may_write else "")
    record(f"oversight.support_{access.state}", on_kind="support", on_id=access.pk, note=note, path=access.path)
    return access


@transaction.atomic
def revoke_access(access_id: UUID, *, by: Actor) -> SupportAccess:
    """Throw support out at once.

    :raises NotThere: unknown, another school's, or over already
    """
    now = timezone.now()
    access: SupportAccess = one_of(accesses_running(by), access_id, writing=True)
    access.state, access.ends_at, access.decided_by, access.decided_at = State.REVOKED, now, by.name, now
    access.save(update_fields=["state", "ends_at", "decided_by", "decided_at"])
    if access.assignment_id:
        end_roles([access.assignment_id], reason=_("trường thu hồi"))
    record("oversight.support_revoked", on_kind="support", on_id=access.pk, path=access.path)
    return access


def where_of(request: Any) -> str:
    """Write where support is: the address, with the method where something was sent."""
    address = request.get_full_path()[:MOST_ADDRESS]
    return address if request.method == "GET" else f"{request.method} {address}"


def note_page(request: Any) -> None:
    """Keep a page that support opened and that left no line of its own in the journal: which record, whose."""
    match = request.resolver_match
    key = next((value for value in reversed(match.kwargs.values()) if isinstance(value, UUID)), None)
    about = Person.objects.filter(pk=key).values_list("pk", flat=True).first() if key else None
    seen(PAGE_SEEN, on_kind=match.view_name, on_id=key or "", about=about)


def ring_outside(actor: Actor, address: str) -> None:
    """Ring the alarm when support tries what it was not let into; once an hour for an account."""
    ring(
        _("Tài khoản hỗ trợ thử mở trang ngoài phạm vi: %s") % who(actor),
        unit=actor.organisation_id,
        path=actor.scope,
        detail=address[:MOST_ADDRESS],
        url=reverse("oversight:school_access"),
        key=f"ngoai:{actor.account_id}:{timezone.now():%Y-%m-%d-%H}",
    )
