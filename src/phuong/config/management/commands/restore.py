"""``phuong restore FILE``: bring a backup back into an empty database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from phuong.config.backups import BackupNotUsable, bring_back


class Command(BaseCommand):
    """Restore; refuses a database that holds organisations, unless ``--replace``."""

    help = "Khôi phục cơ sở dữ liệu từ tệp sao lưu."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="xóa dữ liệu đang có")

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring it back."""
        del args
        try:
            bring_back(options["file"], replace=options["replace"])
        except BackupNotUsable as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Đã khôi phục.")
