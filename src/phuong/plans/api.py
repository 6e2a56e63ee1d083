"""The door of plans."""

from phuong.plans.access import reported_seen_by
from phuong.plans.actions.doubts import settle_doubt
from phuong.plans.actions.reporting import review_value, submit_value
from phuong.plans.models import Doubt, Duty, Indicator, Plan, Reported, Target, Task
from phuong.plans.queries import Standing, are_plans_loaded, indicators_asked, standings_of, standings_of_many

__all__ = [
    "Doubt",
    "Duty",
    "Indicator",
    "Plan",
    "Reported",
    "Standing",
    "Target",
    "Task",
    "are_plans_loaded",
    "indicators_asked",
    "reported_seen_by",
    "review_value",
    "settle_doubt",
    "standings_of",
    "standings_of_many",
    "submit_value",
]
