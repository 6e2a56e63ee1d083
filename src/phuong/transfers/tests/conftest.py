"""The people of a transfer, on a Thursday in November."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from phuong.transfers.testing import Cast, a_cast

NOW = dt.datetime.fromisoformat("2026-11-26T10:00:00+07:00")
TODAY = NOW.date()


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    with time_machine.travel(NOW, tick=True):
        yield a_cast()
