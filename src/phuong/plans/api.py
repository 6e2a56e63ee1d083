"""The door of plans."""

from phuong.plans.access import reported_seen_by
from phuong.plans.actions.reporting import review_value, submit_value
from phuong.plans.models import Duty, Indicator, Plan, Reported, Task
from phuong.plans.queries import Standing, are_plans_loaded, indicators_asked, standings_of

__all__ = [
    "Duty",
    "Indicator",
    "Plan",
    "Reported",
    "Standing",
    "Task",
    "are_plans_loaded",
    "indicators_asked",
    "reported_seen_by",
    "review_value",
    "standings_of",
    "submit_value",
]
