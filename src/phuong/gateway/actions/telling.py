"""Cutting the feed into messages for webhooks, handing them out to be posted, keeping what came of it.

A message and the place in the feed after it are written in one transaction: a worker killed at any point leaves either
neither, or a message that waits. It is posted again when nobody said in time what came of it.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.gateway.access import actor_of
from phuong.gateway.actions.hooks import message
from phuong.gateway.declarations import followed_by
from phuong.gateway.errors import BadCursor, CursorTooOld
from phuong.gateway.models import Delivery, Hook
from phuong.gateway.models.hooks import DeliveryState, HookState, Lane
from phuong.gateway.outgoing.posting import Order, Outcome
from phuong.gateway.queries import Event, Told, events_of, present_place, write_cursor
from phuong.gateway.rules import Trouble, is_to_be_switched_off, wait_after
from phuong.kernel.audit import record
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import acting
from phuong.kernel.today import today
from phuong.kernel.vault import unseal_bytes
from phuong.notices.api import Message, tell_units

MOST_EVENTS = 200
LEASE = dt.timedelta(minutes=3)  # whoever takes a message says within that time what came of it, or another takes it
TAKEN_DAYS, DEAD_DAYS = 14, 180
_UUID_LETTERS = 36


def hooks_told() -> QuerySet[Hook]:
    """Give the webhooks that are told now: switched on, of a client whose key works."""
    client = Q(client__is_active=True, client__approved_at__isnull=False)
    in_time = Q(client__valid_until__isnull=True) | Q(client__valid_until__gte=today())
    return Hook.objects.filter(client, in_time, state=HookState.ON)


def hooks_to_cut() -> list[UUID]:
    """Give the webhooks for which no part of the feed is under way."""
    under_way = Delivery.objects.filter(hook=OuterRef("pk"), state=DeliveryState.WAITING, lane=Lane.FEED)
    return list(hooks_told().filter(~Exists(under_way)).order_by("pk").values_list("pk", flat=True))


def cut(hook_id: UUID) -> bool:
    """Cut the next part of the feed for a webhook, if nobody else does; says whether there is more, or a message.

    One transaction: the message and where to go on after it.
    """
    rows = hooks_told().filter(pk=hook_id).select_related("client__organisation")
    hook = rows.select_for_update(of=("self",), skip_locked=True).first()
    if hook is None or hook.deliveries.filter(state=DeliveryState.WAITING, lane=Lane.FEED).exists():
        return False
    told = _told(hook)
    body = _body(told, hook.cursor) if told else message("feed.lost", {"why": CursorTooOld.code})
    is_said = told is None or bool(told.events)
    hook.cursor = told.next if told else write_cursor(present_place())
    hook.save(update_fields=["cursor"])
    if is_said:
        count = len(told.events) if told else 0
        Delivery.objects.create(path=hook.path, hook=hook, body=body, events=count, next_at=timezone.now())
    return is_said or (told is not None and told.is_more)


def _told(hook: Hook) -> Told | None:
    """Read the next part as the client sees it; ``None``: the log does not reach back, or was brought back."""
    actor = actor_of(hook.client)
    wanted = [each for each in followed_by(actor) if not hook.kinds or each.name in hook.kinds]
    try:
        with acting(actor):
            return events_of(actor, wanted, cursor=hook.cursor, limit=MOST_EVENTS)
    except (CursorTooOld, BadCursor):
        return None


def _body(told: Told, after: str) -> str:
    """Write a part of the feed: which records, and where they are read. No official code of a person goes along."""
    events = [_thin(each) for each in told.events]
    return message("feed.changed", {"events": events, "after": after, "next": told.next})


def _thin(event: Event) -> dict[str, Any]:
    facts = event.facts()
    del facts["cursor"]
    is_merge = all(len(each or "") == _UUID_LETTERS for each in (event.before, event.after))
    return facts if is_merge else facts | {"before": None, "after": None}


def take_due(limit: int) -> list[Order]:
    """Take messages whose time has come: nobody else takes them while the lease runs."""
    now = timezone.now()
    rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("hook")
    due = list(
        rows.filter(state=DeliveryState.WAITING, next_at__lte=now, hook__in=hooks_told()).order_by("next_at", "id")[
            :limit
        ]
    )
    Delivery.objects.filter(pk__in=[each.pk for each in due]).update(next_at=now + LEASE)
    return [Order(each.pk, each.hook.url, each.body, _secrets(each.hook, now)) for each in due]


def _secrets(hook: Hook, now: dt.datetime) -> tuple[bytes, ...]:
    is_old_kept = hook.old_until is not None and hook.old_until > now
    kept = [hook.secret, *([hook.old_secret] if is_old_kept else [])]
    return tuple(unseal_bytes(bytes(each)) for each in kept if each is not None)


def next_due() -> dt.datetime | None:
    """Give the moment at which the next message is due."""
    rows = Delivery.objects.filter(state=DeliveryState.WAITING, hook__in=hooks_told())
    return rows.order_by("next_at").values_list("next_at", flat=True).first()


def note_outcome(outcome: Outcome, *, chance: float) -> None:
    """Keep what came of posting a message. ``chance``: 0 to 1, for the wait until the next attempt."""
    row = Delivery.objects.select_for_update(of=("self",)).filter(pk=outcome.id).select_related("hook").first()
    if row is None or row.state != DeliveryState.WAITING:
        return
    now = timezone.now()
    row.attempts, row.status, row.trouble, row.last_at = row.attempts + 1, outcome.status, outcome.trouble, now
    wait = None if row.lane == Lane.TEST else wait_after(row.attempts, chance, asked_seconds=outcome.wait)
    if outcome.is_taken or outcome.trouble == Trouble.GONE or wait is None:
        row.state = DeliveryState.TAKEN if outcome.is_taken else DeliveryState.DEAD
        row.next_at = None
    else:
        row.next_at = now + dt.timedelta(seconds=wait)
    row.save(update_fields=["attempts", "status", "trouble", "last_at", "state", "next_at"])
    _note_hook(row.hook_id, outcome, now, is_test=row.lane == Lane.TEST)


def _note_hook(hook_id: UUID, outcome: Outcome, now: dt.datetime, *, is_test: bool) -> None:
    hook = Hook.objects.select_for_update(of=("self",)).select_related("client").get(pk=hook_id)
    if outcome.is_taken:
        if hook.failing_since is not None:
            hook.failing_since = None
            hook.save(update_fields=["failing_since"])
        return
    if not is_test:
        hook.failing_since = hook.failing_since or now
    if outcome.trouble == Trouble.GONE:
        _switch_off(hook, HookState.GONE)
    elif is_to_be_switched_off(hook.failing_since, now):
        _switch_off(hook, HookState.FAILING)
    hook.save(update_fields=["failing_since", "state"])


def _switch_off(hook: Hook, state: HookState) -> None:
    """Tell a webhook nothing any more, and its owner why."""
    if hook.state != HookState.ON:
        return
    hook.state = state
    record("gateway.hook_switched_off", on_kind="webhook", on_id=hook.pk, note=state.value, path=hook.path)
    words = _("Không có thay đổi nào mất: mở trang của nơi nhận, sửa địa chỉ nếu cần rồi bấm «Gửi tiếp».")
    title = _("Đã ngừng báo thay đổi cho %s") % hook.client.name
    where = reverse("gateway:hook", args=[hook.pk])
    key = f"{hook.pk} {timezone.now():%Y-%m-%d}"
    told = Message("gateway.hook_off", title, words, where, key)
    tell_units([(hook.client.organisation_id, told)], permission=Permission.CLIENTS_EDIT)


def forget_deliveries(now: dt.datetime) -> int:
    """Forget messages taken two weeks ago, and those given up half a year ago."""
    taken = Q(state=DeliveryState.TAKEN, made_at__lt=now - dt.timedelta(days=TAKEN_DAYS))
    dead = Q(state=DeliveryState.DEAD, made_at__lt=now - dt.timedelta(days=DEAD_DAYS))
    return Delivery.objects.filter(taken | dead).delete()[0]
