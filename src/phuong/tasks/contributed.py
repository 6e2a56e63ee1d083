"""What tasks tell the floors below."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import FollowUp, NavigationEntry
from phuong.kernel.jobs import JobKind
from phuong.tasks.actions.giving import recur
from phuong.tasks.models import Assignment
from phuong.tasks.rules import OPEN_STATES

_READERS = frozenset(
    {
        "department_leader",
        "division_head",
        "division_officer",
        "commune_leader",
        "commune_officer",
        "principal",
        "clerk",
        "auditor",
    }
)


def _count(unit: Any) -> int:
    return Assignment.objects.filter(organisation=unit, state__in=OPEN_STATES).count()


def _hand_over(before: Any, after: Any, on: dt.date) -> int:
    """Give the open tasks of a closed unit to its successor, unless that has the same one already."""
    del on
    kept = Assignment.objects.filter(organisation=after).values_list("plan_task_id", "duty_id", "period")
    same = {key for key in kept if key[0] or key[1]}
    rows = Assignment.objects.filter(organisation=before, state__in=OPEN_STATES)
    going = [each.pk for each in rows if (each.plan_task_id, each.duty_id, each.period) not in same]
    return Assignment.objects.filter(pk__in=going).update(organisation=after, path=after.path)


ALL = (
    NavigationEntry(
        "tasks.tasks",
        _("Nhiệm vụ"),
        _("Ai làm gì, đến bao giờ, kết quả nào"),
        "tasks:tasks",
        "clipboard-check",
        _("Theo dõi, điều hành"),
        _READERS,
        rail_order=25,
    ),
    JobKind("tasks.recur", _("Lập kì mới của nhiệm vụ định kì"), recur, nightly=True),
    FollowUp("tasks", _("Nhiệm vụ chưa xong"), _count, _hand_over),
)
