"""What tasks tell the floors below."""

import datetime as dt
from typing import Any

from django.db.models import F, Func, Value
from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import FollowUp, NavigationEntry
from phuong.kernel.jobs import JobKind
from phuong.notices.api import NoticeKind
from phuong.tasks.actions.escalating import escalate
from phuong.tasks.actions.seeding import recur
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
_EDITORS = frozenset({"department_leader", "division_officer"})


def _count(unit: Any) -> int:
    return Assignment.objects.filter(organisation=unit, state__in=OPEN_STATES).count()


def _hand_over(before: Any, after: Any, on: dt.date) -> int:
    """Give the open tasks of a closed unit to its successor, unless that has the same one already."""
    del on
    kept = Assignment.objects.filter(organisation=after).values_list("plan_task_id", "duty_id", "period", "parent_id")
    same = {key[:3] for key in kept if key[0] or key[1]}
    parents = {key[3] for key in kept if key[3]}
    rows = Assignment.objects.filter(organisation=before, state__in=OPEN_STATES)
    going = [
        each.pk
        for each in rows
        if (each.plan_task_id, each.duty_id, each.period) not in same and each.parent_id not in parents
    ]
    partnered = Assignment.objects.filter(partner_units__contains=[before.pk], state__in=OPEN_STATES)
    swapped = Func(F("partner_units"), Value(before.pk), Value(after.pk), function="array_replace")
    partnered.update(partner_units=swapped)
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
    NavigationEntry(
        "tasks.rules",
        _("Quy tắc báo cấp trên"),
        _("Việc sắp hạn, quá hạn thì báo ai, khi nào"),
        "tasks:rules",
        "speakerphone",
        _("Theo dõi, điều hành"),
        _EDITORS,
    ),
    NavigationEntry(
        "tasks.printed",
        _("Đối chiếu nhiệm vụ với kế hoạch"),
        _("Đơn vị chủ trì in trong kế hoạch là ai, chế độ báo cáo nào có ngày"),
        "tasks:printed",
        "list-check",
        _("Theo dõi, điều hành"),
        _EDITORS,
    ),
    JobKind("tasks.escalate", _("Báo cấp trên việc sắp hạn, quá hạn"), escalate, nightly=True),
    JobKind("tasks.recur", _("Lập kì mới của nhiệm vụ định kì"), recur, nightly=True),
    NoticeKind("tasks.reminder", _("Việc được nhắc"), urgent=True),
    NoticeKind("tasks.escalat", _("Việc quá hạn"), urgent=True),
    FollowUp("tasks", _("Nhiệm vụ chưa xong"), _count, _hand_over),
)
