"""Taking people in hand to be asked about: a request and its checks are kept before anything is sent.

The facts of a person go out once. Should they go out already for another record of the same facts, the check rides
along with that one; should the same facts have been answered before, that answer holds at once.
"""

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from phuong.kernel.audit import record
from phuong.kernel.keys import uuid7
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.kernel.vault import seal, unseal
from phuong.registry.api import (
    IdentityAnswer,
    IdentityFacts,
    identity_facts_of,
    note_identities,
    take_person,
    take_unverified,
)
from phuong.verification.errors import AskedAlready, NotAskable, NotConnected, QuotaUsedUp
from phuong.verification.models import Check, Dispatch
from phuong.verification.queries import gateway_lacks, quota
from phuong.verification.rules import Outcome

NOBODY = UUID(int=0)
_REASON = "hỏi CSDL quốc gia về dân cư"
_INSERT = """
insert into verification_check
  (id, path, person_id, facts, round, dispatch_id, state, fields, is_current, decision, reason, decided_by_name)
select n.id, n.path::ltree, n.person, n.facts, %(round)s, %(dispatch)s, 'sending', '{}', true, '', '', ''
from unnest(%(ids)s::uuid[], %(paths)s::text[], %(people)s::uuid[], %(facts)s::bytea[]) as n (id, path, person, facts)
order by n.facts
on conflict do nothing
returning id, person_id
"""
_PRESENT = """
update verification_check c set is_current = true from (
  select distinct on (k.person_id) k.id
  from verification_check k join unnest(%(people)s::uuid[], %(facts)s::bytea[]) as n (person, facts)
    on k.person_id = n.person and k.facts = n.facts
  order by k.person_id, k.round desc
) as last where c.id = last.id
returning c.person_id
"""
_RIDE = """
update verification_check r set state = s.state, fields = s.fields, theirs = s.theirs, answered_at = s.answered_at
from verification_check k cross join lateral (
  select * from verification_check o
  where o.facts = k.facts and o.dispatch_id is not null and o.state <> 'sending' order by o.round desc limit 1
) as s
where k.state = 'sending' and k.dispatch_id is null and r.id = k.id
returning r.person_id, r.facts, r.state, r.answered_at::date
"""


@dataclass(frozen=True)
class Made:
    """What was taken in hand: ``people`` how many, ``last`` the key to go on from, ``dispatch`` the request if any."""

    people: int
    last: UUID
    dispatch: UUID | None = None


def make_dispatch(path: str, *, after: UUID = NOBODY, most: int) -> Made:
    """Take the next unverified people at or below a place in hand and keep the request about them, as one act.

    Safe for several workers at once: each takes people that no other has in hand.
    """
    with acting(SYSTEM, reason=_REASON):
        taken = take_unverified(path, after=after, most=most)
        if not taken:
            return Made(0, after)
        return Made(len(taken), taken[-1].person, _enter(taken, path))


@transaction.atomic
def ask_about(person_id: UUID, *, by: Actor, again: bool = False) -> UUID | None:
    """Ask about one person now; gives the request, ``None`` when the same facts ride along or were answered.

    ``again``: somebody had the civil registry corrected, so that the same facts may go out once more.

    :raises NotConnected: no gateway is set up
    :raises NotAskable: number, birth date or sex lacks
    :raises AskedAlready: the answer is awaited, or known and ``again`` was not said
    :raises QuotaUsedUp: nobody more today
    """
    if gateway_lacks():
        raise NotConnected
    with acting(replace(SYSTEM, name=by.name, account_id=by.account_id), reason=_REASON):
        if quota(timezone.now()).left_today < 1:
            raise QuotaUsedUp
        taken, round_ = _one(person_id, again=again)
        dispatch = _enter([taken], taken.path, round_)
    record("verification.sent", on_kind="person", on_id=person_id, about=person_id, path=taken.path)
    return dispatch


def _one(person_id: UUID, *, again: bool) -> tuple[IdentityFacts, int]:
    """Take one person in hand, with the round in which the facts go out."""
    facts = identity_facts_of(person_id)
    if facts is None:
        raise NotAskable
    asked = Check.objects.filter(facts=facts).order_by("-round")
    own, last = asked.filter(person=person_id).first(), asked.first()
    if own is not None and (own.state == Outcome.SENDING or not again):
        raise AskedAlready
    taken = take_person(person_id)
    if taken is None:
        raise AskedAlready
    return taken, last.round + 1 if again and last is not None else 1


def _enter(taken: Sequence[IdentityFacts], path: str, round_: int = 1) -> UUID | None:
    """Keep checks of people just taken in hand, and the request about those whose facts nobody sent before."""
    dispatch = uuid7()
    keys = {each.person: uuid7() for each in taken}
    Check.objects.filter(person__in=keys, is_current=True).update(is_current=False)
    kept = Dispatch(id=dispatch, path=path, people=0, body=b"", next_at=timezone.now())
    kept.save(force_insert=True)
    leading = _inserted(taken, keys, round_, dispatch)
    following = [each for each in taken if each.person not in leading]
    if following:
        _follow(following, keys, round_)
    if not leading:
        kept.delete()
        return None
    sent = [each for each in taken if each.person in leading]
    Dispatch.objects.filter(pk=dispatch).update(people=len(sent), body=_sealed(sent, leading))
    return dispatch


def _inserted(
    rows: Sequence[IdentityFacts], keys: dict[UUID, UUID], round_: int, dispatch: UUID | None
) -> dict[UUID, UUID]:
    """Keep one check a person unless the same facts are kept already; gives (person: check) of the new ones."""
    asked: dict[str, Any] = {
        "ids": [keys[each.person] for each in rows],
        "paths": [each.path for each in rows],
        "people": [each.person for each in rows],
        "facts": [each.facts for each in rows],
        "round": round_,
        "dispatch": dispatch,
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, asked)
        return {person: key for key, person in cursor.fetchall()}


def _follow(rows: Sequence[IdentityFacts], keys: dict[UUID, UUID], round_: int) -> None:
    """Let checks of facts that were sent before take the answer there is, or wait for the one to come."""
    asked: dict[str, Any] = {"people": [each.person for each in rows], "facts": [each.facts for each in rows]}
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT, asked)
        back = {person for (person,) in cursor.fetchall()}
    _inserted([each for each in rows if each.person not in back], keys, round_, None)
    serve_riders()
    answered = Check.objects.filter(person__in=back, is_current=True).exclude(state=Outcome.SENDING)
    note_identities(
        [
            IdentityAnswer(check.person_id, bytes(check.facts), check.state, timezone.localdate(check.answered_at))
            for check in answered
        ]
    )


def serve_riders() -> int:
    """Give checks that ride along the answer to the same facts of another record, once there is one."""
    with connection.cursor() as cursor:
        cursor.execute(_RIDE)
        told = [IdentityAnswer(person, bytes(facts), state, on) for person, facts, state, on in cursor.fetchall()]
    return len(note_identities(told)) if told else 0


def _sealed(sent: Sequence[IdentityFacts], keys: dict[UUID, UUID]) -> bytes:
    """Write the body of a request as it will go out, byte by byte, whenever it does."""
    persons = [
        {
            "ref": str(keys[each.person]),
            "number": each.number,
            "full_name": each.full_name,
            "birth_date": each.birth_date.isoformat(),
            "sex": each.sex,
        }
        for each in sent
    ]
    body = json.dumps({"persons": persons}, ensure_ascii=False).encode()
    return seal(base64.b64encode(zlib.compress(body, 1)).decode())


def body_of(sealed: bytes) -> bytes:
    """Open the body of a request."""
    return zlib.decompress(base64.b64decode(unseal(bytes(sealed))))
