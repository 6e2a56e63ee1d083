"""The journal as a Django app."""

from django.apps import AppConfig


class Journal(AppConfig):
    """Floor 1, above identity: pages over the kernel's journal."""

    name = "phuong.journal"
    label = "journal"

    def ready(self) -> None:
        """Contribute the page of the journal, and the one that hangs on each person's record."""
        from phuong.journal.contributed import ALL
        from phuong.kernel.contributions import contribute

        contribute(*ALL)
