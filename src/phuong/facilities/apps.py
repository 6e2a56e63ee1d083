"""Facilities as a Django app."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from phuong.intake.api import Sheet
    from phuong.kernel.measures import Measure
    from phuong.records.api import RecordKind


class Facilities(AppConfig):
    """Floor 1: what a school has and offers."""

    name = "phuong.facilities"
    label = "facilities"

    def ready(self) -> None:
        """Contribute what follows a merger; promise measures and kinds of record."""
        from phuong.facilities.contributed import ALL
        from phuong.intake.api import Sheet
        from phuong.kernel.contributions import contribute, contribute_later
        from phuong.kernel.measures import Measure
        from phuong.records.api import RecordKind

        contribute(*ALL)
        contribute_later(RecordKind, _kinds)
        contribute_later(Sheet, _sheets)
        contribute_later(Measure, _measures)


def _kinds() -> "Iterable[RecordKind]":
    from phuong.facilities.kinds import KINDS

    return KINDS


def _sheets() -> "Iterable[Sheet]":
    from phuong.facilities.sheets import SHEETS

    return SHEETS


def _measures() -> "Iterable[Measure]":
    from phuong.facilities.measures import MEASURES

    return MEASURES
