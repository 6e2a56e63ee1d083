"""A commune, a clock that stands, and mail that goes to the sandbox."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from tests.outside import Outside

from phuong.kernel.jobs import Progress
from phuong.notices.jobs import send_mail
from phuong.registry.api import Organisation
from phuong.registry.testing import a_commune

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SITE = "https://phuong.example"


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """Give a moment of November 2026."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.fixture
def commune(db: None) -> Organisation:
    return a_commune("11311", name="Phường Thủy Nguyên")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stand at ten in the morning of 23/11/2026; tests move on from there."""
    with time_machine.travel(at(23, 10), tick=False) as traveller:
        yield traveller


@pytest.fixture
def send(settings: Any, outside: Outside) -> Callable[[], dict[str, Any]]:
    """Switch mail on; gives the job, which tells what came of it where that is more than nothing."""
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", outside.smtp_port
    settings.DEFAULT_FROM_EMAIL, settings.PHUONG_SITE_URL = "Phượng <phuong@so.example>", SITE
    return lambda: {name: value for name, value in send_mail(Progress()).items() if value}
