"""Tasks as a Django app."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from phuong.kernel.measures import Measure


class Tasks(AppConfig):
    """Floor 4: who does what by when, and what came of it."""

    name = "phuong.tasks"
    label = "tasks"

    def ready(self) -> None:
        """Contribute pages and work; promise measures."""
        from phuong.kernel.contributions import contribute, contribute_later
        from phuong.kernel.measures import Measure
        from phuong.tasks.contributed import ALL

        contribute(*ALL)
        contribute_later(Measure, _measures)


def _measures() -> "Iterable[Measure]":
    from phuong.tasks.measures import MEASURES

    return MEASURES
