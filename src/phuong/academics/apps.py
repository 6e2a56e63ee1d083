"""Marks and results as a Django app."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from phuong.kernel.contributions import RuleCommand


class Academics(AppConfig):
    """Floor 3: the programme, marks, results, promotion."""

    name = "phuong.academics"
    label = "academics"

    def ready(self) -> None:
        """Contribute pages and work, and promise the rules."""
        from phuong.academics.contributed import ALL
        from phuong.academics.jobs import RESULTS
        from phuong.kernel.contributions import RuleCommand, contribute, contribute_later

        contribute(*ALL, *RESULTS)
        contribute_later(RuleCommand, _rules)


def _rules() -> "Iterable[RuleCommand]":
    from phuong.academics.ruleanswers import RULES

    return RULES
