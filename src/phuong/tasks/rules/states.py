"""The states of a task, and the five things that make it clear (5 rõ)."""

OPEN_STATES = ("open", "doing", "submitted")
# (state, act): (next state, who: the unit itself, or whoever gave the task)
TRANSITIONS: dict[tuple[str, str], tuple[str, str]] = {
    ("open", "start"): ("doing", "unit"),
    ("open", "submit"): ("submitted", "unit"),
    ("doing", "submit"): ("submitted", "unit"),
    ("submitted", "confirm"): ("done", "giver"),
    ("submitted", "return"): ("doing", "giver"),
    ("open", "cancel"): ("cancelled", "giver"),
    ("doing", "cancel"): ("cancelled", "giver"),
    ("done", "reopen"): ("doing", "giver"),
}
CLEAR = ("person", "work", "responsibility", "time", "result")


def next_state(state: str, act: str) -> tuple[str, str] | None:
    """Give the state after an act, and who may do it; ``None`` when the act does not fit the state."""
    return TRANSITIONS.get((state, act))


def missing_of(*, person: str, work: str, responsibility: str, time: bool, result: str) -> list[str]:
    """Say which of the five are not clear: người, việc, trách nhiệm, thời gian, kết quả."""
    told = (person.strip(), work.strip(), responsibility.strip(), time, result.strip())
    return [name for name, value in zip(CLEAR, told, strict=True) if not value]
