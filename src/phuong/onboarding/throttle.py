"""What the hot path of links keeps in its process: how often each was opened, and which were called back."""

import time
from collections import OrderedDict
from threading import Lock

from django.utils import timezone

from phuong.kernel.scope import SYSTEM, acting
from phuong.onboarding.errors import LinkOver, TooOften
from phuong.onboarding.models import RevokedLink
from phuong.onboarding.tokens import Link

MOST_A_MINUTE = 30
MOST_KEPT = 50_000
REFRESH_SECONDS = 5.0
_lock = Lock()
_opened: OrderedDict[str, tuple[float, int]] = OrderedDict()  # since when, how often
_revoked: dict[tuple[str, str], float] = {}
_read_at = float("-inf")


def take_opening(token: str, *, now: float | None = None) -> None:
    """Count one opening of a link in this process.

    :raises TooOften: more than 30 within a minute
    """
    moment = time.monotonic() if now is None else now
    with _lock:
        since, times = _opened.pop(token, (moment, 0))
        if moment - since >= 60:
            since, times = moment, 0
        _opened[token] = (since, times + 1)
        if len(_opened) > MOST_KEPT:
            _opened.popitem(last=False)
    if times >= MOST_A_MINUTE:
        raise TooOften


def check_revoked(link: Link) -> None:
    """Refuse a link that was called back; the list is read anew every five seconds.

    :raises LinkOver: called back
    """
    global _read_at
    if time.monotonic() - _read_at > REFRESH_SECONDS:
        with acting(SYSTEM):
            rows = RevokedLink.objects.filter(until__gte=timezone.now()).order_by("until")
            fresh = {
                (str(person), target): until.timestamp()
                for person, target, until in rows.values_list("person_id", "target", "until")
            }
        with _lock:
            _revoked.clear()
            _revoked.update(fresh)
            _read_at = time.monotonic()
    if link.until <= _revoked.get((str(link.person), link.target), 0):
        raise LinkOver


def forget() -> None:
    """Forget all that this process keeps: read it anew."""
    global _read_at
    with _lock:
        _opened.clear()
        _revoked.clear()
        _read_at = float("-inf")
