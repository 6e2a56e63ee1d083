"""Transfers as a Django app."""

from django.apps import AppConfig


class Transfers(AppConfig):
    """Floor 1, above notices: learners change schools, and are in exactly one each day."""

    name = "phuong.transfers"
    label = "transfers"

    def ready(self) -> None:
        """Contribute pages, work, what a family is told, what follows a merger."""
        from phuong.kernel.contributions import contribute
        from phuong.transfers.contributed import ALL

        contribute(*ALL)
