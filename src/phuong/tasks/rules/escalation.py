"""When somebody is told of a task that is not done, and in which round."""

import datetime as dt


def round_on(day: dt.date, due_on: dt.date, *, days: int, every: int) -> dt.date | None:
    """Say on which day the round of telling began that a rule has reached on ``day``; ``None``: it does not tell.

    ``days``: after the due day, negative before it; ``every``: days between rounds, 0 for once. What is told before the
    due day is told until that day only: afterwards the task is late, which other rules say.
    """
    first = due_on + dt.timedelta(days=days)
    if day < first or (days < 0 and day > due_on):
        return None
    return first + dt.timedelta(days=(day - first).days // every * every) if every else first
