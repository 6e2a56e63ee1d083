"""Matching as a Django app."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from phuong.kernel.contributions import Bench


class Matching(AppConfig):
    """Floor 2: records of one person found, decided on, merged and unmerged."""

    name = "phuong.matching"
    label = "matching"

    def ready(self) -> None:
        """Contribute pages and work; promise the benchmark."""
        from phuong.kernel.contributions import Bench, contribute, contribute_later
        from phuong.matching.contributed import ALL

        contribute(*ALL)
        contribute_later(Bench, _benchmarks)


def _benchmarks() -> "Iterable[Bench]":
    from phuong.matching.bench import BENCHES

    return BENCHES
