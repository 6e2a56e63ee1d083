"""``phuong build-assets``: fonts, icons, styles and translations, made from packages; no Node."""

from typing import Any

from django.core.management.base import BaseCommand

from phuong.config.assets import build_all


class Command(BaseCommand):
    """Build what is out of date."""

    help = "Dựng phông chữ, biểu tượng, kiểu dáng, bản dịch."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Build."""
        del args, options
        build_all()
