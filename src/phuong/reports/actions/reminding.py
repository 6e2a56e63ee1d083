"""Reminding units of reports they have not sent."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from phuong.kernel.audit import record
from phuong.kernel.keys import uuid7
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.kernel.today import today
from phuong.notices.api import Message, tell_units
from phuong.reports.errors import RemindedToday
from phuong.reports.models import Reminder, Report
from phuong.reports.queries import owed_by


@transaction.atomic
def remind(kind: str, *, by: Actor, units: Iterable[UUID] | None = None) -> int:
    """Remind units below the actor's place that owe a report («Nhắc»), once a day each; gives how many.

    ``units``: only these; by default all that owe.

    :raises NotThere: the actor may not remind
    :raises RemindedToday: none of them is left to be reminded of
    """
    if not by.may(Permission.TASKS_ASSIGN) or not by.scope:
        raise NotThere
    day = today()
    owing = owed_by(by.scope, kind, day).filter(is_reminded=False)
    chosen = list(owing if units is None else owing.filter(pk__in=list(units)))
    if not chosen:
        raise RemindedToday
    facts = {"kind": kind, "on": day, "by_name": by.name}
    Reminder.objects.bulk_create(
        [Reminder(id=uuid7(), path=unit.path, organisation=unit, **facts) for unit in chosen], ignore_conflicts=True
    )
    title = _("Nhắc gửi %s") % Report.Kind(kind).label.lower()
    address, key = reverse("reports:reports"), f"{kind} {day}"
    tell_units(
        [
            (
                unit.pk,
                Message(
                    "reports.reminder",
                    title,
                    _("%(who)s nhắc, hạn %(due)s") % {"who": by.name, "due": f"{unit.oldest_due:%d/%m/%Y}"},
                    address,
                    f"{unit.pk} {key}",
                ),
            )
            for unit in chosen
        ],
        permission=Permission.REPORTS_WRITE,
    )
    record("reports.reminded", note=str(len(chosen)))
    return len(chosen)
