"""Measures as a Django app."""

from django.apps import AppConfig


class Measures(AppConfig):
    """Floor 2: counts what the apps declare, and keeps the figures."""

    name = "phuong.measures"
    label = "measures"

    def ready(self) -> None:
        """Contribute the job that counts, and the pages of figures."""
        from phuong.kernel.contributions import contribute
        from phuong.measures.contributed import ALL

        contribute(*ALL)
