"""Breaking glass: a wide role for hours, at once in force, with every leader alarmed."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.identity.api import Account, Grant, Kind, lend_role, roles_by_code, scope_of
from phuong.kernel.audit import record
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.oversight.access import emergency_of_another
from phuong.oversight.actions.telling import ring
from phuong.oversight.declarations import limits
from phuong.oversight.errors import AskedAlready
from phuong.oversight.models import EmergencyUse, State
from phuong.oversight.queries import department_at
from phuong.oversight.rules import needs_approval

TO_ANSWER: Mapping[str, Any] = {"state": State.WAITING}
TO_REVIEW: Mapping[str, Any] = {"state": State.APPROVED, "reviewed_at": None}


@dataclass(frozen=True)
class Need:
    """What somebody needs in an emergency: a role of the catalog, for whole hours, and why."""

    role: str
    hours: int
    reason: str


@transaction.atomic
def break_glass(need: Need, *, by: Actor) -> EmergencyUse:
    """Take a wide role for hours. The first in a day is in force at once, a further one waits for another person.

    :raises NotThere: not for this role in use, or not a role for emergencies
    :raises AskedAlready: a request of one's own waits already
    """
    rules = limits()
    is_allowed = by.may(Permission.EMERGENCY_USE) and need.role in rules.emergency_roles
    with acting(SYSTEM):
        department = department_at(by.scope)
    if not is_allowed or department is None or by.account_id is None or not 1 <= need.hours <= rules.emergency_hours:
        raise NotThere
    now = timezone.now()
    with acting(SYSTEM):
        Account.objects.select_for_update(of=("self",)).get(pk=by.account_id)  # one at a time for a person
    mine = EmergencyUse.objects.filter(account=by.account_id)
    if mine.filter(state=State.WAITING).exists():
        raise AskedAlready
    last = mine.filter(state=State.APPROVED).order_by("-decided_at").values_list("decided_at", flat=True).first()
    use = EmergencyUse(
        path=scope_of("province", str(department.path)),
        account_id=by.account_id,
        account_name=by.name,
        organisation=department,
        role=need.role,
        hours=need.hours,
        reason=need.reason,
    )
    if needs_approval(last, now, every_hours=rules.emergency_every_hours):
        use.save()
        record("oversight.emergency_asked", on_kind="emergency", on_id=use.pk, note=need.reason, path=use.path)
        _alarm(use, _("Xin quyền khẩn cấp lần nữa trong ngày, chờ duyệt: %s") % by.name)
        return use
    return _open(use, decided_by=by.name, now=now)


def _open(use: EmergencyUse, *, decided_by: str, now: dt.datetime) -> EmergencyUse:
    use.state, use.decided_at, use.decided_by = State.APPROVED, now, decided_by
    use.ends_at = now + dt.timedelta(hours=use.hours)
    grant = Grant(
        account_id=use.account_id,
        unit=use.organisation,
        role=use.role,
        starts_on=timezone.localdate(now),
        kind=Kind.EMERGENCY,
        reason=use.reason,
    )
    use.assignment = lend_role(grant, until=use.ends_at, path=use.path)
    use.save()
    record("oversight.emergency_opened", on_kind="emergency", on_id=use.pk, note=use.reason, path=use.path)
    _alarm(use, _("Quyền khẩn cấp đã mở: %s") % use.account_name)
    return use


def _alarm(use: EmergencyUse, title: str) -> None:
    role = roles_by_code().get(use.role)
    words = _("%(role)s, %(hours)d giờ. Lí do: %(reason)s")
    facts = {"role": role.title if role else use.role, "hours": use.hours, "reason": use.reason}
    ring(title, unit=None, path=str(use.path), detail=words % facts, url=reverse("oversight:emergency"))


@transaction.atomic
def decide_emergency(use_id: UUID, *, approve: bool, by: Actor) -> EmergencyUse:
    """Answer a request for a further emergency in a day.

    :raises NotThere: unknown, or answered already
    :raises NeedsOther: one's own
    """
    use = emergency_of_another(by, use_id, writing=True, **TO_ANSWER)
    if approve:
        return _open(use, decided_by=by.name, now=timezone.now())
    use.state, use.decided_at, use.decided_by = State.REFUSED, timezone.now(), by.name
    use.save(update_fields=["state", "decided_at", "decided_by"])
    record("oversight.emergency_refused", on_kind="emergency", on_id=use.pk, path=use.path)
    return use


@transaction.atomic
def note_reviewed(use_id: UUID, *, by: Actor) -> EmergencyUse:
    """Keep that somebody else has looked at what was done in an emergency.

    :raises NotThere: unknown, or looked at already
    :raises NeedsOther: one's own
    """
    use = emergency_of_another(by, use_id, writing=True, **TO_REVIEW)
    use.reviewed_at, use.reviewed_by = timezone.now(), by.name
    use.save(update_fields=["reviewed_at", "reviewed_by"])
    record("oversight.emergency_reviewed", on_kind="emergency", on_id=use.pk, path=use.path)
    return use
