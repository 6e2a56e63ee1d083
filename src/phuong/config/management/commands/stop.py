"""``phuong stop``: stop the embedded PostgreSQL."""

from typing import Any

from django.core.management.base import BaseCommand

from phuong.config import embedded


class Command(BaseCommand):
    """Stop the embedded server; with one's own server there is nothing to stop."""

    help = "Dừng PostgreSQL đi kèm."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Stop it."""
        del args, options
        embedded.stop()
        self.stdout.write("Đã dừng.")
