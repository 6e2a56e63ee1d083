"""Signing in by the national identity, linking it to one's account, and giving that up."""

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from phuong.identity.declarations import profile
from phuong.identity.models import Account, Link, Proof
from phuong.identity.queries import account_of_number, known_of
from phuong.identity.rules import Told, barred_from_entering, barred_from_linking
from phuong.kernel.audit import record
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import ROOT, Actor, acting
from phuong.kernel.vault import fingerprint
from phuong.registry.api import note_identity_level

KIND = "account"


@transaction.atomic
def enter(told: Told) -> tuple[Account | None, str]:
    """Find who may come in with what the provider tells; gives the account, or why not; the journal keeps either."""
    account, people, accounts = account_of_number(told.number)
    subject = _hash_of(told.subject)
    known = known_of(account, people, accounts=accounts, subject=subject, today=timezone.localdate())
    because = barred_from_entering(told, known)
    if account is None or because:
        _note_refusal(because, account)
        return None, because
    if known.link == "none":
        _link(account, subject)
    _prove(account, subject, told.level)
    return account, ""


@transaction.atomic
def link(told: Told, *, by: Actor) -> str:
    """Link an identity to the acting account; gives why not, empty when it is linked.

    :raises NotThere: nobody acts
    """
    if by.account_id is None:
        raise NotThere
    with acting(replace(by, scope=ROOT)):
        account = Account.objects.select_for_update(of=("self",)).select_related("person").get(pk=by.account_id)
        own = account.person
        subject = _hash_of(told.subject)
        known = known_of(account, [own] if own else [], accounts=1, subject=subject, today=timezone.localdate())
        number = bytes(own.number_hash) if own is not None and own.number_hash else b""
        because = barred_from_linking(told, known, has_number=bool(number), is_own=number == fingerprint(told.number))
        if because:
            _note_refusal(because, account)
            return because
        if known.link != "same":
            _link(account, subject)
        _prove(account, subject, told.level)
    return ""


@transaction.atomic
def unlink(*, by: Actor) -> bool:
    """End the link of the acting account: the identity opens it no more; says whether there was one.

    :raises NotThere: nobody acts
    """
    if by.account_id is None:
        raise NotThere
    with acting(replace(by, scope=ROOT)):
        account = Account.objects.select_for_update(of=("self",)).get(pk=by.account_id)
        open_ones = Link.objects.filter(account=account, provider=profile().provider, until=None)
        is_ended = open_ones.update(until=timezone.now()) > 0
        if is_ended:
            record("identity.vneid_unlinked", on_kind=KIND, on_id=account.pk, path=account.path)
    return is_ended


def _link(account: Account, subject: bytes) -> None:
    Link.objects.create(account=account, provider=profile().provider, subject_hash=subject)
    record("identity.vneid_linked", on_kind=KIND, on_id=account.pk, path=account.path)


def _prove(account: Account, subject: bytes, level: int) -> None:
    """Keep the level told: the latest row goes on while nothing changes."""
    now, provider = timezone.now(), profile().provider
    latest = Proof.objects.filter(account=account, provider=provider).order_by("-at", "-id").first()
    if latest is not None and latest.level == level and bytes(latest.subject_hash) == subject:
        Proof.objects.filter(pk=latest.pk).update(at=now)
    else:
        Proof.objects.create(account=account, provider=provider, subject_hash=subject, level=level, since=now, at=now)
    if account.person_id is not None and level:
        note_identity_level(account.person_id, level)
    record("identity.vneid_proved", on_kind=KIND, on_id=account.pk, note=str(level), path=account.path)


def _note_refusal(because: str, account: Account | None) -> None:
    on_id, path = (account.pk, account.path) if account else ("", "")
    record("identity.vneid_refused", on_kind=KIND, on_id=on_id, note=because, path=path)


def _hash_of(subject: str) -> bytes:
    return fingerprint(f"{profile().provider}\n{subject}")
