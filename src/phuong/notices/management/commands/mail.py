"""``phuong mail``: send now what is due, instead of waiting for the clock."""

from typing import Any

from django.core.management.base import BaseCommand

from phuong.kernel.commands import dumps
from phuong.kernel.jobs import Progress
from phuong.notices.jobs import send_mail


class Command(BaseCommand):
    """Run the job once; not in one transaction, so that what was sent stays marked whatever happens."""

    help = "Gửi ngay các thư đã đến lúc gửi."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, and tell what came of it as JSON."""
        del args, options
        self.stdout.write(dumps(send_mail(Progress())))
