"""Records as a Django app."""

from django.apps import AppConfig


class Records(AppConfig):
    """Floor 0: one desk for every kind of record: create, change, close, history, bulk."""

    name = "phuong.records"
    label = "records"

    def ready(self) -> None:
        """Contribute the pages and the work."""
        from phuong.kernel.contributions import contribute
        from phuong.records.contributed import ALL

        contribute(*ALL)
