"""Work killed at a random moment leaves nothing half done; ``make bench-faults`` plays more, and kills PostgreSQL."""

import os

import pytest

from tests.faults.importing import ALL, kill_imports
from tests.faults.merging import PEOPLE, kill_merges, kill_runs

pytestmark = pytest.mark.slow
NAME = f"faults_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


def test_an_import_killed_at_random_moments_goes_on_and_its_undoing_leaves_no_trace() -> None:
    told = kill_imports(1, seed=4, name=NAME)

    assert (told["killed"] > 0, told["learners"]) == (True, ALL)


@pytest.mark.faults
def test_merges_and_undoings_killed_at_random_moments_are_whole_or_not_there() -> None:
    told = kill_merges(2, seed=1, name=NAME)

    assert told["killed"] > 0


@pytest.mark.faults
def test_a_run_killed_at_random_moments_ends_with_every_pair_once() -> None:
    told = kill_runs(1, seed=2, name=NAME)

    assert told["pairs"] == PEOPLE
