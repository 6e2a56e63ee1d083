"""Verification as a Django app."""

from django.apps import AppConfig


class Verification(AppConfig):
    """Above tasks: people compared with the national population database."""

    name = "phuong.verification"
    label = "verification"

    def ready(self) -> None:
        """Contribute pages and work."""
        from phuong.kernel.contributions import contribute
        from phuong.verification.contributed import ALL
        from phuong.verification.jobs import COLLECT, FOLLOW, RUN

        contribute(*ALL, RUN, COLLECT, FOLLOW)
