"""Quality of data as a Django app."""

from django.apps import AppConfig


class Quality(AppConfig):
    """Floor 2: how right, complete, clean and alive the data are."""

    name = "phuong.quality"
    label = "quality"

    def ready(self) -> None:
        """Contribute the pages, the card, the work."""
        from phuong.kernel.contributions import contribute
        from phuong.quality.contributed import ALL

        contribute(*ALL)
