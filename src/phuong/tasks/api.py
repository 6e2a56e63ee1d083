"""The door of tasks."""

from phuong.tasks.access import assignment_for, seen_by
from phuong.tasks.actions.giving import Order, give, recur, seed_from_plans
from phuong.tasks.actions.working import go, note
from phuong.tasks.models import Assignment, Progress
from phuong.tasks.queries import Tally, late_under, tallies_of, tally_under

__all__ = [
    "Assignment",
    "Order",
    "Progress",
    "Tally",
    "assignment_for",
    "give",
    "go",
    "late_under",
    "note",
    "recur",
    "seed_from_plans",
    "seen_by",
    "tallies_of",
    "tally_under",
]
