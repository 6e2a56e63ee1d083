"""What a service remembers: in memory, numbered, bounded, gone with the program."""

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
MOST = 5000


class Kept(Generic[T]):
    """The newest ``most`` things, each under its number; safe for several threads."""

    def __init__(self, most: int = MOST) -> None:
        """Start empty."""
        self._most = most
        self._items: OrderedDict[int, T] = OrderedDict()
        self._number = 0
        self._lock = Lock()

    def add(self, make: Callable[[int], T]) -> T:
        """Keep what ``make`` gives for its number; the oldest makes room."""
        with self._lock:
            self._number += 1
            item = self._items[self._number] = make(self._number)
            while len(self._items) > self._most:
                self._items.popitem(last=False)
            return item

    def newest_first(self) -> list[T]:
        """List everything kept."""
        with self._lock:
            return list(reversed(self._items.values()))

    def get(self, number: int) -> T | None:
        """Find one by its number."""
        with self._lock:
            return self._items.get(number)

    def clear(self) -> None:
        """Forget everything; numbers go on."""
        with self._lock:
            self._items.clear()


def now() -> str:
    """Give the present moment as it is kept."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
