"""The guard of exports: what an account takes away in a day, alarms, stops and releases."""

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.identity.api import AT_SCHOOL, SUPPORT
from phuong.kernel.audit import record, record_refusal
from phuong.kernel.exports import Leaving
from phuong.kernel.keys import uuid7
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import ROOT, SYSTEM, Actor, acting, current_actor
from phuong.oversight.access import stop_to_release
from phuong.oversight.actions.telling import ring, who
from phuong.oversight.declarations import limits
from phuong.oversight.errors import KeptBack
from phuong.oversight.models import ExportCap, ExportStop
from phuong.oversight.queries import cap_of
from phuong.oversight.rules import FREE, UNUSUAL, Cap, Volume, verdict

_USUAL_DAYS = 30
_COUNT = """
with usual as (
  select percentile_disc(0.5) within group (order by rows) as median, count(*) as days from oversight_exportday
  where role = %(role)s and day between %(day)s - %(usual)s and %(day)s - 1
), counted as (
  insert into oversight_exportday as d (id, path, account_id, role, day, files, rows, units)
  values (%(id)s, %(path)s, %(account)s, %(role)s, %(day)s, 1, %(rows)s, %(units)s)
  on conflict (account_id, day) do update set files = d.files + 1, rows = d.rows + excluded.rows,
    units = array(select distinct unnest(d.units || excluded.units))
  returning rows, cardinality(units)
)
select counted.*, usual.*, exists(
  select 1 from oversight_exportstop where account_id = %(account)s and released_at is null) from counted, usual
"""


@dataclass(frozen=True)
class Counted:
    """What an account takes away today, and whether its exports are stopped."""

    volume: Volume
    is_stopped: bool


def check_leaving(leaving: Leaving) -> None:
    """Keep a file back that support asks for, that is over the cap of the role, or unusual; the rest is counted.

    What is refused is not counted: the refusal undoes the counting. Commands of the operator have no account.

    :raises KeptBack: the file stays; the alarm rings once the request is undone
    """
    actor = current_actor()
    if actor.role == SUPPORT or actor.role in AT_SCHOOL:
        raise KeptBack(_("Trong phiên hỗ trợ không tải tệp được. Nhờ nhà trường tải."), partial(_ring_support, actor))
    if actor.account_id is None or not leaving.rows:
        return
    with acting(SYSTEM), transaction.atomic():
        counted = _count(leaving, actor)
        if counted.is_stopped:
            raise KeptBack(_stopped_words(), partial(_note_refused, actor, leaving))
        cap = cap_of(actor.role)
        found = verdict(counted.volume, cap, limits().unusual)
        if found == UNUSUAL:
            raise KeptBack(_stopped_words(), partial(_stop, actor, leaving, counted.volume))
        if found != FREE:
            raise KeptBack(_over_words(leaving, counted.volume, cap), partial(_ring_over, actor, leaving))


def _count(leaving: Leaving, actor: Actor) -> Counted:
    """Count a file, and learn what is usual and whether the account is stopped: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {
                "id": uuid7(),
                "path": actor.scope or ROOT,
                "account": actor.account_id,
                "role": actor.role,
                "day": timezone.localdate(),
                "rows": leaving.rows,
                "units": list(leaving.units),
                "usual": _USUAL_DAYS,
            },
        )
        rows, units, median, days, is_stopped = cursor.fetchone()
    return Counted(Volume(rows, units, median, days), is_stopped)


def _stopped_words() -> str:
    return _(
        "Lượng tải khác thường nên tài khoản này tạm dừng tải tệp. Báo Lãnh đạo Sở hoặc quản trị hệ thống để mở lại."
    )


def _over_words(leaving: Leaving, volume: Volume, cap: Cap) -> str:
    facts = {"cap": cap.rows, "before": volume.rows - leaving.rows, "rows": leaving.rows}
    return (
        _("Mỗi ngày vai trò này tải được %(cap)d dòng hồ sơ; hôm nay đã tải %(before)d, tệp này %(rows)d dòng.") % facts
        + " "
        + _("Lọc hẹp lại, để mai tải tiếp, hoặc xin Sở nâng mức.")
    )


def _ring_support(actor: Actor) -> None:
    record_refusal("oversight.support_export", actor)
    ring(
        _("Tài khoản hỗ trợ thử tải tệp: %s") % who(actor),
        unit=actor.organisation_id,
        path=actor.scope,
        url=reverse("oversight:school_access"),
        key=f"tep:{actor.account_id}:{timezone.localdate()}",
    )


def _ring_over(actor: Actor, leaving: Leaving) -> None:
    record_refusal("oversight.export_over", actor, note=f"{leaving.what} {leaving.rows}")
    ring(
        _("Tải tệp vượt mức trong ngày: %s") % who(actor),
        unit=actor.organisation_id,
        path=actor.scope,
        detail=f"{leaving.what}: {leaving.rows}",
        key=f"muc:{actor.account_id}:{timezone.localdate()}",
    )


def _note_refused(actor: Actor, leaving: Leaving) -> None:
    record_refusal("oversight.export_stopped", actor, note=f"{leaving.what} {leaving.rows}")


def _stop(actor: Actor, leaving: Leaving, volume: Volume) -> None:
    """Stop the exports of an account and ring the alarm; runs after the refused request is undone."""
    if actor.account_id is None or actor.organisation_id is None:
        return
    with acting(SYSTEM):
        _stopped, is_new = ExportStop.objects.get_or_create(
            account_id=actor.account_id,
            released_at=None,
            defaults={
                "path": actor.scope or ROOT,
                "account_name": actor.name,
                "organisation_id": actor.organisation_id,
                "role": actor.role,
                "rows": volume.rows,
                "units": volume.units,
            },
        )
    record_refusal("oversight.export_unusual", actor, note=f"{leaving.what} {volume.rows}/{volume.units}")
    if is_new:
        ring(
            _("Dừng tải tệp vì khác thường: %s") % who(actor),
            unit=actor.organisation_id,
            path=actor.scope,
            detail=_("%(rows)d dòng của %(units)d đơn vị trong một ngày")
            % {"rows": volume.rows, "units": volume.units},
            url=reverse("oversight:exports"),
        )


@transaction.atomic
def release(stop_id: UUID, *, because: str, by: Actor) -> ExportStop:
    """Let the exports of a stopped account go on.

    :raises NotThere: unknown, elsewhere, or released already
    :raises NeedsOther: one's own account
    """
    stop = stop_to_release(by, stop_id, writing=True)
    stop.released_at, stop.released_by, stop.because = timezone.now(), by.name, because
    stop.save(update_fields=["released_at", "released_by", "because"])
    record("oversight.export_released", on_kind="account", on_id=stop.account_id, note=because, path=stop.path)
    return stop


@transaction.atomic
def set_cap(role: str, *, rows: int, units: int, by: Actor) -> ExportCap:
    """Decide what a role may take away in a day.

    :raises NotThere: no role of the catalog takes anything away under this name
    """
    if role not in limits().exports:
        raise NotThere
    facts: dict[str, Any] = {"rows": rows, "units": units, "set_by": by.name}
    cap, _is_new = ExportCap.objects.update_or_create(role=role, defaults=facts)
    record("oversight.export_cap", on_kind="role", on_id=role, note=f"{rows}/{units}")
    return cap
