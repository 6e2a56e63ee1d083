"""The registry as a Django app."""

from django.apps import AppConfig


class Registry(AppConfig):
    """Floor 1: organisations, people, classes, enrolments, staff."""

    name = "phuong.registry"
    label = "registry"

    def ready(self) -> None:
        """Contribute pages, first pages, search, measures and rules."""
        from phuong.kernel.contributions import contribute
        from phuong.registry.contributed import ALL

        contribute(*ALL)
