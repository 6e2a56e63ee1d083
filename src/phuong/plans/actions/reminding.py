"""Reminding units of what they have not reported."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from phuong.kernel.audit import record
from phuong.kernel.jobs import Progress
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.today import today
from phuong.notices.api import Message, tell_units
from phuong.plans.models import Plan
from phuong.plans.queries import unreported_by_unit
from phuong.plans.rules import due_on, month_before, month_of
from phuong.registry.api import Organisation, department_of


def remind_unreported(progress: Progress, day: str = "") -> Mapping[str, Any]:
    """Tell every unit that has not sent in last month's values, once for each month. Safe to run twice.

    Asked for every night; who was told of a month is not told again.
    """
    since = dt.date.fromisoformat(day) if day else today()
    period = month_before(month_of(since))
    told = 0
    with acting(SYSTEM):
        codes = list(Plan.objects.order_by("province_code").values_list("province_code", flat=True).distinct())
        provinces = list(Organisation.objects.filter(kind="province", code__in=codes, closed_on__isnull=True))
        for place, province in enumerate(provinces):
            progress.step(place, len(provinces))
            told += _remind(province, period)
        record("plans.reminded", note=f"{period:%m/%Y}: {told}")
    return {"told": told}


def _remind(province: Organisation, period: dt.date) -> int:
    missing = unreported_by_unit(province, period)
    department = department_of(province.code)
    if province.pk in missing and department is not None:
        missing[department.pk] = missing.pop(province.pk)
    return tell_units(
        [(unit, _reminder(period, count)) for unit, count in missing.items()], permission=Permission.VALUES_REPORT
    )


def _reminder(period: dt.date, count: int) -> Message:
    return Message(
        "plans.unreported",
        _("Chưa báo số liệu tháng %(month)s: %(count)d chỉ tiêu") % {"month": f"{period:%m/%Y}", "count": count},
        _("Hạn cuối %s") % f"{due_on(period):%d/%m/%Y}",
        reverse("plans:reporting"),
        f"{period:%Y-%m}",
    )
