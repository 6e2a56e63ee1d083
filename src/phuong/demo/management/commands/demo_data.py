"""``phuong demo-data``: fill an empty installation with a synthetic province."""

import argparse
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections, transaction
from django.utils import timezone

from phuong.demo.accounts import demo_accounts, with_accounts
from phuong.demo.catalog import catalogs
from phuong.demo.load import load
from phuong.demo.province import Province
from phuong.kernel import codelists
from phuong.registry.api import Organisation

_FEWEST = 100


class Command(BaseCommand):
    """Make the rows, load them, and say who may sign in."""

    help = "Tạo dữ liệu mẫu của một tỉnh (không có người thật)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--learners", type=int, default=20_000, help="số học sinh (mặc định 20000)")
        parser.add_argument("--seed", type=int, default=1, help="cùng số này cho cùng dữ liệu")
        parser.add_argument("--schools", type=int, default=None, help="số trường; mặc định theo tỉ lệ thật")
        parser.add_argument("--replace", action="store_true", help="xóa dữ liệu đang có rồi tạo lại")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load a province unless there is one."""
        del args
        if options["learners"] < _FEWEST:
            raise CommandError(f"--learners phải từ {_FEWEST} trở lên.")
        if Organisation.objects.exists() and not options["replace"]:
            raise CommandError("Đã có dữ liệu tổ chức. Thêm --replace để xóa và tạo lại.")
        catalog = catalogs()
        codelists.load(catalog.folder / "lists")
        start = time.perf_counter()
        province = Province(
            catalog, options["learners"], options["seed"], timezone.localdate(), schools=options["schools"]
        )
        connection = connections["owner"]
        with transaction.atomic(using="owner"):
            connection.ensure_connection()
            pieces = with_accounts(province)
            timing = load(
                connection.connection, pieces, total=options["learners"], say=self._say, replace=options["replace"]
            )
        self._say(f"{sum(timing.rows.values()):,} rows, {time.perf_counter() - start:.1f} s")
        for username, role, who in demo_accounts():
            self.stdout.write(f"{username:<16} {role:<22} {who}")

    def _say(self, line: str) -> None:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
