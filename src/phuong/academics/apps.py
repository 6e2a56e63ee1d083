"""Marks and results as a Django app."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from phuong.intake.api import Sheet
    from phuong.kernel.contributions import RuleCommand
    from phuong.kernel.measures import Measure


class Academics(AppConfig):
    """Floor 3: the programme, marks, results, promotion."""

    name = "phuong.academics"
    label = "academics"

    def ready(self) -> None:
        """Contribute pages and work; promise the rules, the measures and the kind of file."""
        from phuong.academics.contributed import ALL
        from phuong.academics.jobs import RESULTS
        from phuong.intake.api import Sheet
        from phuong.kernel.contributions import RuleCommand, contribute, contribute_later
        from phuong.kernel.measures import Measure

        contribute(*ALL, *RESULTS)
        contribute_later(RuleCommand, _rules)
        contribute_later(Measure, _measures)
        contribute_later(Sheet, _sheets)


def _rules() -> "Iterable[RuleCommand]":
    from phuong.academics.ruleanswers import RULES

    return RULES


def _measures() -> "Iterable[Measure]":
    from phuong.academics.measures import MEASURES

    return MEASURES


def _sheets() -> "Iterable[Sheet]":
    from phuong.academics.sheets import SHEETS

    return SHEETS
