"""Data coming in as a Django app."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from phuong.kernel.jobs import JobKind


class Intake(AppConfig):
    """Floor 0: files of many records, one mechanism for every kind."""

    name = "phuong.intake"
    label = "intake"

    def ready(self) -> None:
        """Contribute the pages; promise the work."""
        from phuong.intake.contributed import ALL
        from phuong.kernel.contributions import contribute, contribute_later
        from phuong.kernel.jobs import JobKind

        contribute(*ALL)
        contribute_later(JobKind, _jobs)


def _jobs() -> "Iterable[JobKind]":
    from phuong.intake.jobs import JOBS

    return JOBS
