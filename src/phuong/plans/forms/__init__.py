"""Forms of plans."""

from phuong.plans.forms.lists import IndicatorFilter, MatrixFilter, Settlement, TaskFilter
from phuong.plans.forms.reporting import ManyForm, ReportForm, ReviewForm, month_in, picked

__all__ = [
    "IndicatorFilter",
    "ManyForm",
    "MatrixFilter",
    "ReportForm",
    "ReviewForm",
    "Settlement",
    "TaskFilter",
    "month_in",
    "picked",
]
