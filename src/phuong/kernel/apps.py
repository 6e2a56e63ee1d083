"""The kernel as a Django app."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from phuong.kernel.contributions import RuleCommand


class Kernel(AppConfig):
    """Floor 0."""

    name = "phuong.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the clock chain the journal; promise the rule of working days."""
        from phuong.kernel.chain import CHAIN
        from phuong.kernel.contributions import RuleCommand, contribute, contribute_later

        contribute(CHAIN)
        contribute_later(RuleCommand, _rules)


def _rules() -> "Iterable[RuleCommand]":
    from phuong.kernel.workdays import RULES

    return RULES
