"""Writes of identity."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Func, Value
from django.db.models.functions import Lower

from phuong.identity.actions.sessions import end_every_session
from phuong.identity.models import Account, RoleAssignment
from phuong.kernel.audit import record
from phuong.kernel.keys import uuid7
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import ROOT, SYSTEM, Actor, acting
from phuong.registry.api import Organisation


@transaction.atomic
def open_account(*, username: str, name: str, role: str, place: Organisation, password: str, since: dt.date) -> Account:
    """Open an account with one role at ``place``, or give the password anew to the one that has this name."""
    account = Account.objects.filter(username=username).first() or Account(username=username)
    account.display_name, account.path = name, place.path
    account.set_password(password)
    account.save()
    RoleAssignment.objects.get_or_create(
        account=account, organisation=place, role=role, defaults={"path": place.path, "during": (since, None)}
    )
    record("identity.account_opened", on_kind="account", on_id=account.pk, note=role, path=place.path)
    return account


def set_email(*, email: str, by: Actor) -> Account:
    """Keep the address to which the acting person's own mail goes; empty for none.

    A family has no place in the tree and an account may lie outside the role in use, so it is written from the root.

    :raises NotThere: nobody acts
    """
    if by.account_id is None:
        raise NotThere
    with acting(replace(by, scope=ROOT)):
        account = Account.objects.select_for_update(of=("self",)).get(pk=by.account_id)
        address = email.strip().lower()
        if address != account.email:
            account.email = address
            account.save(update_fields=["email"])
            record("identity.email_set", on_kind="account", on_id=account.pk, path=account.path)
    return account


@transaction.atomic
def enlist_account(*, username: str, name: str, place: Organisation, email: str = "") -> Account:
    """Open an account without password or role at ``place``: it opens nothing until somebody gives it both.

    :raises IntegrityError: the name is taken, here or elsewhere
    """
    account = Account(username=username, display_name=name, email=email, path=place.path)
    account.set_unusable_password()
    account.save()
    record("identity.account_enlisted", on_kind="account", on_id=account.pk, path=place.path)
    return account


@transaction.atomic
def change_account(account_id: UUID, **facts: str) -> Account:
    """Change name, sign-in name or address of an account (``username``, ``display_name``, ``email``).

    :raises IntegrityError: the name is taken, here or elsewhere
    """
    account = Account.objects.select_for_update(of=("self",)).get(pk=account_id)
    changed = [name for name, value in facts.items() if getattr(account, name) != value]
    for name in changed:
        setattr(account, name, facts[name])
    if changed:
        account.save(update_fields=changed)
        record(
            "identity.account_changed", on_kind="account", on_id=account.pk, note=", ".join(changed), path=account.path
        )
    return account


@transaction.atomic
def switch_account(account_id: UUID, *, on: bool) -> Account:
    """Let an account sign in, or shut it out at once: every session ends, with the sites signed in to."""
    account = Account.objects.select_for_update(of=("self",)).get(pk=account_id)
    if account.is_active != on:
        account.is_active = on
        account.save(update_fields=["is_active"])
        did = "identity.account_opened_again" if on else "identity.account_shut"
        record(did, on_kind="account", on_id=account.pk, path=account.path)
    if not on:
        end_every_session(account.pk)
    return account


@transaction.atomic
def forget_credentials(account_id: UUID) -> None:
    """Take away password and second factors: who had them cannot come back with them."""
    account = Account.objects.select_for_update(of=("self",)).get(pk=account_id)
    account.set_unusable_password()
    account.save(update_fields=["password"])
    with acting(SYSTEM):
        Authenticator.objects.filter(user=account).delete()
    record("identity.credentials_forgotten", on_kind="account", on_id=account.pk, path=account.path)


@transaction.atomic
def give_roles(given: Iterable[tuple[UUID, str, Organisation]], *, since: dt.date) -> int:
    """Give accounts roles at units from a day on, in one statement; who holds one already keeps it. Gives how many."""
    asked = list(given)
    held = set(
        RoleAssignment.objects.filter(account__in={each[0] for each in asked}, during__contains=since).values_list(
            "account_id", "role", "organisation_id"
        )
    )
    fresh = [
        RoleAssignment(
            id=uuid7(), path=unit.path, account_id=account, organisation=unit, role=role, during=(since, None)
        )
        for account, role, unit in asked
        if (account, role, unit.pk) not in held
    ]
    RoleAssignment.objects.bulk_create(fresh, ignore_conflicts=True)
    for each in fresh:
        record("identity.role_given", on_kind="account", on_id=each.account_id, note=each.role, path=each.path)
    return len(fresh)


@transaction.atomic
def end_given_roles(ending: Iterable[tuple[UUID, str, UUID]], *, on: dt.date) -> int:
    """End roles of accounts at units (account, role, unit): from ``on`` they open nothing. Gives how many."""
    wanted = set(ending)
    held = RoleAssignment.objects.filter(account__in={each[0] for each in wanted}, during__contains=on)
    rows = [each for each in held if (each.account_id, each.role, each.organisation_id) in wanted]
    keys = [each.pk for each in rows]
    RoleAssignment.objects.filter(pk__in=keys, during__startswith__gte=on).delete()
    RoleAssignment.objects.filter(pk__in=keys).update(during=Func(Lower("during"), Value(on), function="daterange"))
    for each in rows:
        record("identity.role_ended", on_kind="account", on_id=each.account_id, note=each.role, path=each.path)
    return len(rows)


@transaction.atomic
def set_work_addresses(addresses: Mapping[UUID, tuple[str, str]]) -> int:
    """Keep the work address of persons' accounts (person: former, present), where they gave no address of their own.

    One statement to read and one to write; gives how many accounts changed.
    """
    changed = []
    for account in Account.objects.select_for_update(of=("self",)).filter(person__in=addresses, is_active=True):
        former, present = addresses.get(account.person_id or account.pk, ("", ""))
        if account.email in ("", former) and account.email != present:
            account.email = present
            changed.append(account)
    Account.objects.bulk_update(changed, ["email"])
    for account in changed:
        record("identity.email_set", on_kind="account", on_id=account.pk, path=account.path)
    return len(changed)


def count_roles(unit: Organisation) -> int:
    """Count the roles held at a unit today."""
    return RoleAssignment.objects.filter(organisation=unit, during__endswith__isnull=True).count()


def carry_roles(before: Organisation, after: Organisation, on: dt.date) -> int:
    """End the roles held at a closed unit, and give the same at its successor; a principal is appointed anew."""
    held = RoleAssignment.objects.filter(organisation=before, during__endswith__isnull=True)
    going_on = [each for each in held.exclude(role="principal") if each.during.lower < on]
    held.filter(during__startswith__lt=on).update(during=Func(Lower("during"), Value(on), function="daterange"))
    RoleAssignment.objects.bulk_create(
        [
            RoleAssignment(
                id=uuid7(),
                path=after.path,
                account_id=each.account_id,
                organisation=after,
                role=each.role,
                during=(on, None),
            )
            for each in going_on
        ],
        ignore_conflicts=True,
    )
    Account.objects.filter(roles__in=[each.pk for each in going_on]).update(path=after.path)
    return len(going_on)
