"""Rules of tasks: when they are due, what makes them clear, how they go from state to state, who leads, who is told."""

from phuong.tasks.rules.escalation import round_on
from phuong.tasks.rules.leads import TO, Lead, lead_of, plain_words
from phuong.tasks.rules.states import CLEAR, OPEN_STATES, TRANSITIONS, missing_of, next_state
from phuong.tasks.rules.timing import Period, Recurrence, Timing, occurrences, parse_timing

__all__ = [
    "CLEAR",
    "OPEN_STATES",
    "TO",
    "TRANSITIONS",
    "Lead",
    "Period",
    "Recurrence",
    "Timing",
    "lead_of",
    "missing_of",
    "next_state",
    "occurrences",
    "parse_timing",
    "plain_words",
    "round_on",
]
