"""Plans as a Django app."""

from django.apps import AppConfig


class Plans(AppConfig):
    """Floor 4: the plans of the state, their targets beside what the platform counts."""

    name = "phuong.plans"
    label = "plans"

    def ready(self) -> None:
        """Contribute pages, first pages and search."""
        from phuong.kernel.contributions import contribute
        from phuong.plans.contributed import ALL

        contribute(*ALL)
