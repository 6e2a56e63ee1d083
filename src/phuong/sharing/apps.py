"""Data sharing as a Django app."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from phuong.kernel.measures import Measure


class Sharing(AppConfig):
    """Above verification: what the city and the Ministry get, and whether it arrived."""

    name = "phuong.sharing"
    label = "sharing"

    def ready(self) -> None:
        """Contribute pages, work and measures."""
        from phuong.kernel.contributions import contribute, contribute_later
        from phuong.kernel.measures import Measure
        from phuong.sharing.contributed import ALL
        from phuong.sharing.jobs import ALL as JOBS

        contribute(*ALL, *JOBS)
        contribute_later(Measure, _measures)


def _measures() -> "Iterable[Measure]":
    from phuong.sharing.measures import MEASURES

    return MEASURES
