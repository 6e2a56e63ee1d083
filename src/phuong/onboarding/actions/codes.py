"""Codes: given out in sets, each new one making the old void; tried, and used once."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from phuong.identity.api import (
    Account,
    check_tries,
    forget_tries,
    note_failed_try,
    renew_password,
    set_first_password,
)
from phuong.kernel.keys import uuid7
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.vault import fingerprint, fingerprint_many
from phuong.onboarding.errors import WrongCode
from phuong.onboarding.models import LetterCode, Purpose
from phuong.onboarding.queries import is_activated
from phuong.onboarding.rules import CODE_DAYS, MOST_TRIES, RENEW_DAYS, new_code, typed
from phuong.registry.api import Person


def issue_codes(people: Iterable[Person], purpose: Purpose, *, path: str) -> dict[UUID, str]:
    """Give each person a new code; the one before is void. One statement; only here are the codes themselves known."""
    moment = timezone.now()
    days = RENEW_DAYS if purpose == Purpose.RENEW else CODE_DAYS
    codes = {person.pk: new_code() for person in people}
    hashes = fingerprint_many(list(codes.values()))
    rows = [
        LetterCode(
            id=uuid7(),
            path=path,
            person_id=person,
            purpose=purpose,
            code_hash=kept,
            issued_at=moment,
            expires_at=moment + dt.timedelta(days=days),
        )
        for person, kept in zip(codes, hashes, strict=True)
    ]
    fields = ["path", "code_hash", "issued_at", "expires_at", "tries", "used_at"]
    LetterCode.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["person", "purpose"], update_fields=fields
    )
    return codes


def open_code(person: UUID | None, purpose: Purpose, code: str) -> LetterCode | None:
    """Find the code in force of a person if this is it; a wrong try of it is counted, five make it void."""
    rows = LetterCode.objects.select_for_update(of=("self",)).filter(
        person=person, purpose=purpose, used_at__isnull=True, expires_at__gt=timezone.now(), tries__lt=MOST_TRIES
    )
    kept = rows.first()
    if kept is None:
        return None
    if bytes(kept.code_hash) == fingerprint(typed(code)):
        return kept
    LetterCode.objects.filter(pk=kept.pk).update(tries=F("tries") + 1)
    return None


def _purpose_for(account: Account) -> Purpose:
    """Say which code opens an account: the first one until it has a password, from then on one for a new password."""
    return Purpose.RENEW if is_activated(account) else Purpose.ACTIVATE


def check_activation(username: str, code: str) -> UUID:
    """Say whose account name and code open; a failed try is counted by name and by code, and stays counted.

    :raises WrongCode: they do not go together, or the code is used, void or over
    :raises TooManyTries: the name was tried ten times in a quarter of an hour
    """
    name = username.strip().lower()
    with acting(SYSTEM):
        check_tries(name)
        account = Account.objects.filter(username=name, is_active=True, person__isnull=False).first()
        if account is not None and open_code(account.person_id, _purpose_for(account), code):
            return account.pk
        note_failed_try(name)
    raise WrongCode


@transaction.atomic
def activate(account_id: UUID, *, code: str, password: str) -> Account:
    """Set the first password, or a new one, with a code, which is used up; with a new one every session ends.

    :raises WrongCode: the code is used, void or over meanwhile
    """
    with acting(SYSTEM):
        account = Account.objects.select_for_update(of=("self",)).get(pk=account_id)
        purpose = _purpose_for(account)
        kept = open_code(account.person_id, purpose, code) if account.is_active else None
        if kept is None:
            raise WrongCode
        kept.used_at = timezone.now()
        kept.save(update_fields=["used_at"])
        forget_tries(account.username)
        set_password = renew_password if purpose == Purpose.RENEW else set_first_password
        return set_password(account_id, password=password)
