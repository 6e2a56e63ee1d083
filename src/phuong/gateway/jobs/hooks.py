"""Telling webhooks, every minute: cut, post, keep what came of it, until nothing is due."""

import random
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from phuong.gateway.actions.hooks import TELL_CODE, is_loopback_open
from phuong.gateway.actions.telling import cut, hooks_to_cut, next_due, note_outcome, take_due
from phuong.gateway.outgoing.posting import IN_HAND, post_all
from phuong.kernel.jobs import JobKind, Progress
from phuong.kernel.scope import SYSTEM, acting

MOST_SECONDS = 240.0  # then the next minute goes on
PATIENCE_SECONDS = 8.0  # what is due within is waited for: the first attempt anew comes after five seconds


def tell_hooks(progress: Progress) -> Mapping[str, Any]:
    """Tell every webhook what there is for it; gives how many messages were taken, and how many not and why."""
    tally: Counter[str] = Counter()
    end = time.monotonic() + MOST_SECONDS
    while time.monotonic() < end:
        progress.step(tally["taken"], tally.total())
        has_more = _cut_all()
        if _post_due(tally) or has_more:
            continue
        wait = _seconds_to_next()
        if wait is None or wait > PATIENCE_SECONDS:
            break
        time.sleep(wait)
    return tally


def _cut_all() -> bool:
    with acting(SYSTEM):
        waiting = hooks_to_cut()
    has_more = False
    for hook in waiting:
        with acting(SYSTEM):
            has_more = cut(hook) or has_more
    return has_more


def _post_due(tally: Counter[str]) -> int:
    with acting(SYSTEM):
        orders = take_due(IN_HAND)
    if not orders:
        return 0
    for outcome in post_all(orders, with_loopback=is_loopback_open()):
        with acting(SYSTEM):
            note_outcome(outcome, chance=random.random())  # noqa: S311 - spreads attempts, keeps no secret
        tally["taken" if outcome.is_taken else outcome.trouble] += 1
    return len(orders)


def _seconds_to_next() -> float | None:
    with acting(SYSTEM):
        due = next_due()
    return None if due is None else max(0.0, (due - timezone.now()).total_seconds())


TELL = JobKind(TELL_CODE, _("Báo thay đổi cho phần mềm kết nối"), tell_hooks, every=1)
