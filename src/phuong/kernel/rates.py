"""How often another system may call: one allowance for all web workers of a machine, at a small, constant cost.

The allowances lie in a file that every worker maps into its memory and locks for some microseconds a call.
No database, no service. Several machines count apart: each allows ``1 / PHUONG_WEB_MACHINES`` of the rate.
"""

import fcntl
import mmap
import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

WINDOW_SECONDS = 60
SLOTS = 4096
_TRIES = 8
_SLOT = struct.Struct("=16sdd")  # client, calls left, when that was counted
_lock = threading.Lock()


@dataclass(frozen=True)
class Allowance:
    """What a client has left: ``limit`` calls a minute, ``left`` of them now, full again in ``reset`` seconds."""

    limit: int
    left: int
    reset: int
    wait: int = 0  # seconds until the next call is let in; 0 when this one is

    def headers(self) -> dict[str, str]:
        """Give the fields of draft-ietf-httpapi-ratelimit-headers-06."""
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.reset),
            "RateLimit-Policy": f"{self.limit};w={WINDOW_SECONDS}",
        }
        return told | ({"Retry-After": str(self.wait)} if self.wait else {})


@lru_cache(maxsize=1)
def _machines() -> int:
    return max(1, int(os.environ.get("PHUONG_WEB_MACHINES", "1")))


@lru_cache(maxsize=1)
def _slots() -> tuple[int, mmap.mmap]:
    file = os.open(Path(settings.PHUONG_HOME) / "rates", os.O_RDWR | os.O_CREAT, 0o600)
    os.ftruncate(file, SLOTS * _SLOT.size)  # of one size for ever: never shrinks under a worker that has it mapped
    return file, mmap.mmap(file, SLOTS * _SLOT.size)


@contextmanager
def _held() -> Iterator[mmap.mmap]:
    """Hold the slots against the other threads and the other workers."""
    file, memory = _slots()
    with _lock:
        fcntl.lockf(file, fcntl.LOCK_EX)
        try:
            yield memory
        finally:
            fcntl.lockf(file, fcntl.LOCK_UN)


def _place_of(client: UUID, memory: mmap.mmap) -> tuple[int, bool]:
    """Find the slot of a client among the few it may have; else the one that nobody used for longest."""
    places = [(client.int + step) % SLOTS * _SLOT.size for step in range(_TRIES)]
    found = [(_SLOT.unpack_from(memory, place), place) for place in places]
    own = next((place for (owner, _left, _at), place in found if owner == client.bytes), None)
    return (own, True) if own is not None else (min(found, key=lambda each: each[0][2])[1], False)


def take_call(client: UUID, rate: int, *, now: float | None = None) -> Allowance:
    """Take one call from the allowance of ``client``, which fills up evenly to ``rate`` a minute.

    ``now``: seconds of the machine's own clock.
    """
    most = max(rate / _machines(), 1.0)
    moment = time.monotonic() if now is None else now
    with _held() as memory:
        place, is_known = _place_of(client, memory)
        _owner, left, at = _SLOT.unpack_from(memory, place)
        if not is_known or at > moment:  # a new client, or the machine started anew
            left, at = most, moment
        left = min(most, left + (moment - at) * most / WINDOW_SECONDS)
        is_let_in = left >= 1
        left -= is_let_in
        _SLOT.pack_into(memory, place, client.bytes, left, moment)
    reset = int((most - left) * WINDOW_SECONDS / most) + 1
    wait = 0 if is_let_in else int((1 - left) * WINDOW_SECONDS / most) + 1
    return Allowance(int(most), int(left), reset, wait)
