"""Facilities as a Django app."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from phuong.kernel.measures import Measure


class Facilities(AppConfig):
    """Floor 1: what a school has and offers."""

    name = "phuong.facilities"
    label = "facilities"

    def ready(self) -> None:
        """Promise the measures."""
        from phuong.kernel.contributions import contribute_later
        from phuong.kernel.measures import Measure

        contribute_later(Measure, _measures)


def _measures() -> "Iterable[Measure]":
    from phuong.facilities.measures import MEASURES

    return MEASURES
