"""How a transfer goes from state to state, who moves it on and who owes the next step; pure.

Three kinds: ``within`` the province, between two schools of the platform; ``out`` to a school elsewhere; ``in`` from
one.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

WITHIN, OUT, IN = "within", "out", "in"
KINDS = (WITHIN, OUT, IN)
FAMILY, RECEIVING, PRESENT = "family", "receiving", "present"
RECEIVING_HEAD, PRESENT_HEAD, ASKER, CLOCK = "receiving_head", "present_head", "asker", "clock"
OPEN_STATES = ("requested", "accepted", "objected", "released")
FINAL_STATES = ("completed", "refused", "withdrawn", "expired")
STATES = OPEN_STATES + FINAL_STATES
EARLIEST_GRADE, LATEST_GRADE = 0, 12


@dataclass(frozen=True)
class Move:
    """Where an act leads, and who may do it."""

    to: str
    who: str
    needs_reason: bool = False


_WITHDRAW, _EXPIRE = Move("withdrawn", ASKER), Move("expired", CLOCK)
_ACCEPT = Move("accepted", RECEIVING_HEAD)
_REFUSE = Move("refused", RECEIVING_HEAD, needs_reason=True)
_RELEASE = Move("released", PRESENT_HEAD)
_STEPS: dict[str, dict[str, dict[str, Move]]] = {
    WITHIN: {
        "requested": {"accept": _ACCEPT, "refuse": _REFUSE},
        "accepted": {"release": _RELEASE, "object": Move("objected", PRESENT_HEAD, needs_reason=True)},
        "objected": {"release": _RELEASE, "refuse": _REFUSE},
        "released": {"complete": Move("completed", RECEIVING)},
    },
    OUT: {
        "requested": {"release": _RELEASE, "refuse": Move("refused", PRESENT_HEAD, needs_reason=True)},
        "released": {"complete": Move("completed", PRESENT)},
    },
    IN: {
        "requested": {"accept": _ACCEPT, "refuse": _REFUSE},
        "accepted": {"complete": Move("completed", RECEIVING)},
    },
}
TRANSITIONS: Mapping[tuple[str, str, str], Move] = {
    (kind, state, act): move
    for kind, states in _STEPS.items()
    for state, acts in states.items()
    for act, move in {**acts, "withdraw": _WITHDRAW, "expire": _EXPIRE}.items()
}
ACTS = tuple(dict.fromkeys(act for _kind, _state, act in TRANSITIONS))
_OWING = {
    (WITHIN, "requested"): RECEIVING,
    (WITHIN, "accepted"): PRESENT,
    (WITHIN, "objected"): RECEIVING,
    (WITHIN, "released"): RECEIVING,
    (OUT, "requested"): PRESENT,
    (OUT, "released"): PRESENT,
    (IN, "requested"): RECEIVING,
    (IN, "accepted"): RECEIVING,
}
_LEVELS = (  # the last grade of a level
    (0, ("preschool",)),
    (5, ("primary",)),
    (9, ("lower_secondary",)),
    (12, ("upper_secondary", "continuing")),
)


def next_move(kind: str, state: str, act: str) -> Move | None:
    """Say where ``act`` leads; ``None`` when it does not fit the state."""
    return TRANSITIONS.get((kind, state, act))


def moves_from(kind: str, state: str) -> dict[str, Move]:
    """Give the acts that fit a state."""
    return {act: move for (of, stands, act), move in TRANSITIONS.items() if (of, stands) == (kind, state)}


def owing(kind: str, state: str) -> str:
    """Say whose turn it is: the receiving or the present school; nobody's (empty) when it is over."""
    return _OWING.get((kind, state), "")


def levels_of(grade: int) -> tuple[str, ...]:
    """Give the levels of schools that may teach a grade, 0 (preschool) to 12."""
    return next(levels for last, levels in _LEVELS if grade <= last)


def grades_taught(levels: Iterable[str]) -> list[int]:
    """Give the grades that a school of these levels may teach, 0 to 12."""
    taught = set(levels)
    return [grade for grade in range(EARLIEST_GRADE, LATEST_GRADE + 1) if taught & set(levels_of(grade))]


def may_enter(wanted: int, grade: int, *, years: int) -> bool:
    """Say whether a class of ``grade`` fits a wish for the grade ``wanted``, asked for so many school years before."""
    return wanted <= grade <= wanted + max(years, 0)


def check_day(day: dt.date, *, earliest: dt.date, sat_since: dt.date | None, today: dt.date) -> str:
    """Say what is wrong with the day of changing schools: ``future``, ``early``, ``too_soon``, or nothing.

    ``earliest``: the day the present school let go, or the other province's paper; ``sat_since``: first day in the
    present class, after which the learner has sat there at least a day.
    """
    if day > today:
        return "future"
    if day < earliest:
        return "early"
    return "too_soon" if sat_since is not None and day <= sat_since else ""
