"""People who can be asked about, and cases, for any app's tests."""

import datetime as dt
import json
from itertools import count
from typing import Any

from phuong.kernel.vault import fingerprint, seal
from phuong.registry.api import Organisation, Person, identity_facts_of
from phuong.registry.testing import a_learner
from phuong.verification.models import Check

_numbers = count(1)
BORN = dt.date(2012, 5, 31)


def somebody(school: Organisation, name: str = "Đỗ Khánh An", **facts: Any) -> Person:
    """Make a learner of a school who can be asked about, each with a number of its own."""
    number = facts.pop("number", None) or f"031212{next(_numbers):06d}"
    return give_number(a_learner(school, name=name, birth_date=BORN, sex="male", **facts), number)


def give_number(person: Person, number: str, **facts: Any) -> Person:
    """Let a person have a well-formed number."""
    told = {"number_cipher": seal(number), "number_hash": fingerprint(number), "number_check": "agrees", **facts}
    Person.objects.filter(pk=person.pk).update(**told)
    return Person.objects.get(pk=person.pk)


def a_case(person: Person, state: str = "mismatched", **theirs: str) -> Check:
    """Let the population database have answered that a person's record differs."""
    Person.objects.filter(pk=person.pk).update(identity_state=state, identity_checked_on=dt.date(2026, 11, 20))
    Check.objects.filter(person=person, is_current=True).update(is_current=False)
    return Check.objects.create(
        path=person.path,
        person=person,
        facts=identity_facts_of(person.pk),
        state=state,
        fields=list(theirs),
        theirs=seal(json.dumps(theirs, ensure_ascii=False)) if theirs else None,
        answered_at=dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC),
    )
