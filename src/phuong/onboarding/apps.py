"""Onboarding as a Django app."""

from django.apps import AppConfig


class Onboarding(AppConfig):
    """Floor 1, above sign-on: accounts from the registry, activation, claims, personal links."""

    name = "phuong.onboarding"
    label = "onboarding"

    def ready(self) -> None:
        """Contribute work, pages, what links show."""
        from phuong.kernel.contributions import contribute
        from phuong.onboarding.contributed import ALL
        from phuong.onboarding.jobs import KINDS

        contribute(*ALL, *KINDS)
