"""Reads of the journal: within a place, or about one person."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from phuong.identity.api import Account
from phuong.journal.declarations import GROUPS, REFUSED
from phuong.kernel.keys import first_key_at
from phuong.kernel.models import AuditEntry
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.kernel.text import search_key
from phuong.registry.api import Person, former_keys

MOST_NAMESAKES = 50
LAST_LETTER = "\uffff"
LAST_DAY = dt.date(9999, 12, 31)


def entries_matching(actor: Actor, chosen: Mapping[str, Any]) -> QuerySet[AuditEntry]:
    """Give the lines of the actor's place that the filters of the page choose."""
    rows = AuditEntry.objects.filter(path__under=actor.scope) if actor.scope else AuditEntry.objects.none()
    if "person" in chosen:
        rows = rows.filter(about__in=[person.pk for person in namesakes(actor, chosen["person"])])
    if "who" in chosen:
        rows = rows.filter(account_id__in=_accounts(chosen["who"]))
    if "record" in chosen:
        rows = rows.filter(on_id=chosen["record"].strip())
    if "act" in chosen:
        is_refused = chosen["act"] == REFUSED
        rows = rows.filter(refused=True) if is_refused else rows.filter(did__in=GROUPS[chosen["act"]])
    return _within_days(rows, chosen)


def _within_days(rows: QuerySet[AuditEntry], chosen: Mapping[str, Any]) -> QuerySet[AuditEntry]:
    if "first" in chosen:
        rows = rows.filter(id__gte=first_key_at(_midnight(chosen["first"])))
    if "last" in chosen and chosen["last"] < LAST_DAY:
        rows = rows.filter(id__lt=first_key_at(_midnight(chosen["last"] + dt.timedelta(days=1))))
    return rows


def _midnight(day: dt.date) -> dt.datetime:
    first, last = dt.date(1970, 1, 2), dt.date(9999, 12, 30)
    return timezone.make_aware(dt.datetime.combine(min(max(day, first), last), dt.time()))


def namesakes(actor: Actor, words: str) -> list[Person]:
    """Give the people of the actor's place with this code, or whose name begins so; at most 51, one too many.

    Who may search the journal may search it by name, without opening the record.
    """
    key = search_key(words)
    named = Q(code=words.strip()) | Q(search_key__gte=key, search_key__lt=key + LAST_LETTER)
    rows = Person.objects.filter(named, path__under=actor.scope or "none")
    return list(rows.only("id").order_by("search_key", "id")[: MOST_NAMESAKES + 1])


def _accounts(words: str) -> list[UUID]:
    """Give the accounts of this name; they may lie above the reader's place, only lines within it are shown."""
    with acting(SYSTEM):
        named = Q(username=words.strip().lower()) | Q(display_name__istartswith=words.strip())
        return list(Account.objects.filter(named).order_by("id").values_list("id", flat=True)[:MOST_NAMESAKES])


def people_of(entries: Iterable[AuditEntry]) -> dict[UUID, Person]:
    """Give the people whose records some lines are about, in one statement, as far as the reader's place goes."""
    wanted = {entry.about for entry in entries if entry.about}
    rows = Person.objects.filter(pk__in=wanted).select_related("place")
    return {person.pk: person for person in rows}


def entries_of(
    account_id: UUID, *, roles: Collection[str], places: Collection[str], since: dt.datetime, before: dt.datetime | None
) -> QuerySet[AuditEntry]:
    """Give what an account did in some roles at or below some places, from one moment until another, refusals left out.

    ``before``: none for until now. The caller says who may read them, and acts for it.
    """
    rows = AuditEntry.objects.filter(account_id=account_id, role__in=roles, refused=False)
    rows = rows.filter(id__gte=first_key_at(since), at__gte=since)  # by the key for its index
    if before is not None:
        rows = rows.filter(at__lt=before)
    return rows.filter(reduce(or_, (Q(path__under=place) for place in places)))


def entries_about(person: Person) -> QuerySet[AuditEntry]:
    """Give all that was done with a person's record."""
    return AuditEntry.objects.filter(about__in=[person.pk, *former_keys(person.pk)], refused=False)
