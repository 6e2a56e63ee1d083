"""The door of tasks."""

from phuong.tasks.access import assignment_for, may_act, seen_by
from phuong.tasks.actions.escalating import escalate
from phuong.tasks.actions.giving import Order, give, units_named
from phuong.tasks.actions.seeding import recur, seed_from_plans
from phuong.tasks.actions.standing import Kept, keep_standing
from phuong.tasks.actions.telling import ensure_rules
from phuong.tasks.actions.working import go, name_person, note, put_budget, remind
from phuong.tasks.models import Assignment, Progress
from phuong.tasks.queries import Tally, late_under_each, matching, tallies_of, tallies_under, tally_under

__all__ = [
    "Assignment",
    "Kept",
    "Order",
    "Progress",
    "Tally",
    "assignment_for",
    "ensure_rules",
    "escalate",
    "give",
    "go",
    "keep_standing",
    "late_under_each",
    "matching",
    "may_act",
    "name_person",
    "note",
    "put_budget",
    "recur",
    "remind",
    "seed_from_plans",
    "seen_by",
    "tallies_of",
    "tallies_under",
    "tally_under",
    "units_named",
]
