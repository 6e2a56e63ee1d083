"""The door of plans."""

from phuong.plans.actions.doubts import settle_doubt
from phuong.plans.actions.reporting import report_value
from phuong.plans.models import Doubt, Duty, Indicator, Plan, Reported, Target, Task
from phuong.plans.queries import Standing, are_plans_loaded, standings_of

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
    "report_value",
    "settle_doubt",
    "standings_of",
]
