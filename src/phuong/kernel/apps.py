"""The kernel as a Django app."""

from django.apps import AppConfig


class Kernel(AppConfig):
    """Floor 0."""

    name = "phuong.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the clock chain the journal."""
        from phuong.kernel.chain import CHAIN
        from phuong.kernel.contributions import contribute

        contribute(CHAIN)
