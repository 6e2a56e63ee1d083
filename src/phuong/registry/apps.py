"""The registry as a Django app."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from phuong.intake.api import Sheet
    from phuong.kernel.contributions import RuleCommand
    from phuong.kernel.measures import Measure
    from phuong.records.api import RecordKind


class Registry(AppConfig):
    """Floor 1: organisations, people, classes, enrolments, staff."""

    name = "phuong.registry"
    label = "registry"

    def ready(self) -> None:
        """Contribute pages, first pages and search; promise measures and rules."""
        from phuong.intake.api import Sheet
        from phuong.kernel.contributions import RuleCommand, contribute, contribute_later
        from phuong.kernel.measures import Measure
        from phuong.records.api import RecordKind
        from phuong.registry.contributed import ALL

        contribute(*ALL)
        contribute_later(RecordKind, _kinds)
        contribute_later(Sheet, _sheets)
        contribute_later(Measure, _measures)
        contribute_later(RuleCommand, _rules)


def _kinds() -> "Iterable[RecordKind]":
    from phuong.registry.kinds import KINDS

    return KINDS


def _sheets() -> "Iterable[Sheet]":
    from phuong.registry.sheets import SHEETS

    return SHEETS


def _measures() -> "Iterable[Measure]":
    from phuong.registry.measures import MEASURES

    return MEASURES


def _rules() -> "Iterable[RuleCommand]":
    from phuong.registry.ruleanswers import RULES

    return RULES
