"""Reports as a Django app."""

from django.apps import AppConfig


class Reports(AppConfig):
    """Floor 4: the reports units owe, drafted from live figures."""

    name = "phuong.reports"
    label = "reports"

    def ready(self) -> None:
        """Contribute pages and work."""
        from phuong.kernel.contributions import contribute
        from phuong.reports.contributed import ALL

        contribute(*ALL)
