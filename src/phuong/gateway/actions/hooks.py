"""Webhooks of a client: added, changed, paused, deleted, their secrets rotated, messages sent again."""

import datetime as dt
import json
import os
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.gateway.access import actor_of, client_for, hook_for
from phuong.gateway.declarations import followed_by
from phuong.gateway.errors import BadAddress, KeyChanged, TooManyHooks
from phuong.gateway.models import ApiClient, Delivery, Hook
from phuong.gateway.models.hooks import DeliveryState, HookState, Lane
from phuong.gateway.outgoing.guard import checked_url
from phuong.gateway.queries import present_place, write_cursor
from phuong.gateway.rules import SECRET_BYTES, shown_secret
from phuong.kernel.audit import record
from phuong.kernel.bearer import hash_of
from phuong.kernel.jobs import later
from phuong.kernel.keys import uuid7
from phuong.kernel.refusals import BadInput, NotThere
from phuong.kernel.scope import Actor
from phuong.kernel.vault import seal_bytes

MOST_HOOKS = 10
TELL_CODE = "gateway.hooks"


def is_loopback_open() -> bool:
    """Say whether this installation may tell receivers on this machine (demo, tests)."""
    return bool(settings.PHUONG_HOOKS_LOOPBACK)


@transaction.atomic
def make_hook(
    client_id: UUID, *, url: str, kinds: Sequence[str], by: Actor, hook_id: UUID | None = None
) -> tuple[Hook, str]:
    """Tell a client of what changes from now on; gives the webhook with its secret, which is never shown again.

    ``hook_id``: given by a form, so that the form sent twice makes one.

    :raises NotThere: not a client this actor looks after, or one that is switched off
    :raises BadAddress: no webhook may have this address, or one of the client has it already
    :raises BadInput: a resource that the client may not read
    :raises TooManyHooks: the client has ten
    :raises KeyChanged: the form was sent already
    """
    client = client_for(by, client_id, writing=True)
    if not client.is_active:
        raise NotThere
    _check(client, url, kinds)
    own = Hook.objects.filter(client=client)
    if hook_id and own.filter(pk=hook_id).exists():
        raise KeyChanged
    _check_new(own, url)
    if own.count() >= MOST_HOOKS:
        raise TooManyHooks
    secret = os.urandom(SECRET_BYTES)
    hook = Hook.objects.create(
        id=hook_id or uuid7(),
        path=client.path,
        client=client,
        url=url,
        kinds=sorted(kinds),
        secret=seal_bytes(secret),
        cursor=write_cursor(present_place()),
        made_by=by.name,
    )
    _note("hook_made", hook)
    return hook, shown_secret(secret)


def _check(client: ApiClient, url: str, kinds: Sequence[str]) -> None:
    checked_url(url, with_loopback=is_loopback_open())
    may_read = {each.name for each in followed_by(actor_of(client))}
    if unknown := set(kinds) - may_read:
        raise BadInput(", ".join(sorted(unknown)))


def _check_new(others: QuerySet[Hook], url: str) -> None:
    if others.filter(url=url).exists():
        raise BadAddress(_("Hệ thống này đã có nơi nhận ở địa chỉ đó."))


def _note(act: str, hook: Hook, note: str = "") -> None:
    record(f"gateway.{act}", on_kind="webhook", on_id=hook.pk, note=note or hook.url[:200], path=hook.path)


@transaction.atomic
def change_hook(hook_id: UUID, *, url: str, kinds: Sequence[str], by: Actor) -> Hook:
    """Tell another address, or of other resources, from the next message on.

    :raises NotThere: not a webhook this actor looks after
    :raises BadAddress: no webhook may have this address, or another of the client has it
    :raises BadInput: a resource that the client may not read
    """
    hook = hook_for(by, hook_id, writing=True)
    _check(hook.client, url, kinds)
    _check_new(Hook.objects.filter(client=hook.client_id).exclude(pk=hook.pk), url)
    hook.url, hook.kinds = url, sorted(kinds)
    hook.save(update_fields=["url", "kinds"])
    _note("hook_changed", hook)
    return hook


@transaction.atomic
def pause_hook(hook_id: UUID, *, by: Actor) -> Hook:
    """Tell nothing for now; nothing is lost meanwhile, as long as the log of changes is kept.

    :raises NotThere: not a webhook this actor looks after
    """
    hook = hook_for(by, hook_id, writing=True)
    if hook.state == HookState.ON:
        hook.state = HookState.PAUSED
        hook.save(update_fields=["state"])
        _note("hook_paused", hook)
    return hook


@transaction.atomic
def resume_hook(hook_id: UUID, *, by: Actor) -> Hook:
    """Go on telling where it stopped; what waits is tried at once.

    :raises NotThere: not a webhook this actor looks after
    """
    hook = hook_for(by, hook_id, writing=True)
    if hook.state != HookState.ON:
        hook.state, hook.failing_since = HookState.ON, None
        hook.save(update_fields=["state", "failing_since"])
        waiting = Delivery.objects.filter(hook=hook, state=DeliveryState.WAITING)
        waiting.update(attempts=0, next_at=timezone.now())
        _note("hook_resumed", hook)
        later(TELL_CODE)
    return hook


@transaction.atomic
def remove_hook(hook_id: UUID, *, by: Actor) -> Hook:
    """Delete a webhook with all its messages, those that wait and those given up too; the journal keeps how many.

    :raises NotThere: not a webhook this actor looks after
    """
    hook_for(by, hook_id)
    messages = Delivery.objects.filter(hook=hook_id)
    list(messages.order_by("id").select_for_update().values_list("pk"))  # first, as who notes what came of one does
    hook = hook_for(by, hook_id, writing=True)
    unsent = messages.exclude(state=DeliveryState.TAKEN).exclude(lane=Lane.TEST).count()
    _note("hook_removed", hook, f"{hook.url[:200]}; {unsent}")
    hook.delete()
    return hook


@transaction.atomic
def rotate_secret(hook_id: UUID, *, overlap_days: int, seen: str, by: Actor) -> tuple[Hook, str]:
    """Sign with a new secret, shown once; the old one signs beside it for ``overlap_days`` (0 to 90) more.

    ``seen``: the secret as the page saw it (`mark_of_hook`), so that a page sent twice does not rotate twice.

    :raises NotThere: not a webhook this actor looks after
    :raises KeyChanged: it was rotated meanwhile
    """
    hook = hook_for(by, hook_id, writing=True)
    if seen != mark_of_hook(hook):
        raise KeyChanged
    secret = os.urandom(SECRET_BYTES)
    hook.old_secret = bytes(hook.secret) if overlap_days > 0 else None
    hook.old_until = timezone.now() + dt.timedelta(days=overlap_days) if overlap_days > 0 else None
    hook.secret = seal_bytes(secret)
    hook.save(update_fields=["secret", "old_secret", "old_until"])
    _note("hook_secret_rotated", hook, f"+{overlap_days}")
    return hook, shown_secret(secret)


def mark_of_hook(hook: Hook) -> str:
    """Give a mark by which a page tells that the secret is still the one it saw."""
    return hash_of(bytes(hook.secret).hex()).hex()[:16]


@transaction.atomic
def try_hook(hook_id: UUID, *, by: Actor) -> Delivery:
    """Ask for a message that says nothing, sent once.

    :raises NotThere: not a webhook this actor looks after, or one that is not told now
    """
    hook = hook_for(by, hook_id, writing=True)
    if hook.state != HookState.ON:
        raise NotThere
    made = Delivery.objects.create(
        path=hook.path, hook=hook, lane=Lane.TEST, body=message("feed.test", {}), next_at=timezone.now()
    )
    _note("hook_tested", hook)
    later(TELL_CODE)
    return made


@transaction.atomic
def send_again(hook_id: UUID, delivery_id: UUID, *, by: Actor) -> Delivery:
    """Put a message that was given up back among those that wait, with all its attempts.

    :raises NotThere: not of a webhook this actor looks after, one that is not told now, or not given up
    """
    hook = hook_for(by, hook_id, writing=True)
    dead = Delivery.objects.select_for_update().filter(hook=hook, pk=delivery_id, state=DeliveryState.DEAD).first()
    if dead is None or hook.state != HookState.ON:
        raise NotThere
    dead.state, dead.lane, dead.attempts, dead.next_at = DeliveryState.WAITING, Lane.AGAIN, 0, timezone.now()
    dead.save(update_fields=["state", "lane", "attempts", "next_at"])
    _note("hook_sent_again", hook, str(dead.pk))
    later(TELL_CODE)
    return dead


def message(kind: str, data: dict[str, object]) -> str:
    """Write the body of a message: type, moment, data."""
    facts = {"type": kind, "timestamp": timezone.now().isoformat(), "data": data}
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
