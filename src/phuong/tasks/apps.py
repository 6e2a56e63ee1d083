"""Tasks as a Django app."""

from django.apps import AppConfig


class Tasks(AppConfig):
    """Floor 4: who does what by when, and what came of it."""

    name = "phuong.tasks"
    label = "tasks"

    def ready(self) -> None:
        """Contribute pages and work."""
        from phuong.kernel.contributions import contribute
        from phuong.tasks.contributed import ALL

        contribute(*ALL)
