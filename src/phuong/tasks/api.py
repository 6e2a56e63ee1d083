"""The door of tasks."""

from phuong.tasks.actions.giving import recur, seed_from_plans
from phuong.tasks.models import Assignment
from phuong.tasks.queries import Tally, late_under_each, tallies_of, tallies_under, tally_under

__all__ = [
    "Assignment",
    "Tally",
    "late_under_each",
    "recur",
    "seed_from_plans",
    "tallies_of",
    "tallies_under",
    "tally_under",
]
