"""The roles desk: giving at once or on a second person's word, ending, and the yearly review."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.identity.api import (
    FAMILY,
    Account,
    Grant,
    Kind,
    RoleAssignment,
    check_grant,
    end_role,
    end_roles,
    give_role,
    may_end,
    roles_by_code,
    scope_of,
)
from phuong.kernel.audit import record, record_all
from phuong.kernel.jobs import Progress
from phuong.kernel.keys import uuid7
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.notices.api import Message, tell_units
from phuong.oversight.access import request_to_decide
from phuong.oversight.actions.telling import TOLD, tell
from phuong.oversight.declarations import limits
from phuong.oversight.errors import AskedAlready
from phuong.oversight.models import RoleRequest, RoleReview, State
from phuong.oversight.queries import department_at
from phuong.oversight.rules import first_review

AT_A_TIME = 5000


@transaction.atomic
def ask_for_role(grant: Grant, *, by: Actor) -> RoleRequest | None:
    """Give a role; a wide one only asks for it, and another person decides: that request is given back.

    :raises CannotGive: it is not the giver's to give
    :raises AskedAlready: the same waits for an answer
    """
    wanted = check_grant(grant, by=by)
    if not wanted.is_wide:
        give_role(grant, by=by)
        return None
    path = scope_of(wanted.seat, str(grant.unit.path))
    account = Account.objects.get(pk=grant.account_id)
    if by.account_id is None:
        raise NotThere
    request, is_new = RoleRequest.objects.get_or_create(
        account=account,
        organisation=grant.unit,
        role=grant.role,
        state=State.WAITING,
        defaults={
            "path": path,
            "account_name": account.display_name,
            "kind": grant.kind,
            "starts_on": grant.starts_on,
            "ends_on": grant.ends_on,
            "reason": grant.reason,
            "asked_by_id": by.account_id,
            "asked_by_name": by.name,
        },
    )
    if not is_new:
        raise AskedAlready
    record("oversight.role_asked", on_kind="role_request", on_id=request.pk, note=grant.role, path=path)
    with acting(SYSTEM):
        department = department_at(path)
    tell(
        _("Chờ duyệt vai trò rộng: %s") % wanted.title,
        units={grant.unit.pk} | ({department.pk} if department else set()),
        permission=Permission.ROLES_EDIT,
        detail=f"{account.display_name}, {grant.unit.name}",
        url=reverse("oversight:requests"),
    )
    return request


@transaction.atomic
def decide_request(request_id: UUID, *, approve: bool, by: Actor) -> RoleRequest:
    """Approve or refuse a request; approving gives the role at once.

    :raises NotThere: unknown, elsewhere, or decided already
    :raises NeedsAnother: the one who asked, or who receives, decides
    :raises CannotGive: the role is not the approver's to give
    """
    request = request_to_decide(by, request_id, approve=approve, writing=True)
    if approve:
        give_role(_grant_of(request), by=by, asked_by=request.asked_by_id)
    request.state = State.APPROVED if approve else State.REFUSED
    request.decided_at, request.decided_by = timezone.now(), by.name
    request.save(update_fields=["state", "decided_at", "decided_by"])
    record(f"oversight.role_{request.state}", on_kind="role_request", on_id=request.pk, path=request.path)
    return request


def check_decision(request_id: UUID, *, approve: bool, by: Actor) -> None:
    """Say beforehand whether a request is the actor's to decide; raises what ``decide_request`` would."""
    request = request_to_decide(by, request_id, approve=approve)
    if approve:
        check_grant(_grant_of(request), by=by)


def _grant_of(request: RoleRequest) -> Grant:
    return Grant(
        account_id=request.account_id,
        unit=request.organisation,
        role=request.role,
        starts_on=max(request.starts_on, timezone.localdate()),
        ends_on=request.ends_on,
        kind=request.kind,
        reason=request.reason,
    )


def end_one_role(assignment_id: UUID, *, reason: str, by: Actor) -> RoleAssignment:
    """End somebody's role at once, with the reason in the journal.

    :raises NotThere: unknown, over, one's own, or not the actor's to end
    """
    return end_role(assignment_id, by=by, reason=reason)


@transaction.atomic
def review_roles(ids: Sequence[UUID], *, keep: bool, by: Actor) -> int:
    """Keep roles for another year, or end them at once; gives how many. Those the actor may not end are left alone."""
    with acting(SYSTEM):
        held = list(RoleAssignment.objects.in_force().filter(pk__in=ids, path__under=by.scope))
    mine = [each for each in held if may_end(each, by=by)]
    if not mine:
        raise NotThere
    if not keep:
        return end_roles([each.pk for each in mine], reason=_("rà soát hằng năm"))
    today = timezone.localdate()
    facts = {"due_on": today + dt.timedelta(days=limits().review_every_days), "kept_on": today, "kept_by": by.name}
    rows = [RoleReview(id=uuid7(), path=each.path, assignment=each, **facts) for each in mine]
    RoleReview.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["assignment"],
        update_fields=["due_on", "kept_on", "kept_by", "told_on"],
    )
    record_all("oversight.role_kept", "role", [(each.pk, each.role, str(each.path)) for each in mine])
    return len(mine)


def review_nightly(progress: Progress, day: str = "") -> Mapping[str, Any]:
    """Name the day of review of new roles, tell units what is due, end what nobody looked at in time.

    A role ends only when its unit was told at least ``grace_days`` before; the last keeper of roles of a place stays.
    """
    today = dt.date.fromisoformat(day) if day else timezone.localdate()
    with acting(SYSTEM):
        started = _start_reviews(today)
        progress.step(1, 3)
        told = _tell_due(today)
        progress.step(2, 3)
        ended = end_roles(list(_overdue(today).values_list("pk", flat=True)), reason=_("không ai rà soát đúng hạn"))
    progress.step(3, 3)
    return {"started": started, "told": told, "ended": ended}


def _start_reviews(today: dt.date) -> int:
    rules = limits()
    fresh = RoleAssignment.objects.in_force(today).filter(kind=Kind.OWN, review=None).exclude(role__in=FAMILY)
    notice = rules.tell_before_days + rules.grace_days
    rows = [
        RoleReview(
            id=uuid7(),
            path=path,
            assignment_id=key,
            due_on=first_review(during.lower, today, every_days=rules.review_every_days, notice_days=notice),
        )
        for key, path, during in fresh.values_list("pk", "path", "during").iterator(AT_A_TIME)
    ]
    return len(RoleReview.objects.bulk_create(rows, batch_size=AT_A_TIME, ignore_conflicts=True))


def _tell_due(today: dt.date) -> int:
    """Tell each unit, and the unit above it for the roles of its keepers, what is due."""
    soon = today + dt.timedelta(days=limits().tell_before_days)
    due = RoleReview.objects.filter(due_on__lte=soon, told_on=None, assignment__in=_standing(today))
    units = set()
    for unit, above, role in due.values_list(
        "assignment__organisation", "assignment__organisation__parent", "assignment__role"
    ).distinct():
        units.add(unit)
        if above and role in _keepers():
            units.add(above)
    message = Message(
        TOLD,
        _("Rà soát vai trò hằng năm"),
        _("Có vai trò sắp đến hạn rà soát; quá hạn %d ngày thì tự hết.") % limits().grace_days,
        reverse("oversight:review"),
        key=f"ra-soat:{today}",
    )
    told = tell_units([(unit, message) for unit in units], permission=Permission.ROLES_EDIT)
    due.update(told_on=today)
    return told


def _standing(today: dt.date) -> QuerySet[RoleAssignment]:
    return RoleAssignment.objects.in_force(today)


def _keepers() -> list[str]:
    return [role.code for role in roles_by_code().values() if Permission.ROLES_EDIT in role.permissions]


def _overdue(today: dt.date) -> QuerySet[RoleAssignment]:
    """Give the roles nobody looked at in time; a keeper of roles only where another keeper above stays."""
    last = today - dt.timedelta(days=limits().grace_days)
    is_late = Q(review__due_on__lt=last, review__told_on__lte=last)
    others = (
        _standing(today)
        .filter(role__in=_keepers(), path__above=OuterRef("path"), kind=Kind.OWN)
        .exclude(pk=OuterRef("pk"))
        .exclude(account=OuterRef("account"))
    )
    fresh_others = others.filter(Q(review=None) | Q(review__due_on__gte=last) | Q(review__told_on__gt=last))
    rows = _standing(today).filter(is_late, kind=Kind.OWN).exclude(role__in=FAMILY)
    return rows.filter(~Q(role__in=_keepers()) | Exists(fresh_others))
