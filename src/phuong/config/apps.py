"""The composing layer as a Django app: it carries the operators' commands."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from phuong.kernel.contributions import Bench


class Config(AppConfig):
    """Above all floors."""

    name = "phuong.config"
    label = "config"

    def ready(self) -> None:
        """Promise the benchmarks."""
        from phuong.kernel.contributions import Bench, contribute_later

        contribute_later(Bench, _benchmarks)


def _benchmarks() -> "Iterable[Bench]":
    from phuong.config.benches import BENCHES

    return BENCHES
