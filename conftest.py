"""Fixtures for every test: a database as ``phuong_app``, acting as the system unless a test says otherwise."""

import os
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connections
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from tests.outside import Outside, close_outside, open_outside

from phuong.kernel.codelists import forget_lists
from phuong.kernel.scope import SYSTEM, acting

hypothesis_settings.register_profile("quick", max_examples=60, deadline=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The databases stand already: tests/server.py copied them from the template."""


@pytest.fixture(autouse=True)
def _as_system(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let a database test act as the system, and let the batch role see its uncommitted rows."""
    uses_database = request.node.get_closest_marker("django_db") or "db" in request.fixturenames
    if not uses_database or request.node.get_closest_marker("browser"):
        yield
        return
    request.getfixturevalue("db")
    separate = connections["batch"]
    connections["batch"] = connections["default"]
    forget_lists()
    cache.clear()
    try:
        with acting(SYSTEM):
            yield
    finally:
        connections["batch"] = separate


@pytest.fixture(autouse=True)
def _in_vietnamese() -> Iterator[None]:
    """Forget the language in which a page was asked for: the client of the tests answers in this very thread."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def _outside() -> Iterator[Outside]:
    started = open_outside()
    yield started
    close_outside(started)


@pytest.fixture
def outside(_outside: Outside) -> Iterator[Outside]:
    """Play the outside world over real protocols; empty and well at the start of each test."""
    _outside.forget()
    yield _outside
    _outside.forget()
