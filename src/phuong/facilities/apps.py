"""Facilities as a Django app."""

from django.apps import AppConfig


class Facilities(AppConfig):
    """Floor 1: what a school has and offers."""

    name = "phuong.facilities"
    label = "facilities"

    def ready(self) -> None:
        """Contribute the measures."""
        from phuong.facilities.measures import MEASURES  # noqa: PLC0415 - models must be loaded first
        from phuong.kernel.contributions import contribute  # noqa: PLC0415

        contribute(*MEASURES)
