"""Independent transactions side by side, a thread each with connections of its own: the database has several cores."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier
from typing import TypeVar

from django.db import connection, connections

HANDS = 2
AHEAD = 2  # begun for each hand before the first must be done: what waits is held in memory
T = TypeVar("T")


def side_by_side(work: Callable[[T], None], items: Iterable[T], *, hands: int = HANDS) -> Generator[None, None, None]:
    """Do ``work`` for every item, at most ``hands`` at once; yields as often as one is done, in their order.

    ``work`` opens its own transaction, and no two items may touch the same rows. Inside a transaction of the caller
    they are done one after the other, for they must stay in it. The first error of ``work`` is raised here; what is
    under way by then is finished, what is not begun stays undone, as when the caller closes the generator.
    """
    if hands < 2 or connection.in_atomic_block:
        for item in items:
            work(item)
            yield
        return
    with ThreadPoolExecutor(hands) as pool:
        waiting: deque[Future[None]] = deque()
        try:
            for item in items:
                if len(waiting) >= hands * AHEAD:
                    waiting.popleft().result()
                    yield
                waiting.append(pool.submit(copy_context().run, work, item))
            while waiting:
                waiting.popleft().result()
                yield
        finally:
            for each in waiting:
                each.cancel()
            _leave(pool, hands)


def _leave(pool: ThreadPoolExecutor, hands: int) -> None:
    """Close the connections of each thread, which only the thread itself can: none goes before all have come."""
    together = Barrier(hands)

    def go() -> None:
        connections.close_all()
        together.wait()

    for _each in range(hands):
        pool.submit(go)
