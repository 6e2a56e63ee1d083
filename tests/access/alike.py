"""Pairs, merges and runs of matching, for the rows of the matrix."""

from collections.abc import Callable
from typing import Any

from phuong.kernel.scope import SYSTEM
from phuong.matching.actions.merging import merge_people
from phuong.matching.actions.runs import make_run
from phuong.matching.models import Merge
from phuong.matching.testing import a_pair
from phuong.registry.api import Organisation, Person
from phuong.registry.testing import a_learner
from tests.world import World


def two_alike(school: Organisation, other: Organisation | None = None) -> tuple[Person, Person]:
    return a_learner(school, name="Hai Hồ Sơ"), a_learner(other or school, name="Hai Ho So")


def a_merge(school: Organisation) -> Merge:
    one, two = two_alike(school)
    return merge_people(one.pk, two.pk, {}, by=SYSTEM)


ALIKE: dict[str, Callable[[World], Any]] = {
    "pair": lambda world: a_pair(*two_alike(world.school)),
    "other_pair": lambda world: a_pair(*two_alike(world.other_school)),
    "pair_across": lambda world: a_pair(*two_alike(world.school, world.other_school)),
    "merge": lambda world: a_merge(world.school),
    "other_merge": lambda world: a_merge(world.other_school),
    "matching_run": lambda world: make_run(world.school, by=SYSTEM),
    "other_matching_run": lambda world: make_run(world.other_school, by=SYSTEM),
}
