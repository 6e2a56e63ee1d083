"""Facilities as a Django app."""

from django.apps import AppConfig


class Facilities(AppConfig):
    """Floor 1: what a school has and offers."""

    name = "phuong.facilities"
    label = "facilities"

    def ready(self) -> None:
        """Contribute the measures."""
        from phuong.facilities.measures import MEASURES
        from phuong.kernel.contributions import contribute

        contribute(*MEASURES)
