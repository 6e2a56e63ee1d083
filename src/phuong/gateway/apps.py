"""Gateway as a Django app."""

from django.apps import AppConfig


class Gateway(AppConfig):
    """Floor 4: the programming interface for other systems."""

    name = "phuong.gateway"
    label = "gateway"

    def ready(self) -> None:
        """Contribute pages and work."""
        from phuong.gateway.contributed import ALL
        from phuong.gateway.jobs.hooks import TELL
        from phuong.kernel.contributions import contribute

        contribute(*ALL, TELL)
