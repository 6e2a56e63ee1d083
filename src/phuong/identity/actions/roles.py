"""Giving, lending and ending roles."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Func, Value
from django.db.models.functions import Greatest, Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.identity.errors import CannotGive, NeedsAnother
from phuong.identity.models import Kind, RoleAssignment
from phuong.identity.queries import giver_of, roles_by_code, seat_of
from phuong.identity.rules import giving as rules
from phuong.kernel.audit import record, record_all
from phuong.kernel.contributions import Role
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.registry.api import Organisation

ONE_DAY = dt.timedelta(days=1)
MOST_NOTE = 300


@dataclass(frozen=True)
class Grant:
    """A role to be given: ``ends_on`` is its last day, none for a role without end."""

    account_id: UUID
    unit: Organisation
    role: str
    starts_on: dt.date
    ends_on: dt.date | None = None
    kind: str = Kind.OWN
    reason: str = ""


def check_grant(grant: Grant, *, by: Actor) -> Role:
    """Check a role that somebody wants to give; gives the role.

    :raises CannotGive: the place, the role or the days are not the giver's to give
    """
    wanted = roles_by_code().get(grant.role)
    why = rules.BY_HAND
    if wanted is not None:
        seat = seat_of(grant.unit)
        path = rules.scope_of(wanted.seat, str(grant.unit.path))
        why = rules.may_give(giver_of(by), wanted, seat=seat, path=path, roles=roles_by_code())
    if not why and grant.account_id == by.account_id:
        why = rules.SELF
    why = why or rules.check_term(grant.kind, grant.starts_on, grant.ends_on, today=timezone.localdate())
    if why or wanted is None:
        raise CannotGive(_words()[why], why=why)
    return wanted


def _words() -> dict[str, str]:
    return {
        rules.NO_RIGHT: _("Vai trò đang dùng không được giao vai trò cho người khác."),
        rules.BY_HAND: _("Vai trò này không giao tay: vai trò gia đình theo hồ sơ, vai trò hỗ trợ do trường cho."),
        rules.OUTSIDE: _("Đơn vị này ngoài phạm vi của anh/chị."),
        rules.SEAT: _("Vai trò này không có ở cấp đơn vị đã chọn. Chọn vai trò khác hoặc đơn vị khác."),
        rules.TOO_MUCH: _("Vai trò này rộng hơn quyền của anh/chị. Nhờ cấp trên giao."),
        rules.SELF: _("Không tự giao vai trò cho mình. Nhờ người khác giao."),
        rules.NO_END: _("Ủy quyền, làm thay phải có ngày kết thúc."),
        rules.PAST: _("Ngày bắt đầu, kết thúc không được trước hôm nay."),
        rules.BACKWARDS: _("Ngày kết thúc trước ngày bắt đầu."),
        rules.TOO_LONG: _("Ủy quyền, làm thay dài nhất một năm."),
    }


@transaction.atomic
def give_role(grant: Grant, *, by: Actor, asked_by: UUID | None = None) -> RoleAssignment:
    """Give a role; a wide one is given by another person than the one who asked for it.

    :raises CannotGive: it is not the giver's to give
    :raises NeedsAnother: a wide role without a second person
    """
    wanted = check_grant(grant, by=by)
    if wanted.is_wide:
        is_other = rules.may_approve(giver_of(by), asked_by=str(asked_by), receiver=str(grant.account_id))
        if asked_by is None or not is_other:
            raise NeedsAnother
    given, _is_new = RoleAssignment.objects.get_or_create(
        account_id=grant.account_id,
        organisation=grant.unit,
        role=grant.role,
        during=(grant.starts_on, grant.ends_on + ONE_DAY if grant.ends_on else None),
        ends_at=None,
        defaults={
            "path": rules.scope_of(wanted.seat, str(grant.unit.path)),
            "kind": grant.kind,
            "reason": grant.reason,
        },
    )
    record("identity.role_given", on_kind="role", on_id=given.pk, note=f"{grant.role} {grant.kind}", path=given.path)
    return given


@transaction.atomic
def lend_role(grant: Grant, *, until: dt.datetime, path: str) -> RoleAssignment:
    """Lend a role for hours, in an emergency or for support; the asking app has checked who may, and tells people."""
    lent = RoleAssignment.objects.create(
        account_id=grant.account_id,
        organisation=grant.unit,
        role=grant.role,
        path=path,
        during=(grant.starts_on, timezone.localdate(until) + ONE_DAY),
        kind=grant.kind,
        reason=grant.reason,
        ends_at=until,
    )
    record("identity.role_lent", on_kind="role", on_id=lent.pk, note=f"{grant.role} {grant.kind}", path=path)
    return lent


@transaction.atomic
def end_role(assignment_id: UUID, *, by: Actor, reason: str) -> RoleAssignment:
    """End somebody's role at once.

    :raises NotThere: unknown, over already, one's own, or a role the actor may not end
    """
    held = RoleAssignment.objects.not_over().select_for_update(of=("self",)).filter(pk=assignment_id).first()
    if held is None or not may_end(held, by=by):
        raise NotThere
    end_roles([held.pk], reason=reason)
    return held


def may_end(held: RoleAssignment, *, by: Actor) -> bool:
    """Say whether somebody may end a role: who may give it may end it, the operator any role of the own place."""
    wanted = roles_by_code().get(held.role)
    if wanted is None or held.account_id == by.account_id or held.kind == Kind.SUPPORT:
        return False
    giver = giver_of(by)
    if giver.role == "system_operator":
        why = rules.may_give(
            giver, Role(held.role, "", "", frozenset(), seat="any"), seat="any", path=held.path, roles={}
        )
    else:
        why = rules.may_give(giver, wanted, seat=wanted.seat, path=held.path, roles=roles_by_code())
    return not why


@transaction.atomic
def end_roles(ids: Iterable[UUID], *, reason: str) -> int:
    """End roles at once, whoever decided it; gives how many. Three statements, however many."""
    rows = RoleAssignment.objects.not_over().filter(pk__in=list(ids))
    places = [
        (key, f"{role}: {reason}"[:MOST_NOTE], path) for key, path, role in rows.values_list("pk", "path", "role")
    ]
    day_after = Func(
        Greatest(Lower("during"), Value(timezone.localdate())), Value(1), template="(%(expressions)s)", arg_joiner=" + "
    )
    count = rows.update(ends_at=timezone.now(), during=Func(Lower("during"), day_after, function="daterange"))
    record_all("identity.role_ended", "role", places)
    return count
