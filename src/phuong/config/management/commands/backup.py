"""``phuong backup FILE``: the whole database in one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from phuong.config.backups import back_up


class Command(BaseCommand):
    """Write a backup that ``phuong restore`` brings back, here or elsewhere."""

    help = "Sao lưu toàn bộ cơ sở dữ liệu ra một tệp."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it."""
        del args
        back_up(options["file"])
        self.stdout.write(f"Đã sao lưu vào {options['file']}. Giữ kèm khóa trường mã hóa (docs/operations.md).")
