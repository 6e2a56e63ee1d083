"""Rosters as a Django app."""

from django.apps import AppConfig


class Roster(AppConfig):
    """Floor 4: the OneRoster projection of the registry, out and in."""

    name = "phuong.roster"
    label = "roster"

    def ready(self) -> None:
        """Contribute the pages and the work."""
        from phuong.kernel.contributions import contribute
        from phuong.roster.contributed import ALL

        contribute(*ALL)
