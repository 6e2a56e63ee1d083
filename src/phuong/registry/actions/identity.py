"""What the population database says of people: taken in hand to be asked about, and what was answered, in sets.

The facts that are asked about are number, name, birth date and sex. Their hash (16 bytes) stands for one version of
them: it is made of the keyed hash of the number, so that nobody finds a person by it without the key.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from phuong.kernel.today import today
from phuong.kernel.vault import unseal
from phuong.registry.models.people import IdentityState

SOURCE = "population"
_FACTS = """
substring(sha256(p.number_hash || convert_to(jsonb_build_array(p.full_name, p.birth_date, p.sex)::text, 'UTF8')) for 16)
"""
_ASKABLE = "p.number_check in ('agrees', 'disagrees') and p.birth_date is not null and p.sex <> ''"
_MARK = f"""
update registry_person p set identity_state = 'sending', identity_source = '', identity_checked_on = null
from chosen where p.id = chosen.id
returning p.id, p.path::text, p.full_name, p.birth_date, p.sex, p.number_cipher, {_FACTS}
"""
_TAKE_NEXT = f"""
with chosen as (
  select p.id from registry_person p
  where p.identity_state = 'unverified' and {_ASKABLE} and (p.is_learner or p.is_staff)
    and p.id > %(after)s and p.path <@ %(path)s::ltree
  order by p.id limit %(most)s
  for update of p skip locked
) {_MARK}
"""
_TAKE_ONE = f"""
with chosen as (
  select p.id from registry_person p where p.id = %(person)s and {_ASKABLE} and p.identity_state <> 'sending' for update
) {_MARK}
"""
_NOTE = f"""
update registry_person p set identity_state = a.state, identity_source = %(source)s, identity_checked_on = a.on_day
from unnest(%(people)s::uuid[], %(facts)s::bytea[], %(states)s::text[], %(days)s::date[])
  as a (person, facts, state, on_day)
where p.id = a.person and p.identity_state in ('sending', 'unverified') and {_FACTS} = a.facts
returning p.id
"""
# The planner takes a place for a thousandth of all rows, and would sort the whole rest for each set: by the index only.
_BY_INDEX = "select set_config('enable_bitmapscan', %s, true), set_config('enable_sort', %s, true)"
_LEFT = f"""
select count(*) from registry_person p
where p.identity_state = 'unverified' and {_ASKABLE} and (p.is_learner or p.is_staff) and p.path <@ %s::ltree
"""


@dataclass(frozen=True)
class IdentityFacts:
    """What is asked about a person; ``facts`` stands for this version of them."""

    person: UUID
    path: str
    full_name: str
    birth_date: dt.date
    sex: str
    number: str
    facts: bytes


@dataclass(frozen=True)
class IdentityAnswer:
    """What was answered about one version of a person's facts, and when."""

    person: UUID
    facts: bytes
    state: str
    on: dt.date | None = None  # today


def take_unverified(path: str, *, after: UUID, most: int) -> list[IdentityFacts]:
    """Mark the next learners and staff at or below a place as being sent, in the order of their keys; one statement.

    Left out: who lacks a number, birth date or sex, and whom another transaction has in hand.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BY_INDEX, ["off", "off"])
        taken = _taken(_TAKE_NEXT, path=path, after=after, most=most)
        cursor.execute(_BY_INDEX, ["on", "on"])
    return sorted(taken, key=lambda each: each.person)


def take_person(person_id: UUID) -> IdentityFacts | None:
    """Mark one person as being sent, whatever was answered before; ``None`` when facts lack or one is awaited."""
    return next(iter(_taken(_TAKE_ONE, person=person_id)), None)


def _taken(statement: str, **asked: Any) -> list[IdentityFacts]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return [
            IdentityFacts(person, path, name, born, sex, unseal(bytes(cipher)), bytes(facts))
            for person, path, name, born, sex, cipher, facts in cursor.fetchall()
        ]


def note_identities(answers: Sequence[IdentityAnswer]) -> set[UUID]:
    """Keep answers in the records they are about, in one statement; gives whose record took one.

    A record whose facts changed since it was asked about, or that is not waiting for an answer, stays as it is.
    """
    day = today()
    asked: dict[str, Any] = {
        "people": [each.person for each in answers],
        "facts": [each.facts for each in answers],
        "states": [IdentityState(each.state).value for each in answers],
        "days": [each.on or day for each in answers],
        "source": SOURCE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, asked)
        return {key for (key,) in cursor.fetchall()}


def identity_facts_of(person_id: UUID) -> bytes | None:
    """Give the hash of a person's present facts; ``None`` when one of them lacks."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {_FACTS} from registry_person p where p.id = %s and {_ASKABLE}", [person_id])
        row = cursor.fetchone()
    return bytes(row[0]) if row else None


def unverified_count(path: str) -> int:
    """Count the learners and staff at or below a place who can be asked about and were not."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [path])
        return int(cursor.fetchone()[0])
