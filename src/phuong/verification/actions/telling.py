"""Schools hear of the records that differ: one task a unit that is kept up to date, and one notice a day."""

import datetime as dt
from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from phuong.kernel.permissions import Permission
from phuong.kernel.scope import ROOT, SYSTEM, acting
from phuong.kernel.today import today
from phuong.notices.api import Message, tell_units
from phuong.tasks.api import Order, keep_standing
from phuong.verification.actions.answering import follow_places
from phuong.verification.queries import open_cases_by_unit

ORIGIN = "verification"
DUE_DAYS = 14


def tell_units_of_cases(path: str = ROOT) -> Mapping[str, int]:
    """Bring the task of each unit at or below a place up to date with its undecided cases; a new task is told.

    A unit without any has its task done. Safe to run twice: nothing is said twice a day.
    """
    with acting(SYSTEM):
        follow_places()
        counts = open_cases_by_unit(path)
        kept = keep_standing(
            {unit: _order(count) for unit, count in counts.items()}, origin=ORIGIN, under=path, by=SYSTEM
        )
        told = [(unit, _message(counts[unit])) for unit in kept.new]
        tell_units(told, permission=Permission.PERSONS_EDIT)
    return {"units": len(counts), "new": len(kept.new), "done": len(kept.done)}


def _order(count: int) -> Order:
    return Order(
        title=_("Đối chiếu dân cư: %d hồ sơ chưa khớp") % count,
        product=_("Mỗi hồ sơ được chọn giá trị đúng, sửa, hoặc ghi lí do giữ nguyên"),
        due_on=today() + dt.timedelta(days=DUE_DAYS),
    )


def _message(count: int) -> Message:
    return Message(
        "verification.cases",
        _("%d hồ sơ chưa khớp với CSDL quốc gia về dân cư") % count,
        _("Xem hai bên cạnh nhau, chọn giá trị đúng."),
        reverse("verification:cases"),
        str(today()),
    )
