"""Builders for tests: a gap given to a unit."""

import datetime as dt
from typing import Any

from phuong.kernel.today import today
from phuong.quality.models import Fix


def a_fix(unit: Any, **facts: Any) -> Fix:
    """Make an open fix of a unit."""
    given = {"measure": "registry.learners_with_number", "missing_then": 2, "asked_by_name": "Hoa"}
    due = today() + dt.timedelta(days=7)
    return Fix.objects.create(path=unit.path, organisation=unit, due_on=due, **{**given, **facts})
