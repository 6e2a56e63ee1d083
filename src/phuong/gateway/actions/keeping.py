"""Keeping the answers to calls that may come twice, for a week; forgetting what is old."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone

from phuong.gateway.access import Caller
from phuong.gateway.actions.telling import forget_deliveries
from phuong.gateway.errors import OtherBody
from phuong.gateway.models import KeptAnswer
from phuong.kernel.audit import record
from phuong.kernel.changes import KEPT_DAYS, forget_changes
from phuong.kernel.jobs import Progress
from phuong.kernel.refusals import BadInput
from phuong.kernel.scope import SYSTEM, acting

ANSWER_DAYS = 7


def once(caller: Caller, key: str, asked: Any, do: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
    """Do a call once: the same key with the same content gives the answer kept; two at once wait for each other.

    :raises OtherBody: the key was used for another call
    """
    if not key:
        return do()
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).digest()
    kept, is_new = KeptAnswer.objects.get_or_create(
        client_id=caller.id, key=key, defaults={"asked": digest, "path": caller.actor.scope}
    )
    if not is_new:
        if bytes(kept.asked) != digest or kept.status is None:
            raise OtherBody
        return kept.status, kept.answer
    status, answer = do()
    kept.status, kept.answer = status, answer
    kept.save(update_fields=["status", "answer"])
    return status, answer


def refuse_nul(values: dict[str, Any]) -> dict[str, Any]:
    """Give the values back, unless one holds what no text of a database can.

    :raises BadInput: a NUL character or half a surrogate pair
    """
    for name, value in values.items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and ("\0" in text or any("\ud800" <= char <= "\udfff" for char in text)):
                raise BadInput(name)
    return values


def forget_old(progress: Progress) -> Mapping[str, Any]:
    """Forget answers older than a week, and lines of the log of changes older than 400 days: a statement each."""
    with acting(SYSTEM):
        progress.step(0, 2)
        before = timezone.now() - dt.timedelta(days=ANSWER_DAYS)
        answers, _each = KeptAnswer.objects.filter(at__lt=before).delete()
        progress.step(1, 2)
        changes = forget_changes(KEPT_DAYS)
        forget_deliveries(timezone.now())
        record("gateway.old_forgotten", note=f"{answers} + {changes}")
    return {"answers": answers, "changes": changes}
