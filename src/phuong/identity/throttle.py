"""Slows down guessing: counts failed tries for each sign-in name, never for an address (schools share one)."""

import time
from collections import OrderedDict
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import Refused

MOST_TRIES = 10
WINDOW_SECONDS = 900
_MOST_NAMES = 10_000
_tries: "OrderedDict[str, list[float]]" = OrderedDict()


class TooManyTries(Refused):
    """The name has been tried too often in a quarter of an hour."""

    code: ClassVar[str] = "identity.too_many_tries"
    status: ClassVar[int] = 429
    message: ClassVar = _("Đã thử quá 10 lần. Chờ 15 phút rồi thử lại, hoặc nhờ nhà trường đặt lại mật khẩu.")


def note_try(name: str, *, now: float | None = None) -> None:
    """Count one try of ``name``; the memory is this process's own.

    :raises TooManyTries: when the name is locked for now
    """
    moment = time.monotonic() if now is None else now
    key = name.strip().lower()
    recent = [at for at in _tries.pop(key, []) if moment - at < WINDOW_SECONDS]
    _tries[key] = recent
    if len(recent) >= MOST_TRIES:
        raise TooManyTries
    recent.append(moment)
    while len(_tries) > _MOST_NAMES:
        _tries.popitem(last=False)


def forget_tries(name: str) -> None:
    """Start afresh after a successful sign-in."""
    _tries.pop(name.strip().lower(), None)
