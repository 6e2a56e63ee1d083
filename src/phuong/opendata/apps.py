"""Open data as a Django app."""

from django.apps import AppConfig


class OpenData(AppConfig):
    """Floor 4: what the department shows to everybody."""

    name = "phuong.opendata"
    label = "opendata"

    def ready(self) -> None:
        """Contribute the desk and the monthly work."""
        from phuong.kernel.contributions import contribute
        from phuong.opendata.contributed import ALL

        contribute(*ALL)
