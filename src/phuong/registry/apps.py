"""The registry as a Django app."""

from django.apps import AppConfig


class Registry(AppConfig):
    """Floor 1: organisations, people, classes, enrolments, staff."""

    name = "phuong.registry"
    label = "registry"

    def ready(self) -> None:
        """Contribute pages, first pages, search, measures and rules."""
        from phuong.kernel.contributions import contribute  # noqa: PLC0415 - models must be loaded first
        from phuong.registry.contributed import ALL  # noqa: PLC0415

        contribute(*ALL)
