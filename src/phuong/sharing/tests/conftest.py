"""A school, and the offices of the sandbox."""

from typing import Any

import pytest
from tests.outside import Outside
from tests.sharing import office_settings

from phuong.registry.api import Organisation
from phuong.registry.testing import a_commune, a_school


@pytest.fixture
def school() -> Organisation:
    return a_school(a_commune("11311"))


@pytest.fixture
def offices(outside: Outside, settings: Any) -> Outside:
    settings.PHUONG_SHARING = office_settings(outside, batch=2)
    return outside
