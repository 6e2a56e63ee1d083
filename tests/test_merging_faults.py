"""A merge or a run killed at a random moment leaves nothing half done; ``tests/merging_faults.py`` plays more."""

import os

import pytest

from tests.merging_faults import PEOPLE, kill_merges, kill_runs

pytestmark = pytest.mark.slow
NAME = f"faults_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


def test_merges_and_undoings_killed_at_random_moments_are_whole_or_not_there() -> None:
    told = kill_merges(3, seed=1, name=NAME)

    assert told["killed"] > 0


def test_a_run_killed_at_random_moments_ends_with_every_pair_once() -> None:
    told = kill_runs(2, seed=2, name=NAME)

    assert told["pairs"] == PEOPLE
