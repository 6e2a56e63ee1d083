"""The door of plans."""

from phuong.plans.actions.reporting import report_value
from phuong.plans.models import Duty, Indicator, Plan, Task
from phuong.plans.queries import Standing, are_plans_loaded, standings_of, standings_of_many

__all__ = [
    "Duty",
    "Indicator",
    "Plan",
    "Standing",
    "Task",
    "are_plans_loaded",
    "report_value",
    "standings_of",
    "standings_of_many",
]
