"""Tells Django about the design system."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The shell of every page, its components and charts."""

    name = "phuong.ui"
    label = "ui"
    verbose_name = "Giao diện"

    def ready(self) -> None:
        """Contribute the pages of the frame."""
        from phuong.kernel.contributions import contribute
        from phuong.ui.contributed import ALL

        contribute(*ALL)
