"""``phuong tasks seed|escalate|recur``."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from phuong.kernel.commands import JsonCommand
from phuong.kernel.jobs import Progress
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM
from phuong.registry.api import department_of
from phuong.tasks.api import ensure_rules, escalate, recur, seed_from_plans


class Command(JsonCommand):
    """Follow the plans; do now what the night would do: tell of late tasks, make the coming rounds."""

    help = "Nhiệm vụ: lấy từ kế hoạch, báo cấp trên việc sắp hạn, quá hạn; lập kì mới của việc định kì."
    verbs = ("seed", "escalate", "recur")

    def add_verb_arguments(self, verb: str, parser: CommandParser) -> None:
        """Take the day to act as if it were."""
        if verb == "seed":
            parser.add_argument("province", help="mã tỉnh, ví dụ 31")
            return
        parser.add_argument("--day", type=dt.date.fromisoformat, default=None, help="YYYY-MM-DD; để trống: hôm nay")

    def do_seed(self, province: str, **_others: Any) -> Mapping[str, Any]:
        """Follow the tasks and duties of a province's plans; again adds only what is new."""
        department = department_of(province)
        if department is None:
            raise NotThere(_("Tỉnh «%s» chưa có Sở trong hệ thống.") % province)
        ensure_rules()
        return {"made": seed_from_plans(department=department, by=SYSTEM)}

    def do_escalate(self, day: dt.date | None, **_others: Any) -> Mapping[str, Any]:
        """Tell whom the rules name; twice on a day tells nothing twice."""
        return escalate(Progress(), day=day.isoformat() if day else "")

    def do_recur(self, day: dt.date | None, **_others: Any) -> Mapping[str, Any]:
        """Make the rounds due within the next 31 days."""
        return recur(Progress(), day=day.isoformat() if day else "")
