"""``phuong worker``: run the jobs."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """One worker process; start as many as the machine bears."""

    help = "Chạy các công việc nền."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many jobs run at once."""
        parser.add_argument("--concurrency", type=int, default=2)

    def handle(self, *args: Any, **options: Any) -> None:
        """Hand over to the queue's own worker."""
        del args
        call_command(
            "procrastinate",
            "worker",
            "--concurrency",
            str(options["concurrency"]),
            "--delete-jobs",
            "successful",
            "--fetch-job-polling-interval",
            "1",
            "--shutdown-graceful-timeout",
            "5",
        )
