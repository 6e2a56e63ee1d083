"""What became of a request: taken, put off, refused, answered; answers go into the records in sets."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone

from phuong.kernel.audit import record
from phuong.kernel.calls import try_after
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.kernel.vault import seal_many
from phuong.registry.api import IdentityAnswer, note_identities
from phuong.verification.actions.claiming import body_of, serve_riders
from phuong.verification.models import Check, Dispatch
from phuong.verification.rules import Outcome, judge, poll_after

State = Dispatch.State
_REASON = "CSDL quốc gia về dân cư trả lời"
_TAKE = """
update verification_dispatch d set next_at = %(until)s, tries = d.tries + 1 from (
  select id from verification_dispatch where next_at <= %(now)s order by next_at, id limit 1 for update skip locked
) as due where d.id = due.id
returning d.id, d.state, d.ticket, d.body, d.tries
"""
_ANSWER = """
update verification_check c set state = a.state, fields = coalesce(string_to_array(nullif(a.fields, ''), ' '), '{}'),
  theirs = a.theirs, answered_at = %(now)s
from unnest(%(ids)s::uuid[], %(states)s::text[], %(fields)s::text[], %(theirs)s::bytea[])
  as a (id, state, fields, theirs)
where c.id = a.id and c.dispatch_id = %(dispatch)s and c.state = 'sending'
returning c.person_id, c.facts, c.state
"""
_FOLLOW_PLACES = """
update verification_check c set path = p.path from registry_person p
where c.person_id = p.id and c.path <> p.path and {which}
"""


@dataclass(frozen=True)
class InHand:
    """A request that this worker may speak of for a while; after that another takes it up."""

    id: UUID
    state: str
    ticket: str
    body: bytes
    tries: int  # since it last went well, this one included


def take_due() -> InHand | None:
    """Take one request whose time has come in hand, before the gateway hears of it."""
    now = timezone.now()
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_TAKE, {"now": now, "until": now + lease()})
        row = cursor.fetchone()
    return InHand(row[0], row[1], row[2], body_of(row[3]), row[4]) if row else None


def lease() -> dt.timedelta:
    """Give how long a request stays with the worker that has it in hand: longer than any call can take."""
    return dt.timedelta(seconds=2 * settings.PHUONG_LGSP["timeout"] + 1)


def note_taken(held: InHand, ticket: str) -> None:
    """Keep the ticket of a request that the gateway took."""
    facts = {"state": State.TAKEN, "ticket": ticket, "tries": 0, "problem": "", "next_at": timezone.now()}
    with acting(SYSTEM):
        Dispatch.objects.filter(pk=held.id, state=State.MADE).update(**facts, sent_at=timezone.now())


def note_later(held: InHand, problem: str, wait: float = 0) -> None:
    """Put a request off: the gateway did not answer, or not yet."""
    with acting(SYSTEM):
        Dispatch.objects.filter(pk=held.id, next_at__isnull=False).update(
            problem=problem, next_at=timezone.now() + try_after(held.tries, wait)
        )


def note_gone(held: InHand) -> None:
    """Let a request be sent anew under its own id: the gateway forgot it."""
    with acting(SYSTEM):
        Dispatch.objects.filter(pk=held.id, state=State.TAKEN).update(
            state=State.MADE, ticket="", next_at=timezone.now() + try_after(1)
        )


def note_stuck(held: InHand, problem: str) -> None:
    """Set a request aside that the gateway will never take: somebody must look."""
    with acting(SYSTEM):
        Dispatch.objects.filter(pk=held.id).update(state=State.STUCK, problem=problem, next_at=None)


def let_go(dispatch_id: UUID, *, by: Actor) -> None:
    """Send a request again that was set aside, under the same id.

    :raises NotThere: it is not one that was set aside
    """
    del by
    stuck = Dispatch.objects.filter(pk=dispatch_id, state=State.STUCK)
    if not stuck.update(state=State.MADE, ticket="", tries=0, problem="", next_at=timezone.now()):
        raise NotThere
    record("verification.let_go", on_kind="dispatch", on_id=dispatch_id)


def apply_answers(held: InHand, results: Sequence[Mapping[str, Any]]) -> Counter[str]:
    """Keep what the gateway told of a request, as one act; gives how many persons came to what.

    Told twice it counts once. What is not told yet is asked for again later.

    :raises ValueError: the answer is not one that was agreed; nothing is kept
    """
    sent = {row["ref"]: row for row in json.loads(held.body)["persons"]}
    judged = [(ref, judge(sent[ref], each)) for each in results if (ref := str(each.get("ref"))) in sent]
    known = [(ref, verdict) for ref, verdict in judged if verdict.outcome != Outcome.SENDING]
    sealed = iter(
        seal_many([json.dumps(verdict.theirs, ensure_ascii=False) for _ref, verdict in known if verdict.theirs])
    )
    now = timezone.now()
    asked: dict[str, Any] = {
        "ids": [UUID(ref) for ref, _verdict in known],
        "states": [verdict.outcome.value for _ref, verdict in known],
        "fields": [" ".join(verdict.theirs) for _ref, verdict in known],
        "theirs": [next(sealed) if verdict.theirs else None for _ref, verdict in known],
        "dispatch": held.id,
        "now": now,
    }
    with acting(SYSTEM, reason=_REASON):
        dispatch = Dispatch.objects.select_for_update(of=("self",)).defer("body").get(pk=held.id)
        if dispatch.state != State.TAKEN:
            return Counter()
        with connection.cursor() as cursor:
            cursor.execute(_ANSWER, asked)
            told = [IdentityAnswer(person, bytes(facts), state) for person, facts, state in cursor.fetchall()]
        note_identities(told)
        tally = Counter(each.state for each in told)
        _close(held, tally, now)
        serve_riders()
    return tally


def _close(held: InHand, tally: Counter[str], now: dt.datetime) -> None:
    """Count what came, and close the request when nobody in it is waited for any more."""
    facts: dict[str, Any] = {name: F(name) + count for name, count in tally.items()}
    facts |= {"problem": "", "tries": 0} if tally else {"problem": ""}
    if Check.objects.filter(dispatch=held.id, state=Outcome.SENDING).exists():
        facts["next_at"] = now + poll_after(1 if tally else held.tries)
    else:
        facts |= {"state": State.ANSWERED, "body": None, "next_at": None, "answered_at": now}
    Dispatch.objects.filter(pk=held.id).update(**facts)


def follow_places() -> int:
    """Let the checks of open cases lie where their persons lie now."""
    is_open = "c.is_current and c.state in ('mismatched', 'not_found', 'duplicate')"
    return _follow_places(is_open, [])


def follow_person(person_id: UUID) -> int:
    """Let all checks of a person lie where the person lies now."""
    with acting(SYSTEM):
        return _follow_places("p.id = %s", [person_id])


def _follow_places(which: str, parameters: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW_PLACES.format(which=which), parameters)
        return int(cursor.rowcount)
