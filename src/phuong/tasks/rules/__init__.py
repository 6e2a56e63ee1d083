"""Rules of tasks: when they are due, what makes them clear, how they go from state to state."""

from phuong.tasks.rules.states import CLEAR, OPEN_STATES, TRANSITIONS, missing_of, next_state
from phuong.tasks.rules.timing import Period, Recurrence, Timing, occurrences, parse_timing

__all__ = [
    "CLEAR",
    "OPEN_STATES",
    "TRANSITIONS",
    "Period",
    "Recurrence",
    "Timing",
    "missing_of",
    "next_state",
    "occurrences",
    "parse_timing",
]
