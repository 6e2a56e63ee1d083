"""Writes of identity."""

import datetime as dt
from dataclasses import replace

from django.db import transaction
from django.db.models import Func, Value
from django.db.models.functions import Lower

from phuong.identity.models import Account, RoleAssignment
from phuong.kernel.audit import record
from phuong.kernel.keys import uuid7
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import ROOT, Actor, acting
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
