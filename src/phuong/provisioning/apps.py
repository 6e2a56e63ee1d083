"""Provisioning as a Django app."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from phuong.kernel.measures import Measure


class Provisioning(AppConfig):
    """Floor 1, above sign-on: accounts kept by other systems, and work mailboxes kept in a mail suite."""

    name = "phuong.provisioning"
    label = "provisioning"

    def ready(self) -> None:
        """Contribute pages, work, facts of a person; promise measures."""
        from phuong.kernel.contributions import contribute, contribute_later
        from phuong.kernel.measures import Measure
        from phuong.provisioning.contributed import ALL
        from phuong.provisioning.jobs import PLAN, TELL

        contribute(*ALL, TELL, PLAN)
        contribute_later(Measure, _measures)


def _measures() -> "Iterable[Measure]":
    from phuong.provisioning.measures import MEASURES

    return MEASURES
