"""Accounts of everybody below a place, batch by batch; and what ends by itself every night."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from phuong.identity.api import ACCOUNT_KINDS, AccountKind, follow_facts, open_missing, people_of
from phuong.kernel.audit import record
from phuong.kernel.jobs import Progress
from phuong.kernel.scope import ROOT, SYSTEM, acting
from phuong.onboarding.models import LetterCode, LetterFile, RevokedLink
from phuong.onboarding.queries import units_with
from phuong.onboarding.rules import FILE_DAYS

BATCH = 5000


def create_all(progress: Progress, kind: str, under: str) -> Mapping[str, Any]:
    """Open the accounts that lack below a place; each batch is one transaction, whole or not at all.

    Stopped or killed it goes on where it stopped; done twice it doubles nothing.
    """
    who = ACCOUNT_KINDS[kind]
    made = seen = 0
    with acting(SYSTEM):
        units = units_with(who, under)
    total = sum(count for _unit, count in units)
    for batch in _batches(units):
        progress.step(seen, total)
        with acting(SYSTEM):
            people = people_of(who, batch)
            made += _open(who, people)
        seen += len(people)
    progress.step(seen, total)
    with acting(SYSTEM):
        record("onboarding.accounts_opened", note=f"{kind} {made}/{seen}", path=under)
    return {"kind": kind, "people": seen, "made": made}


def _open(who: AccountKind, people: list[UUID]) -> int:
    return sum(open_missing(who, people[start : start + BATCH]) for start in range(0, len(people), BATCH))


def _batches(units: list[tuple[UUID, int]]) -> Iterator[list[UUID]]:
    """Put units together until a batch is full; a unit is never cut."""
    batch: list[UUID] = []
    size = 0
    for unit, count in units:
        if batch and size + count > BATCH:
            yield batch
            batch, size = [], 0
        batch.append(unit)
        size += count
    if batch:
        yield batch


def follow_all(progress: Progress, day: str = "") -> Mapping[str, Any]:
    """Bring every role in step with the registry, and forget codes' files and called-back links that are over."""
    changed = given = 0
    moment = timezone.now()
    on = dt.date.fromisoformat(day) if day else None
    for place, who in enumerate(ACCOUNT_KINDS.values()):
        progress.step(place, len(ACCOUNT_KINDS))
        with acting(SYSTEM):
            batches = list(_batches(units_with(who, ROOT)))
        for batch in batches:
            progress.step(place, len(ACCOUNT_KINDS))
            with acting(SYSTEM):
                counts = follow_facts(people_of(who, batch), day=on)
            changed, given = changed + counts[0], given + counts[1]
    with acting(SYSTEM):
        LetterFile.objects.filter(made_at__lt=moment - dt.timedelta(days=FILE_DAYS)).delete()
        LetterCode.objects.filter(expires_at__lt=moment).delete()
        RevokedLink.objects.filter(until__lt=moment).delete()
    return {"changed": changed, "given": given}
