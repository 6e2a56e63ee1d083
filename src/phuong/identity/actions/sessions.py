"""Opening and ending sessions, passwords, and the count of failed tries."""

import datetime as dt
import hashlib
from dataclasses import replace
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from phuong.identity.errors import TooManyTries
from phuong.identity.models import Account, FailedTry
from phuong.kernel.audit import record
from phuong.kernel.contributions import SessionEnd, contributions
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting

MOST_TRIES = 10
WINDOW = dt.timedelta(minutes=15)


def check_tries(name: str) -> None:
    """Refuse a name that was tried too often; counted by name, never by address: a whole school comes from one.

    :raises TooManyTries: ten failed tries in a quarter of an hour
    """
    recent = FailedTry.objects.filter(name_hash=_hash_of(name), at__gt=timezone.now() - WINDOW)
    if recent.count() >= MOST_TRIES:
        raise TooManyTries


def note_failed_try(name: str) -> None:
    """Count one failed try of a name, seen by every web process."""
    FailedTry.objects.create(name_hash=_hash_of(name))


def forget_tries(name: str) -> None:
    """Start afresh after a successful sign-in; tries of others that are over are cleared too."""
    FailedTry.objects.filter(name_hash=_hash_of(name)).delete()
    FailedTry.objects.filter(at__lt=timezone.now() - WINDOW).delete()


def _hash_of(name: str) -> bytes:
    return hashlib.sha256(name.strip().lower().encode()).digest()


def close_session(session_key: str) -> None:
    """Tell every app that a browser session is over, and forget it."""
    with acting(SYSTEM):
        for end in contributions(SessionEnd):
            end.run(session_key)
        UserSession.objects.filter(session_key=session_key).delete()


@transaction.atomic
def end_sessions(*, by: Actor, keep: str, only: int | None = None) -> int:
    """End one of one's own sessions, or all but ``keep`` (the one in use); gives how many.

    :raises NotThere: somebody else's, or over already
    """
    with acting(SYSTEM):
        mine = UserSession.objects.filter(user=by.account_id).exclude(session_key=keep)
        ending = list(mine.filter(pk=only) if only is not None else mine)
        if only is not None and not ending:
            raise NotThere
        for session in ending:
            close_session(session.session_key)
            session.end()
    record("identity.sessions_ended", on_kind="account", on_id=by.account_id or "", note=str(len(ending)))
    return len(ending)


def end_every_session(account_id: UUID) -> int:
    """End all sessions of an account, wherever it is signed in; gives how many."""
    with acting(SYSTEM):
        open_ones = list(UserSession.objects.filter(user=account_id))
        for session in open_ones:
            close_session(session.session_key)
            session.end()
    return len(open_ones)


@transaction.atomic
def change_password(*, account_id: UUID, password: str, keep: str, by: Actor) -> Account:
    """Give an account a new password, and end its sessions everywhere else: the old password opens nothing more."""
    with acting(SYSTEM):
        account = Account.objects.select_for_update(of=("self",)).get(pk=account_id)
        account.set_password(password)
        account.save(update_fields=["password"])
    end_sessions(by=by, keep=keep)
    record("identity.password_changed", on_kind="account", on_id=account_id)
    return account


@transaction.atomic
def set_first_password(account_id: UUID, *, password: str) -> Account:
    """Set the password of an account that has proved itself by a code from its school."""
    with acting(SYSTEM):
        account = Account.objects.select_for_update(of=("self",)).get(pk=account_id)
        account.set_password(password)
        account.save(update_fields=["password"])
        record("identity.activated", on_kind="account", on_id=account_id, path=account.path)
    return account


@transaction.atomic
def renew_password(account_id: UUID, *, password: str) -> Account:
    """Set a new password with a code from the school: the old one opens nothing more, every session ends."""
    with acting(SYSTEM):
        account = Account.objects.select_for_update(of=("self",)).get(pk=account_id)
        account.set_password(password)
        account.save(update_fields=["password"])
    end_every_session(account_id)
    with acting(replace(SYSTEM, account_id=account.pk, name=account.display_name, role="")):
        whose = account.person_id
        record("identity.password_renewed", on_kind="account", on_id=account_id, about=whose, path=account.path)
    return account


def sessions_of(account_id: Any) -> list[UserSession]:
    """List the sessions of an account that are still open, latest first."""
    with acting(SYSTEM):
        account = Account.objects.get(pk=account_id)
        return sorted(UserSession.objects.purge_and_list(account), key=lambda each: each.created_at, reverse=True)
