"""Memory: the collector of cycles rests while a great many values are laid out, and what was freed is given back."""

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Let the collector rest for the time of a block: it would walk rows that are all in use again and again.

    Counted references are freed as ever; cycles wait until afterwards. For the work of a job, not of a request.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def give_back() -> None:
    """Hand freed memory back to the system, where the C library knows how: reading a file takes more than its rows."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
