"""``phuong demo``: a whole province to try, from nothing to the first page."""

import datetime as dt
import os
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from phuong.config.assets import build_all
from phuong.demo.api import demo_accounts, fill_gradebook, name_focal_points, past_snapshots
from phuong.kernel.jobs import Progress
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.measures.api import latest_snapshot
from phuong.plans.api import (
    Indicator,
    are_plans_loaded,
    indicators_asked,
    review_value,
    standings_of,
    submit_value,
)
from phuong.provisioning.api import adopt_recorded, set_domain
from phuong.registry.api import Organisation, communes_of, department_of, province_of
from phuong.sharing.api import ensure_services
from phuong.tasks.api import ensure_rules, recur, seed_from_plans

LEARNERS = 20_000
MAIL_DOMAIN = "haiphong.edu.vn"
ROSIER = Decimal("1.5")
REPORTING_COMMUNES = 12
REVIEWER = Actor(scope="vn", name="Người duyệt thử", permissions=frozenset({Permission.VALUES_REVIEW}))


class Command(BaseCommand):
    """Set up, fill, count, serve; what is done already is not done again."""

    help = "Dựng một tỉnh thử từ đầu rồi mở máy chủ."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take size and port."""
        parser.add_argument("--learners", type=int, default=LEARNERS)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do each step that is still to do, then serve."""
        del args
        self._step("Dựng phông chữ, biểu tượng, kiểu dáng", build_all)
        if _needs_upgrade():
            self._step("Tạo bảng trong cơ sở dữ liệu", lambda: call_command("upgrade", verbosity=0))
        if not _is_filled():
            self._step(
                f"Dựng tỉnh thử, {options['learners']:,} học sinh".replace(",", "."),
                lambda: call_command("demo_data", learners=options["learners"], seed=options["seed"]),
            )
        if not _has_plans():
            self._step("Nạp năm kế hoạch", lambda: call_command("plans", "import", stdout=sys.stderr))
        if latest_snapshot() is None:
            self._step("Nhận hộp thư công vụ đã có", _adopt_mailboxes)
            self._step("Mở danh mục dịch vụ dữ liệu", _open_sharing)
            self._step("Tính mọi chỉ số", lambda: call_command("measures", "compute", stdout=sys.stderr))
            self._step("Dựng số liệu các tháng trước", past_snapshots)
            self._step("Dựng số đơn vị đã báo cáo", _report)
            self._step("Giao nhiệm vụ của các kế hoạch", _give_tasks)
            self._step("Phân công giảng dạy, ghi điểm vài lớp", fill_gradebook)
        self._accounts()
        os.environ.setdefault("PHUONG_MFA", "offered")  # accounts of the demo have a password that stands in the README
        if not options["no_serve"]:
            call_command("serve", port=options["port"])

    def _step(self, title: str, work: Any) -> None:
        started = time.monotonic()
        self.stderr.write(f"• {title} …")
        work()
        self.stderr.write(f"  xong sau {time.monotonic() - started:.1f} giây")

    def _accounts(self) -> None:
        self.stdout.write("Tài khoản thử (mật khẩu chung: phuong-demo-2026):")
        for username, role, who in demo_accounts():
            self.stdout.write(f"  {username:<16}{role:<24}{who}")


def _needs_upgrade() -> bool:
    """Compare the migration files with what the database has had; cheaper than loading them all."""
    recorder = MigrationRecorder(connections["owner"])
    applied = set(recorder.applied_migrations()) if recorder.has_table() else set()
    return any(
        (config.label, file.stem) not in applied
        for config in apps.get_app_configs()
        for file in Path(config.path, "migrations").glob("0*.py")
    )


def _is_filled() -> bool:
    return Organisation.objects.filter(kind="school").exists()


def _report() -> None:
    """Let people have reported last month: a third of the counted indicators, a little rosier than the records say.

    Some communes have sent in theirs too; one of them is still to be reviewed.
    """
    with acting(SYSTEM):
        province = province_of("vn")
        if province is None:
            return
        counted = [each for each in standings_of(province, year=timezone.localdate().year) if each.actual is not None]
        for each in counted[::3]:
            actual = each.actual or Decimal(0)
            is_share = each.indicator.unit == "percent"
            value = min(actual + ROSIER, Decimal(100)) if is_share else actual
            _reported(each.indicator, province, {"value": value})
        for commune in communes_of(province)[:REPORTING_COMMUNES]:
            for place, indicator in enumerate(indicators_asked(commune)):
                answer = {"value": Decimal(1)} if indicator.unit == "yes_no" else {"numerator": 1, "denominator": 1}
                _reported(indicator, commune, answer, is_reviewed=place > 0)


def _reported(indicator: Indicator, area: Organisation, value: dict[str, Any], *, is_reviewed: bool = True) -> None:
    month = timezone.localdate().replace(day=1) - dt.timedelta(days=1)
    sender = Actor(scope=area.path, name="Cán bộ thử", permissions=frozenset({Permission.VALUES_REPORT}))
    facts = {**value, "source": "số liệu thử"}
    sent = submit_value(indicator=indicator, unit=area, period=month, facts=facts, by=sender)
    if is_reviewed:
        review_value(sent.pk, accept=True, comment="", by=REVIEWER)


def _adopt_mailboxes() -> None:
    """Let the mailboxes that stand in the records of staff be in use; who has none is found by the plan."""
    with acting(SYSTEM):
        province = province_of("vn")
        if province is not None:
            domain = set_domain(unit=province, name=MAIL_DOMAIN, keep_years=10, is_automatic=False, by=SYSTEM)
            adopt_recorded(domain.pk, by=SYSTEM)


def _open_sharing() -> None:
    """Let the catalogue of data services stand, nothing agreed on yet: its indicators say so."""
    with acting(SYSTEM):
        province = province_of("vn")
        if province is not None:
            ensure_services(province)


def _give_tasks() -> None:
    """Follow every printed task of the plans, and make the coming rounds of recurring duties."""
    with acting(SYSTEM):
        department = department_of("31")
        if department is not None:
            name_focal_points()
            ensure_rules()
            seed_from_plans(department=department, by=SYSTEM)
            recur(Progress())


def _has_plans() -> bool:
    with acting(SYSTEM):
        return are_plans_loaded()
