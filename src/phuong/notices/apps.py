"""Notices as a Django app."""

from django.apps import AppConfig


class Notices(AppConfig):
    """Floor 1: what people are told, on the page and by e-mail."""

    name = "phuong.notices"
    label = "notices"

    def ready(self) -> None:
        """Hang up the bell, and let the clock send mail."""
        from phuong.kernel.contributions import Bell, contribute
        from phuong.notices.jobs import MAIL
        from phuong.notices.queries import unread_count

        contribute(Bell("notices", "notices:notices", unread_count), MAIL)
