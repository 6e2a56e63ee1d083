"""What a person decides about a difference: take the other side's values, keep ours, or some of each.

Nothing of a record is written over without it, and each decision carries its reason.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from phuong.kernel.attachments import Upload, keep_file
from phuong.kernel.audit import record
from phuong.kernel.keys import uuid7
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.records.api import Why, change_record, kind_named
from phuong.registry.api import IdentityAnswer, Person, identity_facts_of, note_identities
from phuong.verification.access import case_for, kind_of
from phuong.verification.errors import NoSuchDifference
from phuong.verification.models import Check
from phuong.verification.queries import theirs_of
from phuong.verification.rules import Outcome

FILES = "verification"


@transaction.atomic
def decide(
    person_id: UUID, check_id: UUID, *, take: Collection[str], reason: str, upload: Upload | None = None, by: Actor
) -> str:
    """Keep what somebody decided field by field; gives the state the record is in then.

    ``take``: the fields in which the other side is right. All of them: the record changes and matches. Some: it changes
    and is asked about anew. None: it stays, reviewed, until the civil registry is corrected.

    :raises NotThere: not a case of this actor
    :raises NoSuchDifference: the check is no longer the present one, or a field does not differ
    :raises records.api.BadValues: the other side's values break a rule of the record
    :raises kernel.attachments.BadFile: the evidence is not accepted; nothing is written
    """
    person = case_for(by, person_id)
    check = Check.objects.select_for_update(of=("self",)).filter(pk=check_id, person=person, is_current=True).first()
    if check is None or bytes(check.facts) != identity_facts_of(person.pk) or not set(take) <= set(theirs_of(check)):
        raise NoSuchDifference
    if upload is not None:
        kind = kind_named(kind_of(person))
        keep_file(upload, on_kind=FILES, on_id=person.pk, path=person.path, permission=kind.write, by=by)
    check.decision = Check.Decision.TAKEN if take else Check.Decision.KEPT
    check.reason, check.decided_at, check.decided_by_name = reason, timezone.now(), by.name
    check.save(update_fields=["decision", "reason", "decided_at", "decided_by_name"])
    record(
        f"verification.{check.decision}",
        on_kind="person",
        on_id=person.pk,
        about=person.pk,
        note=" ".join(sorted(take)) or reason[:200],
        path=person.path,
    )
    if take:
        theirs = theirs_of(check)
        _change(person, {name: theirs[name] for name in take}, reason, by)
        if set(take) == set(theirs):
            _match(person, check)
    return str(Person.objects.values_list("identity_state", flat=True).get(pk=person.pk))


def _change(person: Person, values: Mapping[str, str], reason: str, by: Actor) -> None:
    """Write the other side's values into the record, as any change of it is written."""
    typed: dict[str, Any] = dict(values)
    if "birth_date" in typed:
        typed["birth_date"] = dt.date.fromisoformat(typed["birth_date"])
    change_record(kind_named(kind_of(person)), person.pk, values=typed, by=by, why=Why(reason))


def _match(person: Person, check: Check) -> None:
    """Let a record match that took over every value in which it differed: its facts are now the other side's own."""
    with acting(SYSTEM, reason=_REASON):
        facts = identity_facts_of(person.pk)
        if facts is None:
            return
        Check.objects.filter(pk=check.pk).update(is_current=False)
        known = Check.objects.filter(person=person, facts=facts).order_by("-round").first()
        kept = known or Check(id=uuid7(), path=check.path, person=person, facts=facts)
        kept.state, kept.answered_at, kept.is_current = Outcome.MATCHED, timezone.now(), True
        kept.save()
        note_identities([IdentityAnswer(person.pk, facts, Outcome.MATCHED)])


_REASON = "đã sửa theo CSDL quốc gia về dân cư"
