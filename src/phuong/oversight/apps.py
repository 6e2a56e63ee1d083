"""Oversight as a Django app."""

from django.apps import AppConfig


class Oversight(AppConfig):
    """Floor 1, above notices: roles desk, reviews, emergencies, support at schools, caps of exports."""

    name = "phuong.oversight"
    label = "oversight"

    def ready(self) -> None:
        """Contribute the guard of exports, pages and work."""
        from phuong.kernel.contributions import contribute
        from phuong.oversight.contributed import ALL

        contribute(*ALL)
