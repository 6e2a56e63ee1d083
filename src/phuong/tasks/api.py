"""The door of tasks."""

from phuong.tasks.actions.giving import recur, seed_from_plans
from phuong.tasks.models import Assignment
from phuong.tasks.queries import Tally, late_under, tallies_of, tally_under

__all__ = ["Assignment", "Tally", "late_under", "recur", "seed_from_plans", "tallies_of", "tally_under"]
